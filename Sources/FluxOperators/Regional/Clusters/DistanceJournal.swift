import FluxCore
import Glibc
import Synchronization

/// A file that grows by one record a finished tile of distances, so that a long comparison survives Ctrl-C and `kill -9`.
///
/// A record is whole or ignored: it ends in a hash of itself. The file begins with a key of the series and options.
///
/// Layout: 8 bytes "FXDTW001", 16 of the key; then records of the tile's number (Int64), its values (Float64) and
/// their hash (UInt64), in the machine's byte order.
final class DistanceJournal: @unchecked Sendable {
  private let path: String
  private let file: Int32
  private let tileValues: Int
  private let kept: [Int: [Double]]
  private let failure = Mutex<FluxError?>(nil)
  private static let magic = "FXDTW001"

  /// Opens or begins a journal.
  ///
  /// - Throws: ``FluxError`` when the file holds anything else, or cannot be written.
  init(_ path: String, key: String, tileValues: Int) throws {
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw FluxError("cannot be opened: \(String(cString: strerror(errno)))", at: path) }
    let header = Array((Self.magic + key).utf8), recordBytes = tileValues * 8 + 16
    var kept: [Int: [Double]] = [:], end = header.count
    do {
      var status = stat()
      fstat(file, &status)
      var found = [UInt8](repeating: 0, count: header.count)
      if status.st_size == 0 {
        guard pwrite(file, header, header.count, 0) == header.count else {
          throw FluxError("cannot be written: \(String(cString: strerror(errno)))", at: path)
        }
      } else {
        guard pread(file, &found, header.count, 0) == header.count, found.starts(with: Array(Self.magic.utf8)) else {
          throw FluxError("the file is no checkpoint of bridge.dtw", at: path, remedy: "Name another file.")
        }
        guard found == header else {
          throw FluxError("the checkpoint was made from other series or options", at: path, expected: "those of this call",
            remedy: "Delete it, or name another file.")
        }
        var record = [UInt8](repeating: 0, count: recordBytes)
        while pread(file, &record, recordBytes, off_t(end)) == recordBytes, let (tile, values) = Self.read(record, tileValues) {
          kept[tile] = values
          end += recordBytes
        }
        ftruncate(file, off_t(end))  // a record that was torn
      }
    } catch {
      close(file)
      throw error
    }
    (self.path, self.file, self.tileValues, self.kept) = (path, file, tileValues, kept)
    lseek(file, off_t(end), SEEK_SET)
  }

  deinit { close(file) }

  /// The values of a tile that was finished before, if it was.
  func tile(_ number: Int) -> [Double]? { kept[number] }

  /// Writes a finished tile; from any thread.
  func add(_ number: Int, _ values: UnsafeBufferPointer<Double>) {
    var record = [UInt8]()
    withUnsafeBytes(of: Int64(number)) { record += $0 }
    record += UnsafeRawBufferPointer(values)
    var hash = ContentHash()
    hash.combine(record)
    withUnsafeBytes(of: hash.value) { record += $0 }
    failure.withLock { failure in
      guard failure == nil else { return }
      if write(file, record, record.count) != record.count {
        failure = FluxError("cannot be written: \(String(cString: strerror(errno)))", at: path)
      }
    }
  }

  /// - Throws: what went wrong while writing.
  func check() throws {
    if let error = failure.withLock({ $0 }) { throw error }
  }

  private static func read(_ record: [UInt8], _ tileValues: Int) -> (Int, [Double])? {
    record.withUnsafeBytes { raw in
      var hash = ContentHash()
      hash.combine(Array(record.dropLast(8)))
      guard hash.value == raw.loadUnaligned(fromByteOffset: record.count - 8, as: UInt64.self) else { return nil }
      let values = (0..<tileValues).map { raw.loadUnaligned(fromByteOffset: 8 + $0 * 8, as: Double.self) }
      return (Int(raw.loadUnaligned(as: Int64.self)), values)
    }
  }
}
