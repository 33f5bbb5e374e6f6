# %% [markdown]
# # Which valley does training find?
#
# *After notebook 08. 15 minutes; needs matplotlib for the pictures.*
#
# A network is trained with floats, from a random start, with finite steps. What can be said of such a run with certainty? Its
# points are exact numbers, and the surface on which they lie is known exactly: so more than one might think.

# %%
import matplotlib.pyplot as plt

import exactsurf as es

problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
land = es.landscape(problem)
for place, valley in enumerate(land.valleys):
    print(place, "risk", valley.risk, "barrier", valley.barrier, "joins another one at", valley.merges_at)

# %% [markdown]
# ## What can still be reached
#
# Take a point θ and all points that a path from it reaches without rising above R(θ): a component of a sublevel set. The valleys
# in it are those that a descent from θ may still find. At first it is all four; later fewer.

# %%
early = problem.parameters(W1=[["1/10"]], b1=[0], W2=[["1/10"]], b2=[0])
middle = problem.parameters(W1=[[-1]], b1=["5/2"], W2=[["-3/4"]], b2=["3/2"])
late = problem.parameters(W1=[[2]], b1=[-4], W2=[[1]], b2=["1/2"])
for theta in (early, middle, late):
    print(es.sublevel_component(land, theta))
assert [es.sublevel_component(land, theta).valleys for theta in (early, middle, late)] == [(0, 1, 2, 3), (1,), (0,)]

# %% [markdown]
# ## A run is captured
#
# Gradient descent in doubles, one run for each seed. Every double is a fraction, so every point of a run is exact. A run is
# *captured* by a valley from the first point on from which only that one can be reached.

# %%
runs = es.gradient_descent(problem, range(30))
found = es.training_valleys(land, runs)
print(found)
for run in found.runs[:6]:
    print(run, "risk at the end", float(run.components[-1].risk))
assert len(found.runs) == 30 and sum(found.counts) + len(found.open_runs) == 30
captured = [run for run in found.runs if run.valley is not None]
assert all(len(one.valleys) == 1 for run in captured for one in run.components[run.captured_at :])

# %% [markdown]
# ## The histogram
#
# The full bars are valleys, with the number of runs that each has captured; the pale ones are runs that none has. Counts depend
# on the floats of a machine, so the checkpoint asks for what is exact: the list of valleys is complete, and the pale bars stand
# at the least risk of a signed cell.

# %%
figure, axis = plt.subplots(figsize=(6.4, 3.6), layout="constrained")
es.plots.plot_training(found, ax=axis)
bars = es.plots.plot_training_data(found)
assert [str(bar.risk) for bar in bars if bar.valley is not None] == ["1/3", "3/4", "3/4", "1"]
assert {bar.risk for bar in bars if bar.valley is None} <= set(land.risks)

# %% [markdown]
# ## Dead units
#
# Most of the runs that are not captured have a ReLU unit that is off on all samples. Their risk tends to 11/8, that of the best
# constant. No valley has this risk: it is a plateau, a flat set of local minima, from which paths that do not rise lead to all
# four. Gradient descent stays, because the gradient is 0 there.

# %%
dead = problem.parameters(W1=[[1]], b1=[-10], W2=[[1]], b2=["3/4"])
component = es.sublevel_component(land, dead)
print(component, "least risk of its signed cell:", component.floor)
assert component.floor == problem.risk(dead) and str(component.floor) == "11/8"
assert component.valleys == (0, 1, 2, 3)
assert es.decide(problem, dead).status is es.Status.PROVED
way = es.descending_path(land, dead)
assert way is not None and way.level == problem.risk(dead)

# %% [markdown]
# ## Leaps over barriers
#
# Gradient flow never leaves a sublevel component. Steps of finite length can: where no path between two points of a run stays at
# or below the higher one of their risks, the step went over a barrier. Here one step goes from the bottom of the valley of risk 1
# to the valley of the global minimum. Then 30 runs with long steps.

# %%
leaping = es.follow_trajectory(land, [land.valleys[3].parameters, late])
print(leaping)
assert leaping.leaps == (0,) and leaping.valley == 0 and leaping.captured_at == 1
hasty = es.training_valleys(land, es.gradient_descent(problem, range(30), step_size="3/10", steps=40))
print(hasty, "leaps:", sum(len(run.leaps) for run in hasty.runs), "rises:", sum(len(run.rises) for run in hasty.runs))

# %% [markdown]
# ## Proof
#
# That a point is captured is a statement about all paths from it, with a certificate: dual vectors close the ways out below a
# level, and in every signed cell that is left a point is minimal which leads to the bottom.

# %%
proof = es.certify_capture(land, captured[0].components[-1].parameters)
print(proof.sentence)
print("least risk that can be reached:", proof.bottom, "below", proof.level)
assert es.verify(proof).kind == "captured below a level"
assert proof.bottom == land.valleys[captured[0].valley].risk

# %% [markdown]
# With PyTorch collect `copy.deepcopy(model.state_dict())` now and then, and follow `[es.from_torch(state).parameters for state in
# states]`.
#
# ## Exercises
#
# 1. Which of the four valleys can still be reached from W1 = −2, b1 = 1, W2 = −1, b2 = 1?
# 2. From which risk on is a run that falls in the cell of valley 0 certainly captured by it?
# 3. With two units there are two copies of each valley. Follow the two copies of one bottom, one after the other: is it a leap?

# %% tags=["solution"]
theta = problem.parameters(W1=[[-2]], b1=[1], W2=[[-1]], b2=[1])
print(es.sublevel_component(land, theta))
assert es.sublevel_component(land, theta).risk == problem.risk(theta)

# %% tags=["solution"]
assert land.valleys[0].merges_at == es.sublevel_component(land, land.valleys[0].parameters).exit_level
assert str(land.valleys[0].merges_at) == "9/11"

# %% tags=["solution"]
pair = es.landscape(es.Problem(es.Network([1, 2, 1]), problem.data))
bottom = pair.valleys[0].parameters
w, b, v, c = (bottom[name] for name in ("W1", "b1", "W2", "b2"))
swapped = pair.problem.parameters(W1=w[::-1], b1=b[::-1], W2=[v[0][::-1]], b2=c)
assert es.follow_trajectory(pair, [bottom, swapped]).leaps == (0,)
