import FluxCore
import Testing

@Suite("Content hash")
struct ContentHashTests {
  @Test("one piece hashes as XXH64's published examples do")
  func published() {
    let examples: [(String, UInt64)] = [
      ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B), ("abc", 0x44BC_2CF5_AD77_0999),
      ("Call me Ishmael. Some years ago--never mind how long precisely-", 0x02A2_E854_70D6_FD96),
    ]
    for (text, expected) in examples {
      var hash = ContentHash()
      hash.combine(text)
      #expect(hash.value == expected, "\(text)")
    }
  }

  @Test("a changed bit, a moved border between pieces and another order change the hash")
  func sensitivity() {
    func hash(_ pieces: [[Float]]) -> String {
      var hash = ContentHash()
      for piece in pieces { hash.combine(piece) }
      return hash.description
    }
    let base = hash([[1, 2], [3]])
    #expect(base.count == 16)
    #expect(base == hash([[1, 2], [3]]))
    #expect(base != hash([[1, 2], [Float(3).nextUp]]))
    #expect(base != hash([[1], [2, 3]]))
    #expect(base != hash([[3], [1, 2]]))
  }
}
