import Testing

@Suite("The house: rooms and doors")
struct RoomTests {
  @Test("a target imports only what stands before it in the manifest and what it declares")
  func imports() {
    let targets = Manifest().targets
    let names = targets.map(\.name)
    #expect(Set(names).count == names.count && names.contains("FluxCore") && names.contains("HouseTests"))
    var bad: [String] = []
    for (place, target) in targets.enumerated() {
      let before = Set(names[..<place])
      for source in House.swift where source.path.hasPrefix(target.folder + "/") {
        for (index, line) in source.code.enumerated() {
          guard let module = Self.imported(line), names.contains(module) else { continue }
          let at = "  \(source.path):\(index + 1): \(target.name) imports \(module)"
          if !before.contains(module) { bad.append(at + ", which stands after it") }
          if !target.dependencies.contains(module) { bad.append(at + ", which it does not declare") }
        }
      }
      for other in target.dependencies.subtracting(before) where names.contains(other) {
        bad.append("  Package.swift: \(target.name) depends on \(other), which stands after it")
      }
    }
    if !bad.isEmpty { Issue.record("imports against the order:\n\(bad.joined(separator: "\n"))") }
    // Packages of their own, which import this one as others would.
    let own = House.swift.filter { !$0.path.hasPrefix("Tests/Packages/") }
    let strays = own.filter { source in !targets.contains { source.path.hasPrefix($0.folder + "/") } }
    #expect(strays.map(\.path).isEmpty, "files in no target")
  }

  /// The module that a line imports, or nil.
  static func imported(_ line: String) -> String? {
    let words = line.split(separator: " ").map(String.init)
    guard let place = words.firstIndex(of: "import"), place + 1 < words.count else { return nil }
    guard words[..<place].allSatisfy({ $0.hasPrefix("@") || $0.allSatisfy(\.isLetter) }) else { return nil }
    let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
    let name = words[place + 1]
    let path = kinds.contains(name) ? words[(place + 2)...].first : name
    return path?.split(separator: ".").first.map(String.init)
  }

  @Test("no two paths differ only in case")
  func cases() {
    let groups = Dictionary(grouping: House.paths) { $0.lowercased() }.values.filter { $0.count > 1 }
    let lines = groups.map { "\n  " + $0.joined(separator: ", ") }.sorted().joined()
    if !groups.isEmpty { Issue.record("the same but for case:\(lines)") }
  }

  @Test("no folder of Sources holds more than twenty files")
  func folders() {
    let files = House.paths.filter { $0.hasPrefix("Sources/") && !House.isFolder($0) }
    let full = Dictionary(grouping: files) { $0.split(separator: "/").dropLast().joined(separator: "/") }
      .filter { $0.value.count > 20 }
    let lines = full.map { "\n  \($0.key): \($0.value.count) files" }.sorted().joined()
    if !full.isEmpty { Issue.record("flat folders:\(lines)") }
  }

  @Test("only the networks, their binding and the twin's reference name the multilayer perceptron")
  func perceptron() {
    let rooms = [
      "Sources/FluxModels/Networks/", "Sources/FluxLua/Bindings/Models/",
      "Sources/FluxTwin/Observed/ReferenceProduct.swift",
    ]
    Ratchets.checkFiles(
      "MultilayerPerceptron",
      Self.places(outside: rooms) { SwiftSource.says("MultilayerPerceptron", $0) })
  }

  @Test("nothing but the regional operators asks whether something is regional")
  func regional() {
    Ratchets.checkFiles(
      "as? Regional",
      Self.places(outside: ["Sources/FluxOperators/Regional/"]) {
        $0.contains("as? Regional") || $0.contains("as! Regional") || $0.contains("is Regional")
      })
  }

  /// The lines of Sources, files and folders apart, whose code answers yes.
  static func places(outside rooms: [String], _ isMeant: (String) -> Bool) -> [House.Place] {
    House.sources.filter { source in !rooms.contains(where: source.path.hasPrefix) }.flatMap { source in
      source.code.enumerated().filter { isMeant($0.element) }
        .map { House.Place(path: source.path, line: $0.offset + 1) }
    }
  }
}
