internal import CHDF5
import FluxCore
import Glibc

/// Where a float variable lies in its file in one piece, so that it can be mapped into memory.
public struct ContiguousVariable: Sendable, Equatable {
  public let name: String
  /// Bytes from the file's beginning to the first value.
  public let offset: Int
  /// Values.
  public let count: Int

  /// Looks up variables of a netCDF-4 file. No reader may have the file open meanwhile.
  ///
  /// - Returns: one for each name; nil unless the variable is stored uncompressed, in one piece that lies whole in
  ///   the file at a multiple of four bytes, as float32 of this machine's byte order.
  public static func locate(_ names: [String], in path: String) -> [ContiguousVariable?] {
    let none = [ContiguousVariable?](repeating: nil, count: names.count)
    var status = stat()
    guard stat(path, &status) == 0 else { return none }
    let size = Int(status.st_size)
    return NetCDFLibrary.locked {
      guard H5open() >= 0 else { return none }
      let file = H5Fopen(path, 0, 0)  // read only, default properties
      guard file >= 0 else { return none }
      defer { H5Fclose(file) }
      return names.map { name in
        guard let (offset, bytes) = piece(name, of: file), offset % 4 == 0, bytes % 4 == 0, bytes <= size, offset <= size - bytes else {
          return nil
        }
        return ContiguousVariable(name: name, offset: offset, count: bytes / 4)
      }
    }
  }

  /// Offset and length in bytes; nil for another layout or type.
  private static func piece(_ name: String, of file: hid_t) -> (Int, Int)? {
    let data = H5Dopen2(file, name, 0)
    guard data >= 0 else { return nil }
    defer { H5Dclose(data) }
    let properties = H5Dget_create_plist(data), type = H5Dget_type(data)
    guard properties >= 0, type >= 0 else { return nil }
    defer {
      H5Pclose(properties)
      H5Tclose(type)
    }
    guard H5Pget_layout(properties) == H5D_CONTIGUOUS, H5Tget_class(type) == H5T_FLOAT, H5Tget_size(type) == 4,
      H5Tget_order(type) == (1.littleEndian == 1 ? H5T_ORDER_LE : H5T_ORDER_BE)
    else { return nil }
    let offset = H5Dget_offset(data), bytes = H5Dget_storage_size(data)
    guard offset < UInt64(Int.max), bytes < UInt64(Int.max), bytes > 0 else { return nil }
    return (Int(offset), Int(bytes))
  }
}
