"""Shahverdi, "Algebraic Complexity and Neurovariety of Linear Convolutional Networks", 2024: how many critical points there are.

The abstract was read: the number of all complex critical points equals the generic Euclidean distance degree of a Segre variety.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from math import comb, factorial, prod

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import HypothesisError, InputError, UnsupportedError
from exactsurf.exact.linear_algebra import rank
from exactsurf.exact.number import whole_number
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.activation import linear
from exactsurf.model.convolutions import convolution
from exactsurf.model.parameters import Parameters
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.papers.kohn_2022 import SETTING, architecture
from exactsurf.theorems.constructions.critical_count import CriticalCount, count_solutions
from exactsurf.theorems.network_conditions import squared_loss
from exactsurf.theorems.references import SHAHVERDI_2024
from exactsurf.theorems.restricted_conditions import of_restricted, of_whole
from exactsurf.theorems.theorem import Check, Hypothesis, Theorem

__all__ = ["count_filters", "generic_distance_degree", "number_of_critical_points"]

MAX_UNKNOWNS = 5
"""Most entries of filters, scales apart, with which critical points are counted unless told otherwise."""


def generic_distance_degree(kernels: Sequence[int]) -> int:
    """The Euclidean distance degree of the Segre variety of products of projective spaces, for a generic inner product.

    It is Σ_i (−1)^i (2^{m+1−i} − 1) deg c_i, m the dimension and c_i the Chern classes.
    Parameters: `kernels`, the numbers k_l of homogeneous coordinates of the factors, the lengths of filters.
    Exactness: exact. Raises: `InputError` for numbers that are not whole. Source: Draisma, Horobeţ, Ottaviani, Sturmfels and
    Thomas 2016, Theorem 5.8; papers.md, B.

    >>> [generic_distance_degree(kernels) for kernels in ([3], [2, 2], [2, 3], [3, 3], [2, 2, 2])]
    [1, 6, 10, 39, 34]
    """
    sizes = [whole_number(kernel, "the length of a filter") for kernel in kernels]
    if not sizes:
        raise InputError("there is no filter", fix="give the lengths of the filters, for example [2, 2]")
    dimension, total = sum(sizes) - len(sizes), 0
    degrees: list[tuple[tuple[int, ...], int]] = [((), 1)]
    for size in sizes:
        degrees = [((*chosen, i), value * comb(size, i)) for chosen, value in degrees for i in range(size)]
    for chosen, value in degrees:
        i = sum(chosen)
        left = [size - 1 - part for size, part in zip(sizes, chosen, strict=True)]
        degree = value * factorial(dimension - i) // prod(map(factorial, left))
        total += (-1) ** i * (2 ** (dimension + 1 - i) - 1) * degree
    return total


def count_filters(problem: RestrictedProblem, *, max_unknowns: int = MAX_UNKNOWNS) -> CriticalCount:
    """How many critical points a linear convolutional network has at which no filter begins with 0, scales apart.

    The filters of all layers but the last are scaled to begin with 1, which changes no product.
    Parameters: `problem`, squared loss; `max_unknowns`, the most entries of filters, those that are 1 left out.
    Exactness: as `CriticalCount`. Raises: `UnsupportedError` for other networks and more unknowns, `HypothesisError` if there
    are infinitely many. Source: papers.md, B (Shahverdi).

    >>> import exactsurf as es
    >>> filters = es.convolution(4, [2, 2], strides=[2, 1], activation="linear")
    >>> inputs = [[1, 2, 0, 1], [0, 1, 1, 3], [2, 0, 1, 1], [1, 1, 5, 0]]
    >>> count_filters(es.RestrictedProblem(filters, es.Data.from_arrays(inputs, [3, 1, 4, -5]))).complex_points
    6
    """
    found = architecture(problem.restriction)
    inner = problem.unrestricted
    if isinstance(found, NotProved) or inner.network.activation != linear or not inner.is_least_squares:
        raise UnsupportedError("critical points are counted for linear convolutional networks with squared loss")
    kernels, strides = found
    unknowns = sum(kernels) - len(kernels) + 1
    if unknowns > max_unknowns:
        raise UnsupportedError(
            f"{unknowns} unknowns, more than {max_unknowns}", "raise max_unknowns; the basis may take very long"
        )
    sympy = import_module("sympy")
    chain = convolution(inner.network.widths[0], kernels, strides=strides, activation=linear)
    cell = RestrictedProblem(chain, inner.data, inner.loss).cell(chain.at([1] * chain.dimension))
    fixed = {f"w{layer}_0": 1 for layer in range(1, len(kernels))}
    risk = cell.risk.as_expr().subs(fixed)
    names = [sympy.Symbol(name) for name in chain.names if name not in fixed]
    inverse = sympy.Dummy("z")
    equations = [*(sympy.expand(sympy.diff(risk, name)) for name in names), inverse * sympy.Symbol(f"w{len(kernels)}_0") - 1]
    count = count_solutions([inverse, *names], equations)
    if count is None:
        raise HypothesisError("isolated critical points", "there are infinitely many", "take more samples")
    return count


def _strides(problem: RestrictedProblem) -> Check:
    found = architecture(problem.restriction)
    if isinstance(found, NotProved):
        return False, found.reason, ()
    kernels, strides = found
    below = strides[:-1]
    return len(kernels) > 1 and all(s > 1 for s in below), f"strides {', '.join(map(str, strides))}", strides


def _samples(problem: RestrictedProblem) -> Check:
    """The risk is a positive definite form of the end-to-end filter: what its positions read has full rank."""
    found = architecture(problem.restriction)
    if isinstance(found, NotProved):
        return None, found.reason, ()
    kernels, strides = found
    length, step = 1, 1
    for kernel, stride in zip(kernels, strides, strict=True):
        length, step = length + (kernel - 1) * step, step * stride
    positions = problem.restriction.network.widths[-1]
    rows = [x[step * p : step * p + length] for x in problem.unrestricted.data.x for p in range(positions)]
    full = rank(rows) == length
    return full, f"filters of length {length} are {'' if full else 'not '}told apart by the samples", (length,)


def _conclude(problem: RestrictedProblem, _: Parameters | None, __: Parameters | None) -> Verdict:
    found = architecture(problem.restriction)
    if isinstance(found, NotProved):
        return Verdict(Status.UNDECIDED, found.reason)
    try:
        count = count_filters(problem)
    except (HypothesisError, UnsupportedError) as error:
        return Verdict(Status.UNDECIDED, str(error))
    degree = generic_distance_degree(found[0])
    points = f"{count.complex_points} complex critical points whose filters do not begin with 0, {count.real_points} of them real"
    if count.complex_points == count.with_multiplicity == degree:
        return Verdict(Status.PROVED, f"{points}: as many as the Euclidean distance degree")
    return Verdict(Status.UNDECIDED, f"{points}; the degree is {degree}, so the data are not generic, or filters begin with 0")


number_of_critical_points = Theorem(
    key="shahverdi_2024.number_of_critical_points",
    title="Linear convolutional networks with strides: as many critical points as the distance degree of a Segre variety",
    statement=(
        r"A linear convolutional network whose strides below the last layer are larger than 1, with filters of lengths "
        r"$k_1, \dots, k_L$ and the squared risk on generic data, has, up to scales of the filters, as many complex critical "
        r"points that are not 0 as the generic Euclidean distance degree of the Segre variety of "
        r"$\mathbb{P}^{k_1 - 1} \times \cdots \times \mathbb{P}^{k_L - 1}$."
    ),
    reference=SHAHVERDI_2024,
    hypotheses=(
        *SETTING,
        Hypothesis("strides", "two or more layers, all strides below the last are larger than 1", of_restricted(_strides), True),
        Hypothesis("loss", "the squared loss", of_whole(squared_loss), True),
        Hypothesis("samples", "different end-to-end filters have different predictions", of_restricted(_samples)),
    ),
    construct=count_filters,
    conclude=_conclude,
    without_example=(("samples", "then whole families of filters are critical, and nothing is counted"),),
    has_restriction=True,
    remarks=(
        "The abstract was read; the formula of the degree is that of Draisma et al. Generic data are not told on an instance: a "
        "count that differs leaves the conclusion undecided (unit inputs and two filters of length 2: 2 instead of 6). Small "
        "networks only; construct(problem) counts, by a Gröbner basis and Hermite's trace form."
    ),
)
