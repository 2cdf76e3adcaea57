// What a tower measures, summed over the Earth: units, a grid and a tensor of Fluxbridge in a program of its own.
import FluxCore
import FluxData
import FluxTensor

let tower = try Unit("µmol m-2 s-1"), daily = try Unit("gC m-2 d-1")
let flux = try Tensor([-1.5, 0.25, 2], names: ["day"])
let mean = try flux.mean().item() * tower.factor(to: daily, of: .carbon)
let area = try Grid.regular(step: 1).cellAreas().reduce(0, +)
print("\(flux.shape): \(DecimalText.fixed(mean, 4)) \(daily), \(DecimalText.fixed(mean * area / 1e15, 4)) PgC d-1")
