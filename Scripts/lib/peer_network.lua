-- The network 10 → 32 → 32 → 1 of the peers' dump, as a model: W1 [10, 32], b1, W2 [32, 32], b2, W3 [32, 1], b3.

local peer_network = { names = { "W1", "b1", "W2", "b2", "W3", "b3" } }

--- A model with the dump's weights; drivers are taken as they are.
---@param bench table  of require "benchmark"
---@return Model
function peer_network.model(bench)
  local m = model.mlp { inputs = 10, hidden = { 32, 32 } }
  tensor.no_grad(function()
    for i, w in ipairs(m:parameters()) do w[{ {} }] = bench:array(peer_network.names[i]) end
  end)
  return m
end

--- The model's gradients against the dump's, relative to the largest entry of each array.
---@param bench table
---@param m Model
---@param tolerance number
function peer_network.check_gradients(bench, m, tolerance)
  for i, name in ipairs(peer_network.names) do
    bench:check("gradient by " .. name, m:parameters()[i].grad, "ref_grad0_" .. name, tolerance, "largest")
  end
end

return peer_network
