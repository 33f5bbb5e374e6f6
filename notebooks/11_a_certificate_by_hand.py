# %% [markdown]
# # How a certificate is checked, by hand
#
# *After notebook 01; only fractions are needed. 20 minutes.*
#
# A certificate is a JSON file: the problem, a claim, and evidence. The verifier is small, but one need not believe it
# either. In this notebook we check a certificate with nothing but Python's fractions – no network library, no linear
# algebra, no exactsurf after the first cell.

# %%
import json
from fractions import Fraction

import exactsurf as es

data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
problem = es.Problem(es.Network([1, 2, 1]), data)
content = es.papers.yun_2019.construct(problem).certificate.encoded
document = json.loads(content)
print(json.dumps(document["claim"], indent=1, ensure_ascii=False))
print(sorted(document))

# %% [markdown]
# ## 1. What is claimed
#
# That the given parameters are a spurious local minimum, of risk ¾. The numbers of the problem stand in the file as
# strings.

# %%
stated = document["problem"]
x = [Fraction(row[0]) for row in stated["data"]["x"]]
y = [Fraction(row[0]) for row in stated["data"]["y"]]
assert document["claim"]["kind"] == "spurious local minimum"
assert (x, y) == ([0, 1, 2, 3], [0, 1, 0, 2])
assert stated["widths"] == [1, 2, 1] and stated["loss"] == {"name": "squared", "scale": "1/2"}


def weights(entry):
    """w, b, v and c of a network with one input, two units and one output."""
    named = {
        name: [Fraction(row[0] if isinstance(row, list) and len(row) == 1 else row) for row in value]
        for name, value in entry.items()
        if name != "W2"
    }
    return named["W1"], named["b1"], [Fraction(v) for v in entry["W2"][0]], named["b2"][0]


# %% [markdown]
# ## 2. The risk at the point
#
# Put in every sample, by hand: f(x) = Σ_j v_j max(0, w_j x + b_j) + c.


# %%
def predictions(entry):
    w, b, v, c = weights(entry)
    return [sum(v[j] * max(0, w[j] * xi + b[j]) for j in (0, 1)) + c for xi in x]


def risk(entry):
    return sum((f - yi) ** 2 for f, yi in zip(predictions(entry), y, strict=True)) / 2


theta = document["parameters"]
print(predictions(theta), risk(theta))
assert predictions(theta) == [0, Fraction(1, 2), 1, Fraction(3, 2)]
assert risk(theta) == Fraction(document["claim"]["risk"]) == Fraction(3, 4)

# %% [markdown]
# ## 3. Lower points exist
#
# Each lower point is just substituted. This alone shows: *if* θ is a local minimum, it is a spurious one.

# %%
lower = [point["parameters"] for point in document["evidence"]["lower_points"]]
print([str(risk(point)) for point in lower])
assert [risk(point) for point in lower] == [Fraction(21, 32), Fraction(2, 3)]
assert all(risk(point) < risk(theta) for point in lower)

# %% [markdown]
# ## 4. Why θ is a local minimum
#
# The evidence names the rule: `paths`. Let r_i = f(x_i) − y_i. The loss is convex in f, so for all other parameters θ′
#
# L(θ′) − L(θ) ≥ Σ_i r_i (f′(x_i) − f(x_i)).
#
# Both units are strictly positive on all samples, so near θ the ReLUs are the identity, and f′ is a line again: f′(x) =
# αx + β with some α and β. It is enough that the right side vanishes for every line – that is, Σ r_i = 0 and Σ r_i x_i
# = 0.

# %%
assert document["evidence"]["local_minimum"]["rule"] == "paths"
w, b, v, c = weights(theta)
assert all(w[j] * xi + b[j] > 0 for j in (0, 1) for xi in x)  # strictly: the pattern is the same nearby
r = [f - yi for f, yi in zip(predictions(theta), y, strict=True)]
print("residuals", [str(value) for value in r])
assert sum(r) == 0
assert sum(ri * xi for ri, xi in zip(r, x, strict=True)) == 0

# %% [markdown]
# That is the whole proof: two sums are zero, all pre-activations are positive, and three risks were computed. ∎
#
# ## 5. What the verifier adds
#
# Care. It reads the bytes strictly, refuses unknown fields, floats and wrong shapes, does the same sums for any depth,
# activation and loss, and names the place where something stops being true.

# %%
accepted = es.verify(content)
for check in accepted.checks:
    print("–", check)
assert accepted.risk == Fraction(3, 4)

# %% [markdown]
# Change any digit: either the verifier notices, or the changed certificate is true as well.

# %%
digits = [position for position, byte in enumerate(content) if chr(byte).isdigit()]
still_true = []
for position in digits:
    other = b"1" if content[position : position + 1] == b"9" else bytes([content[position] + 1])
    changed = content[:position] + other + content[position + 1 :]
    try:
        es.verify(changed)
        still_true.append(json.loads(changed)["parameters"])
    except es.RejectedCertificate:
        pass
print(len(digits) - len(still_true), "of", len(digits), "changes rejected; accepted:", still_true)
assert all(risk(entry) == Fraction(3, 4) and entry["W2"] == [["1", "0"]] for entry in still_true)

# %% [markdown]
# What is accepted is about unit 2 of θ, whose output weight is 0: the changed point is a spurious local minimum, too.
#
# ## Exercises
#
# 1. Change θ in the file to W1 = [[1/2], [0]], b1 = [1, 7]: is the changed certificate still true? What must be changed
#    with it?
# 2. Certify *by hand* that (w, b, v, c) = (5/3, −10/3, 1, 1/3) is a local minimum of the network with one unit on the
#    same data. (Hint: two samples are strictly inactive – and one is on the wall.)

# %% tags=["solution"]
# 1. Unit 2 has output weight 0: nothing else changes, and the same two sums prove it.
document["parameters"]["b1"] = ["1", "7"]
assert es.verify(json.dumps(document).encode()).risk == Fraction(3, 4)

# %% tags=["solution"]
# 2. Pre-activations −10/3, −5/3, 0, 5/3. φ(w, b) = Σ r_i max(0, w x_i + b) must have a local minimum at the unit's weights, of
#    value 0, and Σ r_i must be 0. Sample 3 is inside: r_3 = 0. Sample 2 is on the wall with r_2 = ⅓ ≥ 0: a kink upwards.
z = [Fraction(5, 3) * xi - Fraction(10, 3) for xi in x]
f = [max(0, value) + Fraction(1, 3) for value in z]
r = [fi - yi for fi, yi in zip(f, y, strict=True)]
assert z == [Fraction(-10, 3), Fraction(-5, 3), 0, Fraction(5, 3)] and r == [Fraction(1, 3), Fraction(-2, 3), Fraction(1, 3), 0]
assert sum(r) == 0 and r[3] == 0 and r[2] >= 0
single = es.Problem(es.Network([1, 1, 1]), data)
point = single.parameters(W1=[["5/3"]], b1=["-10/3"], W2=[[1]], b2=["1/3"])
assert es.decide(single, point).status is es.Status.PROVED
