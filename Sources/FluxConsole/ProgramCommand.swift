/// A command that stands in place of a script, `fluxbridge kernel …`.
public struct ProgramCommand: Sendable {
  public let name: String
  /// Its lines in `fluxbridge --help`.
  public let usage: [(words: String, summary: String)]
  /// Takes the words after the name and gives the exit status.
  public let run: @Sendable ([String]) -> Int32

  public init(name: String, usage: [(words: String, summary: String)], run: @escaping @Sendable ([String]) -> Int32) {
    self.name = name
    self.usage = usage
    self.run = run
  }
}
