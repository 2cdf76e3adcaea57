import FluxTensor
import LuaRuntime

extension Tensor {
  static let tensorFiles: [LuaMember<Tensor>] = []
}
