# %% [markdown]
# # From a trained PyTorch model to a certificate
#
# *For PyTorch users. 10 minutes; needs torch.*
#
# Training ends near a point, never on it. We train a small network, read its weights exactly, find the exact local
# minimum beside them, and get a verdict that does not depend on any tolerance. Without torch the start of the training is
# taken instead, so that the rest of the notebook runs all the same.

# %%
from fractions import Fraction

import exactsurf as es

try:
    import torch
except ImportError:
    torch = None

data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
problem = es.Problem(es.Network([1, 2, 1]), data)

# %% [markdown]
# ## Training
#
# Full-batch gradient descent on ½Σ(f − y)² in double precision, from a fixed start.

# %%
weights = {
    "0.weight": [[-0.5], [1.5]],
    "0.bias": [0.75, -2.75],
    "2.weight": [[-1.0, 1.0]],
    "2.bias": [0.5],
}
if torch is not None:
    model = torch.nn.Sequential(torch.nn.Linear(1, 2), torch.nn.ReLU(), torch.nn.Linear(2, 1)).double()
    model.load_state_dict({name: torch.tensor(value, dtype=torch.float64) for name, value in weights.items()})
    inputs = torch.tensor([[0.0], [1.0], [2.0], [3.0]], dtype=torch.float64)
    targets = torch.tensor([[0.0], [1.0], [0.0], [2.0]], dtype=torch.float64)
    optimiser = torch.optim.SGD(model.parameters(), lr=0.05)
    for _ in range(2000):
        optimiser.zero_grad()
        loss = ((model(inputs) - targets) ** 2).sum() / 2
        loss.backward()
        optimiser.step()
    print("loss after training:", loss.item())
    assert abs(loss.item() - 1 / 4) < 1e-6
    weights = {name: value.tolist() for name, value in model.state_dict().items()}

# %% [markdown]
# ## Read exactly
#
# Every float is a fraction with a power of two below it. Nothing is rounded.

# %%
imported = es.from_torch(model if torch is not None else weights, **({} if torch is not None else {"activation": "relu"}))
trained = imported.parameters
print("exact risk ≈", float(problem.risk(trained)))
assert imported.network.widths == (1, 2, 1)
assert trained["b2"][0].denominator & (trained["b2"][0].denominator - 1) == 0  # a power of two

# %% [markdown]
# The trained point itself is *not* a local minimum: some derivative is tiny, but not 0. That is what a verdict says
# that knows no tolerance.

# %%
verdict = es.decide(problem, trained)
print(verdict.status, "–", verdict.reason)
assert verdict.status is es.Status.REFUTED

# %% [markdown]
# ## Polish
#
# The risk is convex on the signed cell of the trained point, in product variables. Its exact minimiser is the
# candidate; if a lower cell touches it there, the next cell is tried.

# %%
polished = es.polish(problem, trained)
print(polished)
print(polished.parameters)
assert polished.verdict.status is es.Status.PROVED
assert polished.risk <= problem.risk(trained)
assert es.verify(polished.verdict.certificate).risk == polished.risk

# %% [markdown]
# Is it global? For so small a network the whole landscape is known.

# %%
land = es.landscape(problem)
print("polished risk", polished.risk, " global minimum", land.global_minimum.risk)
assert polished.risk in {found.risk for found in land.local_minima}

# %% [markdown]
# ## Exercises
#
# 1. Start from another point: all weights 1 and both biases 1. Where does `polish` lead? Is it spurious?
# 2. Why is the trained point refuted even if training went on for a week?

# %% tags=["solution"]
start = problem.parameters(W1=[[1], [1]], b1=[1, 1], W2=[[1, 1]], b2=[1])
elsewhere = es.polish(problem, start)
print(elsewhere)
assert elsewhere.verdict.status is es.Status.PROVED
assert elsewhere.risk >= land.global_minimum.risk == Fraction(1, 4)

# %% tags=["solution"]
# A local minimum satisfies polynomial equations exactly; floats of 53 bits hit them only by chance: ⅓ has no finite binary form.
assert Fraction(1 / 3) != Fraction(1, 3)
