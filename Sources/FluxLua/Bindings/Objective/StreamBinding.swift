import FluxObjective
import LuaRuntime

/// An operator and what was observed through it, as scripts hold it.
public final class StreamHandle: LuaExposed {
  let stream: Stream
  public init(_ stream: Stream) { self.stream = stream }

  public static let luaType = LuaType<StreamHandle>(
    "Stream", "an observation operator and what was observed through it",
    members: [
      .property("name", "string", "what it is called") { $0.stream.name },
      .property("unit", "string", "of what is observed and predicted") { $0.stream.observationOperator.unit },
      .property("labels", "string[]", "the rows: receptors, cells, regions") { $0.stream.observationOperator.labels },
      .property("windows", "integer[]", "the windows that it can be read in, by their numbers") { s in
        try (Reading.stream(s.stream).windows() ?? []).map(\.number)
      },
    ])
  public var luaDescription: String {
    let axes = stream.observationOperator.axes.map(\.description).joined(separator: ", ")
    return "Stream \(stream.name) [\(axes)], \(stream.observationOperator.unit)"
  }
}
