# %% [markdown]
# # Early alignment and escape neurons
#
# *After notebooks 02 and 06. 20 minutes.*
#
# Training that starts from small weights spends its first time turning, not growing: every hidden unit looks for a direction.
# There are finitely many directions to find, and they can all be listed. Later, when training has come to rest, the question is
# whether some unit can still leave. That is decided exactly, too.

# %%
from fractions import Fraction

import exactsurf as es

# %% [markdown]
# ## All extremal vectors
#
# Boursier and Flammarion (2025) follow units whose weights are small. While the predictions are nearly 0, a unit w turns as if it
# climbed the function Σ yᵢ h(w·x̃ᵢ), and comes to rest at an *extremal vector*: a direction D that is Σ ηᵢ yᵢ x̃ᵢ, where ηᵢ is a
# slope of h at D·x̃ᵢ. Each face of the arrangement of the samples has at most one. Their data are three samples:

# %%
data = es.Data.from_arrays(["-3/4", "-1/2", "1/8"], ["11/10", "1/10", "4/5"])
problem = es.Problem(es.Network([1, 4, 1], biases=[True, False]), data)
found = es.extremal_vectors(problem)
print(found.faces, "faces:", [(one.vector, one.active) for one in found.vectors])
assert found.faces == 12 and [one.vector for one in found.vectors] == [(Fraction(-31, 40), Fraction(2))]
assert es.verify(found.certificate.encoded).kind == "extremal vectors"

# %% [markdown]
# One direction only, and a unit in it is active on all three samples. All small units do the same: the network becomes linear.
#
# ## Where that leads
#
# The best linear fit on the three samples is positive on all of them. So the point at which all four units share it is a local
# minimum: near it all units are in their linear piece. Its risk is 256/975, although two units can fit the data.

# %%
stop = es.papers.boursier_2025.collapse(problem)
print(stop.weights, stop.risk)
assert stop.weights[0] == Fraction(-4, 65) and stop.risk == Fraction(256, 975)
report = es.papers.boursier_2025.spurious_collapse.examine(problem)
assert report.outcome is es.Outcome.CONFIRMED
verdict = es.decide(problem, stop.parameters)
assert verdict.status is es.Status.PROVED

# %% [markdown]
# ## Several directions
#
# With a negative target in the middle small units have several directions to choose from.

# %%
mixed = es.Problem(problem.network, es.Data.from_arrays(["-3/4", "-1/2", "1/8"], [1, -1, 1]))
several = es.extremal_vectors(mixed).vectors
for one in several:
    print(one.sign, one.vector, "active on", one.active, "at the boundary of", one.on_walls)
assert len(several) > 1

# %% [markdown]
# Targets of both signs give output weights of both signs: `sign` says which one the unit has.

# %%
signs = es.Problem(es.Network([1, 2, 1], biases=False), es.Data.from_arrays([1, -1], [1, -1]))
pairs = {(one.sign, one.vector) for one in es.extremal_vectors(signs).vectors}
print(pairs)
assert pairs == {(1, (1,)), (-1, (1,))}

# %% [markdown]
# ## Can a unit leave?
#
# Wu, Simsek and Ged (2025) call a unit with output weight 0 an *escape neuron* if
# φ(w) = Σ rᵢ h(w·x̃ᵢ) changes to first order somewhere around its weights. At a stationary point with
# one output, the point is a local minimum if and only if no unit escapes. Four samples, the best linear fit, and a spare unit:

# %%
four = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))


def fit_and_spare(weight: int, bias: int) -> es.Parameters:
    """The best linear fit by the first unit, and a second one with output weight 0."""
    return four.parameters(W1=[["1/2"], [weight]], b1=[1, bias], W2=[[1, 0]], b2=[-1])


away, corner = fit_and_spare(0, -1), fit_and_spare(1, -3)
assert es.escape_neurons(four, away) == () and es.decide(four, away).status is es.Status.PROVED
(one,) = es.escape_neurons(four, corner)
print("unit", one.unit, "along", one.direction, "slope", one.slope)
assert one.unit == 1 and es.decide(four, corner).status is es.Status.REFUTED

# %% [markdown]
# At the first point the spare unit sees no sample, at the second its corner is the last sample. It is stationary in every
# direction, all the same: the residuals of the fit are 0, −½, 1, −½, and with output weight 0 nothing changes to
# first order. Moving both w and v does: the row of the theorem says so, with its certificate.

# %%
stationary = es.stationarity(four, corner)
print(stationary)
report = es.papers.wu_2025.local_minima.examine(four, corner)
print(report.summary)
assert report.outcome is es.Outcome.CONFIRMED
lower = es.decide(four, corner).lower_point
assert lower is not None and four.risk(lower) < four.risk(corner) == Fraction(3, 4)

# %% [markdown]
# ## Exercises
#
# 1. How many faces, and how many extremal vectors, have the corners of a square with the targets of XOR (0, 1, 1, 0)?
# 2. For which biases b of the spare unit w = 1 does it escape? Try b = 1, 0, −1, −2, −3, −4.
# 3. Choose targets for the inputs of the first example, none of them positive. What are the signs of the extremal vectors?

# %% tags=["solution"]
corners = es.Data.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
xor = es.extremal_vectors(es.Problem(es.Network([2, 2, 1]), corners))
print(xor)
assert len(xor.vectors) >= 1 and es.verify(xor.certificate.encoded).kind == "extremal vectors"

# %% tags=["solution"]
escaping = [bias for bias in (1, 0, -1, -2, -3, -4) if es.escape_neurons(four, fit_and_spare(1, bias))]
print(escaping)
assert escaping == [
    bias for bias in (1, 0, -1, -2, -3, -4) if es.decide(four, fit_and_spare(1, bias)).status is es.Status.REFUTED
]

# %% tags=["solution"]
negative = es.Problem(problem.network, es.Data.from_arrays(["-3/4", "-1/2", "1/8"], [-1, -1, "-1/2"]))
assert {one.sign for one in es.extremal_vectors(negative).vectors} == {-1}
