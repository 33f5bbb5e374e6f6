# %% [markdown]
# # Laurent and von Brecht: why minima sit on walls
#
# *After notebook 02. 15 minutes; needs matplotlib for the pictures.*
#
# "The multilinear structure of ReLU networks" (ICML 2018) asks where local minima can be. Inside a cell the hinge risk
# is a sum of *multilinear* forms, and a multilinear function has no strict local minimum: it is harmonic, so it is
# lower on one side unless it is constant. What is left is either **flat** (type I, inside a cell) or **on a wall**
# (type II, where the risk is not differentiable).

# %%
from fractions import Fraction

import matplotlib.pyplot as plt

import exactsurf as es
from exactsurf.search.catalogue import find_instance
from exactsurf.show.plots.clarke_plot import plot_clarke, plot_clarke_data

laurent = es.papers.laurent_2018

# %% [markdown]
# ## A product has no strict minimum
#
# The smallest multilinear function is wv. Its Hessian has trace 0, so it curves up in one direction and down in
# another.

# %%
linear = es.Problem(es.Network([1, 1, 1], activation=es.relu, biases=False), es.Data.from_arrays([1], [1]), loss="hinge")
cell = linear.cell(linear.parameters(W1=[["1/2"]], W2=[["1/2"]]))
print("risk on the cell:", cell.risk.as_expr())  # max(0, 1 − wv) with a margin below 1
hessian = cell.risk.hessian_at({"W1_0_0": Fraction(1, 2), "W2_0_0": Fraction(1, 2)})
assert hessian == ((0, -1), (-1, 0)) and hessian[0][0] + hessian[1][1] == 0

# %% [markdown]
# ## Type I: flat
#
# Exclusive or with labels ±1 is not separable. At this point no unit is on a breakpoint and no margin is 1; the point
# is a local minimum of risk 1 all the same – because the risk is constant on its cell. The theorem says that there is
# no other way.

# %%
flat = find_instance("laurent_2018.leaky_separable.without_separable")
verdict = es.decide(flat.problem, flat.parameters)
print(verdict)
print(laurent.flat_minima.examine(flat.problem, flat.parameters))
assert verdict.status is es.Status.PROVED and flat.problem.risk(flat.parameters) == 1
assert flat.problem.cell(flat.parameters).is_risk_constant
assert laurent.flat_minima.conclusion(flat.problem, flat.parameters).status is es.Status.PROVED

# %% [markdown]
# ## Type II: on a wall
#
# The same happens with the squared risk, though it is not multilinear: here is a point where a unit sits exactly on its
# breakpoint, on one sample, and the risk has a kink.

# %%
problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([-1, 0, 1, 2], [1, -2, 3, 1]))
theta = problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])
verdict = es.decide(problem, theta)
print(verdict, verdict.risk)
assert verdict.status is es.Status.PROVED and verdict.risk == 5

# %% [markdown]
# Move the wall across the sample at x = 0, keeping the rest fixed. Left and right derivatives differ, and both push
# back.

# %%
bias = problem.parameters(W1=[[0]], b1=[1], W2=[[0]], b2=[0])
both = problem.parameters(W1=[[0]], b1=[1], W2=[[0]], b2=[-1])
figure, (left, right) = plt.subplots(1, 2, figsize=(11, 3.8), layout="constrained")
for axis, direction, title in ((left, bias, "b₁ moves"), (right, both, "b₁ up, b₂ down")):
    walk = es.profile(problem, theta, direction, interval=("-1/2", "1/2"))
    es.plots.plot_profile(walk, ax=axis)
    axis.set_title(title, loc="left", pad=24)
    assert walk.risk_at(0) == 5 and walk.risk_at("1/10") > 5 and walk.risk_at("-1/10") > 5
slopes = [
    piece.risk.gradient_at({"t": Fraction(0)})[0] for piece in walk.pieces if piece.start.value == 0 or piece.stop.value == 0
]
print("left and right derivative:", *slopes)
assert slopes[0] < 0 < slopes[1]

# %% [markdown]
# The risk is not differentiable at the minimum. Beside the point, on either side, the gradient is not 0 and points back
# to the wall; 0 is a *mixture* of the two limits. That is what the Clarke subdifferential says.

# %%
figure, axis = plt.subplots(figsize=(5, 4), layout="constrained")
plot_clarke(problem, theta, ("b1_0", "b2_0"), ax=axis)
clarke = plot_clarke_data(problem, theta, ("b1_0", "b2_0"))
assert len(clarke.gradients) == 2 and clarke.has_zero and (0, 0) not in clarke.gradients

# %% [markdown]
# ## A published claim and its balance
#
# For leaky ReLU, hinge loss and separable data every local minimum is global – if both classes have the same weight.
# With weights ⅘ and ⅕ there is a bad local minimum, on a wall of the loss: risk ⅖, while 0 is possible.

# %%
sharp = find_instance("laurent_2018.leaky_separable.without_balanced")
lower = find_instance("laurent_2018.leaky_separable.without_balanced.other")
verdict = es.decide(sharp.problem, sharp.parameters)
print(verdict)
assert verdict.status is es.Status.PROVED
assert (sharp.problem.risk(sharp.parameters), sharp.problem.risk(lower.parameters)) == (Fraction(2, 5), 0)
assert laurent.leaky_separable.check(sharp.problem, sharp.parameters).failing == ("balanced",)

# %% [markdown]
# ## Exercises
#
# 1. In the type II example, is the point still a local minimum if the target at x = 0 is 2 instead of −2?
# 2. Which of the senses of `stationarity` does the type II minimum satisfy?
# 3. Multiply all output weights of the flat point by 10, and by 100. Is it still a local minimum? Why may it stop being
#    one?

# %% tags=["solution"]
# 1. No: with the residual's sign the kink opens downwards.
other = es.Problem(problem.network, es.Data.from_arrays([-1, 0, 1, 2], [1, 2, 3, 1]))
assert es.decide(other, theta).status is es.Status.REFUTED

# %% tags=["solution"]
# 2. All but differentiability and a zero gradient.
senses = es.stationarity(problem, theta)
print(senses)
assert senses.gradient_zero.status is es.Status.REFUTED
assert {senses.clarke.status, senses.directional.status, senses.second_order.status} == {es.Status.PROVED}


# %% tags=["solution"]
# 3. By 10 every margin stays below 1, and the risk stays constant. By 100 two margins are above 1: the point has left its
#    cell of the hinge loss, and the risk is not constant in the new one.
def louder(factor):
    output = [[factor * v for v in row] for row in flat.parameters["W2"]]
    return flat.problem.parameters(**dict(flat.parameters.items()) | {"W2": output})


assert es.decide(flat.problem, louder(10)).status is es.Status.PROVED
assert es.decide(flat.problem, louder(100)).status is es.Status.REFUTED
assert max(f for (f,) in flat.problem.predictions(louder(10))) < 1 < min(f for (f,) in flat.problem.predictions(louder(100)))
