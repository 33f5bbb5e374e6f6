# %% [markdown]
# # When a published claim fails
#
# *After notebook 05. 25 minutes.*
#
# A claim that is checked on examples by floats may look true for a long time. With exact verdicts one can *hunt*: look
# through small instances for one on which all hypotheses hold and the conclusion fails. We take a sentence from the
# literature, read it literally, find a counterexample in seconds, understand it – and see what is true instead. Then the
# machine hunts: for claims that are ready, for one of your own, and for theorems without one of their hypotheses.

# %%
from fractions import Fraction
from itertools import product

import exactsurf as es

claim = es.papers.he_2020.one_valley
print(claim.title)
print(claim.statement)

# %% [markdown]
# ## The claim
#
# "For one-hidden-layer networks, all local minima in a cell are concentrated in one valley": any two are joined by a
# path of constant risk inside the cell. The tool decides this for the cell of any given minimiser: minimisers are
# grouped by the signs of the output weights, and linear systems say which sign patterns occur and which can be passed
# to which.
#
# ## The hunt
#
# A network 1-2-1 with x = 0, 1, 2, 3. As targets we take what the network itself computes, so the point has risk 0 and
# is a minimiser of its cell. We go through small integer weights and keep what satisfies *every* hypothesis and fails
# in the conclusion.

# %%
network, x = es.Network([1, 2, 1]), [0, 1, 2, 3]
found = []
for w1, b1, w2, b2 in product(range(1, 3), range(1, 3), range(1, 3), range(-3, 0)):
    trial = es.Problem(network, es.Data.from_arrays(x, [0] * 4))
    theta = trial.parameters(W1=[[w1], [w2]], b1=[b1, b2], W2=[[1, 1]], b2=[-1])
    problem = es.Problem(network, es.Data.from_arrays(x, trial.predictions(theta)))
    report = claim.check(problem, theta)
    if report.status is es.Status.PROVED and claim.conclusion(problem, theta).status is es.Status.REFUTED:
        found.append((problem, theta))
print(len(found), "counterexamples among 24 trials")
for problem, theta in found[:3]:
    print([int(y) for (y,) in problem.data.y], theta, claim.conclusion(problem, theta).reason)
assert found

# %% [markdown]
# ## One of them, by hand
#
# Targets 0, 1, 3, 6. Two points of risk 0 in the same open cell: unit 1 is active on all samples, unit 2 on {2, 3}.

# %%
problem = es.Problem(network, es.Data.from_arrays(x, [0, 1, 3, 6]))
first = problem.parameters(W1=[[1], [2]], b1=[1, -3], W2=[[1, 1]], b2=[-1])
second = problem.parameters(W1=[[-1], [2]], b1=[4, -3], W2=[[-1, 1]], b2=[4])
assert problem.risk(first) == problem.risk(second) == 0
assert problem.cell(first).pattern == problem.cell(second).pattern
assert problem.cell(first).contains(second)
assert [int(y) for (y,) in problem.data.y] in [[int(y) for (y,) in other.data.y] for other, _ in found]

# %% [markdown]
# Unit 1 is active on all samples, so what it contributes is a straight line of slope v₁w₁. On samples 0 and 1 nothing
# else acts, and the targets there force v₁w₁ = 1. A path from v₁ = 1 to v₁ = −1 passes v₁ = 0, where the slope is 0:
# the risk must rise. Let us see it rise. On samples 0 and 1 the prediction is then a constant c, so the risk is at
# least ½(c² + (c − 1)²) ≥ ¼.

# %%
assert all(Fraction(1, 2) * (c * c + (c - 1) ** 2) >= Fraction(1, 4) for c in (Fraction(k, 20) for k in range(-20, 40)))
verdict = claim.conclusion(problem, first, other=second)
print(verdict)
assert verdict.status is es.Status.REFUTED

# %% [markdown]
# ## What is true
#
# All local minima in a cell have the same predictions (one output, strictly convex loss), and those with the *same
# signs* of the output weights are connected. So the fault is in one word.

# %%
assert es.papers.he_2020.equivalence_classes.conclusion(problem, first, other=second).status is es.Status.PROVED
scaled = problem.parameters(W1=[[2], [1]], b1=[2, "-3/2"], W2=[["1/2", 2]], b2=[-1])
assert problem.risk(scaled) == 0 and problem.cell(first).contains(scaled)
assert claim.conclusion(problem, first, other=scaled).status is es.Status.PROVED

# %% [markdown]
# ## Not a matter of risk 0
#
# The catalogue of the package holds an instance with positive risk, 6, as well. All counterexamples are re-checked by
# the tests.

# %%
for example in claim.counterexamples():
    assert claim.check(example.problem, example.parameters).status is es.Status.PROVED
    assert claim.conclusion(example.problem, example.parameters, other=example.other).status is es.Status.REFUTED
assert {example.problem.risk(example.parameters) for example in claim.counterexamples()} == {0, 6}

# %% [markdown]
# ## The machine hunts
#
# `es.CLAIMS` holds claims of the literature and of folklore, each with an exact decision on any small instance.
# `es.find_counterexample` goes through small networks and small integer data, smallest first, and makes what it finds
# smaller still. It needs no idea of ours: here is our claim again, with fewer samples.

# %%
for key, ready in es.CLAIMS.items():
    print(f"{key}: {ready.statement}")
smallest = es.find_counterexample(es.CLAIMS["minima_in_a_cell_are_connected"]).found
print(smallest.problem, smallest.problem.data.x, smallest.problem.data.y)
print(smallest.verdict)
assert smallest.verdict.status is es.Status.REFUTED and len(smallest.problem.data) == 2
assert all(es.decide(smallest.problem, point).status is es.Status.PROVED for point in smallest.witness)
assert len({smallest.problem.cell(point).pattern for point in smallest.witness}) == 1

# %% [markdown]
# ## A claim of your own
#
# A claim is a function of a problem that answers exactly; `es.claim` says where to look. "One ReLU unit is harmless:
# every valley is a global minimum" – is it?


# %%
@es.claim("every valley of a network with one unit is a global minimum", networks=[es.Network([1, 1, 1])])
def one_unit_is_harmless(problem):
    spurious = [valley for valley in es.landscape(problem).valleys if valley.is_spurious]
    if not spurious:
        return es.holds("there is no spurious valley")
    return es.fails(f"a spurious valley of risk {spurious[0].risk} behind {spurious[0].barrier}")


harmful = es.find_counterexample(one_unit_is_harmless, samples=4, entries=1).found
print(harmful.problem.data.x, harmful.problem.data.y, harmful.verdict)
assert harmful.verdict.status is es.Status.REFUTED
assert any(valley.is_spurious for valley in es.landscape(harmful.problem).valleys)

# %% [markdown]
# ## A theorem without a hypothesis
#
# `es.claim_of` makes a claim of a theorem, whole or without one hypothesis. Yun, Sra and Jadbabaie ask for distinct
# inputs (C1.2). Is that needed? The search finds two samples at one place: no network tells them apart, and nothing is
# lower than the best constant. For the whole theorem the search finds nothing – which proves nothing.

# %%
theorem = es.papers.yun_2019.theorem_1
networks = [es.Network([1, 2, 1])]
needed = es.find_counterexample(es.claim_of(theorem, without="C1.2"), networks=networks).found
print(needed.problem.data.x, needed.problem.data.y, needed.verdict)
assert theorem.check(needed.problem).failing == ("C1.2",)
assert len(needed.problem.data) == 2 and len(set(needed.problem.data.x)) == 1
whole = es.find_counterexample(es.claim_of(theorem), networks=networks, limit=30)
print(whole.summary)
assert whole.found is None and whole.tried == 30

# %% [markdown]
# ## Exercises
#
# 1. "Every local minimum in a cell is global in the cell." Find out from
#    `es.papers.he_2020.global_in_the_cell.sharpness()` for how many outputs this fails, and check with two risks that
#    it does.
# 2. Hunt yourself: is the claim of this notebook ever true? Find an instance of the hunt on which the conclusion is
#    PROVED.
# 3. Does the counterexample survive a leaky ReLU? Keep the two points, and take as targets what the first one computes.
# 4. "Every saddle of a deep linear network has a direction of negative curvature" is `es.CLAIMS["no_bad_saddles"]`. How
#    many layers of weights does the smallest counterexample have, and what is its risk as a polynomial?

# %% tags=["solution"]
examples = {example.hypothesis: example for example in es.papers.he_2020.global_in_the_cell.sharpness()}
three = examples["d_y"]
assert three.problem.network.widths == (4, 2, 3)
assert three.problem.cell(three.parameters).contains(three.other)
assert es.decide(three.problem, three.parameters).status is es.Status.PROVED
assert three.problem.risk(three.other) < three.problem.risk(three.parameters) == 1

# %% tags=["solution"]
# The affine point of risk ¾: its minimisers are connected.
zigzag = es.Problem(network, es.Data.from_arrays(x, [0, 1, 0, 2]))
point = es.papers.yun_2019.construct(zigzag).parameters
assert claim.conclusion(zigzag, point).status is es.Status.PROVED

# %% tags=["solution"]
for slope in ("1/10", "1/2", "9/10"):
    leaky = es.Network([1, 2, 1], activation=es.leaky_relu(slope))
    targets = es.Problem(leaky, problem.data).predictions(first)
    bent = es.Problem(leaky, es.Data.from_arrays(x, targets))
    assert bent.risk(first) == bent.risk(second) == 0 and bent.cell(first).contains(second)
    assert claim.check(bent, first).status is es.Status.PROVED
    assert claim.conclusion(bent, first, other=second).status is es.Status.REFUTED

# %% tags=["solution"]
bad = es.find_counterexample(es.CLAIMS["no_bad_saddles"]).found
((x,),), ((y,),) = bad.problem.data.x, bad.problem.data.y
assert bad.problem.network.widths == (1, 1, 1, 1) and set(bad.parameters.weights) == {((0,),)}
for w1, w2, w3 in product(range(-2, 3), repeat=3):  # ½(w₃w₂w₁x − y)²: no term of degree 1 or 2 at 0
    assert bad.problem.risk(bad.problem.parameters(W1=[[w1]], W2=[[w2]], W3=[[w3]])) == (w1 * w2 * w3 * x - y) ** 2 / 2
