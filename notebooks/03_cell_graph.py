# %% [markdown]
# # The cell graph
#
# *After notebook 02. 10 minutes; needs matplotlib for the pictures.*
#
# Cells that share a facet are neighbours: one wall is crossed, one unit changes its piece on one sample. The graph of
# all cells is the map on which every training run walks. We draw it for exclusive or, and count.

# %%
from itertools import product

import matplotlib.pyplot as plt

import exactsurf as es

rows = [[0, 0], [0, 1], [1, 0], [1, 1]]
data = es.Data.from_arrays(rows, [0, 1, 1, 0])
problem = es.Problem(es.Network([2, 1, 1]), data)

# %% [markdown]
# ## One unit
#
# A unit with two weights and a bias lives in three dimensions; four samples put four planes through the origin.

# %%
graph = es.cell_graph(problem)
figure, axis = plt.subplots(figsize=(6.4, 5.2), layout="constrained")
es.plots.plot_cell_graph(graph, ax=axis)
print(es.graph_statistics(graph))

# %% [markdown]
# **Checkpoint.** 14 cells and 24 shared facets. Every edge changes exactly one digit, so the graph has two colours (the
# parity of the number of ones); every wall is crossed once on a shortest way, so opposite cells are four steps apart.

# %%
facts = es.graph_statistics(graph)
assert (facts.nodes, facts.edges, facts.diameter) == (14, 24, 4)
assert facts.connected and facts.bipartite
assert all(sum(a != b for a, b in zip(first, second, strict=True)) == 1 for first, second in graph.edges)

# %% [markdown]
# Two of the 16 patterns are missing. They are the two that a line cannot cut: exclusive or itself.

# %%
missing = {"".join(digits) for digits in product("01", repeat=4)} - set(graph)
assert missing == {"0110", "1001"}

# %% [markdown]
# Every cell comes with a witness, a rational point inside it, and the number of cells is checked by a second algorithm
# (the characteristic polynomial of the arrangement, by deletion and restriction), so that none is missing.

# %%
for pattern, held in graph.nodes(data=True):
    ((w0, w1, b),) = held["witness"]  # one row for every unit
    assert "".join("1" if w0 * x0 + w1 * x1 + b > 0 else "0" for x0, x1 in rows) == pattern
assert es.count_cells(problem) == graph.number_of_nodes()

# %% [markdown]
# ## Two units: a product
#
# Units do not see each other's walls. The cells of two units are pairs of cells of one, so there are 14² of them, and
# an edge moves one unit only: the graph is a Cartesian product. Modulo exchanging the units, 14·15/2 are left.

# %%
pair = es.Problem(es.Network([2, 2, 1]), data)
assert es.count_cells(pair) == 14**2
both = es.graph_statistics(es.cell_graph(pair))
assert (both.nodes, both.edges, both.diameter) == (196, 2 * 14 * 24, 8)
assert es.count_cells(pair, modulo_permutation=True) == 105

# %% [markdown]
# The eigenvalues of a Cartesian product are all sums of two eigenvalues of the factor. The largest of one unit is √12,
# exactly: x² − 12 is a factor of the characteristic polynomial of the adjacency matrix.

# %%
assert facts.spectrum is not None and (-12, 0, 1) in [factor.coefficients for factor in facts.spectrum]
assert facts.integer_eigenvalues == ((2, 3), (0, 6), (-2, 3))

# %% [markdown]
# ## Exercises
#
# 1. Points in general position (no three on a line) in the plane: Cover's formula gives 2·Σ_{k<3} C(N−1, k) cells of
#    one unit. Check it for N = 5. Do four points with three on a line have more or fewer cells than exclusive or?
# 2. How many cells does a network with 10 hidden units have on exclusive or? Does the computer have to list them?

# %% tags=["solution"]
five = es.Problem(es.Network([2, 1, 1]), es.Data.from_arrays([[0, 0], [4, 1], [1, 3], [5, 5], [2, 7]], [0, 1, 2, 3, 4]))
assert es.count_cells(five) == 2 * (1 + 4 + 6) == 22
three_on_a_line = es.Problem(es.Network([2, 1, 1]), es.Data.from_arrays([[0, 0], [1, 1], [2, 2], [0, 1]], [0, 1, 2, 3]))
assert es.count_cells(three_on_a_line) == 12 < 14  # fewer: the middle one cannot be cut off from its two neighbours

# %% tags=["solution"]
# 14^10 cells; the product structure counts them without listing any.
assert es.count_cells(es.Problem(es.Network([2, 10, 1]), data)) == 14**10 == 289254654976
