/// A part of a cube: one entry of the leading dimension, and ranges of time, rows and columns.
public struct CubeBlock: Sendable, Equatable {
  public let leading: Int
  public let time, rows, columns: Range<Int>

  public init(leading: Int = 0, time: Range<Int>, rows: Range<Int>, columns: Range<Int>) {
    (self.leading, self.time, self.rows, self.columns) = (leading, time, rows, columns)
  }

  /// How many values: times × rows × columns.
  public var size: Int { time.count * rows.count * columns.count }

  func with(leading: Int? = nil, time: Range<Int>? = nil) -> CubeBlock {
    CubeBlock(leading: leading ?? self.leading, time: time ?? self.time, rows: rows, columns: columns)
  }
}

/// Where a cube's values come from when they are asked for: a file, memory, or other cubes.
///
/// Blocks are within the cube's shape: the cube has checked them.
protocol CubeSource: Sendable {
  /// How many times lie together on disk; reading that many at once costs no more than reading one.
  var timeChunk: Int { get }
  /// Fills `values`, `[time, row, column]` of the block, NaN where missing.
  func read(_ block: CubeBlock, into values: UnsafeMutableBufferPointer<Float>) throws
}

extension CubeSource {
  var timeChunk: Int { 1 }

  /// The block as an array.
  func read(_ block: CubeBlock) throws -> [Float] {
    try [Float](unsafeUninitializedCapacity: block.size) { buffer, filled in
      try read(block, into: UnsafeMutableBufferPointer(rebasing: buffer[..<block.size]))
      filled = block.size
    }
  }
}

/// Values in memory, `[leading, time, row, column]`.
struct MemorySource: CubeSource {
  let values: [Float]
  let timeCount, rows, columns: Int
  var timeChunk: Int { timeCount }

  func read(_ block: CubeBlock, into target: UnsafeMutableBufferPointer<Float>) throws {
    values.withUnsafeBufferPointer { source in
      var next = 0
      for time in block.time {
        for row in block.rows {
          let start = ((block.leading * timeCount + time) * rows + row) * columns
          for column in block.columns {
            target[next] = source[start + column]
            next += 1
          }
        }
      }
    }
  }
}

/// Values computed by a function of the block.
struct ComputedSource: CubeSource {
  let timeChunk: Int
  let compute: @Sendable (CubeBlock, UnsafeMutableBufferPointer<Float>) throws -> Void
  func read(_ block: CubeBlock, into values: UnsafeMutableBufferPointer<Float>) throws { try compute(block, values) }
}
