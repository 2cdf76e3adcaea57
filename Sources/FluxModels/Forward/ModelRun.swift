import FluxCore
import FluxDrivers
import FluxTensor

/// A model over a store's places and days, off the tape: for maps and totals of any length.
///
/// Threads take tiles of pixels, each by its own call.
public protocol ModelRun: Sendable {
  /// Adds the output of each day to the sum of its step.
  ///
  /// - Parameters:
  ///   - pixels: of the store.
  ///   - steps: days of the store; ascending, none in two steps.
  ///   - sums: shape `[step, pixel]`; in the output's unit times days.
  func addUp(_ pixels: Range<Int>, steps: [Range<Int>], into sums: UnsafeMutablePointer<Double>)
}

/// Day after day, each alone: models without memory.
public struct DailyRun: ModelRun {
  /// The output of `count` places whose drivers lie in separate columns.
  public typealias Evaluator = @Sendable (
    _ columns: [UnsafePointer<Float>], _ count: Int, _ output: UnsafeMutablePointer<Float>
  ) -> Void

  private let drivers: DriverStore
  private let evaluate: Evaluator

  /// - Parameter evaluate: called from several threads.
  public init(_ drivers: DriverStore, _ evaluate: @escaping Evaluator) {
    self.drivers = drivers
    self.evaluate = evaluate
  }

  /// A run through ``SurfaceModel/evaluate(_:_:)``.
  ///
  /// - Throws: ``FluxError`` for a model with memory, which must bring a run of its own, and what a first evaluation throws.
  init(_ model: some SurfaceModel, _ output: Quantity, _ drivers: DriverStore) throws {
    guard model.memory == .none else {
      throw FluxError(
        "a model with memory has no run of its own", at: "model:forward", expected: "one in the order of time",
        remedy: "Give the model SurfaceModel.run, for example by RecordRun.")
    }
    let gate = Gate()
    nonisolated(unsafe) let copy = try model.clone()
    @Sendable func values(_ columns: [UnsafePointer<Float>], _ count: Int) throws -> [Float] {
      try Tape.withoutRecording {
        let x = try Tensor.makeFloats([columns.count, count], at: "model:forward") { out in
          for (k, column) in columns.enumerated() { (out + k * count).update(from: column, count: count) }
        }
        return try copy.evaluate(output, Samples(columns: x)).floats()
      }
    }
    // What can be refused is refused now: a run cannot throw.
    _ = try drivers.withDay(0) { try values($0, 1) }
    self.init(drivers) { columns, count, out in
      let found = gate.pass { try? values(columns, count) }
      for i in 0..<count { out[i] = found?[i] ?? .nan }
    }
  }

  public func addUp(_ pixels: Range<Int>, steps: [Range<Int>], into sums: UnsafeMutablePointer<Double>) {
    let count = pixels.count
    withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { values in
      guard let values = values.baseAddress else { return }
      for (place, step) in steps.enumerated() {
        let row = sums + place * count
        for day in step {
          if Interrupt.isPending { return }
          drivers.withDay(day) { columns in evaluate(columns.map { $0 + pixels.lowerBound }, count, values) }
          for p in 0..<count { row[p] += Double(values[p]) }
        }
      }
    }
  }
}

/// In the order of time, from the first day of the store: models with memory.
///
/// A run that goes on where the last ended (a cube computed block after block) continues from the state it kept; any other starts anew.
public final class RecordRun<State: Sendable>: ModelRun, @unchecked Sendable {
  /// The state of `count` places before the first day.
  public typealias Start = @Sendable (_ count: Int) -> State
  /// Leads a state through one day.
  public typealias Advance = @Sendable (
    _ state: inout State, _ columns: [UnsafePointer<Float>], _ count: Int, _ output: UnsafeMutablePointer<Float>
  ) -> Void

  private let drivers: DriverStore, spinUp: Int
  private let start: Start, advance: Advance
  private let gate = Gate()
  /// By first pixel: the day that comes next, and the state before it.
  private var kept: [Range<Int>: (day: Int, state: State)] = [:]

  /// - Parameter spinUp: first days of the store that are gone through once before the first.
  public init(_ drivers: DriverStore, spinUp: Int, start: @escaping Start, advance: @escaping Advance) {
    self.drivers = drivers
    self.spinUp = min(spinUp, drivers.dayCount)
    self.start = start
    self.advance = advance
  }

  public func addUp(_ pixels: Range<Int>, steps: [Range<Int>], into sums: UnsafeMutablePointer<Double>) {
    guard let first = steps.first?.lowerBound, let last = steps.last?.upperBound else { return }
    let count = pixels.count
    withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { values in
      guard let values = values.baseAddress else { return }
      func advance(_ state: inout State, _ day: Int) {
        drivers.withDay(day) { columns in self.advance(&state, columns.map { $0 + pixels.lowerBound }, count, values) }
      }
      let before = gate.pass { kept[pixels] }
      var state: State, next = 0
      if let before, before.day <= first {
        state = before.state
        next = before.day
      } else {
        state = start(count)
        for day in 0..<spinUp {
          if Interrupt.isPending { return }
          advance(&state, day)
        }
      }
      var place = 0
      for day in next..<last {
        if Interrupt.isPending { return }
        advance(&state, day)
        while place < steps.count, steps[place].upperBound <= day { place += 1 }
        guard place < steps.count, steps[place].contains(day) else { continue }
        let row = sums + place * count
        for p in 0..<count { row[p] += Double(values[p]) }
      }
      gate.pass { kept[pixels] = (last, state) }
    }
  }
}
