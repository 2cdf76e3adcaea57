"""What PyTorch's optimisers make of a small quadratic loss in 25 steps.

Run: python Tests/ReferenceData/optimizers.py > Tests/ReferenceData/optimizers.csv   (PyTorch 2.13.0, float64)

The loss is ½ Σ a (w − c)² over a matrix w [3, 2] and a row b [2]; a and c are below. Weight decay is decoupled and spares the row.
"""
import torch

torch.set_default_dtype(torch.float64)


def loss(w, b):
    i, j = torch.arange(6.0).reshape(3, 2), torch.arange(2.0)
    return 0.5 * ((1 + i) * (w - 0.3 * i) ** 2).sum() + 0.5 * ((2 + j) * (b + 0.5 - j) ** 2).sum()


def decoupled(w, b, rate, make):
    """PyTorch's SGD adds the decay to the gradient: here the matrix shrinks before the step."""
    rule = make([w, b])

    def step():
        with torch.no_grad():
            w.mul_(1 - rate * 0.1)
        rule.step()

    return step


RULES = {
    "adam": lambda w, b: torch.optim.Adam([w, b], lr=0.02).step,
    "adam_betas": lambda w, b: torch.optim.Adam([w, b], lr=0.05, betas=(0.8, 0.95), eps=1e-4).step,
    "adamw": lambda w, b: torch.optim.AdamW([{"params": [w]}, {"params": [b], "weight_decay": 0.0}], lr=0.02, weight_decay=0.1).step,
    "sgd": lambda w, b: torch.optim.SGD([w, b], lr=0.05).step,
    "momentum": lambda w, b: torch.optim.SGD([w, b], lr=0.05, momentum=0.9).step,
    "nesterov": lambda w, b: torch.optim.SGD([w, b], lr=0.05, momentum=0.9, nesterov=True).step,
    "momentum_decay": lambda w, b: decoupled(w, b, 0.05, lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9)),
}

print("rule,weight,value")
for name, make in RULES.items():
    w, b = torch.full((3, 2), 2.0, requires_grad=True), torch.full((2,), -1.0, requires_grad=True)
    step = make(w, b)
    for _ in range(25):
        w.grad = b.grad = None
        loss(w, b).backward()
        step()
    for i, value in enumerate(torch.cat([w.detach().flatten(), b.detach()]).tolist()):
        print(f"{name},{i},{value!r}")
