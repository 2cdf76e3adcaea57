internal import CHDF5
internal import CNetCDF
import Glibc

/// Where the tiles of a netCDF-4 variable lie in its file, so that they can be read and inflated side by side.
///
/// HDF5's own lock lets one thread inflate at a time. So HDF5 is asked only where each tile is; the bytes are read and
/// inflated by ``ChunkInflation``. Only what needs no more of HDF5 is taken: tiles in little-endian numbers, plain or deflated,
/// shuffled or not, in an ordinary file. Everything else is netCDF-C's.
///
/// - Reference: DESIGN §6; HDF5 1.10.5, `H5Dget_chunk_info_by_coord`.
final class ChunkedVariable: Sendable {
  /// One tile: where it lies in the file, and where in the variable it begins.
  struct Tile: Sendable {
    let address, size: Int
    /// The index of its first value in each dimension.
    let origin: [Int]
  }

  let type: NetCDFType
  /// The length of a tile in each dimension.
  let chunk: [Int]
  let isDeflated, isShuffled: Bool
  /// The file, for reading at any position from any thread.
  let descriptor: Int32
  private let file, dataset: hid_t

  /// The values of a tile.
  var valueCount: Int { chunk.reduce(1, *) }
  var byteCount: Int { valueCount * type.size }

  /// Nil when the variable is not stored in such tiles.
  ///
  /// - Parameter chunk: as netCDF tells it.
  init?(_ variable: NetCDFVariable, chunk: [Int], path: String) {
    switch variable.type {
    case .float, .double, .short, .ushort, .byte, .ubyte: break
    default: return nil
    }
    // A damaged file may claim tiles of any size.
    guard !chunk.isEmpty, chunk.allSatisfy({ $0 > 0 && $0 < 1 << 28 }), let bytes = Self.product(chunk + [variable.type.size]), bytes <= 1 << 28
    else { return nil }
    guard let found = NetCDFLibrary.locked({ Self.find(variable, chunk: chunk, path: path) }) else { return nil }
    (type, self.chunk) = (variable.type, chunk)
    (file, dataset, descriptor, isDeflated, isShuffled) = (found.file, found.dataset, found.descriptor, found.isDeflated, found.isShuffled)
  }

  deinit {
    NetCDFLibrary.locked {
      H5Dclose(dataset)
      H5Fclose(file)
    }
    close(descriptor)
  }

  /// The tiles that a part of the variable touches, in order; nil when one of them was never written or is stored otherwise.
  func tiles(start: [Int], count: [Int]) -> [Tile]? {
    let first = zip(start, chunk).map { $0 / $1 }
    let last = zip(zip(start, count), chunk).map { ($0.0 + $0.1 - 1) / $1 }
    guard let total = Self.product(zip(first, last).map { $1 - $0 + 1 }), total <= 1 << 22 else { return nil }
    return NetCDFLibrary.locked {
      var tiles: [Tile] = []
      tiles.reserveCapacity(total)
      var position = first
      for _ in 0..<total {
        let origin = zip(position, chunk).map(*)
        var mask: UInt32 = 0, address: haddr_t = 0, size: hsize_t = 0
        let offset = origin.map { hsize_t($0) }
        guard H5Dget_chunk_info_by_coord(dataset, offset, &mask, &address, &size) >= 0, mask == 0, address < 1 << 62, size > 0, size <= 1 << 29
        else { return nil }
        tiles.append(Tile(address: Int(address), size: Int(size), origin: origin))
        for axis in position.indices.reversed() {
          position[axis] += 1
          if position[axis] <= last[axis] { break }
          position[axis] = first[axis]
        }
      }
      return tiles
    }
  }

  private static func product(_ lengths: [Int]) -> Int? {
    lengths.reduce(1 as Int?) { total, length in
      guard let total else { return nil }
      let (next, overflow) = total.multipliedReportingOverflow(by: length)
      return overflow ? nil : next
    }
  }

  private struct Found {
    let file, dataset: hid_t
    let descriptor: Int32
    let isDeflated, isShuffled: Bool
  }

  /// Opens the data set a second time beside netCDF. Under the library's lock.
  private static func find(_ variable: NetCDFVariable, chunk: [Int], path: String) -> Found? {
    var endianness: Int32 = 0
    guard nc_inq_var_endian(variable.group, variable.id, &endianness) == NC_NOERR, variable.type.size == 1 || endianness == NC_ENDIAN_LITTLE
    else { return nil }
    // The default close degree: any other is refused while netCDF holds the file.
    let file = H5Fopen(path, 0, 0)
    guard file >= 0 else { return nil }
    let dataset = H5Dopen2(file, "/" + variable.name, 0)
    var descriptor: Int32 = -1
    if dataset >= 0, let filters = filters(dataset, chunk: chunk), let own = fileDescriptor(file) {
      descriptor = fcntl(own, F_DUPFD_CLOEXEC, 0)
      if descriptor >= 0 {
        return Found(file: file, dataset: dataset, descriptor: descriptor, isDeflated: filters.isDeflated, isShuffled: filters.isShuffled)
      }
    }
    if dataset >= 0 { H5Dclose(dataset) }
    H5Fclose(file)
    return nil
  }

  /// The descriptor that HDF5 itself reads from, so that the tiles are surely those of this file; nil for a file with a
  /// user block, whose addresses count from its end.
  private static func fileDescriptor(_ file: hid_t) -> Int32? {
    let creation = H5Fget_create_plist(file)
    guard creation >= 0 else { return nil }
    defer { H5Pclose(creation) }
    var userBlock: hsize_t = 1
    guard H5Pget_userblock(creation, &userBlock) >= 0, userBlock == 0 else { return nil }
    var handle: UnsafeMutableRawPointer?
    guard H5Fget_vfd_handle(file, 0, &handle) >= 0, let handle else { return nil }
    return handle.load(as: Int32.self)
  }

  /// Shuffle and deflate, in this order, each at most once; nil for any other filter.
  private static func filters(_ dataset: hid_t, chunk: [Int]) -> (isDeflated: Bool, isShuffled: Bool)? {
    let creation = H5Dget_create_plist(dataset)
    guard creation >= 0 else { return nil }
    defer { H5Pclose(creation) }
    var lengths = [hsize_t](repeating: 0, count: 33)
    guard H5Pget_chunk(creation, 33, &lengths) == Int32(chunk.count), zip(lengths, chunk).allSatisfy({ $0 == hsize_t($1) }) else { return nil }
    var names: [Int32] = []
    for index in 0..<UInt32(max(0, H5Pget_nfilters(creation))) {
      var flags: UInt32 = 0, valueCount = 0, configuration: UInt32 = 0
      names.append(H5Pget_filter2(creation, index, &flags, &valueCount, nil, 0, nil, &configuration))
    }
    let shuffle: Int32 = 2, deflate: Int32 = 1
    switch names {
    case []: return (false, false)
    case [deflate]: return (true, false)
    case [shuffle]: return (false, true)
    case [shuffle, deflate]: return (true, true)
    default: return nil
    }
  }
}
