import FluxCore
import Glibc

/// NumPy's `.npy` files, both ways.
extension Tensor {
  /// Reads a `.npy` file. Half and single precision give float32, double float64, integers int64,
  /// truth values 0 and 1 in float32; either byte order, C or Fortran layout.
  ///
  /// The file's length is compared with its header before anything is allocated.
  ///
  /// - Throws: ``FluxError`` when the file is no such array, is cut off or too long, holds what no tensor can, or does not fit into memory.
  public static func load(_ path: String) throws -> Tensor {
    try load(path, at: "tensor.load") { head in try NumPyHeader(head, path: path) }
  }

  /// Reads a file of bare numbers, row-major, without a header.
  ///
  /// - Parameter type: as NumPy writes it: `f4`, `<f8`, `>i2`; little-endian when it has no sign.
  /// - Throws: ``FluxError`` as ``load(_:)`` does, and when the file's length is not that of the shape.
  public static func loadRaw(_ path: String, shape: Shape, type: String) throws -> Tensor {
    _ = try Shape.checkedCount(shape.dimensions, at: "tensor.raw")
    let element = try NumPyElement(code: type.first.map { "<>|=".contains($0) } == true ? type : "<" + type, path: path)
    return try load(path, at: "tensor.raw") { _ in NumPyHeader(raw: element, shape: shape.dimensions) }
  }

  /// The same without reading: the file is mapped into memory, and its pages come when they are looked at. A file
  /// larger than memory can be used so. It must not be cut off meanwhile.
  ///
  /// - Throws: ``FluxError`` also for a type other than little-endian f4, f8 and i8, which alone need no conversion.
  public static func mapRaw(_ path: String, shape: Shape, type: String) throws -> Tensor {
    let place = "tensor.raw", types: [String: DType] = ["f4": .float32, "f8": .float64, "i8": .int64]
    guard let dtype = types[type.hasPrefix("<") ? String(type.dropFirst()) : type] else {
      throw FluxError("type '\(type)' with map", at: place, expected: "f4, f8 or i8, which need no conversion", remedy: "Read it without map.")
    }
    let byteCount = try Shape.checkedCount(shape.dimensions, at: place) * dtype.byteCount
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw FluxError("cannot open \(path): \(String(cString: strerror(errno)))", at: place) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, Int(status.st_size) == byteCount else {
      throw FluxError("\(path) is no file of \(byteCount) bytes", at: place, expected: "a regular file of the size of the shape, \(shape)")
    }
    let storage = try Storage(mapping: file, byteCount: byteCount, path: path)
    return Tensor(storage: storage, shape: shape, strides: shape.contiguousStrides, offset: 0, dtype: dtype)
  }

  private static func load(_ path: String, at place: String, _ header: ([UInt8]) throws -> NumPyHeader) throws -> Tensor {
    func failure(_ what: String) -> FluxError { FluxError("\(what) \(path): \(String(cString: strerror(errno)))", at: place) }
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw failure("cannot open") }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw failure("cannot examine") }
    guard status.st_mode & S_IFMT == S_IFREG else { throw FluxError("\(path) is not a regular file", at: place, expected: "a file of numbers") }
    let fileSize = Int(status.st_size)
    var head = [UInt8](repeating: 0, count: Swift.min(fileSize, NumPyHeader.longest))
    let got = try head.withUnsafeMutableBytes { try fill($0.baseAddress, $0.count, from: file, at: 0, failure) }
    head.removeLast(head.count - got)
    let header = try header(head)

    let count = header.shape.reduce(1, &*), size = header.element.byteCount
    let (wanted, overflow) = count.multipliedReportingOverflow(by: size)
    guard !overflow, wanted == fileSize - header.dataStart else {
      throw FluxError("\(path) holds \(fileSize - header.dataStart) bytes of numbers; its shape \(Shape(header.shape)) asks for \(overflow ? "more than any file has" : "\(wanted)")",
        at: place, remedy: "Is the file cut off? Write it again.")
    }
    let t = try Tensor(Shape(header.isFortranOrder ? header.shape.reversed() : header.shape), header.element.dtype, at: place)
    try t.read(header, count, from: file, path, failure)
    if !header.isFortranOrder { return t }
    // Columns lie one after the other: the same block with its dimensions in reverse.
    return Tensor(storage: t.storage, shape: Shape(header.shape), strides: t.strides.reversed(), offset: 0, dtype: t.dtype)
  }

  private func read(_ header: NumPyHeader, _ count: Int, from file: Int32, _ path: String, _ failure: (String) -> FluxError) throws {
    let size = header.element.byteCount, block = 1 << 17
    var buffer = [UInt8](repeating: 0, count: Swift.min(count, block) * size)
    var done = 0
    while done < count {
      try Interrupt.check()
      let here = Swift.min(block, count - done)
      let stray = try buffer.withUnsafeMutableBytes { raw in
        guard try Self.fill(raw.baseAddress, here * size, from: file, at: header.dataStart + done * size, failure) == here * size else {
          throw FluxError("\(path) was cut off while it was read", at: "tensor.load")
        }
        return header.element.decode(UnsafeRawPointer(raw.baseAddress!), here, into: storage.base + done * dtype.byteCount)
      }
      if let stray {
        throw FluxError("\(path) holds \(stray), which does not fit into int64", at: "tensor.load", remedy: "In Python: array.astype('float64').")
      }
      done += here
    }
  }

  /// Reads up to `count` bytes at an offset; fewer only at the end of the file.
  private static func fill(_ target: UnsafeMutableRawPointer?, _ count: Int, from file: Int32, at offset: Int, _ failure: (String) -> FluxError) throws -> Int {
    var got = 0
    while got < count, let target {
      let n = pread(file, target + got, count - got, off_t(offset + got))
      if n < 0, errno == EINTR { continue }
      if n < 0 { throw failure("cannot read") }
      if n == 0 { break }
      got += n
    }
    return got
  }

  /// Writes a `.npy` file, C-ordered and little-endian; it appears whole or not at all. Dimension names are not kept: the format has none.
  ///
  /// - Throws: ``FluxError`` when the name does not end in `.npy`, the folder does not exist or the disk refuses.
  public func save(_ path: String) throws {
    guard path.hasSuffix(".npy") else {
      throw FluxError("the name is '\(path)'", at: "Tensor:save", expected: "one that ends in .npy", remedy: "Write '\(path).npy'.")
    }
    guard rank <= NumPyHeader.mostDimensions else {
      throw FluxError("the tensor has \(rank) dimensions", at: "Tensor:save", expected: "at most \(NumPyHeader.mostDimensions)", remedy: "Reshape it first.")
    }
    let temporary = try TemporaryFile.name(beside: path)
    guard let file = fopen(temporary, "w") else { throw FluxError("cannot be written: \(String(cString: strerror(errno)))", at: path) }
    let dense = try isContiguous ? self : copied()
    let header = NumPyHeader.text(dtype, shape.dimensions), byteCount = count * dtype.byteCount
    var isWritten = fwrite(header, 1, header.count, file) == header.count
    isWritten = isWritten && fwrite(dense.start, 1, byteCount, file) == byteCount
    isWritten = fclose(file) == 0 && isWritten
    guard isWritten else {
      let reason = String(cString: strerror(errno))
      unlink(temporary)
      throw FluxError("cannot be written: \(reason)", at: path, remedy: "Is the disk full?")
    }
    try TemporaryFile.publish(temporary, as: path)
  }
}
