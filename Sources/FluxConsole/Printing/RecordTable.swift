import FluxCore
import FluxDocument
import Glibc
import LuaRuntime

extension ValueText {
  private static let mostRows = 200, mostColumns = 40, mostLetters = 200

  /// Records in a list or under names, plain tables that all have the same names, as rows and columns; nil for any other value.
  package func records(_ value: LuaValue) -> Table? {
    guard isPlainTable(value) else { return nil }
    let (entries, count, length) = entries(of: value)
    let isList = length == count
    guard count > 0, isList || entries.allSatisfy({ $0.key.string != nil }) else { return nil }
    var records: [[(name: String, value: LuaValue)]] = []
    for entry in entries.prefix(Self.mostRows) {
      guard let fields = fields(entry.value), records.first.map({ $0.map(\.name) == fields.map(\.name) }) ?? true else { return nil }
      records.append(fields)
    }
    // A table of Lua has no order: what names a record stands before its numbers.
    let columns = records[0].indices.map { c in (name: records[0][c].name, values: records.map { $0[c].value }) }
    let ordered = columns.sorted { a, b in Self.rank(a.name, a.values[0]) < Self.rank(b.name, b.values[0]) }
    let cells = ordered.map { self.cells($0.values) }
    var table = Table(title: "\(count) record\(count == 1 ? "" : "s")", columns: ordered.map(\.name))
    table.rows = records.indices.map { r in cells.map { column in column[r] } }
    if !isList {
      table.columns.insert(table.columns.contains("name") ? "" : "name", at: 0)
      for r in table.rows.indices { table.rows[r].insert(.text(entries[r].key.string ?? ""), at: 0) }
    }
    if count > records.count { table.notes.append("… \(count - records.count) more") }
    return table
  }

  /// Columns of one rank stay in the alphabet's order.
  private static func rank(_ name: String, _ value: LuaValue) -> Int {
    if let i = ["name", "id", "site", "region", "code", "run"].firstIndex(of: name) { return i }
    return value.number == nil ? 10 : 11
  }

  private func isPlainTable(_ value: LuaValue) -> Bool {
    value.reference?.typeName == "table" && session.module(of: value) == nil && !session.hasMetamethod("__tostring", value)
  }

  /// The names of a record in their order, and what they hold.
  private func fields(_ value: LuaValue) -> [(name: String, value: LuaValue)]? {
    guard isPlainTable(value) else { return nil }
    let (entries, count, _) = entries(of: value)
    let fields = entries.compactMap { entry in entry.key.string.map { (name: $0, value: entry.value) } }
    return fields.isEmpty || fields.count != count || count > Self.mostColumns ? nil : fields
  }

  /// Numbers of one column with the same digits, where these show each of them.
  private func cells(_ values: [LuaValue]) -> [Table.Cell] {
    let numbers = values.compactMap(\.number)
    guard numbers.count == values.count else { return values.map { .text(cellText($0)) } }
    let sizes = numbers.map(abs).filter { $0.isFinite && $0 > 0 }
    let isWhole = numbers.allSatisfy { $0 == $0.rounded() && abs($0) < 1e15 }
    let digits = isWhole ? 0 : max(0, min(8, 4 - Int(log10(sizes.max() ?? 1).rounded(.down))))
    guard isWhole || (sizes.min() ?? 1) >= pow(10, Double(1 - digits)), (sizes.max() ?? 0) < 1e15 else { return values.map { .text(cellText($0)) } }
    return numbers.map { .number($0, digits: digits) }
  }

  private func cellText(_ value: LuaValue) -> String {
    guard let text = value.string else { return line(value, columns: 40) }
    return text.count > Self.mostLetters ? text.prefix(Self.mostLetters) + "…" : text
  }
}
