# %% [markdown]
# # The whole landscape of exclusive or
#
# *After notebooks 02 and 03. 20 minutes; needs matplotlib for the pictures.*
#
# Two ReLU units, four samples, nine parameters. The loss surface of this network can be known *completely*: its global
# minima, every valley, every barrier between valleys, and every local minimum – as exact numbers.

# %%
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.pyplot as plt

import exactsurf as es
from exactsurf.show.plots.barcode_plot import plot_barcode_data
from exactsurf.show.plots.slice_plot import plot_slice_data

problem = es.Problem(es.Network([2, 2, 1]), es.Data.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]))

# %% [markdown]
# ## How it works
#
# Fix the cell of every unit and the sign of its output weight: a **signed cell**. In the variables p = v·w the risk is
# convex there, so its minimum over the cell, and over every facet between two cells, is one exact least squares problem
# over a cone. A unit has 14 cells and 2 signs; two units have 28² = 784 signed cells, 406 up to the order of the units.

# %%
land = es.landscape(problem)
print(land)
assert (land.cells, land.orbits) == (784, 406)

# %% [markdown]
# ## The global minimum
#
# It is 0: exclusive or is computed exactly. There are six ways to do it, twelve with the order of the units.

# %%
assert land.global_minimum.risk == 0
assert [(valley.risk, valley.multiplicity) for valley in land.valleys] == [(0, 2)] * 6
figure, axes = plt.subplots(2, 3, figsize=(12, 7), layout="constrained")
for valley, axis in zip(land.valleys, axes.flat, strict=True):
    es.plots.plot_function(problem, valley.parameters, ax=axis, window=("-1/4", "5/4", "-1/4", "5/4"))

# %% [markdown]
# One of them as a network: solid lines are positive weights, dashed ones negative.

# %%
figure, axis = plt.subplots(figsize=(5, 3.4), layout="constrained")
es.plots.plot_network(problem, land.valleys[0].parameters, ax=axis)
assert [problem.risk(valley.parameters) for valley in land.valleys] == [0] * 6

# %% [markdown]
# ## Barriers
#
# To get from one solution to another the risk must go up – to ¼ or to ⅓. The *disconnectivity graph* shows at which
# level of risk valleys join; the *barcode* counts the components on the whole parameter space.

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4), layout="constrained")
es.plots.plot_tree(land, ax=left)
es.plots.plot_barcode(land, ax=right)
bars = {(bar.birth, bar.death): bar.multiplicity for bar in plot_barcode_data(land)}
assert bars == {(0, None): 1, (0, Fraction(1, 3)): 5, (0, Fraction(1, 4)): 6}

# %% [markdown]
# ## Local minima without valleys
#
# No valley is spurious: from every point a path leads down to 0 without ever going up. And yet there are spurious local
# minima! They lie on plateaus: gradient descent stops there, but a walk on the plateau finds a way down.

# %%
assert not any(valley.is_spurious for valley in land.valleys)
plateaus = [found for found in land.local_minima if not found.is_valley]
for found in plateaus:
    print(found.risk, "dimension", found.dimension, "copies", found.multiplicity, "leads to valleys", found.valleys)
assert plateaus and all(found.is_spurious and found.valleys for found in plateaus)
assert all(es.decide(problem, found.parameters).status is es.Status.PROVED for found in plateaus)

# %% [markdown]
# ## Another data set, real valleys
#
# The zigzag of notebook 01 is different: there *are* spurious valleys. Whoever starts at risk ⅓ in one of them must
# climb to ¾.

# %%
zigzag = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
other = es.landscape(zigzag)
figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4), layout="constrained")
es.plots.plot_tree(other, ax=left)
for valley in (other.valleys[0], other.valleys[2]):
    es.plots.plot_function(zigzag, valley.parameters, ax=right, label=f"risk {valley.risk}")
spurious = [(valley.risk, valley.barrier) for valley in other.valleys if valley.is_spurious]
assert spurious == [(Fraction(1, 3), Fraction(3, 4))] * 2

# %% [markdown]
# ## Over the barrier
#
# A path that rises no higher than it must, from a spurious valley to a global minimum. `landscape_page` makes an HTML
# page for the classroom: choose a valley, see its network and its function, and walk over the barrier with a slider. (In
# a terminal: `exactsurf show problem.json --html -o landscape.html`.)

# %%
path = es.lowest_path(other, other.valleys[2].parameters, other.valleys[0].parameters)
print([str(zigzag.risk(point)) for point in path.points])
assert path.level == other.valleys[2].barrier == Fraction(3, 4)
with TemporaryDirectory() as folder:
    file = Path(folder) / "landscape.html"  # put it where you can open it
    file.write_text(es.landscape_page(other, path), encoding="utf-8")

# %% [markdown]
# ## Two minima and the top of the path
#
# Three points span a plane: the spurious minimum at (0, 0), the global one at (1, 0), the highest point of the path at
# (0, 1). Walls stand at their true places. An arrow shows the steepest way down in the plane, one for each side of a
# wall; the minima have none.

# %%
ends = other.valleys[2].parameters, other.valleys[0].parameters
highest = max(path.points, key=zigzag.risk)
points = {"spurious": ends[0], "global": ends[1], "top": highest}
plane = es.Slice.through(zigzag, *points.values())
figure, axis = plt.subplots(figsize=(6.4, 5.2), layout="constrained")
es.plots.plot_slice(plane, ax=axis, points=points, labels=False)
low, lowest, top = plot_slice_data(plane, points=points).marks
assert (low.place, lowest.place, top.place) == ((0, 0), (1, 0), (0, 1))
assert (low.risk, lowest.risk, top.risk) == (Fraction(1, 3), Fraction(1, 4), Fraction(3, 4))
assert low.descents == lowest.descents == () != top.descents

# %% [markdown]
# ## Exercises
#
# 1. Leaky ReLU on exclusive or: is the global minimum still 0? How many valleys are there?
# 2. Give the zigzag only one unit. How many valleys are there, and which is the deepest barrier?
# 3. The affine least squares risk of the zigzag is ¾. Find it in `other.local_minima`. Is it a valley?

# %% tags=["solution"]
leaky = es.landscape(es.Problem(es.Network([2, 2, 1], activation=es.leaky_relu("1/10")), problem.data))
print([(valley.risk, valley.barrier) for valley in leaky.valleys])
assert leaky.global_minimum.risk == 0

# %% tags=["solution"]
one = es.landscape(es.Problem(es.Network([1, 1, 1]), zigzag.data))
assert [valley.risk for valley in one.valleys] == [Fraction(1, 3), Fraction(3, 4), Fraction(3, 4), 1]
assert max(valley.persistence for valley in one.valleys if valley.is_spurious) == Fraction(11, 8) - Fraction(3, 4)

# %% tags=["solution"]
affine = [found for found in other.local_minima if found.risk == Fraction(3, 4)]
assert len(affine) == 1 and affine[0].is_spurious and not affine[0].is_valley
assert affine[0].valleys == (0, 1, 2, 3)  # from its plateau all four valleys are reached downhill
