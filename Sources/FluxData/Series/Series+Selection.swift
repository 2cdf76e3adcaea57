import FluxCore

extension Series {
  /// The part of a series with these years, months, regions and members.
  ///
  /// - Parameters:
  ///   - years: first and last, both included.
  ///   - months: 1…12, any of them.
  ///   - regions: codes, in the order wanted.
  ///   - members: names, in the order wanted.
  /// - Throws: ``FluxError`` for a name that is not there, or when nothing is left.
  public func selecting(
    years: ClosedRange<Int>? = nil, months: [Int]? = nil, regions wanted: [String]? = nil, members wantedMembers: [String]? = nil
  ) throws -> Series {
    let place = "series:sel"
    if let wrong = months?.first(where: { !(1...12).contains($0) }) {
      throw FluxError("month \(wrong)", at: place, expected: "months from 1 to 12")
    }
    let kept = time.dates.indices.filter { index in
      let date = time.dates[index]
      return (years?.contains(date.year) ?? true) && (months?.contains(date.month) ?? true)
    }
    guard !kept.isEmpty else {
      throw FluxError("nothing is left of the time axis", at: place, expected: "a part of \(timeSpan)")
    }
    let regionIndices = try wanted.map { try Self.positions($0, in: regions, what: "region", at: place) } ?? Array(regions.indices)
    let memberIndices: [Int]
    if let wantedMembers {
      guard let members else {
        throw FluxError("a member of a series without members", at: place, expected: "an ensemble")
      }
      memberIndices = try Self.positions(wantedMembers, in: members, what: "member", at: place)
    } else {
      memberIndices = Array(0..<memberCount)
    }
    var picked: [Double] = []
    picked.reserveCapacity(memberIndices.count * regionIndices.count * kept.count)
    for member in memberIndices {
      for region in regionIndices {
        let row = row(member: member, region: region)
        for index in kept { picked.append(row[row.startIndex + index]) }
      }
    }
    return Series(
      unchecked: name, unit, kept.count == time.count ? time : time.withBounds().selecting(kept), regionIndices.map { regions[$0] },
      regionArea.map { area in regionIndices.map { area[$0] } }, members.map { names in memberIndices.map { names[$0] } }, picked,
      notes)
  }

  /// These regions alone, in the order given.
  public func only(_ regions: [String]) throws -> Series { try selecting(regions: regions) }

  /// The same values under other region codes, in their order; areas are those of the rows.
  ///
  /// - Throws: ``FluxError`` for another number of codes, or one that comes twice.
  public func relabelled(_ codes: [String]) throws -> Series {
    guard codes.count == regions.count, Set(codes).count == codes.count else {
      throw FluxError("\(codes.count) codes, \(Set(codes).count) different ones", at: "series:relabel", expected: "\(regions.count), each once",
        remedy: "Give one code for each of \(regions.joined(separator: ", ")).")
    }
    return Series(unchecked: name, unit, time, codes, regionArea, members, values, notes + ["regions relabelled, were \(regions.joined(separator: ", "))"])
  }

  /// One member, without the member dimension. Shape `[region, time]`.
  public func member(_ name: String) throws -> Series {
    let one = try selecting(members: [name])
    return Series(unchecked: one.name, unit, time, regions, regionArea, nil, one.values, notes)
  }

  /// Years in which every value of every region is there, for at least one member.
  public var completeYears: [Int] {
    let mean = memberMean()
    return time.yearGroups().filter { group in
      isComplete(group) && regions.indices.allSatisfy { region in group.indices.allSatisfy { !mean[region, time: $0].isNaN } }
    }.map(\.year)
  }

  /// Whether the values of a group stand for all days of its year.
  func isComplete(_ group: TimeAxis.Group) -> Bool {
    let days = group.indices.reduce(0) { $0 + time.lengthInDays(at: $1) }
    let whole = group.month.map { time.calendar.daysInMonth(year: group.year, month: $0) } ?? time.calendar.daysInYear(group.year)
    return (days - Double(whole)).magnitude < 0.5
  }

  /// `2001-01-01 … 2017-12-01`
  var timeSpan: String {
    guard let first = time.dates.first, let last = time.dates.last else { return "no time" }
    return first == last ? "\(first)" : "\(first) … \(last)"
  }

  private static func positions(_ names: [String], in all: [String], what: String, at place: String) throws -> [Int] {
    if let twice = RegionSet.firstRepeated(names) {
      throw FluxError("the \(what) '\(twice)' twice", at: place, expected: "each once")
    }
    guard !names.isEmpty else { throw FluxError("no \(what)", at: place, expected: "one of \(all.joined(separator: ", "))") }
    return try names.map { name in
      if let index = all.firstIndex(of: name) { return index }
      throw FluxError(
        "no \(what) '\(name)'\(NearestName.hint(name, among: all))", at: place, expected: "one of \(all.joined(separator: ", "))")
    }
  }
}
