import Synchronization

/// The flag that a Ctrl-C raises and that long loops look at between blocks.
///
/// The signal handler only stores into it; whoever runs the loop throws.
public enum Interrupt {
  private static let flag = Atomic<Bool>(false)

  /// Whether the user asked to stop. One relaxed load: cheap enough for any block of work.
  public static var isPending: Bool { flag.load(ordering: .relaxed) }

  /// Called from the signal handler: async-signal-safe, a single store.
  public static func raise() { flag.store(true, ordering: .relaxed) }

  /// Called by the top level once the interrupt has been answered.
  public static func clear() { flag.store(false, ordering: .relaxed) }

  /// Throws ``Interrupted`` when the user asked to stop.
  public static func check() throws {
    if isPending { throw Interrupted() }
  }
}
