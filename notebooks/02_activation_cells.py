# %% [markdown]
# # What an activation cell is
#
# *For everybody who has seen a ReLU. 15 minutes; needs matplotlib for the pictures.*
#
# The risk of a ReLU network is a polynomial – a different one in every **cell** of parameter space. In a cell every
# hidden unit is on a fixed piece of the activation on every sample. Between cells stand **walls**: the parameters at
# which some unit sits on the breakpoint for some sample. We take the smallest network there is and draw its walls
# exactly where they are.

# %%
from fractions import Fraction

import matplotlib.pyplot as plt

import exactsurf as es

data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
problem = es.Problem(es.Network([1, 1, 1], activation=es.relu), data)


def point(w, b, v=1, c=0):
    return problem.parameters(W1=[[w]], b1=[b], W2=[[v]], b2=[c])


# %% [markdown]
# ## One point, one cell
#
# With w = 1 and b = −3/2 the pre-activations w·x + b are −3/2, −1/2, 1/2, 3/2: the unit is off on two samples and on on
# two. The pattern is written as one digit a sample, 0 for the left piece of the activation and 1 for the right one.

# %%
cell = problem.cell(point(1, "-3/2"))
print(cell.pattern)
print(cell.risk.as_expr())
assert str(cell.pattern) == "ActivationPattern(0011)"

# %% [markdown]
# In this cell the prediction is v(wx + b) + c on samples 2 and 3 and c on the others: multilinear in the layers. The
# risk ½Σ(f − y)² is therefore a polynomial, and it is *the* risk on the whole cell, not an approximation.

# %%
for w, b in ((1, "-3/2"), (2, -3), ("3/2", "-8/3")):
    theta = point(w, b, v="1/2", c=3)
    assert cell.contains(theta)
    values = dict(zip(cell.names, (Fraction(w), Fraction(b), Fraction(1, 2), Fraction(3)), strict=True))
    assert cell.risk.value(values) == problem.risk(theta)

# %% [markdown]
# ## A slice with its true walls
#
# Fix v = 1 and c = 0, and let w and b vary: the plane w = s, b = t. Sample x puts a wall on the line sx + t = 0.

# %%
plane = es.Slice(problem, point(0, 0), point(1, 0, v=0), point(0, 1, v=0), window=(-2, 2, -3, 3))
figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4.6), layout="constrained")
es.plots.plot_slice(plane, ax=left)
es.plots.plot_slice(plane, ax=right, fill="pattern")
left.set(xlabel="w", ylabel="b", title="risk")
right.set(xlabel="w", ylabel="b", title="cells")
cells = plane.cells()

# %% [markdown]
# **Checkpoint.** Four samples, four lines through the origin, eight cells – not 2⁴ = 16 patterns: a line can separate
# the samples 0, 1, 2, 3 of the axis only into a beginning and an end.

# %%
patterns = {str(cell.pattern) for cell in cells}
assert len(cells) == len(patterns) == 8 == 2 * (1 + 3)
assert patterns == {f"ActivationPattern({text})" for text in ("0000", "0001", "0011", "0111", "1111", "1110", "1100", "1000")}
assert sum(cell.polygon.area for cell in cells) == 4 * 6  # together they fill the window

# %% [markdown]
# ## The polynomial changes across a wall
#
# Cells 0011 and 0111 differ in sample 1, so the wall s + t = 0 stands between them. The risk is continuous, so the two
# polynomials agree *on the wall*: their difference is divisible by s + t. What is left over says how it bends.

# %%
risk = {str(cell.pattern)[-5:-1]: cell.risk for cell in cells}
difference = risk["0111"] - risk["0011"]
s, t = type(difference).generators(("s", "t"))
bend = difference.quotient(s + t)
print(difference.as_expr(), "=", f"(s + t)·({bend.as_expr()})")
assert bend is not None and bend * (s + t) == difference
assert risk["0001"] == risk["0011"] - (2 * s + t) ** 2 * Fraction(1, 2)  # target 0: two zeros on the wall, no bend

# %% [markdown]
# On the wall s + t = 0 the factor is ½(s + t) − 1 = −1, not 0: the gradient jumps, and level lines have a corner there.
# Between 0001 and 0011 the target is 0, the difference has a double zero, and nothing is seen of the wall at all.

# %%
assert bend.value({"s": Fraction(5), "t": Fraction(-5)}) == -1

# %% [markdown]
# ## A walk through cells
#
# The risk along a line is a piecewise polynomial. Its kinks are exact numbers.

# %%
walk = es.profile(problem, point(1, -4), point(0, 1, v=0), interval=(0, 5))
figure, axis = plt.subplots(figsize=(7, 3.6), layout="constrained")
es.plots.plot_profile(walk, ax=axis)
axis.set(xlabel="b + 4, with w = 1")
assert [kink.value for kink in walk.kinks] == [1, 2, 3, 4]
assert walk.risk_at("5/2") == problem.risk(point(1, "-3/2"))

# %% [markdown]
# ## Exercises
#
# 1. In which of the eight cells is the risk constant on the slice, and why? What does gradient descent do there?
# 2. How many cells do five samples on a line have? And ten?
# 3. Use `es.leaky_relu("1/10")` instead. Do the walls move? Is the risk still constant anywhere?

# %% tags=["solution"]
# 1. Where the unit is off on all samples. The gradient in w and b is zero: the unit is dead.
assert [name for name, polynomial in risk.items() if polynomial.is_constant] == ["0000"]

# %% tags=["solution"]
# 2. 2N: every wall is a line through the origin.
for count in (5, 10):
    many = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays(list(range(count)), [k * k for k in range(count)]))
    assert es.count_cells(many) == 2 * count

# %% tags=["solution"]
# 3. The walls are where w·x + b = 0, whatever the slopes; and nothing is constant, because the unit is never off.
leaky = es.Problem(es.Network([1, 1, 1], activation=es.leaky_relu("1/10")), data)
other = es.Slice(leaky, plane.plane.base, *plane.plane.directions, window=(-2, 2, -3, 3))
assert {(wall.start, wall.end) for wall in other.walls()} == {(wall.start, wall.end) for wall in plane.walls()}
assert not any(cell.risk.is_constant for cell in other.cells())
