# %% [markdown]
# # Shared and fixed weights
#
# *After notebook 06. 15 minutes.*
#
# Papers about convolutions, diagonal and residual networks study risks on a subspace of parameter space: weights are shared, or
# fixed. A point may be a minimum there and none among all parameters. exactsurf restricts a network to any rational affine
# subspace, θ(u) = θ₀ + Σ u_k b_k, and decides about u.

# %%
from fractions import Fraction

import exactsurf as es

# %% [markdown]
# ## One filter, four samples, four spurious valleys
#
# A filter of two weights slides over the two halves of four inputs; the outputs of both ReLU units are added. Du, Lee, Tian,
# Póczos and Singh (2018) study such networks, with a trained head too, under normal inputs and with a teacher of the same kind.
# On finitely many samples and with a fixed head the risk has two variables, and one weight varies on each path. So predictions
# are affine in the filter on every cell, the risk is convex there, and the whole landscape is computed: all minima, and how high
# the barriers between them are.

# %%
filters = es.convolution(4, [2], strides=2, head=[1, 1])
inputs = [[1, -1, 1, 1], [-1, 0, 2, 0], [-2, 1, 2, -2], [-1, 2, 1, 0]]
teacher = filters.parameters(w1_0=1, w1_1=0)
targets = es.RestrictedProblem(filters, es.Data.from_arrays(inputs, [0] * 4)).unrestricted.predictions(teacher)
problem = es.RestrictedProblem(filters, es.Data.from_arrays(inputs, [row[0] for row in targets]))
print(filters)
assert problem.risk(teacher) == 0

# %%
land = es.landscape(problem)
for valley in land.valleys:
    filter = ", ".join(map(str, problem.values(valley.parameters)))
    print(f"filter ({filter}): risk {valley.risk}, barrier {valley.barrier}")
assert [str(valley.risk) for valley in land.valleys] == ["0", "7/6", "65/28", "317/106", "69/22"]
assert all(minimum.is_strict and minimum.is_valley for minimum in land.local_minima)

# %% [markdown]
# From a random start gradient descent may end in any of five valleys; only one is the teacher. That no filter is better has a
# certificate, and so has each of the four traps.

# %%
land.plot()

# %%
best = es.certify_global_minimum(land)
print(es.verify(best.encoded).sentence)
traps = [valley.parameters for valley in land.valleys if valley.is_spurious]
for theta in traps:
    verdict = es.decide(problem, theta, lower=[teacher])
    print(f"risk {problem.risk(theta)}: {verdict.certificate.kind}")
    assert es.verify(verdict.certificate.encoded).kind == "spurious local minimum of a restricted risk"

# %% [markdown]
# If every weight may move on its own, none of the four is a minimum any more: sharing made the traps.

# %%
for theta in traps:
    free = es.decide(problem.unrestricted, theta)
    print(free.status, free.reason)
    assert free.status is es.Status.REFUTED

# %% [markdown]
# On the cell of a point the risk is a polynomial in the free parameters. Its critical point is the minimum, exactly.

# %%
cell = problem.cell(problem.parameters(w1_0=Fraction(18, 53), w1_1=Fraction(56, 53)))
print(cell.risk.as_expr())

# %% [markdown]
# ## Pooling
#
# Between the filter and the head a network of images takes means or largest entries of windows. A mean is a linear map with fixed
# weights. The largest of two outputs a, b ≥ 0 of ReLU units is h(b − a) + h(a), a layer with fixed weights, and that of n outputs
# takes ⌈log₂ n⌉ layers. In both cases one weight varies on each path, and the landscape stays exact.

# %%
for kind in ("average", "max"):
    pooled = es.convolution(4, [2], pooling=es.Pooling(kind, 2, stride=1), head=[1, 1])
    outputs = es.RestrictedProblem(pooled, problem.unrestricted.data).unrestricted.predictions(pooled.parameters(w1_0=1, w1_1=0))
    of_images = es.RestrictedProblem(pooled, es.Data.from_arrays(inputs, [row[0] for row in outputs]))
    land = es.landscape(of_images)
    print(kind, pooled.network, [str(valley.risk) for valley in land.valleys])
    proof = es.certify_global_minimum(land)
    assert es.verify(proof.encoded).risk == land.global_minimum.risk == 0
    assert len(land.valleys) == {"average": 8, "max": 4}[kind]

# %% [markdown]
# A trained network of images from PyTorch or ONNX (`es.from_torch(module, input_shape=(1, 8, 8))`, `es.from_onnx`) is such a
# restricted network, at its exact parameters.
#
# ## Diagonal networks
#
# A diagonal linear network computes Σ u_k v_k x_k. Its risk has saddles where an entry is 0 in both layers, and no bad minima
# of these kinds:

# %%
diagonal = es.diagonal(2)
sparse = es.RestrictedProblem(diagonal, es.Data.from_arrays([[1, 0], [0, 1]], [2, 3]))
half = sparse.parameters(w1_0=1, w1_1=0, w2_0=2, w2_1=0)
verdict = es.decide(sparse, half)
print(verdict.reason, verdict.lower_point)
assert verdict.status is es.Status.REFUTED and sparse.risk(verdict.lower_point) < sparse.risk(half)

# %% [markdown]
# Here one factor of each product is a *scale*: it can be moved into the other one. So the risk is convex in the products, the
# landscape is exact, and no local minimum is spurious: the global minima fall into one component for each pattern of signs.

# %%
land = es.landscape(sparse)
print([(str(valley.risk), str(valley.merges_at)) for valley in land.valleys])
assert len(land.valleys) == 4 and all(found.is_global for found in land.local_minima)

# %% [markdown]
# ## A filter with a free scale
#
# The filter of the first problem, shared by two patches, with a free output weight v in the place of the fixed head. For a sign
# of v predictions are affine in v·w on each cell of w. All five valleys are still there: a free scale opens no way out of them.

# %%
scaled = es.convolution(4, [2], strides=2, head=["v", "v"])
with_scale = es.RestrictedProblem(scaled, problem.unrestricted.data)
land = es.landscape(with_scale)
print([(str(valley.risk), str(valley.barrier)) for valley in land.valleys])
assert len(land.valleys) == 5
proof = es.certify_global_minimum(with_scale)
print(proof.risk, len(proof.evidence.trees), "trees, one for each sign of v")
assert proof.risk == land.global_minimum.risk and es.verify(proof.encoded).risk == proof.risk

# %% [markdown]
# ## Any affine subspace
#
# Entries are texts in free parameters, numbers that stay, or None for an entry that is free by itself. With the output weights
# fixed, every path has one weight that varies, and *every* point is decided, at kinks too.

# %%
fixed = es.restriction(es.Network([1, 2, 1]), W1=[["a"], ["b"]], b1=["s", "-s"], W2=[[1, -1]], b2=[0])
step = es.RestrictedProblem(fixed, es.Data.from_arrays([-1, 0, 1, 2], [0, 0, 1, 1]), "absolute")
for values in (
    {"a": 1, "b": "1/2", "s": 0},
    {"a": "1/2", "b": 0, "s": 0},
    {"a": "1/2", "b": -1, "s": 0},
    {"a": 0, "b": 0, "s": 0},
):
    verdict = es.decide(step, step.parameters(**values))
    print(values, step.risk(step.parameters(**values)), verdict.status, verdict.reason)
    assert verdict.status is not es.Status.UNDECIDED

# %% [markdown]
# In a problem file the restriction stands beside the network, as `"restriction"`; `exactsurf decide` and `exactsurf landscape`
# know it.
#
# ## Exercises
#
# 1. Show that the zero filter is no minimum of the first problem, with a filter of lower risk.
# 2. Change the targets of the first problem until the minimum at (18/53, 56/53) is lost. How many valleys are left?
# 3. Tie both layers of a linear 1-1-1 network, W2 = W1. For targets below 0 on positive inputs 0 is a minimum: prove it, and
#    show that it is none if the weights are free.

# %% tags=["solution"]
zero = es.decide(problem, problem.parameters(w1_0=0, w1_1=0))
print(zero.lower_point)
assert zero.status is es.Status.REFUTED

# %% tags=["solution"]
moved = es.RestrictedProblem(filters, es.Data.from_arrays(inputs, [2, 2, 2, 2]))
lost = es.decide(moved, moved.parameters(w1_0=Fraction(18, 53), w1_1=Fraction(56, 53)))
print(lost.reason)
assert lost.status is es.Status.REFUTED and moved.risk(lost.lower_point) < lost.risk
print(len(es.landscape(moved).valleys), "valleys")

# %% tags=["solution"]
tied = es.restriction(es.Network([1, 1, 1], "linear", biases=False), W1=[["w"]], W2=[["w"]])
below = es.RestrictedProblem(tied, es.Data.from_arrays([1, 2], [-1, -2]))
at_zero = below.parameters(w=0)
assert es.decide(below, at_zero).status is es.Status.PROVED
assert es.decide(below.unrestricted, at_zero).status is es.Status.REFUTED
