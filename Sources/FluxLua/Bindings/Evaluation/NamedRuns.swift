import FluxCore
import LuaRuntime

/// The option `runs` by name: in the order of `order`, otherwise of the alphabet.
func namedRuns<V: LuaReadable>(_ options: LuaOptions, as: V.Type = V.self) throws -> [(name: String, value: V)] {
  let given: [String: V] = try options.required("runs")
  guard !given.isEmpty else { throw options.mismatch("runs", "empty", expected: "at least one run, runs={ec=…}") }
  let order: [String] = try options.value("order", default: [])
  if let odd = order.first(where: { given[$0] == nil }) {
    throw FluxError("order names '\(odd)'\(NearestName.hint(odd, among: Array(given.keys)))", at: options.call.place, expected: "names of runs: \(given.keys.sorted().joined(separator: ", "))")
  }
  let names = order + given.keys.sorted().filter { !order.contains($0) }
  return names.compactMap { name in given[name].map { (name, $0) } }
}
