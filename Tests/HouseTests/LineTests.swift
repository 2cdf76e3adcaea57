import Testing

@Suite("The house: lines, documentation and length")
struct LineTests {
  /// Written by programs, or as long as their data are.
  static let data = ["Tests/ReferenceData/"]

  @Test("no more lines than before are longer than 120 characters")
  func lineLength() {
    let rooms = ["Sources/", "Tests/", "Scripts/"]
    let suffixes = [".swift", ".c", ".h", ".lua"]
    let files = House.paths.filter { path in
      rooms.contains(where: path.hasPrefix) && suffixes.contains(where: path.hasSuffix)
        && !Self.data.contains(where: path.hasPrefix)
    }
    Ratchets.check(
      "lines above 120 characters",
      files.flatMap { path in
        House.text(path).split(separator: "\n", omittingEmptySubsequences: false).enumerated()
          .filter { $1.utf8.count > 120 && $1.count > 120 }
          .map { House.Place(path: path, line: $0.offset + 1) }
      })
  }

  /// What says what it is where its protocol is declared: there the documentation stands.
  static let told: Set<String> = [
    "description", "debugDescription", "hash", "luaType", "luaDescription", "luaTree", "luaExpectation",
    "nativeByteCount", "mayRead",
    // Of models, records, operators, observations, terms, weightings and optimisers.
    "kind", "inputs", "outputs", "memory", "parameters", "evaluate", "apply", "linearise", "meanSquaredError", "fresh",
    "run", "clone", "archive", "addUp", "drivers", "axes", "unit", "output", "windows", "needsWindow", "needsOneThread",
    "selecting", "predict", "linearised", "rows", "areas", "report", "scores", "summary", "save", "robustness",
    "knowsExact", "mask", "maskHash", "grid", "contributingCells", "contributingWeights", "values", "spread", "reads",
    "onePlusRange", "identity", "begin", "state", "restore", "forWeighting", "hasLearningRate", "gradient", "loss",
  ]

  @Test("no more public declarations than before lack documentation")
  func documentation() {
    Ratchets.check(
      "public declarations without documentation",
      House.sources.flatMap { source in
        source.declarations()
          .filter { $0.isPublic && $0.documentation.isEmpty && !Self.told.contains($0.name) }
          .map { House.Place(path: source.path, line: $0.line) }
      })
  }

  @Test("no more public declarations than before throw without saying when")
  func throwing() {
    Ratchets.check(
      "public throwing declarations without Throws",
      House.sources.flatMap { source in
        source.declarations()
          .filter { declaration in
            declaration.isPublic && declaration.isThrowing && !Self.told.contains(declaration.name)
              && !declaration.documentation.contains { $0.contains("Throws") }
          }
          .map { House.Place(path: source.path, line: $0.line) }
      })
  }

  @Test("no more functions and initialisers than before are longer than 60 lines")
  func functionLength() {
    Ratchets.check(
      "functions above 60 lines",
      House.sources.flatMap { source in
        source.declarations()
          .filter { ["func", "init", "subscript"].contains($0.kind) && $0.length > 60 }
          .map { House.Place(path: source.path, line: $0.line) }
      })
  }

  @Test("the counts see code and not what is quoted, and a signature on several lines")
  func scanner() {
    let source = SwiftSource(
      path: "Made.swift",
      text: #"""
        /// A thing, with "{" in its text.
        public struct Thing {
          let text = "public func no() { \(["}": "(" /* ) */].count) " // public func no()
          /// Told. Throws: never.
          @inlinable
          public func told(
            _ x: (Int) throws -> Void = { _ in },
            y: Int
          ) async throws -> Int where Int: Sendable {
            """
            public func no() { " \(y) { """
            return y
          }
          public private(set) var bare: Int { get throws { 1 } }
          package func hidden() throws {}
          func callsOne(_ body: () throws -> Void) rethrows {}
        }
        public protocol Asked {
          func required() throws
          /// Told.
          var also: Int { get }
        }
        extension Thing { public static func one() {} }
        """#)
    let found = source.declarations()
    #expect(
      found.filter { !["let", "struct", "protocol"].contains($0.kind) }.map(\.name)
        == ["told", "bare", "hidden", "callsOne", "required", "also"])
    #expect(found.filter(\.isPublic).map(\.name) == ["Thing", "told", "bare", "Asked", "required", "also"])
    #expect(found.filter(\.isThrowing).map(\.name) == ["told", "bare", "hidden", "required"])
    #expect(
      found.filter { $0.isPublic && $0.documentation.isEmpty }.map(\.name) == ["bare", "Asked", "required"])
    #expect(found.first { $0.name == "told" }?.length == 8)
  }
}
