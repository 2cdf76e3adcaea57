internal import CUDUnits
import Synchronization

/// The one door to UDUNITS-2. Its database (6 ms) is read on first use; calls take turns.
enum UnitSystem {
  private struct Database: @unchecked Sendable {  // only used under the lock
    var system: OpaquePointer?
    var isRead = false
  }
  private static let database = Mutex(Database())

  /// Why UDUNITS refused a text or a conversion.
  enum Refusal: Error { case noDatabase, unknown, notConvertible, notLinear }

  /// Whether UDUNITS reads the text.
  static func check(_ text: String) throws(Refusal) {
    try withSystem { system throws(Refusal) in ut_free(try parse(text, system)) }
  }

  /// The straight line `y = scale x + offset` from one unit to another.
  static func line(from text: String, to other: String) throws(Refusal) -> (scale: Double, offset: Double) {
    try withSystem { system throws(Refusal) in
      let source = try parse(text, system)
      defer { ut_free(source) }
      let target = try parse(other, system)
      defer { ut_free(target) }
      guard let converter = ut_get_converter(source, target) else { throw .notConvertible }
      defer { cv_free(converter) }
      // UDUNITS also converts a unit to its reciprocal and through logarithms: no straight lines.
      let at0 = cv_convert_double(converter, 0), at1 = cv_convert_double(converter, 1), at2 = cv_convert_double(converter, 2)
      let scale = at1 - at0
      guard at0.isFinite, scale.isFinite, scale != 0, (at2 - at1 - scale).magnitude <= 1e-9 * max(at0.magnitude, scale.magnitude)
      else { throw .notLinear }
      // Without an offset the value at 1 is the exact scale; the difference would round it.
      return at0 == 0 ? (at1, 0) : (scale, at0)
    }
  }

  /// The file of the database when it can be read.
  static var databasePath: String? {
    do {
      return try withSystem { _ throws(Refusal) in
        var status = UT_SUCCESS
        return ut_get_path_xml(nil, &status).map { String(cString: $0) }
      }
    } catch {
      return nil
    }
  }

  private static func parse(_ text: String, _ system: OpaquePointer) throws(Refusal) -> OpaquePointer {
    guard let unit = ut_parse(system, text, UT_UTF8) else { throw .unknown }
    return unit
  }

  private static func withSystem<Result: Sendable>(
    _ body: (OpaquePointer) throws(Refusal) -> Result
  ) throws(Refusal) -> Result {
    try database.withLock { (database) throws(Refusal) -> Result in
      if !database.isRead {
        database.isRead = true
        _ = ut_set_error_message_handler { _, _ in 0 }
        database.system = ut_read_xml(nil)
      }
      guard let system = database.system else { throw .noDatabase }
      return try body(system)
    }
  }
}
