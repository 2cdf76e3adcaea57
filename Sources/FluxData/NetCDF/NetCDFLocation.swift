import FluxCore
import Glibc

/// Turns what a user calls a file into what the library opens.
enum NetCDFLocation {
  /// - Throws: ``FluxError`` for a missing file (with the nearest name in its folder), an empty one, a folder
  ///   that is no NCZarr store, a remote address.
  static func address(of path: String) throws -> String {
    if path.contains("://") {
      throw FluxError("a remote address", at: path, expected: "a file", remedy: "Download the file first.")
    }
    var status = stat()
    guard stat(path, &status) == 0 else {
      let reason = errno
      if reason == ENOENT {
        throw FluxError("no such file" + hint(path), at: path)
      }
      throw FluxError("cannot be opened: \(String(cString: strerror(reason)))", at: path)
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      if status.st_size == 0 { throw FluxError("the file is empty", at: path, expected: "a netCDF file") }
      try ClassicFileLength.check(path, fileSize: Int(status.st_size))
      return path
    }
    func has(_ name: String) -> Bool { access(path + "/" + name, F_OK) == 0 }
    guard has(".zgroup") || has(".zmetadata") || has(".nczgroup") else {
      throw FluxError("a folder, and no NCZarr store", at: path, expected: "a netCDF file, or a folder with a .zgroup")
    }
    guard let whole = realpath(path, nil) else { return path }
    defer { free(whole) }
    return "file://\(String(cString: whole))#mode=\(has(".nczgroup") ? "nczarr" : "zarr"),file"
  }

  /// The nearest name in the same folder.
  private static func hint(_ path: String) -> String {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? "."
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    guard let directory = opendir(folder) else { return "; its folder does not exist either" }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory), names.count < 10_000 {
      names.append(withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      })
    }
    return NearestName.hint(name, among: names)
  }
}
