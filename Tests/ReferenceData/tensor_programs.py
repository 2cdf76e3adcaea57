"""Small tensor programs, written twice: in Lua for this project, in PyTorch for the truth.

Writes tensor_programs.lua: each program's Lua text, its inputs, what PyTorch makes of the same, and PyTorch's gradients.
The tests read that file alone. Run: python tensor_programs.py   (PyTorch 2.13.0, NumPy 2.3.5; everything in float64)

A program gives one result or several. The gradient is that of the sum of the first result's entries,
missing ones left out, times the weights w[i] = 0.5 + (0.618034 (i + 1) mod 1) in row-major order.
"""
import math
import pathlib

import numpy as np
import torch

torch.set_default_dtype(torch.float64)
nan, inf = math.nan, math.inf
programs = []


def draw(seed, *shape, low=-2.0, high=2.0):
    """Uniform numbers of three decimals: the same in text, float64 and our eyes."""
    return np.round(np.random.default_rng(seed).uniform(low, high, shape), 3)


def program(title, lua, truth, gradient=True, tolerance=1e-12, dtype="float64", **inputs):
    leaves = {k: torch.tensor(np.asarray(v, dtype=np.float64), requires_grad=gradient) for k, v in inputs.items()}
    results = truth(**leaves)
    results = list(results) if isinstance(results, (tuple, list)) else [results]
    gradients = {}
    if gradient:
        flat = results[0].reshape(-1)
        weights = 0.5 + torch.remainder(0.618034 * torch.arange(1, flat.numel() + 1), 1)
        torch.nansum(flat * weights).backward()
        gradients = {k: (v.grad if v.grad is not None else torch.zeros_like(v)).numpy() for k, v in leaves.items()}
    programs.append(dict(title=title, lua=lua, inputs=inputs, results=[r.detach().numpy() for r in results],
                         gradients=gradients, tolerance=tolerance, dtype=dtype))


def masked(x):
    """x with its missing entries put to 0 before any arithmetic, and where it was there."""
    there = ~torch.isnan(x)
    return torch.where(there, x, 0.0), there


def positions(index):
    return index + 1


A23, A34, A345 = draw(1, 2, 3), draw(2, 3, 4), draw(3, 3, 4, 5)
P23 = draw(4, 2, 3, low=0.3)
HOLES = np.array([[1.5, nan, -0.5, 2.0], [nan, nan, 1.0, 0.25], [0.5, -1.5, nan, nan]])
EMPTY = np.zeros((0, 3))

# ---- broadcasting ----
program("a row is added to each row", "return a + b", lambda a, b: a + b, a=A23, b=draw(5, 3))
program("a column times a row is a table", "return a * b", lambda a, b: a * b, a=draw(6, 4, 1), b=draw(7, 1, 3))
program("a column minus a vector is a table of differences", "return a - b", lambda a, b: a - b, a=draw(8, 3, 1), b=draw(9, 3))
program("four dimensions stretched crosswise", "return a * b - b / a", lambda a, b: a * b - b / a,
        a=draw(10, 2, 1, 3, 1, low=0.5), b=draw(11, 1, 4, 1, 2))
program("a shorter shape is matched from the last dimension", "return a / b", lambda a, b: a / b, a=A345, b=draw(12, 4, 1, low=0.5))
program("rank 0 beside a matrix", "return a * s + s", lambda a, s: a * s + s, a=A23, s=np.array(1.25))
program("one element of rank 2 beside a vector gives rank 2", "return a - b", lambda a, b: a - b, a=draw(13, 1, 1), b=draw(14, 4))
program("a power broadcast on both sides", "return a ^ b", lambda a, b: a ** b, a=draw(15, 3, 1, low=0.4), b=draw(16, 2))
program("numbers on the left", "return 2 - a + 3 / b + 1.5 ^ a", lambda a, b: 2 - a + 3 / b + 1.5 ** a, a=A23, b=P23)
program("numbers on the right", "return (a - 2) * 0.5 / 4 + (b ^ 3) ^ 0.5", lambda a, b: (a - 2) * 0.5 / 4 + (b ** 3) ** 0.5, a=A23, b=P23)
program("expanded, then weighted and summed", "return (a:expand{3, 2, 4} * b):sum(1)", lambda a, b: (a.expand(3, 2, 4) * b).sum(0), a=draw(17, 2, 1), b=draw(18, 3, 1, 4))
program("an outer product by unsqueeze", "return a:unsqueeze(2) * b:unsqueeze(1)", lambda a, b: a[:, None] * b[None, :], a=draw(19, 3), b=draw(20, 4))
program("where with a mask of another shape", "return a:where(m, b)", lambda a, b: torch.where(torch.tensor([[True], [False]]), a, b), a=A23, b=draw(21, 3))
programs[-1]["lua"] = "local m = tensor{{1}, {0}} return a:where(m, b)"
program("the smaller and the larger of both, with ties", "return a:minimum(b) * 2 + a:maximum(b)", lambda a, b: torch.minimum(a, b) * 2 + torch.maximum(a, b),
        a=np.array([1.0, 2, 3, -1]), b=np.array([[1.0, 3, 2, -1], [2, 2, 2, 2]]))
program("comparisons as factors", "return a:gt(b) * a + a:le(0) * b * 3 + a:ne(b)", lambda a, b: (a > b) * a + (a <= 0) * b * 3 + (a != b), a=A23, b=draw(22, 3))

# ---- empty and rank 0 ----
program("the sum of nothing is 0", "return a:sum()", lambda a: a.sum(), a=EMPTY)
program("sums of no rows are zeros", "return a:sum(1)", lambda a: a.sum(0), a=EMPTY)
program("means of no rows are missing", "return a:mean(1)", lambda a: a.mean(0), a=EMPTY)
program("sums along the rows of nothing are nothing", "return a:sum(2)", lambda a: a.sum(1), a=EMPTY)
program("nothing plus a row is nothing, and the row has no gradient", "return (a + b):exp()", lambda a, b: (a + b).exp(), a=EMPTY, b=draw(23, 1, 3))
program("a product over no columns is zeros", "return a:matmul(b)", lambda a, b: a @ b, a=np.zeros((2, 0)), b=np.zeros((0, 3)))
program("an empty part is joined", "return tensor.cat({a, b, a}, 1)", lambda a, b: torch.cat([a, b, a], 0), a=A23, b=EMPTY)
program("running sums and order of nothing", "return a:cumsum(1) + (a:sort(2))", lambda a: a.cumsum(0) + a.sort(dim=1).values, a=EMPTY)
program("an empty slice", "return a[{ {3, 2}, {} }]:sum(1) + b", lambda a, b: a[2:2].sum(0) + b, a=A34, b=draw(24, 4))
program("a chain at rank 0", "return (x:sin():exp() * x):tanh()", lambda x: torch.tanh(x.sin().exp() * x), x=np.array(0.7))
program("reductions of rank 0", "return x:sum() + x:mean() * 2 + x:max() * 3 + x:norm() * 5", lambda x: x.sum() + x.mean() * 2 + x.max() * 3 + x.abs() * 5, x=np.array(-1.3))
program("rank 0 stacked and reshaped", "return tensor.stack({x, y, x * y}, 1):reshape{3, 1}", lambda x, y: torch.stack([x, y, x * y]).reshape(3, 1), x=np.array(2.0), y=np.array(-3.0))

# ---- missing values ----
program("the sum of what is there", "return a:nansum(2)", lambda a: torch.nansum(a, 1), a=HOLES)
program("the mean of what is there, by column", "return a:nanmean(1)", lambda a: masked(a)[0].sum(0) / masked(a)[1].sum(0), a=HOLES)
program("the standard deviation of what is there", "return a:nanstd(2)",
        lambda a: (((masked(a)[0] - (masked(a)[0].sum(1) / masked(a)[1].sum(1))[:, None]) ** 2 * masked(a)[1]).sum(1) / masked(a)[1].sum(1)) ** 0.5, a=HOLES)
program("the same divided by n - 1, of all", "return a:nanstd{ddof = 1}", lambda a: a[~torch.isnan(a)].std(), a=HOLES)
program("a third power before the mean leaves missing entries without gradient", "return ((a - 0.3):abs() ^ 3):nanmean() ^ (1 / 3)",
        lambda a: ((masked(a)[0] - 0.3).abs() ** 3 * masked(a)[1]).sum().div(masked(a)[1].sum()) ** (1 / 3), a=HOLES)
program("a group that is missing as a whole", "return a:nanmean(2)", lambda a: masked(a)[0].sum(1) / masked(a)[1].sum(1), a=np.array([[nan, nan], [1.0, 3.0]]))
program("missing entries replaced", "return (a:where(1 - a:isnan(), 0) + 1):log()", lambda a: (masked(a)[0] + 1).log(), a=np.abs(HOLES))
program("a missing entry is never the smaller or larger, but missing", "return a:minimum(0.1) , a:maximum(0.1)", lambda a: (torch.where(torch.isnan(a), a, torch.minimum(a, torch.tensor(0.1))), torch.maximum(a, torch.tensor(0.1))), a=HOLES)
program("a missing entry makes the largest missing", "return a:max(2), (a:min(1))", lambda a: (a.amax(1), positions(a.max(1).indices), a.amin(0)), gradient=False,
        a=np.array([[1.0, nan, 3], [2, 5, 4]]))
programs[-1]["lua"] = "local v, i = a:max(2) return v, i, (a:min(1))"
program("relu and clamp keep what is missing", "return a:relu() + a:clamp(-1, 1)", lambda a: a.relu() + a.clamp(-1, 1), a=HOLES)
program("comparisons with a missing value are false, but for ne", "return a:lt(9) + a:ge(-9) * 2 + a:eq(a) * 4 + a:ne(a) * 8",
        lambda a: (a < 9) * 1.0 + (a >= -9) * 2.0 + (a == a) * 4.0 + (a != a) * 8.0, gradient=False, a=HOLES)
program("missing entries are sorted to the end", "return a:sort(2)", lambda a: (lambda s: (s.values, positions(s.indices)))(a.sort(dim=1, stable=True)), a=HOLES)

# ---- views that are not contiguous ----
program("functions of a transpose", "return (a:t() * b):sin()", lambda a, b: (a.T * b).sin(), a=A34, b=draw(25, 4, 3))
program("a slice of a transpose times a slice", "return a:t()[{ {2, 3}, {} }] * a[{ {1, 2}, {-3, -1} }]:reshape{2, 3}", lambda a: a.T[1:3] * a[0:2, -3:].reshape(2, 3), a=A34)
program("negative indices count from the end", "return a[-1] * a[{ {}, -2 }]:sum() + a[{-3}]", lambda a: a[-1] * a[:, -2].sum() + a[-3], a=A34)
program("a transpose reshaped", "return a:transpose(1, 3):reshape{-1, 6} ^ 2", lambda a: a.transpose(0, 2).reshape(-1, 6) ** 2, a=A345)
program("products of transposes and slices", "return a:t():matmul(b:t()[{ {1, 3}, {} }])", lambda a, b: a.T @ b.T[:3], a=A34, b=draw(26, 5, 4))
program("a matrix times a vector, and a vector times a matrix", "return a:matmul(v) + u:matmul(a):sum()", lambda a, u, v: a @ v + (u @ a).sum(), a=A34, u=draw(27, 3), v=draw(28, 4))
program("a vector dotted with a column", "return a[{ {}, 2 }]:dot(b)", lambda a, b: a[:, 1].dot(b), a=A34, b=draw(29, 3))
program("reductions of a slice of a permuted tensor", "return a:transpose(1, 2)[{ {2, 4}, {}, {1, 3} }]:mean(2) + a:transpose(1, 3)[{ {2, 4}, 2, {1, 3} }]:t()",
        lambda a: a.transpose(0, 1)[1:4, :, :3].mean(1) + a.transpose(0, 2)[1:4, 1, :3].T, a=A345)
program("running sums of a transpose", "return a:t():cumsum(1) * a:t():cumsum(2)", lambda a: a.T.cumsum(0) * a.T.cumsum(1), a=A34)
program("a transpose sorted downward", "return a:t():sort(1, {descending = true})", lambda a: (lambda s: (s.values, positions(s.indices)))(a.T.sort(dim=0, descending=True, stable=True)), a=A34)
program("slices joined", "return tensor.cat({a[{ {}, {1, 2} }], b, a[{ {}, {4, 4} }]}, 2):exp()", lambda a, b: torch.cat([a[:, :2], b, a[:, 3:]], 1).exp(), a=A34, b=draw(30, 3, 2))
program("rows stacked in the middle", "return tensor.stack({a[1], a[3], b}, 2)", lambda a, b: torch.stack([a[0], a[2], b], 1), a=A34, b=draw(31, 4))
program("an expanded view reduced", "return (a:expand{4, 3} * b):std(1)", lambda a, b: (a.expand(4, 3) * b).std(0, correction=0), a=draw(32, 3), b=draw(33, 4, 1))
program("entries picked, some twice", "return a:gather(2, tensor({{1, 1, 4}, {2, 3, 3}, {4, 1, -1}}, {dtype = 'int64'}))",
        lambda a: a.gather(1, torch.tensor([[0, 0, 3], [1, 2, 2], [3, 0, 3]])), a=A34)
program("fewer rows picked along the first dimension of a transpose", "return a:t():gather(1, tensor{{4, 1}, {2, 2}}) * 2",
        lambda a: a.T.gather(0, torch.tensor([[3, 0], [1, 1]])) * 2, a=A34)
program("squeezed and unsqueezed", "return a:unsqueeze(-1):squeeze():unsqueeze(1):squeeze(1) * a:reshape{1, 2, 1, 3}:squeeze()", lambda a: a * a, a=A23)
program("slices assigned, then computed with", "local c = a:detach():clone() c[{ {}, {2, 3} }] = 0.5 c[-1] = c[1] c[{2, 4}] = -1 return c * a",
        lambda a: torch.cat([torch.cat([a[0:1, :1], torch.full((1, 2), 0.5), a[0:1, 3:]], 1), torch.cat([a[1:2, :1], torch.full((1, 2), 0.5), torch.tensor([[-1.0]])], 1),
                             torch.cat([a[0:1, :1], torch.full((1, 2), 0.5), a[0:1, 3:]], 1)], 0).detach() * a, a=A34)
program("a slice moved within its own memory", "local c = a:detach():clone() c[{ {}, {2, 4} }] = c[{ {}, {1, 3} }] return c + a * 0",
        lambda a: torch.cat([a[:, :1], a[:, :3]], 1).detach() + a * 0, a=A34)

# ---- reductions ----
program("variance of each row, by n and by n - 1", "return a:var(2) + a:var(2, {ddof = 1})", lambda a: a.var(1, correction=0) + a.var(1, correction=1), a=A34)
program("standard deviation of all, kept", "return a / a:std(nil, true)", lambda a: a / a.std(correction=0), a=A34)
program("the standard deviation of equal numbers has no slope", "return a:std()", lambda a: a.std(correction=0), a=np.full((4,), 2.5))
program("norms of rows", "return tensor.stack({a:norm(1, 2), a:norm(2, 2), a:norm(3, 2), a:norm(0.5, 2), a:norm(math.huge, 2)}, 1)",
        lambda a: torch.stack([torch.linalg.vector_norm(a, p, dim=1) for p in (1, 2, 3, 0.5, inf)]), a=A34)
program("the norm of zeros has no slope", "return a:norm()", lambda a: torch.linalg.vector_norm(a), a=np.zeros(3))
program("centred by a kept mean", "return (a - a:mean(2, true)) ^ 2", lambda a: (a - a.mean(1, keepdim=True)) ** 2, a=A34)
program("the largest along a dimension, where it stands, and where the smallest of all does", "local v, i = a:max(3) return v, i, a:detach():argmin(), a:detach():argmax(2, true)",
        lambda a: (a.amax(2), positions(a.argmax(2)), positions(a.argmin()), positions(a.argmax(1, keepdim=True))), a=A345)
program("equal extremes share the gradient", "return a:max(2) - (a:min(2))", lambda a: a.amax(1) - a.amin(1), a=np.array([[1.0, 3, 3, 1], [2, 2, 2, 2]]))
programs[-1]["lua"] = "local high, low = (a:max(2)), (a:min(2)) return high - low"
program("sums over two dimensions, one by one", "return a:sum(1):sum(-1, true)", lambda a: a.sum(0).sum(-1, keepdim=True), a=A345)
program("sums by name", "local n = a:named{'region', 'day', 'driver'} return n:mean('day'):sum('driver') * n:max('region'):sum()",
        lambda a: a.mean(1).sum(-1) * a.amax(0).sum(), a=A345)

# ---- functions, at their edges too ----
program("all smooth functions in a chain", "return ((a:exp() + 1):log():sqrt() * a:cos() + a:sigmoid()):tanh() - a:square():sin()",
        lambda a: torch.tanh((a.exp() + 1).log().sqrt() * a.cos() + a.sigmoid()) - a.square().sin(), a=A34)
program("the corners of abs, relu and clamp", "return a:abs() + a:relu() * 2 + a:clamp(-1, 1) * 3", lambda a: a.abs() + a.relu() * 2 + a.clamp(-1, 1) * 3, a=np.array([-2.0, -1, -0.5, 0, 0.5, 1, 2]))
program("sigmoid and tanh far out", "return a:sigmoid() + a:tanh() * 2", lambda a: a.sigmoid() + a.tanh() * 2, a=np.array([-800.0, -40, -1e-9, 0, 1e-9, 40, 800]))
program("sign and floor have no slope", "return a:sign() * a + a:floor() * 2", lambda a: a.sign() * a + a.floor() * 2, a=np.array([-1.5, -0.0, 0.0, 0.5, 3.0]))
program("whole and fractional powers", "return (a ^ 2) * (a ^ 3) + (a ^ 0) + (a ^ -1) + (a ^ 2.5):sqrt()", lambda a: a ** 5 + a ** 0 + a ** -1 + (a ** 2.5).sqrt(), a=P23)
program("infinities and logarithms of nothing", "return a:log() , a:exp(), a:sqrt()", lambda a: (a.log(), a.exp(), a.sqrt()), gradient=False, a=np.array([0.0, -1.0, inf, -inf, 1.0, nan]))

# ---- losses as scientists write them ----
program("Huber's loss of what is there", "local d = (t - p):abs() local k = d:clamp(0, 0.5) return (k * (d - 0.5 * k)):nanmean()",
        lambda p: (lambda d, there: (torch.where(d < 0.5, 0.5 * d * d, 0.5 * (d - 0.25)) * there).sum() / there.sum())((masked(torch.tensor(HOLES))[0] - p).abs(), masked(torch.tensor(HOLES))[1]), p=draw(34, 3, 4))
programs[-1]["lua"] = "local t = tensor({{1.5, 0/0, -0.5, 2}, {0/0, 0/0, 1, 0.25}, {0.5, -1.5, 0/0, 0/0}}, {dtype = 'float64'}) " + programs[-1]["lua"]
program("the third norm over members, by range", "local n = ((m:unsqueeze(1) - i):abs() ^ 3):mean(1) ^ (1 / 3) return (n / (1 + i:max(1) - i:min(1))):mean(2)",
        lambda m, i: (((m[None] - i).abs() ** 3).mean(0) ** (1 / 3) / (1 + i.amax(0) - i.amin(0))).mean(1), m=draw(35, 4, 6), i=draw(36, 5, 4, 6))
programs[-1]["lua"] = "local n = ((m:unsqueeze(1) - i):abs() ^ 3):mean(1) ^ (1 / 3) local range = (i:max(1)) - (i:min(1)) return (n / (1 + range)):mean(2)"
program("a small network", "return (((x:matmul(w) + b):relu():matmul(v) - y) ^ 2):mean()", lambda x, w, b, v, y: (((x @ w + b).relu() @ v - y) ** 2).mean(),
        x=draw(37, 7, 3), w=draw(38, 3, 5), b=draw(39, 5), v=draw(40, 5), y=draw(41, 7))
program("a softmax and its entropy", "local e = (a - a:detach():max(2, true)):exp() local q = e / e:sum(2, true) return -(q * q:log()):sum(2)",
        lambda a: torch.distributions.Categorical(logits=a).entropy(), a=A34, tolerance=1e-11)
program("Pearson's correlation", "local x, y = a - a:mean(), b - b:mean() return (x * y):sum() / ((x ^ 2):sum() * (y ^ 2):sum()) ^ 0.5",
        lambda a, b: torch.corrcoef(torch.stack([a, b]))[0, 1], a=draw(42, 9), b=draw(43, 9))
program("the amplitude of each region's cycle", "local c = a:named{'region', 'month'} return 0.5 * ((c:max('month') - t) ^ 2):sum()",
        lambda a: 0.5 * ((a.amax(1) - a.amin(1) - 1) ** 2).sum(), a=draw(44, 3, 12))
programs[-1]["lua"] = "local c = a:named{'region', 'month'} local high, low = (c:max('month')), (c:min('month')) return 0.5 * ((high - low - 1) ^ 2):sum()"
program("the slope of a line by least squares", "local t = tensor.arange(1, 8, {dtype = 'float64'}) t = t - t:mean() return a:matmul(t) / t:dot(t)",
        lambda a: (lambda t: a @ (t - t.mean()) / ((t - t.mean()) ** 2).sum())(torch.arange(1.0, 9)), a=draw(45, 3, 8))
program("a recurrence of thirty operations", "local u = a for _ = 1, 10 do u = (u * b + a):tanh() end return u:sum()",
        lambda a, b: (lambda u: u.sum())(__import__("functools").reduce(lambda u, _: torch.tanh(u * b + a), range(10), a)), a=draw(46, 50, low=-1, high=1), b=draw(47, 50, low=0.2, high=0.8))
program("a leaf used in many places", "return a * a + a:t():t() - a / (a * a + 1) + a[1] + a:sum()", lambda a: a * a + a - a / (a * a + 1) + a[0] + a.sum(), a=draw(48, 3, 3))

# ---- types ----
program("float32, with gradients", "return ((a:exp() * b + 1):log():tanh() / (b:sigmoid() + 0.5)):sum(1)",
        lambda a, b: ((a.exp() * b + 1).log().tanh() / (b.sigmoid() + 0.5)).sum(0), a=A34, b=draw(49, 4, low=0.3), dtype="float32", tolerance=3e-6)
program("a long float32 sum is accumulated in double", "return tensor.full(3000000, 0.1):sum(), tensor.full({3, 1000000}, 0.1):mean(2), tensor.full({1000000, 2}, 0.1):std(1)",
        lambda: (torch.tensor(float(np.float32(0.1)) * 3e6), torch.full((3,), float(np.float32(0.1))), torch.zeros(2)), gradient=False, tolerance=1e-7)
program("float64 beside float32 counts in float64", "return a:float():double() + a * tensor{1, 2, 3}", lambda a: a.float().double() + a * torch.tensor([1.0, 2, 3]), a=A23)
program("integers stay whole", "local n = tensor({7, -2, 3}, {dtype = 'int64'}) return n * n + 2, n:sum(), n / 2, n:cumsum(1), n:neg():abs(), (n:sort(1))",
        lambda: (torch.tensor([51, 6, 11]), torch.tensor(8), torch.tensor([3.5, -1, 1.5]), torch.tensor([7, 5, 8]), torch.tensor([7, 2, 3]), torch.tensor([-2, 3, 7])), gradient=False)


def number(x):
    if math.isnan(x):
        return "nan"
    if math.isinf(x):
        return "inf" if x > 0 else "-inf"
    return repr(int(x)) if x == int(x) and abs(x) < 1e15 else repr(float(x))


def array(a):
    a = np.asarray(a)
    values = ", ".join(number(float(x)) for x in a.reshape(-1))
    shape = ", ".join(map(str, a.shape))
    whole = ", whole = true" if a.dtype.kind == "i" else ""
    return f"{{ shape = {{ {shape} }}, values = {{ {values} }}{whole} }}"


lines = ["-- Made by tensor_programs.py; do not edit.", "local nan, inf = 0/0, math.huge", "return {"]
for p in programs:
    names = list(p["inputs"])
    lines += ["  {", f'    title = "{p["title"]}",', f'    names = {{ {", ".join(chr(34) + n + chr(34) for n in names)} }},',
              f'    program = function({", ".join(names)}) {p["lua"]} end,', f'    dtype = "{p["dtype"]}", tolerance = {p["tolerance"]},']
    for key, arrays in (("inputs", p["inputs"]), ("gradients", p["gradients"])):
        lines.append(f"    {key} = {{ " + ", ".join(f"{n} = {array(a)}" for n, a in arrays.items()) + " },")
    lines += ["    results = { " + ", ".join(array(r) for r in p["results"]) + " },", "  },"]
lines.append("}")
pathlib.Path(__file__).with_suffix(".lua").write_text("\n".join(lines) + "\n")
print(len(programs), "programs")
