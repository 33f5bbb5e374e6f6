# %% [markdown]
# # Deep linear networks: no bad minima, but bad saddles
#
# *Needs eigenvalues. 15 minutes; needs matplotlib for the picture.*
#
# Without activation a network computes one matrix P = W_L ⋯ W_1. What can depth do to the loss surface then? Baldi and
# Hornik (1989), Kawaguchi (2016), Laurent and von Brecht (2018), Yun, Sra and Jadbabaie (2019): every local minimum is
# global – but there are saddles at which even the Hessian sees no way down.

# %%
from fractions import Fraction

import matplotlib.pyplot as plt

import exactsurf as es
from exactsurf.minima.deep_linear.classification import PointKind

data = es.Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]])


def zeros(problem):
    return problem.parameters(**{name: [[0] * shape[1]] * shape[0] for name, shape in problem.network.shapes.items()})


# %% [markdown]
# ## One hidden layer: every saddle is strict
#
# The target is the matrix diag(2, 1). At the origin the gradient is 0 and the Hessian has 4 positive and 4 negative
# eigenvalues.

# %%
shallow = es.Problem(es.Network([2, 2, 2], "linear", biases=False), data)
origin = es.classify_deep_linear(shallow, zeros(shallow))
print(origin.kind, origin.risk, origin.inertia)
assert origin.kind is PointKind.SADDLE and origin.inertia == (4, 4, 0)
assert origin.strict is es.Status.PROVED

# %% [markdown]
# The saddles in between fit some singular values and leave out others. Here is one that fits 1 and not 2: the *wrong*
# one first.

# %%
between = shallow.parameters(W1=[[0, 1], [0, 0]], W2=[[0, 0], [1, 0]])
found = es.classify_deep_linear(shallow, between)
print(found.kind, found.risk, found.inertia)
assert found.kind is PointKind.SADDLE and found.risk == 2 and found.inertia[1] > 0

# %% [markdown]
# And the global minimum: P = diag(2, 1), risk 0. The factors are not unique – a whole manifold of global minima.

# %%
best = shallow.parameters(W1=[[1, 0], [0, 1]], W2=[[2, 0], [0, 1]])
assert es.classify_deep_linear(shallow, best).kind is PointKind.GLOBAL_MINIMUM
turned = shallow.parameters(W1=[[1, 3], [0, 1]], W2=[[2, -6], [0, 1]])  # W2 G⁻¹ and G W1 have the same product
assert shallow.risk(turned) == 0 == shallow.risk(best)

# %% [markdown]
# ## Two hidden layers: a saddle that the Hessian does not see
#
# One more layer, and at the origin the Hessian is **zero**: 12 zero eigenvalues. No second-order method finds a descent
# direction. It is a saddle all the same: the risk falls with the *third* power of the step.

# %%
problem = es.Problem(es.Network([2, 2, 2, 2], "linear", biases=False), data)
theta = zeros(problem)
bad = es.classify_deep_linear(problem, theta)
print(bad.kind, bad.reason)
assert bad.kind is PointKind.SADDLE and bad.inertia == (0, 0, 12)
assert bad.strict is es.Status.REFUTED
assert bad.lower is not None and problem.risk(bad.lower.parameters) == bad.lower.risk < bad.risk

# %%
direction = problem.parameters(W1=[[1, 0], [0, 0]], W2=[[1, 0], [0, 0]], W3=[[1, 0], [0, 0]])
walk = es.profile(problem, theta, direction, interval=(-1, "5/4"))
figure, axis = plt.subplots(figsize=(7, 3.6), layout="constrained")
es.plots.plot_profile(walk, ax=axis)
axis.set_title("a bad saddle: flat to second order, lower on one side", loc="left")
(piece,) = walk.pieces
print(piece.risk.as_expr())  # ½(t³ − 2)² + ½
assert [exponents for exponents, _ in piece.risk.items()] in ([(6,), (3,), (0,)], [(0,), (3,), (6,)])
assert piece.risk.value({"t": Fraction(1)}) == 1 < piece.risk.value({"t": Fraction(0)}) == Fraction(5, 2)

# %% [markdown]
# ## How a critical point is decided
#
# Write the risk as ℓ(P). Theorem 4 of Yun, Sra and Jadbabaie: if no hidden layer is narrower than input and output, a
# critical point is a global minimum if the gradient of ℓ at P is 0, and a saddle if it is not. One matrix decides.

# %%
assert bad.product == ((0, 0), (0, 0)) and bad.product_gradient == ((-2, 0), (0, -1))
assert es.classify_deep_linear(shallow, best).product_gradient == ((0, 0), (0, 0))
report = es.papers.yun_2019.theorem_4.examine(problem, theta)
print(report)
assert report.failing == ()

# %% [markdown]
# ## Exercises
#
# 1. A bottleneck: `[2, 1, 2]`. The best matrix of rank 1 is diag(2, 0). Show that it is a global minimum although the
#    gradient of ℓ at P is not 0. Which hypothesis of Theorem 4 fails?
# 2. With three hidden layers, what is the order of the risk at the origin along the diagonal direction?
# 3. In the bottleneck, is fitting 1 instead of 2 a local minimum?

# %% tags=["solution"]
narrow = es.Problem(es.Network([2, 1, 2], "linear", biases=False), data)
rank_one = narrow.parameters(W1=[[1, 0]], W2=[[2], [0]])
kind = es.classify_deep_linear(narrow, rank_one)
assert kind.kind is PointKind.GLOBAL_MINIMUM and any(map(any, kind.product_gradient))
assert es.papers.yun_2019.theorem_4.check(narrow, rank_one).failing == ("widths",)

# %% tags=["solution"]
four = es.Problem(es.Network([2, 2, 2, 2, 2], "linear", biases=False), data)
ones = four.parameters(**{name: [[1, 0], [0, 0]] for name in four.network.shapes})
(piece,) = es.profile(four, zeros(four), ones, interval=(-1, 1)).pieces
assert {exponents[0] for exponents, _ in piece.risk.items()} == {0, 4, 8}

# %% tags=["solution"]
second = narrow.parameters(W1=[[0, 1]], W2=[[0], [1]])
assert es.classify_deep_linear(narrow, second).kind is PointKind.SADDLE
assert es.decide(narrow, second).status is es.Status.REFUTED
