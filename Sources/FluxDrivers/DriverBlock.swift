import FluxCore
import Glibc

/// The memory of one driver: page-aligned floats, zero at first, freed with the
/// object. Written while the drivers are built, only read afterwards.
final class DriverBlock: @unchecked Sendable {
  let count: Int
  let base: UnsafeMutablePointer<Float>
  private let bytes: Int

  /// - Throws: ``FluxError`` with both numbers when the memory is not there.
  init(count: Int, for purpose: String, at place: String) throws {
    try AvailableMemory.require(count, ofSize: 4, for: purpose, at: place)
    self.count = count
    bytes = max(1, count) * 4
    let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let memory, memory != MAP_FAILED else {
      throw FluxError("\(purpose) needs \(bytes) bytes of memory that the system does not give", at: place)
    }
    base = memory.bindMemory(to: Float.self, capacity: max(1, count))
  }

  convenience init(_ values: [Float], for purpose: String, at place: String) throws {
    try self.init(count: values.count, for: purpose, at: place)
    values.withUnsafeBufferPointer { if let from = $0.baseAddress { base.update(from: from, count: count) } }
  }

  deinit { munmap(base, bytes) }

  var values: UnsafeBufferPointer<Float> { UnsafeBufferPointer(start: base, count: count) }
}
