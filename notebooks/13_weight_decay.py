# %% [markdown]
# # What weight decay does to the landscape
#
# *After notebook 08. 20 minutes; needs matplotlib for the pictures.*
#
# Everybody trains with weight decay: (λ/2)·Σ w² is added to the risk. On four samples it can be watched what that does to
# *every* valley of the surface, and at which λ valleys disappear.

# %%
from fractions import Fraction

import matplotlib.pyplot as plt

import exactsurf as es

problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]), weight_decay="1/10")

# %% [markdown]
# ## A price for every unit
#
# On a signed cell a unit with the product p = v·w costs at least λ·|p|, and exactly that if both layers share the length:
# |v| = |w|. So the risk is a convex function of the products plus λ·Σ|p|: a lasso, on every cell. Two cells share a facet as
# before, and the merge tree is found in the same way.

# %%
land = es.enclosed_landscape(problem)
print(land)
for valley in land.valleys:
    print(valley.risk, valley.barrier, "copies:", valley.multiplicity)
assert [valley.risk.low for valley in land.valleys][:2] == [Fraction(11, 25), Fraction(49, 100)]
assert land.ties == ()

# %% [markdown]
# Without weight decay the least risk is lower, of course.

# %%
plain = es.landscape(problem.without_decay)
assert plain.global_minimum.risk < land.global_minimum.risk.low

# %% [markdown]
# ## Enclosures
#
# With one input and free biases all levels are rational. As soon as the length of a vector is a square root, they are not:
# then a level lies between the bound of a *dual vector* and the risk of a rational point. Two levels are in the order of
# their intervals, or they are proved to be one and the same, or they are reported as a tie.

# %%
penalised = es.Problem(problem.network, problem.data, weight_decay="1/10", decay_biases=True)
enclosed = es.enclosed_landscape(penalised)
best = enclosed.global_minimum.risk
print(best, "is", float(best.width), "wide")
assert 0 < best.width < Fraction(1, 10**18)
assert all(valley.barrier is None or valley.risk.high < valley.barrier.low for valley in enclosed.valleys)

# %% [markdown]
# ## The least risk, certified
#
# A certificate holds the dual vectors and, for every cell, a vector q of length at most λ: nobody has to trust the search.

# %%
proof = es.certify_near_global_minimum(enclosed)
print(es.verify(proof.encoded).sentence)
assert proof.bound <= best.low and proof.risk - proof.bound < Fraction(1, 10**9)

# %% [markdown]
# ## The path
#
# Now λ rises. Valleys rise, merge and disappear; grey bands are brackets of the λ at which their number changes.

# %%
path = es.decay_path(problem, ["1/100", "1/10", 1, 4], bracket="1/10")
figure, axis = plt.subplots(figsize=(7, 4.4), layout="constrained")
es.plots.plot_decay_path(path, ax=axis)
for change in path.changes:
    print(f"between {change.low} and {change.high}: {change.before} valleys become {change.after}")
assert (len(path.landscapes[0].valleys), len(path.landscapes[-1].valleys)) == (6, 1)
assert [(change.before, change.after) for change in path.changes] == [(6, 5), (5, 3), (3, 2), (2, 1)]

# %% [markdown]
# The global minimum is not one point that moves: near λ = 1/4 another valley becomes the lower one. And it loses its units: at
# λ = 4 no unit is worth its price, and the network is a constant.

# %%
first, last = path.landscapes[0].global_minimum, path.landscapes[-1].global_minimum
assert all(first.parameters.weights[1][0]) and not any(last.parameters.weights[1][0])
assert last.risk.low == Fraction(11, 8)

# %% [markdown]
# ## Two trees
#
# The disconnectivity graphs at λ = 1/100 and at a larger λ on the path.

# %%
figure, both = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
path.landscapes[0].plot(ax=both[0])
path.landscapes[-4].plot(ax=both[1])
assert len(path.landscapes[0].tree) > len(path.landscapes[-4].tree)

# %% [markdown]
# ## Labels: minima at infinity
#
# With logistic loss and no weight decay there is another surprise. A unit that separates samples from the others fits them
# better and better while its weights grow: the least risk is approached at infinity, and what is left is that of the other
# samples. Which samples vanish is decided by an exact linear program. Here one unit can isolate x = 0 or x = 3 only.

# %%
labels = es.Data.from_arrays([0, 1, 2, 3], [1, 0, 1, 1])
logistic = es.enclosed_landscape(es.Problem(es.Network([1, 1, 1]), labels, es.logistic))
for valley in logistic.valleys:
    print(valley.risk, valley.barrier, "attained" if valley.is_attained else "at infinity")
assert [valley.is_attained for valley in logistic.valleys] == [False, False, True]
wide = es.enclosed_landscape(es.Problem(es.Network([1, 2, 1]), labels, es.logistic))
assert wide.global_minimum.risk == es.Enclosure(Fraction(0), Fraction(0)) and not wide.global_minimum.is_attained

# %% [markdown]
# Weight decay brings them back: far away nothing is worth its price.

# %%
held = es.enclosed_landscape(es.Problem(es.Network([1, 1, 1]), labels, es.logistic, weight_decay="1/100"))
assert all(valley.is_attained for valley in held.valleys)
assert held.global_minimum.risk.low > logistic.global_minimum.risk.high
figure, both = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
logistic.plot(ax=both[0])
held.plot(ax=both[1])
print(es.verify(es.certify_near_global_minimum(logistic).encoded).sentence)

# %% [markdown]
# ## Exercises
#
# 1. One sample x = 1, y = 2, no biases, λ = 1: what is the least risk ½(f − 2)² + ½(v² + w²), and does a second unit help?
# 2. Two samples x = ±1, y = 2, no biases: now a second unit does help. By how much?
# 3. At which λ does the network of this lesson become constant? Bracket it to 1 %.

# %% tags=["solution"]
for units in (1, 2):
    one = es.Problem(es.Network([1, units, 1], biases=False), es.Data.from_arrays([1], [2]), weight_decay=1)
    assert es.enclosed_landscape(one).global_minimum.risk.low == Fraction(3, 2)

# %% tags=["solution"]
least = []
for units in (1, 2):
    two = es.Problem(es.Network([1, units, 1], biases=False), es.Data.from_arrays([1, -1], [2, 2]), weight_decay=1)
    least.append(es.enclosed_landscape(two).global_minimum.risk.low)
assert least == [Fraction(7, 2), Fraction(3)]

# %% tags=["solution"]
low, high = Fraction(1), Fraction(4)
while high - low > high / 100:
    middle = (low + high) / 2
    case = es.Problem(problem.network, problem.data, weight_decay=middle)
    constant = es.enclosed_landscape(case).global_minimum.risk.low == Fraction(11, 8)
    low, high = (low, middle) if constant else (middle, high)
print(f"between {low} and {high}")
assert high - low <= high / 100
