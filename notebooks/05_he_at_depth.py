# %% [markdown]
# # He, Wang and Tao: any depth, any piecewise linear activation
#
# *After notebook 04. 10 minutes.*
#
# "Piecewise linear activations substantially shape the loss surfaces of neural networks" (ICLR 2020) carries the
# theorem of Yun et al. to networks of any depth, with any continuous piecewise linear activation that is not linear.
# The idea is the same: send the affine least squares fit through one linear piece of every unit.

# %%
from fractions import Fraction

import exactsurf as es

he = es.papers.he_2020
data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
problem = es.Problem(es.Network([1, 2, 2, 1], activation="hard_tanh"), data)
report = he.infinitely_many.check(problem)
print(report)
assert report.failing == () and report.undecided == ()

# %% [markdown]
# ## One minimum
#
# Hard tanh is the identity between −1 and 1. The signal is scaled down until all of it fits in there, and scaled up
# again at the end.

# %%
found = he.construct(problem)
print(found.parameters)
assert found.verdict.status is es.Status.PROVED
assert (found.risk, found.lower_risk) == (Fraction(3, 4), Fraction(2, 3))
assert problem.predictions(found.parameters) == ((0,), (Fraction(1, 2),), (1,), (Fraction(3, 2),))  # the best line x/2

# %% [markdown]
# ## Infinitely many
#
# The construction has free parameters: the floor that the signal is measured from, its scale, the bias of the idle
# units. Each lies in an open interval that is known exactly, and all members of the family have the same risk.

# %%
family = next(he.affine_families(problem))
floors = tuple(interval.inner_point() for interval in family.floors)
scales = family.scale(floors)
print("floor in", family.floors[0], " scale in", scales, " idle bias in", family.idle)
members = [he.construct(problem, family=family, floors=floors, scale=scales.high * k / 10) for k in range(1, 10)]
assert len({member.parameters for member in members}) == 9
assert {member.risk for member in members} == {Fraction(3, 4)}
assert all(member.verdict.status is es.Status.PROVED for member in members)

# %% [markdown]
# ## In different cells
#
# Idle units may sit on any piece. Those choices give cells that no permutation and no rescaling of units maps to each
# other.

# %%
different = he.construct_inequivalent(problem)
patterns = {problem.cell(member.parameters).pattern for member in different}
for pattern in patterns:
    print(pattern)
assert len(patterns) == len(different) == 3

# %% [markdown]
# ## The cell is multilinear
#
# In every cell, at any depth, an output has degree at most 1 in the weights of each layer. Here: degree 3 in all, one
# for each layer.

# %%
cell = problem.cell(found.parameters)
assert cell.is_multilinear_by_layer()
assert max(output.total_degree for row in cell.outputs for output in row) == 3
assert he.multilinear_partition.conclusion(problem, found.parameters).status is es.Status.PROVED

# %% [markdown]
# ## Exercises
#
# 1. Three hidden layers and two outputs: `[1, 3, 2, 2, 2]`, with targets of your choice. Is the minimum still built?
# 2. Which hypothesis fails for a linear activation? And for a hidden layer of one unit?
# 3. Is the minimum *isolated*? Find another point of the same risk as near as you like.

# %% tags=["solution"]
deep = es.Problem(es.Network([1, 3, 2, 2, 2]), es.Data.from_arrays([0, 1, 2, 3], [[0, 1], [1, 0], [0, 0], [2, 5]]))
assert he.construct(deep).verdict.status is es.Status.PROVED

# %% tags=["solution"]
straight = es.Problem(es.Network([1, 2, 2, 1], activation="linear"), data)
assert he.infinitely_many.check(straight).failing == ("A4",)
narrow = es.Problem(es.Network([1, 2, 1, 1], activation="hard_tanh"), data)
assert he.infinitely_many.check(narrow).failing == ("A3",)

# %% tags=["solution"]
# Move the scale a little: the path of members has constant risk.
near = family.point(floors, scales.inner_point() + Fraction(1, 10**9))
assert near != family.point(floors, scales.inner_point()) and problem.risk(near) == Fraction(3, 4)
