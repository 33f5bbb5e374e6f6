# %% [markdown]
# # Cross-entropy on a real table
#
# *After notebook 04. 15 minutes.*
#
# Classifiers are trained with cross-entropy, and its critical points are no fractions: logarithms and exponentials are in
# the way. What can be *proved* about them all the same? We take 100 flowers of Anderson's and Fisher's iris data, find
# the best logistic regression inside a box of rational corners, and prove that a ReLU network on the same flowers has a
# spurious local minimum just there.

# %%
from fractions import Fraction
from math import exp, log

import exactsurf as es

# %% [markdown]
# ## Flowers and labels
#
# `classes=True` says that the column holds classes. Two classes become the labels −1 and 1 of the logistic loss
# log(1 + exp(−y f)); `es.cross_entropy` with one output is the same. The report says which flower is which.

# %%
data = es.Data.bundled("iris_two", target="species", inputs="petal_length", classes=True)
print(data.report)
assert len(data) == 100 and data.y[0] == (-1,) and data.y[-1] == (1,)

# %% [markdown]
# ## The risk at a point is enclosed
#
# At rational parameters the risk is a sum of logarithms. exactsurf gives a *ball*: two rational numbers between which it
# lies, proved. Floats agree, as they should, but they prove nothing.

# %%
regression = es.Problem(es.Network([1, 1]), data, es.cross_entropy)
theta = regression.parameters(W1=[[9]], b1=["-44"])
risk = regression.risk(theta)
floats = sum(log(1 + exp(-float(y) * (9 * float(x) - 44))) for (x,), (y,) in zip(data.x, data.y, strict=True))
print(risk, floats)
assert risk.lower < Fraction(floats) + Fraction(1, 10**9) and Fraction(floats) - Fraction(1, 10**9) < risk.upper

# %% [markdown]
# ## The best logistic regression
#
# The minimiser has irrational coordinates. `find_critical_box` finds a box that holds exactly one critical point, and shows
# by interval arithmetic that the Hessian is positive definite all over it.

# %%
box = es.find_critical_box(regression, W1=[[9]], b1=[-44])
print(box.parameters, "±", float(box.radius))
print("risk", box.risk)
assert box.kind == "local minimum in a box"
assert es.verify(box.certificate).kind == box.kind

# %% [markdown]
# The loss is convex and the model is linear, so this local minimum is the global one of *logistic regression*.
#
# ## A hidden layer makes it spurious
#
# A network with two ReLU units can compute the same affine function of the flowers: all units active on all of them. There
# it sits in the affine part of the surface and cannot see that bending once would help. `find_lifted_box` proves both: in
# the box is a local minimum, and a network that bends once has a lower risk.

# %%
problem = es.Problem(es.Network([1, 2, 1]), data, es.cross_entropy)
found = es.find_lifted_box(problem)
print(found.verdict)
assert found.verdict.status is es.Status.PROVED
assert found.lower_point.risk < found.risk.lower
assert abs(found.risk.midpoint - box.risk.midpoint) < box.risk.upper - box.risk.lower

# %% [markdown]
# The certificate says so to a verifier that knows nothing of exactsurf: it encloses exponentials with fractions.

# %%
accepted = es.verify(found.certificate)
print(accepted.sentence)
assert accepted.kind == "spurious local minimum in a lifted box"

# %% [markdown]
# On the command line the same is `exactsurf counterexample iris_two --target species --classes --loss cross_entropy`.
#
# ## Where there is no minimum at all
#
# Setosa has shorter petals than both other species. A line sets it apart, and along it the cross-entropy of affine
# models falls for ever: there is no best one, and nothing to be lifted. exactsurf answers with the line.

# %%
species = es.Data.bundled("iris", target="species", inputs=["petal_length", "petal_width"], classes=True)
refused = es.find_lifted_box(es.Problem(es.Network([2, 4, 3]), species, es.cross_entropy))
print(refused.verdict)
assert refused.verdict.status is es.Status.UNDECIDED


def gaps(flower, label):
    """By how much the scores of the separating model put the right class above the others."""
    scores = [sum(w * x for w, x in zip(row, (*flower, 1), strict=True)) for row in refused.separating]
    right = label.index(1)
    return [scores[right] - score for k, score in enumerate(scores) if k != right]


all_gaps = [gap for x, y in zip(species.x, species.y, strict=True) for gap in gaps(x, y)]
assert min(all_gaps) >= 0 and max(all_gaps) > 0

# %% [markdown]
# ## Rational minima
#
# Sometimes a minimum is a rational point, and then `decide` proves it with sums of such numbers as 1/(1 + e^q), of which
# it decides whether they are 0.

# %%
three = es.Data.from_arrays([-2, -1, 0], [0, 1, 0], weights=[1, 2, 1])
small = es.Problem(es.Network([1, 1, 1]), three, es.cross_entropy)
verdict = es.decide(small, small.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0]), spurious=True)
print(verdict)
assert verdict.status is es.Status.PROVED and verdict.certificate.kind == "spurious local minimum of an analytic risk"

# %% [markdown]
# ## Exercises
#
# 1. Soft labels: every sample is of class 0 with probability 3/4 or 1/4. Is there still a spurious local minimum?
# 2. Double all weights of the flowers. What happens to the minimiser, and what to the risk?
# 3. Take petal length *and* width. Does the box become larger or smaller, and is the minimum still spurious?

# %% tags=["solution"]
soft = es.Data.from_arrays([[0], [1], [2], [3]], [["3/4", "1/4"], ["1/4", "3/4"]] * 2)
answer = es.find_lifted_box(es.Problem(es.Network([1, 3, 2]), soft, es.cross_entropy))
assert answer.verdict.status is es.Status.PROVED

# %% tags=["solution"]
twice = es.Problem(regression.network, data, es.cross_entropy, sample_weight=[2] * len(data))
other = es.find_critical_box(twice, box.parameters)
assert abs(other.risk.midpoint - 2 * box.risk.midpoint) < 3 * (box.risk.upper - box.risk.lower)

# %% tags=["solution"]
wide = es.Data.bundled("iris_two", target="species", inputs=["petal_length", "petal_width"], classes=True)
answer = es.find_lifted_box(es.Problem(es.Network([2, 2, 1]), wide, es.cross_entropy))
assert answer.verdict.status is es.Status.PROVED and answer.risk.upper < found.risk.lower
