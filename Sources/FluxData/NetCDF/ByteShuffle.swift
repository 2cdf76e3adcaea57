/// Puts the bytes of numbers together again after HDF5's shuffle filter, which stores first all lowest bytes, then all second
/// ones, and so on: plane `k` begins `k × planes` bytes into the tile. With `planes` 0 the numbers lie as they are.
///
/// Plain loops over the planes: the compiler turns them into vector interleaves.
enum ByteShuffle {
  static func join4(_ bytes: UnsafePointer<UInt8>, planes: Int, from: Int, count: Int, to target: UnsafeMutablePointer<UInt32>) {
    guard planes > 0 else {
      UnsafeMutableRawPointer(target).copyMemory(from: bytes + 4 * from, byteCount: 4 * count)
      return
    }
    let a = bytes + from, b = a + planes, c = b + planes, d = c + planes
    for i in 0..<count {
      target[i] = UInt32(truncatingIfNeeded: a[i]) | UInt32(truncatingIfNeeded: b[i]) &<< 8 | UInt32(truncatingIfNeeded: c[i]) &<< 16
        | UInt32(truncatingIfNeeded: d[i]) &<< 24
    }
  }

  static func join8(_ bytes: UnsafePointer<UInt8>, planes: Int, from: Int, count: Int, to target: UnsafeMutablePointer<UInt64>) {
    guard planes > 0 else {
      UnsafeMutableRawPointer(target).copyMemory(from: bytes + 8 * from, byteCount: 8 * count)
      return
    }
    for i in 0..<count { target[i] = 0 }
    for k in 0..<8 {
      let plane = bytes + from + k * planes, shift = UInt64(8 * k)
      for i in 0..<count { target[i] |= UInt64(truncatingIfNeeded: plane[i]) &<< shift }
    }
  }

  @inline(__always)
  static func join2(_ bytes: UnsafePointer<UInt8>, planes: Int, from: Int, count: Int, _ put: (Int, UInt16) -> Void) {
    let step = planes > 0 ? 1 : 2
    let a = bytes + step * from, b = planes > 0 ? a + planes : a + 1
    for i in 0..<count { put(i, UInt16(truncatingIfNeeded: a[i * step]) | UInt16(truncatingIfNeeded: b[i * step]) &<< 8) }
  }
}
