internal import CDeflate
import FluxCore
import Glibc
import Synchronization

/// Reads a part of a tiled variable with all threads: each tile is read, inflated by libdeflate, unshuffled and turned into
/// physical numbers while it is in the cache.
///
/// What comes out does not depend on the number of threads: every value has one place and one tile.
struct ChunkInflation {
  let variable: ChunkedVariable
  let decoding: NetCDFDecoding
  let start, count: [Int]

  /// Fills `target`, in the file's order of axes.
  ///
  /// - Returns: whether all went well; if not, netCDF-C reads the part again and says what is wrong.
  func read(into target: UnsafeMutableBufferPointer<Float>) -> Bool {
    guard let tiles = variable.tiles(start: start, count: count), let first = target.baseAddress else { return false }
    nonisolated(unsafe) let base = first
    let failed = Atomic<Bool>(false)
    let workers = (0..<min(ThreadPool.threadCount, tiles.count)).map { _ in Worker() }
    ThreadPool.forEach(tiles.count) { index, worker in
      if failed.load(ordering: .relaxed) || Interrupt.isPending { return }
      let own = workers[worker]
      if own.inflater == nil { own.inflater = Inflater(variable) }
      guard let inflater = own.inflater, let bytes = inflater.bytes(of: tiles[index], variable) else {
        failed.store(true, ordering: .relaxed)
        return
      }
      place(bytes, scratch: inflater.row, of: tiles[index], in: base)
    }
    return !failed.load(ordering: .relaxed) && !Interrupt.isPending
  }

  /// Copies what the part wants of a tile, in runs as long as both lie side by side.
  private func place(_ bytes: UnsafePointer<UInt8>, scratch: UnsafeMutablePointer<Double>, of tile: ChunkedVariable.Tile, in base: UnsafeMutablePointer<Float>) {
    let rank = count.count, chunk = variable.chunk
    // The overlap, from the tile's and from the part's beginning.
    var inTile = [Int](repeating: 0, count: rank), inPart = inTile, length = inTile
    for axis in 0..<rank {
      let low = max(tile.origin[axis], start[axis]), high = min(tile.origin[axis] + chunk[axis], start[axis] + count[axis])
      (inTile[axis], inPart[axis], length[axis]) = (low - tile.origin[axis], low - start[axis], high - low)
    }
    // Inner axes that are whole in both make one run with the axis before them.
    var runAxis = rank - 1
    while runAxis > 0, length[runAxis] == chunk[runAxis], length[runAxis] == count[runAxis] { runAxis -= 1 }
    var tileStride = 1, partStride = 1
    var from = 0, to = 0
    var tileStrides = inTile, partStrides = inTile
    for axis in (0..<rank).reversed() {
      (tileStrides[axis], partStrides[axis]) = (tileStride, partStride)
      from += inTile[axis] * tileStride
      to += inPart[axis] * partStride
      tileStride *= chunk[axis]
      partStride *= count[axis]
    }
    let run = length[runAxis] * tileStrides[runAxis]
    let runs = length[..<runAxis].reduce(1, *)
    var position = [Int](repeating: 0, count: runAxis)
    for _ in 0..<runs {
      decode(bytes, from: from, count: run, scratch: scratch, to: base + to)
      for axis in (0..<runAxis).reversed() {
        position[axis] += 1
        from += tileStrides[axis]
        to += partStrides[axis]
        if position[axis] < length[axis] { break }
        from -= length[axis] * tileStrides[axis]
        to -= length[axis] * partStrides[axis]
        position[axis] = 0
      }
    }
  }

  /// `count` values from the `from`-th of a tile on, as physical numbers.
  private func decode(
    _ bytes: UnsafePointer<UInt8>, from: Int, count: Int, scratch: UnsafeMutablePointer<Double>, to target: UnsafeMutablePointer<Float>
  ) {
    let total = variable.isShuffled ? variable.valueCount : 0
    let floats = UnsafeMutableBufferPointer(start: target, count: count)
    switch variable.type {
    case .float:
      target.withMemoryRebound(to: UInt32.self, capacity: count) { ByteShuffle.join4(bytes, planes: total, from: from, count: count, to: $0) }
    case .double:
      // In pieces of the scratch row, decoded before they lose digits.
      for begin in stride(from: 0, to: count, by: Inflater.rowLength) {
        let part = min(Inflater.rowLength, count - begin)
        UnsafeMutableRawPointer(scratch).withMemoryRebound(to: UInt64.self, capacity: part) {
          ByteShuffle.join8(bytes, planes: total, from: from + begin, count: part, to: $0)
        }
        decoding.apply(to: UnsafeMutableBufferPointer(start: scratch, count: part))
        for i in 0..<part { target[begin + i] = Float(scratch[i]) }
      }
      return
    case .short: ByteShuffle.join2(bytes, planes: total, from: from, count: count) { target[$0] = Float(Int16(bitPattern: $1)) }
    case .ushort: ByteShuffle.join2(bytes, planes: total, from: from, count: count) { target[$0] = Float($1) }
    case .ubyte: for i in 0..<count { target[i] = Float(bytes[from + i]) }
    default: for i in 0..<count { target[i] = Float(Int8(bitPattern: bytes[from + i])) }
    }
    decoding.apply(to: floats)
  }
}

/// The place of one thread's buffers. Unchecked: the thread pool gives each worker's number to one thread alone.
private final class Worker: @unchecked Sendable {
  var inflater: Inflater?
}

/// One thread's buffers and its decompressor.
private final class Inflater {
  static let rowLength = 4096
  let row: UnsafeMutablePointer<Double>
  private var stored: UnsafeMutablePointer<UInt8>
  private var storedCount = 0
  private let inflated: UnsafeMutablePointer<UInt8>
  private let decompressor: OpaquePointer

  init?(_ variable: ChunkedVariable) {
    guard let decompressor = libdeflate_alloc_decompressor(), let inflated = malloc(variable.byteCount), let stored = malloc(1),
      let row = malloc(Self.rowLength * 8)
    else { return nil }
    self.decompressor = decompressor
    self.inflated = inflated.assumingMemoryBound(to: UInt8.self)
    self.stored = stored.assumingMemoryBound(to: UInt8.self)
    self.row = row.assumingMemoryBound(to: Double.self)
  }

  deinit {
    libdeflate_free_decompressor(decompressor)
    free(inflated)
    free(stored)
    free(row)
  }

  /// A tile's bytes, inflated, still shuffled; nil when they are not those that the tile must have.
  func bytes(of tile: ChunkedVariable.Tile, _ variable: ChunkedVariable) -> UnsafePointer<UInt8>? {
    guard variable.isDeflated else {
      return tile.size == variable.byteCount && read(tile, variable.descriptor, into: inflated) ? UnsafePointer(inflated) : nil
    }
    if tile.size > storedCount {
      guard let larger = realloc(stored, tile.size) else { return nil }
      (stored, storedCount) = (larger.assumingMemoryBound(to: UInt8.self), tile.size)
    }
    guard read(tile, variable.descriptor, into: stored) else { return nil }
    var length = 0
    let result = libdeflate_zlib_decompress(decompressor, stored, tile.size, inflated, variable.byteCount, &length)
    return result == LIBDEFLATE_SUCCESS && length == variable.byteCount ? UnsafePointer(inflated) : nil
  }

  private func read(_ tile: ChunkedVariable.Tile, _ descriptor: Int32, into target: UnsafeMutablePointer<UInt8>) -> Bool {
    var done = 0
    while done < tile.size {
      let got = pread(descriptor, target + done, tile.size - done, off_t(tile.address + done))
      if got <= 0 { return false }
      done += got
    }
    return true
  }
}
