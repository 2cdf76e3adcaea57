internal import CHDF5
internal import CNetCDF
import FluxCore
import Glibc
import Synchronization

/// The one door to netCDF-C, which is not thread-safe: every call happens under one lock.
package enum NetCDFLibrary {
  private static let mutex = Mutex<Void>(())
  /// HDF5 locks each file that it opens. The lock outlives the file in a child process that was started meanwhile, and is refused
  /// on many network file systems; our files appear whole by renaming, and need none. A user's own setting stays.
  private static let withoutFileLocks: Void = { _ = setenv("HDF5_USE_FILE_LOCKING", "FALSE", 0) }()

  /// Runs `body` alone. Not re-entrant: bodies call C functions only. Other libraries that read netCDF belong within, too.
  package static func locked<Result>(_ body: () throws -> Result) rethrows -> Result {
    try mutex.withLock { _ in
      _ = withoutFileLocks
      // HDF5 keeps one error printer a thread, and would print its stack beside our message.
      H5Eset_auto2(0, nil, nil)
      return try body()
    }
  }

  /// Throws unless the status of a C call is fine; the error carries the code, the library's text and what was being done.
  static func check(_ status: Int32, _ action: @autoclosure () -> String, at place: String) throws {
    guard status != NC_NOERR else { return }
    let text = String(cString: nc_strerror(status))
    throw FluxError(
      "\(action()) failed: \(text) (netCDF \(status))", at: place, remedy: remedy(status))
  }

  private static func remedy(_ status: Int32) -> String? {
    switch status {
    case NC_ENOTNC: "The file is no netCDF file, or is damaged; look at its first bytes with `head -c 8 FILE | xxd`."
    case NC_EHDFERR, NC_EVARMETA, NC_EATTMETA, NC_EDIMMETA, NC_ETRUNC:
      "The file is probably truncated or damaged; copy or download it again."
    case NC_EFILTER, NC_ENOFILTER: "The data are compressed by a filter that this machine lacks; rewrite the file with `nccopy -d 4`."
    case NC_ENOMEM: "Read a smaller part of the file."
    default: nil
    }
  }

  /// The versions of the library, for `fluxbridge doctor`.
  static var version: String { locked { String(cString: nc_inq_libvers()) } }
}

/// The version text of the netCDF library in use.
public func netCDFVersion() -> String { NetCDFLibrary.version }

/// The version of the HDF5 library in use, `1.10.8`; nil when it does not answer.
public func hdf5Version() -> String? {
  NetCDFLibrary.locked {
    var major: UInt32 = 0, minor: UInt32 = 0, release: UInt32 = 0
    return H5get_libversion(&major, &minor, &release) < 0 ? nil : "\(major).\(minor).\(release)"
  }
}

/// An open file, closed when the last reference goes.
final class NetCDFHandle: Sendable {
  let id: Int32
  let path: String
  private let isOpen = Atomic(true)
  init(id: Int32, path: String) {
    self.id = id
    self.path = path
  }
  deinit { _ = close() }

  /// - Returns: what the library says of the last bytes that it wrote.
  func close() -> Int32 {
    isOpen.exchange(false, ordering: .relaxed) ? NetCDFLibrary.locked { nc_close(id) } : NC_NOERR
  }
}
