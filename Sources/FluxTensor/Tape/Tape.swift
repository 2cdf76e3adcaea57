import FluxCore

/// The record of operations that reverse-mode differentiation plays backward.
///
/// Each thread has its own; in a session only the interpreter's thread computes with tensors.
public enum Tape {
  public static var isRecording: Bool { TapeState.current.isRecording }

  /// Runs `body` without recording: what it makes has no gradient.
  public static func withoutRecording<R>(_ body: () throws -> R) rethrows -> R { try whileRecording(false, body) }

  /// Runs `body` with recording, also inside of ``withoutRecording(_:)``.
  public static func recording<R>(_ body: () throws -> R) rethrows -> R { try whileRecording(true, body) }

  private static func whileRecording<R>(_ value: Bool, _ body: () throws -> R) rethrows -> R {
    let state = TapeState.current, before = state.isRecording
    state.isRecording = value
    defer { state.isRecording = before }
    return try body()
  }

  /// Puts an operation on the tape when one of its inputs asks for it.
  ///
  /// This is the door for fused operations of higher layers: the result may have
  /// been computed anyhow, `pullback` turns ∂loss/∂result into ∂loss/∂input.
  ///
  /// - Parameters:
  ///   - reading: the tensors whose values `pullback` reads; changing one of them in
  ///     place makes the gradient an error. Default: all inputs.
  ///   - pullback: called at most once per backward pass, without recording.
  public static func record(_ name: String, _ inputs: [Tensor], _ result: Tensor, reading: [Tensor]? = nil,
    pullback: @escaping (_ incoming: Tensor) throws -> [Tensor?]
  ) -> Tensor {
    let state = TapeState.current
    if state.isRecording, inputs.contains(where: \.isTracked) {
      result.node = RecordedNode(name, inputs, reading: reading ?? inputs, pullback, state)
    }
    return result
  }

  /// Refuses an operation without gradient by its name, when its input takes part in a recorded computation.
  static func refuse(_ name: String, _ input: Tensor, remedy: String? = nil) throws {
    guard input.isTracked, isRecording else { return }
    throw FluxError("'\(name)' has no gradient, and the tensor takes part in a recorded computation", at: "Tensor:\(name)",
      expected: "a tensor that is off the tape", remedy: remedy ?? "Call t:detach():\(name)(…), or work inside tensor.no_grad.")
  }
}
