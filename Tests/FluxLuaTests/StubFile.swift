/// A stub file, read as LuaLS reads it: a small parser of LuaCATS of our own, which refuses what it does not know.
struct StubFile {
  struct Field: Equatable {
    let name: String, isOptional: Bool, type: String
  }
  struct Class: Equatable {
    var fields: [Field] = [], operators: [String] = [], overloads: [String] = []
  }
  struct Function: Equatable {
    var parameters: [Field] = [], results: [String] = [], names: [String] = [], comment = ""
  }
  struct Mistake: Error, CustomStringConvertible {
    let description: String
  }

  var isMeta = false
  var classes: [String: Class] = [:]
  /// By name as it is written: `tensor.zeros`, `Tensor:sum`.
  var functions: [String: Function] = [:]
  /// Every named type that an annotation mentions.
  var mentioned: Set<String> = []

  init(_ text: String) throws {
    var open: String?, function = Function()
    for (i, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      func fail(_ reason: String) -> Mistake { Mistake(description: "line \(i + 1), \(reason): \(line)") }
      if line.hasPrefix("---@") {
        let tag = line.dropFirst(4).prefix { $0.isLetter }, rest = line.dropFirst(4 + tag.count).drop { $0 == " " }
        switch tag {
        case "meta": isMeta = i == 0
        case "class":
          let name = String(rest)
          guard classes[name] == nil else { throw fail("a class twice") }
          open = name
          classes[name] = Class()
        case "field":
          guard let open else { throw fail("a field without a class") }
          classes[open]!.fields.append(try field(rest, fail))
        case "operator":
          guard let open else { throw fail("an operator without a class") }
          classes[open]!.operators.append(String(rest))
          for part in rest.split(whereSeparator: { "(): ".contains($0) }).dropFirst() { _ = try StubType(part).mentioned(&mentioned) }
        case "overload":
          guard let open, let type = try? StubType.prefix(of: rest), type.text.hasPrefix("fun(") else { throw fail("an overload that is no function") }
          classes[open]!.overloads.append(type.text)
          type.mentioned(&mentioned)
        case "param": function.parameters.append(try field(rest, fail))
        case "return":
          let type = try StubType.prefix(of: rest)
          type.mentioned(&mentioned)
          function.results.append(type.text)
        default: throw fail("a tag that LuaCATS does not have")
        }
      } else if line.hasPrefix("---") {
        function.comment += line.dropFirst(3) + "\n"
      } else if line.hasPrefix("function ") {
        guard let open = line.firstIndex(of: "("), line.hasSuffix(") end") else { throw fail("not a stub of a function") }
        let name = String(line[line.index(line.startIndex, offsetBy: 9)..<open])
        function.names = line[line.index(after: open)...].dropLast(5).split(separator: ",").map { String($0.drop { $0 == " " }) }
        guard functions[name] == nil else { throw fail("a function twice") }
        functions[name] = function
        function = Function()
      } else if line.isEmpty {
        function = Function()
      } else if line.hasSuffix(" = {}") {
        open = nil
        function = Function()
      } else if !line.hasPrefix("-- ") {
        throw fail("not a stub")
      }
    }
  }

  /// `name? type comment`.
  private mutating func field(_ text: Substring, _ fail: (String) -> Mistake) throws -> Field {
    guard let space = text.firstIndex(of: " ") else { throw fail("no type") }
    var name = String(text[..<space])
    let isOptional = name.hasSuffix("?")
    if isOptional { name.removeLast() }
    let type = try StubType.prefix(of: text[space...].drop { $0 == " " })
    type.mentioned(&mentioned)
    return Field(name: name, isOptional: isOptional, type: type.text)
  }
}

/// A type expression of LuaCATS: `string[]|{a?: number}|fun(x: Tensor): Tensor?`.
struct StubType {
  /// Without spaces.
  let text: String
  private let names: [String]

  init(_ text: Substring) throws {
    var reader = Reader(rest: text)
    try reader.union()
    guard reader.rest.isEmpty else { throw StubFile.Mistake(description: "'\(reader.rest)' after a type") }
    self.init(reader)
  }

  /// The type at the start of a text, up to its comment.
  static func prefix(of text: Substring) throws -> StubType {
    var reader = Reader(rest: text)
    try reader.union()
    guard reader.rest.isEmpty || reader.rest.first == " " else { throw StubFile.Mistake(description: "'\(reader.rest)' after a type in '\(text)'") }
    return StubType(reader)
  }

  private init(_ reader: Reader) {
    text = reader.taken
    names = reader.names
  }

  func mentioned(_ all: inout Set<String>) { all.formUnion(names) }

  private struct Reader {
    var rest: Substring, taken = "", names: [String] = []

    mutating func take(_ text: String) -> Bool {
      let trimmed = rest.drop { $0 == " " }
      guard trimmed.hasPrefix(text) else { return false }
      rest = trimmed.dropFirst(text.count)
      taken += text
      return true
    }

    mutating func need(_ text: String) throws {
      guard take(text) else { throw StubFile.Mistake(description: "expected '\(text)' before '\(rest)'") }
    }

    mutating func union() throws {
      repeat { try item() } while rest.first == "|" && take("|")
    }

    mutating func item() throws {
      if take("{") {
        while !take("}") {
          if take("[") {
            try union()
            try need("]")
          } else {
            _ = word()
            _ = rest.first == "?" && take("?")
          }
          try need(":")
          try union()
          _ = take(",")
        }
      } else if take("fun(") {
        while !take(")") {
          if !take("...") { guard word() != nil else { throw StubFile.Mistake(description: "no parameter before '\(rest)'") } }
          _ = take("?")
          try need(":")
          try union()
          _ = take(",")
        }
        if rest.first == ":" {
          try need(":")
          repeat { try union() } while rest.first == "," && take(",")
        }
      } else if take("(") {
        try union()
        try need(")")
      } else if rest.drop(while: { $0 == " " }).first == "\"" {
        _ = take("\"")
        let text = rest.prefix { $0 != "\"" }
        taken += text
        rest = rest.dropFirst(text.count)
        try need("\"")
      } else {
        guard let name = word() else { throw StubFile.Mistake(description: "no type before '\(rest)'") }
        if Int(name) == nil { names.append(name) }
      }
      while rest.hasPrefix("[]") { _ = take("[]") }
      if rest.first == "?" { _ = take("?") }
    }

    mutating func word() -> String? {
      let trimmed = rest.drop { $0 == " " }
      let word = trimmed.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
      guard !word.isEmpty else { return nil }
      rest = trimmed.dropFirst(word.count)
      taken += word
      return String(word)
    }
  }
}
