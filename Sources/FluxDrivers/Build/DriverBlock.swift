import FluxCore
import Glibc

/// The memory of one driver: floats that are zero at first, or that lie in a file; given back with the object.
/// Written while the drivers are built, only read afterwards.
final class DriverBlock: @unchecked Sendable {
  let count: Int
  let base: UnsafeMutablePointer<Float>
  private let pages: UnsafeMutableRawPointer
  private let bytes: Int
  private let isFile: Bool

  /// In memory.
  ///
  /// - Throws: ``FluxError`` with both numbers when the memory is not there.
  init(count: Int, for purpose: String, at place: String) throws {
    try AvailableMemory.require(count, ofSize: 4, for: purpose, at: place)
    self.count = count
    bytes = max(1, count) * 4
    let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let memory, memory != MAP_FAILED else {
      throw FluxError("\(purpose) needs \(bytes) bytes of memory that the system does not give", at: place)
    }
    pages = memory
    base = memory.bindMemory(to: Float.self, capacity: max(1, count))
    isFile = false
  }

  convenience init(_ values: [Float], for purpose: String, at place: String) throws {
    try self.init(count: values.count, for: purpose, at: place)
    values.withUnsafeBufferPointer { if let from = $0.baseAddress { base.update(from: from, count: count) } }
  }

  /// A part of a finished file, read page by page when it is looked at. Nothing may be written.
  ///
  /// - Parameter offset: bytes, a multiple of 4. Offset and count are within the file: the caller has checked it.
  convenience init(mapping path: String, offset: Int, count: Int) throws {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw FluxError("cannot be opened: \(String(cString: strerror(errno)))", at: path) }
    defer { close(file) }
    try self.init(file, offset: offset, count: count, PROT_READ, path)
  }

  /// A file of its own that holds the values and nothing else: made and filled with zeros when it is not there or has
  /// another size. The system may put its pages to the disk and take their memory at any time.
  ///
  /// - Throws: ``FluxError`` when the disk has no room.
  convenience init(scratch path: String, count: Int) throws {
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw FluxError("cannot be written: \(String(cString: strerror(errno)))", at: path) }
    defer { close(file) }
    var status = stat()
    if fstat(file, &status) != 0 || Int(status.st_size) != count * 4 {
      // Room is taken now: a full disk later would end the program at a store into the mapping.
      let refusal = ftruncate(file, 0) != 0 ? errno : posix_fallocate(file, 0, off_t(max(1, count) * 4))
      guard refusal == 0 else {
        throw FluxError("no room for \(count * 4) bytes: \(String(cString: strerror(refusal)))", at: path, remedy: "Free space on the disk.")
      }
    }
    try self.init(file, offset: 0, count: count, PROT_READ | PROT_WRITE, path)
  }

  private init(_ file: Int32, offset: Int, count: Int, _ protection: Int32, _ path: String) throws {
    let page = Int(sysconf(Int32(_SC_PAGESIZE))), start = offset / page * page
    self.count = count
    bytes = max(1, count) * 4 + offset - start
    let memory = mmap(nil, bytes, protection, MAP_SHARED, file, off_t(start))
    guard let memory, memory != MAP_FAILED else {
      throw FluxError("\(bytes) bytes cannot be mapped: \(String(cString: strerror(errno)))", at: path)
    }
    pages = memory
    base = (memory + offset - start).bindMemory(to: Float.self, capacity: max(1, count))
    isFile = true
  }

  deinit { munmap(pages, bytes) }

  var values: UnsafeBufferPointer<Float> { UnsafeBufferPointer(start: base, count: count) }

  /// Puts a file's pages to the disk.
  ///
  /// - Throws: ``FluxError`` when the disk refuses.
  func synchronise(at place: String) throws {
    guard isFile, msync(pages, bytes, MS_SYNC) != 0 else { return }
    throw FluxError("cannot be written to the disk: \(String(cString: strerror(errno)))", at: place)
  }

  /// Gives the memory of a file's pages back; they come again when they are looked at.
  func release() {
    if isFile { madvise(pages, bytes, MADV_DONTNEED) }
  }
}
