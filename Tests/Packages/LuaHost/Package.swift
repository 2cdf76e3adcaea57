// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "LuaHost",
  dependencies: [.package(name: "fluxbridge", path: "../../..")],
  targets: [
    .executableTarget(name: "LuaHost", dependencies: [.product(name: "LuaRuntime", package: "fluxbridge")])
  ])
