# %% [markdown]
# # A first certificate in five minutes
#
# Four points in the plane that no line fits. A ReLU network with two hidden units can do better than the best line, and
# yet the best line is a local minimum of its training risk: gradient descent that arrives there stays there. We build
# that minimum exactly, and check it without trusting the program that built it.

# %%
import json
from fractions import Fraction

import exactsurf as es

data = es.Data.from_arrays([[0], [1], [2], [3]], [0, 1, 0, 2])
problem = es.Problem(es.Network([1, 2, 1], activation=es.relu), data, loss=es.squared)
print(problem)

# %% [markdown]
# ## The best line
#
# Everything is a fraction. The best line is x/2, and its risk ½Σ(f − y)² is exactly 3/4.

# %%
line = data.affine_fit
assert (line.slopes, line.constants) == (((Fraction(1, 2),),), (Fraction(0),))
assert line.residuals[0].dot(line.residuals[0]) / 2 == Fraction(3, 4)

# %% [markdown]
# ## The theorem of Yun, Sra and Jadbabaie
#
# Each hypothesis is checked on *these* data, with a witness.

# %%
theorem = es.papers.yun_2019.theorem_1
report = theorem.check(problem)
print(report)
assert report.failing == ()

# %% [markdown]
# ## The construction
#
# The local minimum computes the line with both units active on every sample. Two constructions give strictly better
# points.

# %%
found = theorem.construct(problem)
print(found.verdict)
print(found.parameters)
for point in found.better_points:
    print(point.construction, point.risk)
assert found.verdict.status is es.Status.PROVED
assert [point.risk for point in found.better_points] == [Fraction(21, 32), Fraction(2, 3)]

# %% [markdown]
# ## The certificate
#
# It restates the problem and carries the evidence. The verifier uses only Python's standard library and shares no code
# with the rest of exactsurf.

# %%
accepted = es.verify(found.certificate)
print("\n".join(accepted.checks))
assert accepted.risk == Fraction(3, 4)

# %% [markdown]
# Change one digit, and it is rejected, with the place where it stopped being true.

# %%
document = json.loads(found.certificate.encoded)
document["parameters"]["b2"] = ["-2"]
try:
    es.verify(json.dumps(document).encode())
except es.RejectedCertificate as rejected:
    print(rejected)
    assert rejected.fields["field"] == "claim.risk"
else:
    raise AssertionError("a false certificate was accepted")

# %% [markdown]
# ## Any point
#
# `decide` answers for any exact point: PROVED, REFUTED with a lower point, or UNDECIDED with a reason. Here the point
# with the better risk 21/32 is itself no local minimum.

# %%
verdict = es.decide(problem, found.better_points[0].parameters)
print(verdict)
assert verdict.status is es.Status.REFUTED
assert problem.risk(verdict.lower_point) < Fraction(21, 32)

# %% [markdown]
# ## Exercises
#
# 1. Choose your own targets for x = 0, 1, 2, 3, not on a line. Is there always a spurious local minimum?
# 2. Use `es.leaky_relu("1/100")`. What changes in the local minimum, and what in the lower points?
# 3. Is the better point of risk 2/3 a local minimum?

# %% tags=["solution"]
for targets in ([1, 0, 0, 0], [0, 0, 5, -1], ["0.1", "0.3", "0.2", "0.7"]):
    other = es.Problem(problem.network, es.Data.from_arrays([0, 1, 2, 3], targets))
    assert theorem.construct(other).verdict.status is es.Status.PROVED

# %% tags=["solution"]
leaky = theorem.construct(es.Problem(es.Network([1, 2, 1], activation=es.leaky_relu("1/100")), data))
assert leaky.risk == found.risk and leaky.parameters == found.parameters
assert leaky.better_points[0].risk > found.better_points[0].risk  # case 1 of the proof gains a little less
assert leaky.better_points[1].risk == found.better_points[1].risk  # the hinge is the same

# %% tags=["solution"]
assert es.decide(problem, found.better_points[1].parameters).status is es.Status.REFUTED
