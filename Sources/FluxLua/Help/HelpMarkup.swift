import FluxCore
import FluxDocument
import LuaRuntime

/// Help as HTML: each type that a signature names is a link to its members, which stand folded at the foot of the same page.
///
/// So a link leads somewhere without a network, in a notebook, in its HTML export and in a front end's panel of help.
struct HelpMarkup {
  /// What the page is about; its links begin with it, so that pages of one notebook do not share names.
  let topic: String
  private let types: [String: AnyLuaType]
  /// The types that links of the page lead to, in the order that they were met.
  private var linked: [String] = []
  /// The page's own subject needs no section at the foot.
  private let subject: String?

  /// - Parameter subject: the type that the page itself is about, where it is about one.
  init(topic: String, types: [AnyLuaType], subject: AnyLuaType? = nil) {
    self.topic = topic
    self.subject = subject?.name
    self.types = Dictionary(types.map { ($0.name, $0) }, uniquingKeysWith: { a, _ in a })
  }

  // MARK: Pieces

  /// Name, signature with its links, summary, options, example.
  mutating func entry(_ place: String, _ declaration: LuaDeclaration) -> String {
    "<p style=\"margin:0\">\(signature(place, declaration))</p>\n" + body(place, declaration, summary: true)
  }

  /// The same, folded behind signature and summary.
  mutating func folded(_ place: String, _ declaration: LuaDeclaration, at whole: String) -> String {
    let head = signature(place, declaration) + "<br>" + HTMLText.escaped(declaration.summary), more = body(whole, declaration, summary: false)
    return more.isEmpty ? head : HTMLText.folded(head, more, isOpen: false)
  }

  private func body(_ place: String, _ declaration: LuaDeclaration, summary: Bool) -> String {
    var text = summary ? "<p style=\"margin:0.3em 0 0.3em 1.3em\">\(HTMLText.escaped(declaration.summary))</p>\n" : ""
    let options = OptionGlossary.rows(declaration.signature, at: place)
    if !options.isEmpty {
      text += HTMLText.list(options.map { "\(HTMLText.code($0.name)) \(HTMLText.escaped($0.text))" }) + "\n"
    }
    if let example = declaration.example {
      text += "<pre style=\"margin:0.3em 0 0.3em 1.3em;white-space:pre-wrap\">\(HTMLText.escaped(example))</pre>"
    }
    return text
  }

  private mutating func signature(_ place: String, _ declaration: LuaDeclaration) -> String {
    let separator = declaration.signatureText.hasPrefix("(") ? "" : ": "
    return "<code><b>\(HTMLText.escaped(place))</b>\(separator)\(links(declaration.signatureText, adding: true))</code>"
  }

  /// - Parameter adding: types that are met get a section at the foot; otherwise only those that have one are links.
  private mutating func links(_ text: String, adding: Bool) -> String {
    var out = "", word = ""
    func isPart(_ c: Character) -> Bool { c.isLetter || c.isNumber || c == "_" }
    for c in text + "\n" {
      if isPart(c) {
        word.append(c)
        continue
      }
      if types[word] != nil, adding || linked.contains(word) || word == subject {
        if word != subject, !linked.contains(word) { linked.append(word) }
        out += "<a href=\"#\(anchor(word))\" onclick=\"\(Self.unfolding)\">\(word)</a>"
      } else {
        out += HTMLText.escaped(word)
      }
      word = ""
      if c != "\n" { out += HTMLText.escaped(String(c)) }
    }
    return out
  }

  /// JupyterLab keeps links within a page from their marks, so the link itself unfolds the section; where scripts are not run it is a plain link.
  private static let unfolding = "var t=document.getElementById(this.hash.slice(1));if(t){t.parentNode.open=true;t.parentNode.scrollIntoView();return false}"

  private func anchor(_ type: String) -> String {
    "help-" + String(topic.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }) + "-" + type
  }

  // MARK: Pages

  /// A title, its entries, and what they link to.
  mutating func section(_ name: String, _ summary: String, _ entries: [String]) -> String {
    let mark = subject.map { "<a id=\"\(anchor($0))\"></a>" } ?? ""
    return page("\(mark)<p style=\"margin:0\"><b>\(HTMLText.escaped(name))</b>: \(HTMLText.escaped(summary))</p>\n" + HTMLText.list(entries))
  }

  /// What was written, and below it the types that it links to, each with its members.
  mutating func page(_ body: String) -> String {
    guard !linked.isEmpty else { return body }
    var foot: [String] = []
    for name in linked {
      guard let type = types[name] else { continue }
      let members = type.declarations.filter { $0.name != "free" }.map { declaration in
        let separator = declaration.signatureText.hasPrefix("(") ? "" : ": "
        return "<code><b>\(HTMLText.escaped(Help.place(declaration, of: type)))</b>\(separator)\(links(declaration.signatureText, adding: false))</code> "
          + HTMLText.escaped(declaration.summary)
      }
      // The mark lies within: a browser that goes to it unfolds it.
      foot.append(HTMLText.folded(
        "<b>\(HTMLText.escaped(name))</b> \(HTMLText.faint(type.summary))", "<div id=\"\(anchor(name))\">\(HTMLText.list(members))</div>", isOpen: false))
    }
    return body + "\n<div style=\"margin-top:0.5em\">\(foot.joined(separator: "\n"))</div>"
  }

  /// One of Lua's own functions; its name leads to the manual.
  static func ofLua(_ entry: LuaLibraryHelp.Entry) -> String {
    let name = HTMLText.escaped(entry.name), address = "https://www.lua.org/manual/5.4/manual.html#pdf-\(name)"
    return "<p style=\"margin:0\"><code><a href=\"\(address)\"><b>\(name)</b></a>\(HTMLText.escaped(entry.signature))</code></p>\n"
      + "<p style=\"margin:0.3em 0 0.3em 1.3em\">\(HTMLText.escaped(entry.summary))</p>"
  }
}
