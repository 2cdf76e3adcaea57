import FluxData

/// One map or one plot on two axes.
public struct Panel: Sendable {
  public enum Content: Sendable {
    case map(MapPanel)
    case plot(PlotPanel)
  }
  public var title: String
  public var content: Content

  public init(_ title: String = "", _ content: Content) {
    self.title = title
    self.content = content
  }

  var kind: String {
    switch content {
    case .map: "map"
    case .plot: "plot"
    }
  }
}

/// Values on a grid of the Earth, with coastlines.
public struct MapPanel: Sendable {
  public var grid: Grid
  /// `[row, column]`, NaN where nothing is drawn.
  public var values: [Float]
  public var colours: ColourScale
  /// Words at places, centred.
  public var labels: [(longitude: Double, latitude: Double, text: String)] = []
  /// Filled circles, coloured by the scale.
  public var points: [(longitude: Double, latitude: Double, value: Double)] = []
  /// Edges of the drawn part; nil for what the values cover.
  public var west, east, south, north: Double?

  public init(grid: Grid, values: [Float], colours: ColourScale) {
    self.grid = grid
    self.values = values
    self.colours = colours
  }
}

/// Marks on a horizontal and a vertical axis.
public struct PlotPanel: Sendable {
  public var x: Axis
  public var y: Axis
  /// Drawn in this order.
  public var marks: [Mark]
  /// Of marks that show numbers by colour.
  public var colours: ColourScale?
  /// Height over width of the box of the axes.
  public var aspect = 0.62

  public init(x: Axis = Axis(), y: Axis = Axis(), marks: [Mark] = [], colours: ColourScale? = nil, aspect: Double = 0.62) {
    self.x = x
    self.y = y
    self.marks = marks
    self.colours = colours
    self.aspect = aspect
  }
}
