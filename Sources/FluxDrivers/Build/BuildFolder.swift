import FluxCore
import FluxData
import Glibc

/// Half-made drivers on the disk, beside the store that they are to become: a build that is killed goes on where it was.
///
/// Every large array is a file of its own; a stage that is finished leaves its notes in `STAGE.done`, one that has
/// come some way a number in `STAGE.part`. Both are written after the arrays are on the disk. What another build
/// left behind is thrown away.
final class BuildFolder: Sendable {
  let path: String

  /// - Parameters:
  ///   - store: the file that is built; the folder is `STORE.build`.
  ///   - fingerprint: of all that decides the result.
  /// - Throws: ``FluxError`` when the folder cannot be made.
  init(for store: String, fingerprint: String) throws {
    _ = try TemporaryFile.name(beside: store)  // refuses a path that no file can have
    path = store + ".build"
    if mkdir(path, 0o755) != 0, errno != EEXIST {
      throw FluxError("the folder cannot be made: \(String(cString: strerror(errno)))", at: path)
    }
    guard text("fingerprint") != fingerprint else { return }
    removeFiles()
    try TextFile.write(fingerprint, to: "\(path)/fingerprint")
  }

  /// An array of its own file.
  func block(_ name: String, count: Int) throws -> DriverBlock { try DriverBlock(scratch: "\(path)/\(name).f32", count: count) }

  /// The notes of a finished stage, nil for one that is not.
  func notes(of stage: String) -> [String]? { text("\(stage).done")?.split(separator: "\n").map(String.init) }

  /// Marks a stage as finished.
  ///
  /// - Parameter blocks: what it has made, put to the disk first.
  func finish(_ stage: String, notes: [String], _ blocks: [DriverBlock]) throws {
    try blocks.forEach { try $0.synchronise(at: path) }
    try TextFile.write(notes.joined(separator: "\n"), to: "\(path)/\(stage).done")
    unlink("\(path)/\(stage).part")
  }

  /// How far a stage has come, 0 for one that has not begun.
  func progress(of stage: String) -> Int { text("\(stage).part").flatMap { Int($0) } ?? 0 }

  func advance(_ stage: String, to progress: Int, _ block: DriverBlock) throws {
    try block.synchronise(at: path)
    try TextFile.write("\(progress)", to: "\(path)/\(stage).part")
  }

  /// A stage whose array is about to be overwritten.
  func forget(_ stage: String) {
    unlink("\(path)/\(stage).done")
    unlink("\(path)/\(stage).part")
  }

  /// Takes the folder away: the store is whole.
  func remove() {
    removeFiles()
    rmdir(path)
  }

  private func text(_ name: String) -> String? {
    var status = stat()
    guard stat("\(path)/\(name)", &status) == 0, status.st_size < 1 << 20, let file = fopen("\(path)/\(name)", "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// Files of the kinds that a build makes; whatever else lies in the folder stays.
  private func removeFiles() {
    guard let directory = opendir(path) else { return }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      names.append(withUnsafePointer(to: &entry.pointee.d_name) {
        UnsafeRawPointer($0).withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      })
    }
    for name in names where name == "fingerprint" || [".f32", ".done", ".part"].contains(where: name.hasSuffix) { unlink("\(path)/\(name)") }
  }
}
