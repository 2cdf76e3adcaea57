/// The forty-six slots of eight days into which a year is cut, as MODIS
/// composites are: slot 0 begins on 1 January, slot 45 holds the last five or
/// six days.
public enum SeasonalSlots {
  /// Days in a slot.
  public static let length = 8
  /// Slots in a year.
  public static let count = 46
  /// Days of the cycle that the slots are interpolated to: 29 February takes 28 February.
  public static let dayCount = 365

  /// The slot of a day of the year (1 … 366) on the file's own calendar.
  public static func slot(dayOfYear: Int) -> Int { min(count - 1, max(0, (dayOfYear - 1) / length)) }

  /// The middle of a slot, in days since the middle of 1 January of a 365-day year.
  public static func centre(_ slot: Int) -> Double {
    let first = slot * length
    let last = min(first + length, dayCount) - 1
    return Double(first + last) / 2
  }

  /// Where a calendar day stands in the 365-day cycle, 0 … 364. 29 February takes 28 February.
  public static func seasonIndex(month: Int, day: Int) -> Int {
    let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
    let m = min(12, max(1, month)) - 1
    let length = m == 11 ? 31 : before[m + 1] - before[m]
    return before[m] + min(length, max(1, day)) - 1
  }

  /// For each of the 365 days, the slot at or before it and the weight of the slot after.
  static let interpolation: [(slot: Int, next: Int, weight: Double)] = (0..<dayCount).map { day in
    let x = Double(day)
    var slot = count - 1
    while slot >= 0, centre(slot) > x { slot -= 1 }
    let from = slot < 0 ? centre(count - 1) - Double(dayCount) : centre(slot)
    let to = slot == count - 1 ? centre(0) + Double(dayCount) : centre(slot + 1)
    return ((slot + count) % count, (slot + 1) % count, (x - from) / (to - from))
  }
}
