import FluxCore
import FluxLua
import FluxTensor
import LuaRuntime

extension Console {
  /// More numbers than this take too long: each costs two calls of the function.
  private static let mostNumbers = 20_000

  /// `:grad f x …`: the gradients that `backward` gives beside central differences, in float64.
  ///
  /// - Throws: ``FluxError`` when the words are not a function and tensors; the function's own error.
  func checkGradient(_ text: String) throws {
    let words = Self.words(text)
    guard words.count >= 2 else {
      throw FluxError("\(words.count) of the words needed", at: ":grad", expected: ":grad f x …, a function and its tensors")
    }
    let values = try words.map { try session.run("return " + $0, name: "=grad").first ?? .nil }
    guard let function = values[0].read(in: session, as: LuaFunction.self) else {
      throw FluxError("'\(words[0])' is not a function", at: ":grad", expected: "a function that gives a scalar tensor")
    }
    let inputs = try zip(values, words).dropFirst().map { value, word in
      guard let tensor = value.read(in: session, as: Tensor.self) else {
        throw FluxError("'\(word)' is not a Tensor", at: ":grad", expected: "tensors after the function")
      }
      return try tensor.converted(to: .float64)
    }
    let count = inputs.reduce(0) { $0 + $1.count }
    guard count <= Self.mostNumbers else {
      throw FluxError("the tensors have \(count) numbers", at: ":grad", expected: "at most \(Self.mostNumbers)", remedy: "Check a slice of them.")
    }
    let error = try GradientCheck.largestError(at: inputs) { leaves in
      try Interrupt.check()
      return try Self.call(function, leaves)
    }
    let verdict = error < 1e-6 ? "they agree" : error < 1e-3 ? "they agree roughly; a kink or a float32 step inside f?" : "THEY DIFFER"
    print("largest difference of the gradient of \(count) number\(count == 1 ? "" : "s") from central differences: \(Self.scientific(error)) of its largest entry; \(verdict)")
  }

  private static func call(_ function: LuaFunction, _ leaves: [Tensor]) throws -> Tensor {
    let results = try function.call(list: leaves)
    guard let session = function.session, let loss = results.first?.read(in: session, as: Tensor.self) else {
      throw FluxError("f gave no Tensor", at: ":grad", expected: "a scalar tensor, such as a sum")
    }
    return loss
  }

  private static func scientific(_ x: Double) -> String {
    guard x > 0, x.isFinite else { return x == 0 ? "0" : "\(x)" }
    var exponent = 0, mantissa = x
    while mantissa < 1 { mantissa *= 10; exponent -= 1 }
    while mantissa >= 10 { mantissa /= 10; exponent += 1 }
    return "\(DecimalText.fixed(mantissa, 1))e\(exponent)"
  }

  /// Cuts at spaces and commas outside of brackets and quotes; a function literal stays whole.
  static func words(_ text: String) -> [String] {
    let tokens = LuaTokens(text)
    var words: [String] = [], depth = 0, start: Int?, end = 0
    func close() {
      if let from = start { words.append(String(decoding: tokens.bytes[from..<end], as: UTF8.self)) }
      start = nil
    }
    for token in tokens.all {
      let isComma = depth == 0 && token.text == ","
      if depth == 0, let _ = start, isComma || token.range.lowerBound > end { close() }
      if isComma { continue }
      if start == nil { start = token.range.lowerBound }
      if ["(", "{", "[", "function", "do", "then"].contains(token.text) { depth += 1 }
      if [")", "}", "]", "end"].contains(token.text) { depth -= 1 }
      end = token.range.upperBound
    }
    close()
    return words
  }
}
