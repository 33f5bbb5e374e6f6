# %% [markdown]
# # Functions and their parameters
#
# *After notebook 02. 20 minutes.*
#
# A network is a function of its inputs, and many parameters give the same function. How many dimensions of parameter space
# matter, when two trained networks are one function, and into how many linear pieces it cuts its inputs: three questions, each
# answered on all inputs, not on a sample of them.

# %%
from math import comb

import exactsurf as es

# %% [markdown]
# ## How many parameters matter
#
# The *functional dimension* is the largest rank of the outputs in the parameters, over finite sets of inputs. Multiplying what
# comes into a ReLU unit by c and dividing what goes out changes nothing, so each hidden unit costs one dimension. Grigsby,
# Lindsey, Meyerhoff and Wu (2022) ask when that is all.

# %%
problem = es.Problem(es.Network([2, 2, 2, 1]), es.Data.from_arrays([[0, 0], [1, 0], [0, 1]], [0, 1, 1]))
best = es.papers.grigsby_2023.no_hidden_symmetries.construct(problem)
print(best)
assert best.dimension == 11  # of 15, with four hidden units
wider = es.papers.grigsby_2023.no_hidden_symmetries.construct(es.Problem(es.Network([2, 3, 2, 1]), problem.data))
assert wider.dimension == 15
assert es.verify(best.certificate.encoded).kind == "functional dimension"

# %% [markdown]
# The certificate holds inputs with a minor that is not 0 (the rank is not smaller) and directions along which the function does
# not change on any region of inputs (it is not larger).
#
# Other parameters of the same network have *hidden* symmetries. Of a unit of the second layer that is dead on everything that
# the first one can send, no weight matters: four dimensions, of which one is its rescaling.

# %%
network = es.Network([2, 2, 2, 1])
dead = es.Parameters(
    W1=[[1, 2], [-1, 1]], b1=[0, 1], W2=[[1, -2], [-1, -1]], b2=[1, -1], W3=[[1, 1]], b3=[0]
)  # the second unit of layer 2 is never active
hidden = es.functional_dimension(network, dead)
print(hidden, "hidden symmetries:", hidden.hidden_symmetries)
assert hidden.dimension == 8 and hidden.hidden_symmetries == 3

# %% [markdown]
# ## The same function?
#
# On the data only, two networks may agree and be different; on all inputs it is decided region by region.

# %%
line = es.Network([1, 2, 1])
theta = es.Parameters(W1=[[1], [1]], b1=[0, -1], W2=[[1, -1]], b2=[0])  # a ramp from 0 to 1
turned = es.Parameters(W1=[[-1], [-3]], b1=[1, 0], W2=[[-1, "1/3"]], b2=[1])  # the same ramp, from the other side
other = es.Parameters(W1=[[1], [1]], b1=[0, -1], W2=[[1, "-1/2"]], b2=[0])
assert es.equal_functions(line, theta, turned).status is es.Status.PROVED
differ = es.equal_functions(line, theta, other)
print(differ.reason)
few = es.Problem(line, es.Data.from_arrays(["-1", "1/2", 1], [0, 0, 0]))
assert differ.status is es.Status.REFUTED and es.equal_functions(few, theta, other).status is es.Status.PROVED

# %% [markdown]
# The symmetry between `theta` and `turned` is no permutation and no rescaling: it is
# max(z, 0) = z + max(−z, 0) in two units whose linear parts cancel. In the terminal: `exactsurf equal`.
#
# ## Linear regions, six ways
#
# Papers that count "the linear regions" count different things. Stargalla, Hertrich and Reichman (2025) list six numbers; none
# is larger than the one before, and no two are always equal.

# %%
crossing = es.Parameters(W1=[[1, 0], [-1, 0], [0, 1], [0, -1]], b1=[0, 0, 0, 0], W2=[[1, 1, -1, -1]], b2=[0])  # |x| − |y|
regions = es.linear_regions(es.Network([2, 4, 1]), crossing)
numbers = (
    regions.activation_regions,
    regions.proper_activation_regions,
    *sorted(set(regions.convex_regions)),
    regions.open_connected_regions,
    regions.closed_connected_regions,
    regions.affine_regions,
)
print(numbers)
assert list(numbers) == sorted(numbers, reverse=True)
assert regions.affine_regions == 4 and regions.proper_activation_regions == 4

# %% [markdown]
# A shallow network in general position has Σ C(m, i), i ≤ d, regions, as many as m lines in general position have in
# the plane.

# %%
rows = [[1, k] for k in range(4)]
generic = es.Parameters(W1=rows, b1=[0, 1, 3, 7], W2=[[1, 2, -1, 3]], b2=[0])
count = es.linear_regions(es.Network([2, 4, 1]), generic).proper_activation_regions
print(count)
assert count == sum(comb(4, i) for i in range(3)) == 11

# %% [markdown]
# ## Exercises
#
# 1. What is the functional dimension of |x|, made of two units, and why is it 7 less 2 or smaller?
# 2. Find two units and an output bias that compute the ramp with *both* units turned round.
# 3. Build a network with one hidden layer that has more proper activation regions than affine functions.

# %% tags=["solution"]
absolute = es.Parameters(W1=[[1], [-1]], b1=[0, 0], W2=[[1, 1]], b2=[0])
size = es.functional_dimension(line, absolute)
print(size)
assert size.dimension <= 5

# %% tags=["solution"]
mine = es.Parameters(W1=[[-1], [-1]], b1=[0, 1], W2=[[1, -1]], b2=[1])
assert es.equal_functions(line, theta, mine).status is es.Status.PROVED

# %% tags=["solution"]
silent = es.linear_regions(line, es.Parameters(W1=[[1], [1]], b1=[0, -1], W2=[[0, 1]], b2=[0]))
assert silent.proper_activation_regions > silent.affine_regions
