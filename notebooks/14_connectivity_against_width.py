# %% [markdown]
# # Connectivity against width
#
# *After notebook 08. 15 minutes; needs matplotlib for the pictures.*
#
# Wide networks are easy to train, people say, because the set of good parameters hangs together. From which width on? The
# sublevel set {θ : risk ≤ c} of a small network can be taken apart exactly, for every c at once.

# %%
import matplotlib.pyplot as plt

import exactsurf as es
from exactsurf.papers import freeman_2017, nguyen_2021, sharifnassab_2020

data = es.Data.from_arrays([1, -1], [1, 1])
problem = es.Problem(es.Network([1, 2, 1], es.leaky_relu("1/2"), biases=False), data)

# %% [markdown]
# ## As many units as samples
#
# Two samples, two units, and a leaky ReLU of slope ½. The data are fitted, so the set of global minima is {θ : risk = 0}. It
# has two components, which are copies of each other: the two units change places. On the way the risk rises to 9/10, the best
# that one unit alone can do.

# %%
land = es.landscape(problem)
for valley in land.valleys:
    print(valley.risk, "copies:", valley.multiplicity)
narrow = nguyen_2021.connectivity_by_width(problem, [2])[0]
assert (narrow.components, str(narrow.level)) == (2, "9/10")
assert str(freeman_2017.connection_level(problem)) == "9/10"

# %% [markdown]
# ## One unit more
#
# Nguyen (2021) proves that one unit more than samples connects every sublevel set, at any depth, and that the width N is not
# enough. The merge tree decides both on this instance: with three units it has one leaf.

# %%
report = nguyen_2021.one_more_than_samples.examine(problem)
print(report.summary)
assert report.failing == ("width",) and report.outcome is es.Outcome.FAILS_WITHOUT
wide = es.Problem(es.Network([1, 3, 1], es.leaky_relu("1/2"), biases=False), data)
assert nguyen_2021.one_more_than_samples.examine(wide).outcome is es.Outcome.CONFIRMED

# %% [markdown]
# ## The picture
#
# For every width: ticks where valleys begin, with their number, and a bar above the level from which on everything is
# connected.

# %%
lands = [es.landscape(es.Problem(es.Network([1, n, 1], es.leaky_relu("1/2"), biases=False), data)) for n in (1, 2, 3, 4)]
figure, axis = plt.subplots(figsize=(6.4, 3.8), layout="constrained")
es.plots.plot_connectivity(lands, ax=axis)
levels = [str(column.level) for column in es.plots.plot_connectivity_data(lands)]
print(levels)
assert levels == ["1", "9/10", "0", "0"]

# %% [markdown]
# ReLU and four samples: the level falls with the width, but with three units there are 36 copies of the fitting valley still.

# %%
bumps = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
relus = [es.landscape(es.Problem(es.Network([1, n, 1]), bumps)) for n in (1, 2, 3)]
figure, axis = plt.subplots(figsize=(6.4, 3.8), layout="constrained")
es.plots.plot_connectivity(relus, ax=axis)
assert [str(column.level) for column in es.plots.plot_connectivity_data(relus)] == ["11/8", "3/4", "1/3"]
assert es.plots.plot_connectivity_data(relus)[2].valleys == ((0, 36),)

# %% [markdown]
# ## What too many samples do
#
# The other side of the bound: with more samples than units a local minimum can be poor *and strict*, so that no descent leaves
# it. Sharifnassab, Salehkaleybar and Golestani (2020) need m + 2d − 2 samples for m units with d weights. For one input and a
# bias that is m + 2, and the targets can be written down for any inputs: residuals that zigzag.

# %%
trap = sharifnassab_2020.construct([0, 1, 2, 3, 4, 5], 4)
print([str(r) for r in trap.residuals])
print(trap.verdict.reason)
assert trap.verdict.kind.isolated_modulo_invariance and trap.verdict.kind.dimension == 4
assert es.verify(trap.verdict.certificate.encoded).kind == "spurious local minimum"
assert trap.lower_risk < trap.risk

# %% [markdown]
# The four dimensions are the scales of the four units: along everything else the risk rises. With as many units as samples
# there is no such point: the features of m units are orthogonal to the residuals, so they would be dependent.

# %%
few = es.Problem(es.Network([1, 6, 1], biases=[True, False]), es.Data.from_arrays([0, 1, 2, 3, 4, 5], [0] * 6))
print(sharifnassab_2020.strict_poor_minima.conclusion(few).reason)
assert sharifnassab_2020.strict_poor_minima.conclusion(few).status is es.Status.REFUTED

# %% [markdown]
# ## Exercises
#
# 1. In the first example both targets are 1. Is width 2 still not enough for the targets 1 and −1?
# 2. At which level do the sublevel sets of one ReLU unit without biases on x = ±1, y = 1, 1 become connected?
# 3. Build a strict poor minimum on inputs of your own with two units and an output bias.

# %% tags=["solution"]
other = es.Problem(problem.network, es.Data.from_arrays([1, -1], [1, -1]))
print(nguyen_2021.connectivity_by_width(other, [1, 2, 3]))
assert [one.is_connected for one in nguyen_2021.connectivity_by_width(other, [2, 3])] == [False, True]

# %% tags=["solution"]
one = es.Problem(es.Network([1, 1, 1], biases=False), data)
assert str(freeman_2017.connection_level(one)) == "1"

# %% tags=["solution"]
mine = sharifnassab_2020.construct(["-1/2", 0, 3, 10], 2, output_bias=True)
assert mine.lower_risk < mine.risk and mine.problem.network.biases == (True, True)
