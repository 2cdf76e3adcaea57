// A program of its own that scripts can ask: one Swift function, declared once, called from a line of Lua.
import LuaRuntime

let carbon = LuaModule("carbon", "amounts of carbon", [
  .function("of_co2", "(mass: number) -> number", "the carbon in a mass of CO₂, in the same unit") { call in
    try (call.argument(1, "mass") as Double) * 12.011 / 44.0095
  }
])
let lua = LuaSession()
lua.install(carbon)
print(try lua.run("return ('%.3f'):format(carbon.of_co2(44.0095))").first?.string ?? "nothing")
