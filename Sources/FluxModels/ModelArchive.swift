import FluxCore
import Synchronization

/// A model as named words and numbers, so that files of models, runs and checkpoints need not look inside.
///
/// The parameters' values are kept beside it, as one row (``ParameterVector/values``).
public struct ModelArchive: Sendable {
  /// ``SurfaceModel/kind``.
  public let kind: String
  /// The names of the drivers, in their order.
  public let inputs: [String]
  /// What it is in words, by name, one word or text each.
  public var words: [(name: String, text: String)]
  /// What it is in numbers, by name.
  public var numbers: [Numbers]

  /// One row of numbers.
  public struct Numbers: Sendable {
    /// What the file calls it: `mean`.
    public let name: String
    /// What the numbers run over: `driver`.
    public let dimension: String
    /// Shape `[dimension]`.
    public let values: [Double]
    /// What the numbers are, in words.
    public let meaning: String

    /// - Parameter dimension: what the numbers run over.
    public init(_ name: String, over dimension: String, _ values: [Double], _ meaning: String) {
      self.name = name
      self.dimension = dimension
      self.values = values
      self.meaning = meaning
    }
  }

  public init(
    kind: String, inputs: [String], words: [(name: String, text: String)] = [], numbers: [Numbers] = []
  ) {
    self.kind = kind
    self.inputs = inputs
    self.words = words
    self.numbers = numbers
  }

  /// - Throws: ``FluxError`` when there is none of that name.
  public func word(_ name: String) throws -> String {
    guard let found = words.first(where: { $0.name == name }) else { throw Self.missing(name, kind) }
    return found.text
  }

  /// - Throws: ``FluxError`` when there are none of that name, or one is not finite.
  public func number(_ name: String) throws -> [Double] {
    guard let found = numbers.first(where: { $0.name == name }), found.values.allSatisfy(\.isFinite) else {
      throw Self.missing(name, kind)
    }
    return found.values
  }

  private static func missing(_ name: String, _ kind: String) -> FluxError {
    FluxError("no '\(name)' in an archive of a \(kind)", at: "model", expected: "one that the same kind of model wrote")
  }
}

/// The kinds of models that files can bring back: the network, and what else has been made known.
public enum ModelKinds {
  private static let known = Mutex<[String: any SurfaceModel.Type]>(
    Dictionary(uniqueKeysWithValues: builtIn.map { ($0.kind, $0) }))

  /// Makes a kind known; its binding calls this once.
  public static func add(_ type: any SurfaceModel.Type) { known.withLock { $0[type.kind] = type } }

  /// The model of an archive, with its weights.
  ///
  /// - Parameter weights: ``ParameterVector/values``. Shape `[weight]`.
  /// - Throws: ``FluxError`` for a kind that is not known, or an archive that does not fit together.
  public static func model(_ archive: ModelArchive, weights: [Double], at place: String) throws -> any SurfaceModel {
    guard let type = known.withLock({ $0[archive.kind] }) else {
      let kinds = known.withLock { $0.keys.sorted() }.joined(separator: ", ")
      throw FluxError(
        "a model of kind '\(archive.kind)'\(NearestName.hint(archive.kind, among: known.withLock { Array($0.keys) }))",
        at: place, expected: "one of \(kinds)", remedy: "Load what declares it first.")
    }
    let model = try type.init(archive)
    try model.parameters.set(weights)
    return model
  }
}
