import FluxCore
import FluxDocument

extension ReportParts {
  /// Which data were read, and what they say of themselves.
  func inputs() -> [ReportPage.Block] {
    let all = SessionInputs.all, synthetic = all.filter(\.isSynthetic).count
    guard !all.isEmpty else {
      return [.paragraph("This session has read no file of data: whatever the run is made of was made in it.")]
    }
    let verdict =
      synthetic == all.count
      ? """
        All files and folders of data that this session has read say that they are made up: a synthetic Earth, not \
        observed. No number here is of the real Earth, except those called the paper's.
        """
      : synthetic == 0
        ? """
          None of the files and folders that this session has read says of itself that it is made up. That proves \
          nothing: a result, for one, does not say what it was trained on.
          """
        : """
          \(synthetic) of the \(all.count) files and folders that this session has read say that they are made up: a \
          synthetic Earth, not observed. What the others are, they do not say.
          """
    var table = Table(
      title: "Files and folders of data that were opened in the session that wrote this page",
      columns: ["file", "hash", "says of itself"])
    var lists: [ReportPage.Block] = []
    for input in all {
      let folder = input.path.split(separator: "/").dropLast().last.map { "\($0)/" } ?? ""
      var (name, hash) = Self.described(input.path)
      if !input.files.isEmpty {
        // A folder: the hash of the hashes of the files that were read, which stand below.
        let files = input.files.map(Self.described)
        var whole = ContentHash()
        for file in files { whole.combine("\(file.name) \(file.hash)\n") }
        hash = "xxh64:\(whole) of \(files.count) files"
        lists.append(
          .folded(
            title: "\(folder)\(name): the \(files.count) files that were read",
            lines: files.map { "\($0.hash)  \($0.name)" }.joined(separator: "\n")))
      }
      table.rows.append([.text(folder + name), .text(hash), .text(input.isSynthetic ? "synthetic" : "nothing")])
    }
    var noted: [ReportPage.Block] = []
    if let notes = report.target?.notes, !notes.isEmpty {
      noted.append(
        .table(
          Table(
            title: "What was noted when the regional totals were made", columns: [""], rows: notes.map { [.text($0)] }))
      )
    }
    return [.paragraph(verdict), .table(table)] + lists + noted
  }

  /// A file's name without its folder, and its hash.
  private static func described(_ path: String) -> (name: String, hash: String) {
    let words = Provenance.described(path).split(separator: " ", maxSplits: 1).map(String.init)
    return (words.first ?? path, words.count > 1 ? words[1] : "")
  }
}
