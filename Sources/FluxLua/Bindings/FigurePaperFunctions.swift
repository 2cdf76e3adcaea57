import FluxCore
import FluxData
import FluxFigures
import LuaRuntime

/// The figures of the paper, one call each.
let paperFigures: [LuaModule.Member] = [
]
