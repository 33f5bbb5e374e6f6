"""Kohn, Montúfar, Shahverdi and Trager, "Function Space and Critical Points of Linear Convolutional Networks", 2024: strides.

The abstract was read; what is stated here is proved in proofs/kohn_2024, where it says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.exact.linear_algebra import Matrix, Vector, rank
from exactsurf.minima.decide import decide
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.parameters import Parameters
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.papers.kohn_2022 import SETTING, architecture, end_to_end_filter, filters, squared_factor
from exactsurf.theorems.network_conditions import linear_network, squared_loss
from exactsurf.theorems.outcome import nothing_claimed
from exactsurf.theorems.references import KOHN_2024
from exactsurf.theorems.restricted_conditions import critical_among_free, of_restricted, of_whole
from exactsurf.theorems.theorem import ABOUT_CRITICAL_POINTS, Check, Hypothesis, PointHypothesis, SharpnessExample, Theorem

__all__ = ["derivative_of_the_product", "dimension_of_the_filters", "product_filter", "regular_critical_points"]


def product_filter(filters: Sequence[Vector], strides: Sequence[int]) -> Vector:
    """The one filter that convolutions with these filters and strides are: Π_l w_l(x^{S_l}), S_l the strides below multiplied.

    Exactness: exact. Raises: nothing. Source: Kohn et al. 2022, 2024; polynomials.

    >>> [int(v) for v in product_filter([(Fraction(1), Fraction(2)), (Fraction(3), Fraction(-1))], [2, 1])]
    [3, 6, -1, -2]
    """
    spread, step = [], 1
    for entries, stride in zip(filters, strides, strict=True):
        row = [Fraction(0)] * (step * (len(entries) - 1) + 1)
        row[::step] = entries
        spread.append(tuple(row))
        step *= stride
    return end_to_end_filter(spread)


def derivative_of_the_product(filters: Sequence[Vector], strides: Sequence[int]) -> Matrix:
    """The derivatives of the product by the entries of all filters: a row for each entry.

    Exactness: exact. Raises: nothing. Source: the product rule.

    >>> rows = derivative_of_the_product([(Fraction(1), Fraction(2)), (Fraction(3), Fraction(-1))], [2, 1])
    >>> [[int(v) for v in row] for row in rows]
    [[3, 0, -1, 0], [0, 3, 0, -1], [1, 2, 0, 0], [0, 0, 1, 2]]
    """
    rows = []
    for layer, entries in enumerate(filters):
        for k in range(len(entries)):
            unit = tuple(Fraction(k == n) for n in range(len(entries)))
            rows.append(product_filter([*filters[:layer], unit, *filters[layer + 1 :]], strides))
    return tuple(rows)


def dimension_of_the_filters(kernels: Sequence[int]) -> int:
    """Σ k_l − (L − 1): the dimension of the set of products, of all entries of the filters but their scales.

    Exactness: exact. Raises: nothing. Source: Kohn et al. 2024 (restated in a summary).

    >>> dimension_of_the_filters([3, 2, 2])
    5
    """
    return sum(kernels) - len(kernels) + 1


def _strides_above_one(problem: RestrictedProblem) -> Check:
    found = architecture(problem.restriction)
    if isinstance(found, NotProved):
        return False, found.reason, ()
    *below, _ = found[1]
    return all(stride > 1 for stride in below), f"strides {', '.join(map(str, found[1]))}, that of the last layer is free", found


def _generic(problem: RestrictedProblem) -> Check:
    """That the data are generic: nothing is asked of them where no filter is longer than its stride, or strides are 1."""
    found = architecture(problem.restriction)
    if isinstance(found, NotProved):
        return None, found.reason, ()
    kernels, strides = found
    if any(stride == 1 for stride in strides[:-1]):
        return True, "strides of 1, where the statement asks nothing of the data", found
    if all(kernel <= stride for kernel, stride in zip(kernels[:-1], strides[:-1], strict=True)):
        return True, "no filter but the last is longer than its stride, so that data of all kinds will do", found
    return None, "a filter is longer than its stride; which data are generic is not decided", found


def _not_zero(problem: RestrictedProblem, parameters: Parameters) -> Check:
    found = filters(problem, parameters)
    if isinstance(found, NotProved):
        return None, found.reason, ()
    for layer, entries in enumerate(found, start=1):
        if not any(entries):
            return False, f"the filter of layer {layer} is 0", (layer,)
    return True, "no filter is 0", found


def _conclude(problem: RestrictedProblem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    """Whether the derivative of the product has the largest rank; where it has not, what the point is."""
    assert parameters is not None
    found, factors = architecture(problem.restriction), filters(problem, parameters)
    if isinstance(found, NotProved) or isinstance(factors, NotProved):
        return Verdict(Status.UNDECIDED, found.reason if isinstance(found, NotProved) else "these are no filters")
    for check in (of_whole(linear_network), of_whole(squared_loss)):
        holds, witness, _data = check(problem)
        if not holds:
            return Verdict(Status.UNDECIDED, witness)
    critical, witness, _data = critical_among_free(problem, parameters)
    if critical is None:
        return Verdict(Status.UNDECIDED, witness)
    if not critical or not all(map(any, factors)):
        why = witness if not critical else "a filter is 0"
        return nothing_claimed(Verdict(Status.UNDECIDED, ""), f"nothing is claimed about this point: {why}")
    kernels, strides = found
    reached, most = rank(derivative_of_the_product(factors, strides)), dimension_of_the_filters(kernels)
    verdict = decide(problem, parameters)
    told = f"the derivative of the product of the filters has rank {reached}, of at most {most}"
    status = Status.PROVED if reached == most else Status.REFUTED
    return Verdict(status, told, verdict.certificate, verdict.lower_point, verdict.risk)


def _examples() -> tuple[SharpnessExample, ...]:
    problem, point = squared_factor()
    title = "stride 1: both filters have one root, at which the derivative of the product has rank 2 of 3"
    return (SharpnessExample("strides", title, problem, point),)


regular_critical_points = Theorem(
    key="kohn_2024.regular_critical_points",
    title="Linear convolutional networks with strides: nonzero critical points are regular points of the product of the filters",
    statement=(
        r"In a linear convolutional network with strides larger than $1$ (that of the last layer apart) and generic data, the "
        r"nonzero critical points of the squared loss are smooth interior points of the function space: the derivative of the "
        r"product of the filters has there its largest rank, $\sum_l k_l - (L - 1)$."
    ),
    reference=KOHN_2024,
    hypotheses=(
        *SETTING,
        Hypothesis("loss", "the squared loss, samples of equal weights", of_whole(squared_loss), True),
        Hypothesis("strides", "all strides but that of the last layer are larger than 1", of_restricted(_strides_above_one)),
        Hypothesis("data", "generic data, where strides are larger than 1", of_restricted(_generic)),
        PointHypothesis("critical", "the derivatives by the entries of the filters are 0", of_restricted(critical_among_free)),
        PointHypothesis("nonzero", "no filter is 0", of_restricted(_not_zero)),
    ),
    construct=lambda problem: architecture(problem.restriction),
    conclude=_conclude,
    examples=_examples,
    without_example=(
        ("data", "critical points that are not regular need data on a hypersurface, which is not known"),
        ("critical", ABOUT_CRITICAL_POINTS),
        ("nonzero", "the conclusion is about nonzero critical points: at others it claims nothing"),
    ),
    has_restriction=True,
    remarks=(
        "The abstract was read: with strides larger than 1 and generic data nonzero critical points are smooth interior points. "
        "The rank is decided exactly; where no filter but the last is longer than its stride it is proved here for all data."
    ),
)
