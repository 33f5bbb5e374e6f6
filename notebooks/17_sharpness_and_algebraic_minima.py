# %% [markdown]
# # Sharpness and algebraic minima
#
# *After notebook 07. 20 minutes.*
#
# How sharp is a minimum, how flat can it be made without changing the function, and what are its coordinates if they are not
# rational? All three are algebraic numbers, and they are found as such.

# %%
from fractions import Fraction

import exactsurf as es

# %% [markdown]
# ## The largest eigenvalue
#
# f = vwx with the one sample (1, 4): every vw = 4 is a global minimum. The Hessian there has rank 1, and its largest
# eigenvalue is v² + w². Gradient descent with steps η can only stay where that is at most 2/η.

# %%
problem = es.Problem(es.Network([1, 1, 1], es.linear, biases=False), es.Data.from_arrays([1], [4]))
for w in (2, 4, 8):
    found = es.sharpness(problem, problem.parameters(W1=[[w]], W2=[[Fraction(4, w)]]))
    print(w, found.largest.value, [str(step) for step in found.largest_step])
    assert found.largest.value == w * w + Fraction(16, w * w)

# %% [markdown]
# In general the eigenvalue is irrational: then it is a root of an irreducible polynomial, between two bounds that the verifier
# checks with a vector and a symmetric elimination.

# %%
four = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
theta = four.parameters(W1=[["1/2"], [0]], b1=[1, -1], W2=[[1, 0]], b2=[-1])
sharp = es.sharpness(four, theta)
print(sharp.largest)
low, high = sharp.certificate.bounds
assert low < high < low + Fraction(1, 10**9) and sharp.largest.value is None
assert es.verify(sharp.certificate.encoded).kind == "sharpness"

# %% [markdown]
# ## The flattest point
#
# Multiply what comes into a unit by c, divide what goes out by c: the function stays, the Hessian does not. Its trace
# becomes A/c² + Bc² per unit, least at c⁴ = A/B; its largest eigenvalue has a least value too. Both come with bounds that a
# *flow* proves: numbers on the weights, as much into every unit as out of it.

# %%
flat = es.flattest_rescaling(problem, problem.parameters(W1=[[8]], W2=[["1/2"]]))
print(flat.least_trace, flat.least_eigenvalue, flat.with_least_trace)
assert flat.least_trace.value == flat.least_eigenvalue.value == 8
assert flat.only_rescalings  # the valley of minima is this one curve
assert flat.largest_step == (Fraction(1, 4), Fraction(1, 4))  # above it, no minimum of the valley is stable

# %% [markdown]
# With two inputs and three weights the least sharpness is an algebraic number of degree 6, and the least trace another
# one: the flattest point depends on what "flat" means.

# %%
rows = [[1, 2], [3, -1], [-2, 1], [1, 1]]
leaky = es.Network([2, 1, 1], es.leaky_relu("1/2"), biases=False)
start = es.Problem(leaky, es.Data.from_arrays(rows, [0] * 4)).parameters(W1=[[2, 1]], W2=[[3]])
outputs = es.Problem(leaky, es.Data.from_arrays(rows, [0] * 4)).forward(start).outputs[0].fractions()
fitted = es.Problem(leaky, es.Data.from_arrays(rows, list(outputs)))
other = es.flattest_rescaling(fitted, start)
print(other, other.least_eigenvalue.polynomial)
assert fitted.risk(other.with_least_eigenvalue) == 0 and other.only_rescalings
assert other.eigenvalue[1] < es.sharpness(fitted, start).certificate.bounds[0]
assert es.verify(other.certificate.encoded).kind == "flattest rescaling"

# %% [markdown]
# With two units a fit has more freedom than rescaling: the products of weights may move, too, as long as predictions stay. In
# these products and the squares of the output weights, trace and largest eigenvalue are convex, so the flattest minimiser of
# the whole signed cell lies between bounds that are as near as one likes. It is much flatter than any rescaling.

# %%
tent = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([-2, -1, 1, 2], [3, 2, 2, 3]))
fit = tent.parameters(W1=[[1], [-1]], b1=["1/2", "1/2"], W2=[[1, 1]], b2=["1/2"])
whole, rescaled = es.flattest_minimiser(tent, fit, width="1e-12"), es.flattest_rescaling(tent, fit)
print(whole, rescaled)
assert whole.eigenvalue[1] < rescaled.eigenvalue[0] and whole.trace[1] < rescaled.trace[0]
assert tent.risk(whole.with_least_eigenvalue) == 0
assert whole.is_stable("1/5") and rescaled.is_stable("1/5") is False  # with this step only other fits are stable
assert es.verify(whole.certificate.encoded).kind == "flattest minimiser"

# %% [markdown]
# For deep linear chains Mulayoff and Michaeli (2020) know the answer: the flattest minima are balanced.

# %%
chain = es.Problem(es.Network([1, 1, 1, 1], es.linear, biases=False), es.Data.from_arrays([1], [-8]))
balanced = es.papers.mulayoff_2020.flattest(chain)
print(balanced, es.sharpness(chain, balanced).largest.value)
assert es.sharpness(chain, balanced).largest.value == 48
low, high = es.flattest_rescaling(chain, chain.parameters(W1=[[-4]], W2=[[1]], W3=[[2]])).eigenvalue
assert low <= 48 <= high

# %% [markdown]
# ## Minima that are no rational points
#
# One linear unit between two inputs and two outputs, X = I, Y = (1, 1; 1, 0): the best fit of
# rank 1. Its risk is (3 − √5)/4. Newton's method finds the point to many digits, lattice reduction guesses its polynomial,
# and the verifier checks in ℚ(α) that the gradient is 0.

# %%
golden, near = es.papers.bertschinger_2023.irrational_minima.construct(problem)
verdict = es.algebraic_minimum(golden, near)
print(verdict.certificate.root, verdict.certificate.risk)
assert verdict.certificate.risk.polynomial == (1, -6, 4)
assert es.verify(verdict.certificate.encoded).kind == "local minimum of algebraic coordinates"

# %% [markdown]
# Bertschinger, Hertrich, Jungeblut, Miltzow and Weber (2023) prove that with two outputs any algebraic number can be needed.
#
# ## Exercises
#
# 1. For which steps η is no minimum of vwx, (x, y) = (1, 4), stable under gradient descent?
# 2. What is the least trace of f = vwx for the samples (1, 3) and (2, 6)? Compute it by hand first.
# 3. Which polynomial belongs to the best fit of rank 1 of Y = (2, 1; 1, 0)?

# %% tags=["solution"]
assert flat.largest_step[1] == Fraction(1, 4)  # for all above 2/8

# %% tags=["solution"]
two = es.Problem(problem.network, es.Data.from_arrays([1, 2], [3, 6]))
assert es.flattest_rescaling(two, two.parameters(W1=[[1]], W2=[[3]])).least_trace.value == 30  # S·2|vw| = 5·2·3

# %% tags=["solution"]
matrix = es.Problem(es.Network([2, 1, 2], es.linear, biases=False), es.Data.from_arrays([[1, 0], [0, 1]], [[2, 1], [1, 0]]))
answer = es.algebraic_minimum(matrix, matrix.parameters(W1=[[1, "2/5"]], W2=[["11/5"], ["9/10"]]))
print(answer.certificate.risk)
assert answer.certificate.risk.polynomial == (1, -12, 4)  # (3 − 2√2)/2
