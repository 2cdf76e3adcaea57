import Glibc

/// A clock that only runs forward; its zero means nothing.
public enum MonotonicClock {
  /// Seconds since that zero.
  public static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}
