import FluxCore

/// Whoever runs the pieces of a large work: this thread, all threads, or the ranks of a cluster.
///
/// Pieces are independent and each gives the same bits wherever it is run.
protocol Crew {
  /// Runs pieces `0 ..< count`.
  ///
  /// - Parameter goesOn: whether the next piece is begun after one that ended so, where they come one after another.
  /// - Returns: what the pieces gave, in their order; those that were begun.
  func run<Outcome>(
    _ count: Int, _ piece: @escaping @Sendable (Int) -> Outcome, goesOn: (Outcome) -> Bool
  ) -> [Outcome]
}

/// One after another on the calling thread.
struct SerialCrew: Crew {
  func run<Outcome>(
    _ count: Int, _ piece: @escaping @Sendable (Int) -> Outcome, goesOn: (Outcome) -> Bool
  ) -> [Outcome] {
    var outcomes: [Outcome] = []
    for number in 0..<count {
      outcomes.append(piece(number))
      guard goesOn(outcomes[number]) else { break }
    }
    return outcomes
  }
}

/// One a thread.
struct ThreadCrew: Crew {
  func run<Outcome>(
    _ count: Int, _ piece: @escaping @Sendable (Int) -> Outcome, goesOn: (Outcome) -> Bool
  ) -> [Outcome] {
    var outcomes = [Outcome?](repeating: nil, count: count)
    outcomes.withUnsafeMutableBufferPointer { places in
      nonisolated(unsafe) let places = places
      ThreadPool.forEach(count) { number, _ in places[number] = piece(number) }
    }
    return outcomes.compactMap { $0 }
  }
}
