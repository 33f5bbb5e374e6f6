# %% [markdown]
# # Yun, Sra and Jadbabaie on your data
#
# *After notebook 01. 15 minutes.*
#
# "Small nonlinearities in activation functions create bad local minima in neural networks" (ICLR 2019), Theorem 1: if
# no affine model fits the data exactly, the inputs are distinct, and the hidden layer has two units, then a ReLU-like
# network has a spurious local minimum – infinitely many. We check every hypothesis on a table of real data, build the
# minimum, and see what happens when a hypothesis fails.

# %%
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import exactsurf as es

# %% [markdown]
# ## Your table
#
# Here it is a small file with decimals. They are read exactly: 5.1 is 51/10. Put your own file in its place.

# %%
table = "speed,distance\n4,2\n7,4\n8,16\n9,10\n10,18\n11,17\n12,24\n13,34.5\n14,26\n15,54\n"
with TemporaryDirectory() as folder:
    path = Path(folder) / "cars.csv"
    path.write_text(table)
    data = es.Data.from_csv(path, target="distance")
problem = es.Problem(es.Network([1, 2, 1]), data)
assert data.y[7] == (Fraction(69, 2),)

# %% [markdown]
# ## The hypotheses
#
# Every one of them is decided, with a witness: the sample that the best line misses, for example.

# %%
theorem = es.papers.yun_2019.theorem_1
report = theorem.check(problem)
print(report)
assert report.status is es.Status.PROVED and report.failing == ()

# %% [markdown]
# ## The local minimum, and a lower point
#
# The local minimum computes the best line, with all units on the active side on all samples. The lower points bend the
# line at a sample. Both come out exactly, with a certificate that the stand-alone verifier has accepted.

# %%
found = theorem.construct(problem)
print(found.parameters)
print(found.risk, "=", float(found.risk))
for point in found.better_points:
    print(point.construction, float(point.risk))
assert found.verdict.status is es.Status.PROVED
assert found.risk == sum(r * r for r in data.affine_fit.residuals[0].fractions()) / 2
assert found.lower_risk < found.risk

# %% [markdown]
# Nothing hinges on the size of the table: the 442 patients and 10 measurements of the diabetes data take about a
# second.

# %%
patients = es.Problem(es.Network([10, 2, 1]), es.Data.bundled("diabetes", "progression"))
large = theorem.construct(patients)
assert large.verdict.status is es.Status.PROVED
assert es.verify(large.certificate).risk == large.risk

# %% [markdown]
# ## When a hypothesis fails
#
# Each hypothesis is needed. The *sharpness examples* are small instances that violate exactly one of them – and on
# which the conclusion fails with it.

# %%
for example in theorem.sharpness():
    failing = theorem.check(example.problem).failing
    print(example.hypothesis, "–", example.title, "–", theorem.conclusion(example.problem).status)
    assert failing == (example.hypothesis,)

# %% [markdown]
# ## Smooth activations
#
# With a sigmoid or tanh the risk is a real number that is no fraction, so a critical point is *enclosed*: a box with
# rational corners in which there is exactly one, and over which the Hessian is positive definite. Trained floats propose
# the box; interval arithmetic with fractions proves it.

# %%
small = es.Data.from_arrays([-2, -1, 1, 3], [-1, -1, 1, 2])
smooth_problem = es.Problem(es.Network([1, 1, 1], "tanh", biases=False), small)
box = es.find_critical_box(smooth_problem, W1=[[0.8]], W2=[[1.6]])
print(box.kind, box.parameters, "±", box.radius, "risk", box.risk)
assert box.kind == "local minimum in a box" and box.radius > 0
assert es.verify(box.certificate).kind == box.kind

# %% [markdown]
# Theorem 2 of the same paper: three samples on which smooth activations have a spurious local minimum of risk ⅓, with a
# lower point of risk 0 beside it.

# %%
for activation in ("sigmoid", "tanh", "softplus"):
    sharp = es.papers.yun_2019.theorem_2.construct(activation)
    print(sharp)
    assert sharp.status is es.Status.PROVED and sharp.risk == Fraction(1, 3) and sharp.lower_risk.upper < sharp.risk

# %% [markdown]
# ## For your paper
#
# `to_latex` writes the table of hypotheses; `exactsurf show CERTIFICATE --latex` writes the theorem with its proof for
# these data.

# %%
print(report.to_latex()[:300])
assert report.to_latex().count(r"\\") == len(report.findings) + 1

# %% [markdown]
# ## Exercises
#
# 1. Make the data fit a line exactly. What does `construct` say?
# 2. Give two samples the same input and different targets. Which hypothesis fails? Is there a spurious local minimum
#    all the same?
# 3. Take `es.leaky_relu("9/10")`, nearly linear. Is the minimum still there? How far are the lower points below it?

# %% tags=["solution"]
straight = es.Problem(problem.network, es.Data.from_arrays([0, 1, 2, 3], [1, 3, 5, 7]))
assert theorem.check(straight).failing == ("C1.1",)
assert theorem.construct(straight).verdict.status is es.Status.UNDECIDED  # risk 0: the affine point is a global minimum

# %% tags=["solution"]
twins = es.Problem(problem.network, es.Data.from_arrays([0, 1, 2, 3, 3], [0, 1, 0, 2, 3]))
assert theorem.check(twins).failing == ("C1.2",)
assert theorem.construct(twins).verdict.status is es.Status.PROVED  # distinct inputs are convenient, not necessary

# %% tags=["solution"]
nearly = es.Problem(es.Network([1, 2, 1], activation=es.leaky_relu("9/10")), data)
smooth = theorem.construct(nearly)
assert smooth.verdict.status is es.Status.PROVED


# The local minimum is the same, and so is the hinge: two units make every bent line, whatever the slopes. Only the paper's own
# construction (case 1) depends on the slopes and comes nearer to the line.
def gains(example):
    return {point.construction: example.risk - point.risk for point in example.better_points}


assert smooth.risk == found.risk
assert gains(smooth)["hinge descent"] == gains(found)["hinge descent"]
assert 0 < gains(smooth)["case 1"] < gains(found)["case 1"]
