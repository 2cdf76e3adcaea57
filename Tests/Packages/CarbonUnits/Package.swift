// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "CarbonUnits",
  dependencies: [.package(name: "fluxbridge", path: "../../..")],
  targets: [
    .executableTarget(name: "CarbonUnits", dependencies: [.product(name: "Fluxbridge", package: "fluxbridge")])
  ])
