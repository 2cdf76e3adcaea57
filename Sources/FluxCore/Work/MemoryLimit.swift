import Glibc

/// How much memory this process may take at most: of the machine, of its job on
/// a cluster, of the shell's `ulimit -v`.
public enum MemoryLimit {
  /// The smallest of the three, bytes.
  public static var bytes: Int {
    let pages = sysconf(Int32(_SC_PHYS_PAGES)), pageSize = sysconf(Int32(_SC_PAGESIZE))
    var limit = pages > 0 ? pages * pageSize : 4 << 30
    var address = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &address) == 0, address.rlim_cur < rlim_t(Int.max) {
      limit = min(limit, Int(address.rlim_cur))
    }
    return min(limit, controlGroup ?? .max)
  }

  /// The limit of the control group (version 2) that a batch system or container put us in.
  private static var controlGroup: Int? {
    guard let line = firstLine("/proc/self/cgroup"), line.hasPrefix("0::") else { return nil }
    return firstLine("/sys/fs/cgroup\(line.dropFirst(3))/memory.max").flatMap { Int($0) }
  }

  private static func firstLine(_ path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 4096)
    guard fgets(&line, Int32(line.count), file) != nil else { return nil }
    return String(decoding: line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
