import Glibc
import Synchronization

/// What makes the files of this session: the program, the script and the seed, for the attributes of every file it writes.
///
/// No time and no host: equal runs give equal files.
public enum Provenance {
  private struct State {
    var program = "fluxbridge"
    var script: String?
    var seed = 1
    var hashes: [String: (mark: [Int], text: String)] = [:]
  }
  private static let state = Mutex(State())

  /// `fluxbridge 0.1.0`, said once at the start.
  public static func setProgram(_ text: String) { state.withLock { $0.program = text } }

  /// The script that runs, with the hash of its text.
  public static func setScript(_ path: String) {
    let text = described(path)
    state.withLock { $0.script = text }
  }

  /// The seed of the session's own draws.
  public static func setSeed(_ seed: Int) { state.withLock { $0.seed = seed } }

  /// Name and text of each attribute, in order.
  ///
  /// - Parameter inputs: paths of the files that the values come from.
  public static func attributes(inputs: [String]) -> [(name: String, text: String)] {
    let (program, script, seed) = state.withLock { ($0.program, $0.script, $0.seed) }
    var result = [(name: "source", text: program)]
    if let script { result.append(("script", script)) }
    result.append(("seed", "\(seed)"))
    if !inputs.isEmpty { result.append(("inputs", inputs.map(described).joined(separator: "; "))) }
    return result
  }

  /// `tair.nc xxh64:0123456789abcdef`: the file's name without its folder, and the hash of its bytes.
  public static func described(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    var status = stat()
    guard stat(path, &status) == 0 else { return name }
    guard status.st_mode & S_IFMT == S_IFREG else { return name + " (a folder)" }
    // Asked again only when the file has changed.
    let mark = [Int(status.st_size), Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec), Int(status.st_ino)]
    if let known = state.withLock({ $0.hashes[path] }), known.mark == mark { return known.text }
    let text = name + " " + (hash(path, size: Int(status.st_size)) ?? "(unread)")
    state.withLock { $0.hashes[path] = (mark, text) }
    return text
  }

  /// Of all bytes up to 2 GiB; of 64 MiB spread evenly over a larger file, which the text says.
  private static func hash(_ path: String, size: Int) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    let piece = 1 << 20, isWhole = size <= 2 << 30
    let count = isWhole ? (size + piece - 1) / piece : 64
    var hash = ContentHash(seed: UInt64(size))
    let buffer = UnsafeMutableRawPointer.allocate(byteCount: piece, alignment: 64)
    defer { buffer.deallocate() }
    for index in 0..<count {
      if Interrupt.isPending { return nil }
      let start = isWhole ? index * piece : (size - piece) / 63 * index
      var filled = 0
      while filled < piece {
        let got = pread(file, buffer + filled, piece - filled, off_t(start + filled))
        if got < 0 { return nil }
        if got == 0 { break }
        filled += got
      }
      hash.combine(UnsafeRawBufferPointer(start: buffer, count: filled))
    }
    return isWhole ? "xxh64:\(hash)" : "xxh64:\(hash) of 64 MiB"
  }
}
