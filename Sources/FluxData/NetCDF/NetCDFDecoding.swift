/// How stored numbers become physical ones: `scale_factor`, `add_offset`, and
/// which stored numbers mean "missing".
///
/// Missing are NaN, `_FillValue`, every `missing_value`, what lies outside
/// `valid_min`, `valid_max` or `valid_range`, the library's own fill where the
/// variable names none (not for one-byte types), and −9999 in floating-point
/// variables, where tower and driver files use it without saying so.
///
/// A valid range is in stored units, unless the data are packed integers and the
/// range is floating-point: then the writer meant physical units (ESA CCI).
struct NetCDFDecoding {
  let scale, offset: Double
  let missing: [Double]
  let storedRange, physicalRange: ClosedRange<Double>?
  /// Added to negative numbers of a signed type that `_Unsigned` declares unsigned.
  let wrap: Double

  init(_ variable: NetCDFVariable) {
    let attributes = variable.attributes
    let scaleFactor = attributes.number("scale_factor"), addOffset = attributes.number("add_offset")
    scale = scaleFactor ?? 1
    offset = addOffset ?? 0
    let isPacked = scaleFactor != nil || addOffset != nil
    let isUnsigned = attributes.text("_Unsigned")?.lowercased() == "true"
    let wrap = !isUnsigned ? 0 : variable.type == .byte ? 256.0 : variable.type == .short ? 65_536 : 0
    self.wrap = wrap

    // Fill values written as double for a float variable must be rounded as its values were.
    func asStored(_ x: Double) -> Double {
      let x = variable.type == .float ? Double(Float(x)) : x
      return x < 0 ? x + wrap : x
    }
    var missing: [Double] = []
    let named = [attributes["_FillValue"], attributes["missing_value"]].compactMap { value in
      value?.numbers ?? value?.number.map { [$0] }
    }.flatMap { $0 }
    missing = named.map(asStored)
    if named.isEmpty, let fill = variable.type.defaultFill { missing.append(asStored(fill)) }
    if variable.type.isFloating || (named.isEmpty && !isPacked && variable.type != .byte) { missing.append(-9999) }
    var unique: [Double] = []
    for x in missing where !x.isNaN && !unique.contains(x) { unique.append(x) }
    self.missing = unique

    var range: ClosedRange<Double>?
    var isRangeFloating = false
    for (name, pick) in [("valid_range", 0), ("valid_min", 1), ("valid_max", 2)] {
      guard case .numbers(let numbers, let type)? = attributes[name] else { continue }
      isRangeFloating = isRangeFloating || type.isFloating
      let low = range?.lowerBound ?? -.infinity, high = range?.upperBound ?? .infinity
      switch (pick, numbers.count) {
      case (0, 2) where numbers[0] <= numbers[1]: range = asStored(numbers[0])...max(asStored(numbers[0]), asStored(numbers[1]))
      case (1, 1) where numbers[0] <= high: range = asStored(numbers[0])...high
      case (2, 1) where numbers[0] >= low: range = low...asStored(numbers[0])
      default: break  // NaN or upside down: says nothing
      }
    }
    let isPhysical = isPacked && isRangeFloating && !variable.type.isFloating
    storedRange = isPhysical ? nil : range
    physicalRange = isPhysical ? range : nil
  }

  /// As for any type, with the commonest case in vectors: fills and nothing else.
  func apply(to values: UnsafeMutableBufferPointer<Float>) {
    guard wrap == 0, storedRange == nil, physicalRange == nil, scale == 1, offset == 0, let start = values.baseAddress else {
      return applyGenerally(to: values)
    }
    typealias Lane = SIMD8<Float>
    let bytes = UnsafeMutableRawPointer(start), missingNumber = Lane(repeating: .nan)
    for fill in missing.map({ Float($0) }) {
      let fills = Lane(repeating: fill)
      var i = 0
      while i &+ 8 <= values.count {
        let lane = bytes.loadUnaligned(fromByteOffset: 4 &* i, as: Lane.self)
        bytes.storeBytes(of: lane.replacing(with: missingNumber, where: lane .== fills), toByteOffset: 4 &* i, as: Lane.self)
        i &+= 8
      }
      while i < values.count {
        if start[i] == fill { start[i] = .nan }
        i &+= 1
      }
    }
  }

  func apply(to values: UnsafeMutableBufferPointer<Double>) { applyGenerally(to: values) }

  private func applyGenerally<Number: BinaryFloatingPoint>(to values: UnsafeMutableBufferPointer<Number>) {
    for fill in missing {
      let fill = Number(fill)
      for i in 0..<values.count where values[i] == fill { values[i] = .nan }
    }
    if wrap != 0 {
      let wrap = Number(wrap)
      for i in 0..<values.count where values[i] < 0 { values[i] += wrap }
      for fill in missing {
        for i in 0..<values.count where values[i] == Number(fill) { values[i] = .nan }
      }
    }
    keep(storedRange, in: values)
    if scale != 1 || offset != 0 {
      for i in 0..<values.count { values[i] = Number(Double(values[i]) * scale + offset) }
    }
    keep(physicalRange, in: values)
  }

  private func keep<Number: BinaryFloatingPoint>(
    _ range: ClosedRange<Double>?, in values: UnsafeMutableBufferPointer<Number>
  ) {
    guard let range else { return }
    // Half a float32 step of slack: the bounds may have been rounded the other way.
    let low = range.lowerBound - 1e-6 * range.lowerBound.magnitude, high = range.upperBound + 1e-6 * range.upperBound.magnitude
    for i in 0..<values.count {
      let value = Double(values[i])
      if value < low || value > high { values[i] = .nan }
    }
  }
}
