"""Kohn, Merkh, Montúfar and Trager, "Geometry of Linear Convolutional Networks", 2022, and Shahverdi 2024: critical points.

A linear convolutional network of one channel multiplies polynomials: the filter w of layer l with the stride S of all layers
below is Σ w_k x^{kS}. The abstracts were read; what is stated here is proved in proofs/kohn_2022.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.exact.linear_algebra import Vector, rank
from exactsurf.minima.decide import decide
from exactsurf.minima.local.directional import selected_gradient
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.activation import linear
from exactsurf.model.convolutions import convolution
from exactsurf.model.data import Data
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.model.restriction import Restriction
from exactsurf.theorems.hypotheses import WHOLE_DIFFERENTIABLE_LOSS
from exactsurf.theorems.network_conditions import differentiable_loss, linear_network
from exactsurf.theorems.outcome import nothing_claimed
from exactsurf.theorems.references import KOHN_2022
from exactsurf.theorems.restricted_conditions import critical_among_free, of_restricted, of_whole, same_subspace
from exactsurf.theorems.theorem import ABOUT_CRITICAL_POINTS, Check, Hypothesis, PointHypothesis, SharpnessExample, Theorem

__all__ = ["architecture", "coprime_filters", "end_to_end_filter", "filters"]


def architecture(restriction: Restriction) -> tuple[tuple[int, ...], tuple[int, ...]] | NotProved:
    """The lengths of the filters and the strides, if a restriction is that of convolutions of one channel, else why not.

    Parameters: `restriction` of any network. Exactness: exact. Raises: nothing. Source: `es.convolution`.

    >>> import exactsurf as es
    >>> architecture(es.convolution(5, [3, 2], strides=[2, 1], activation="linear"))
    ((3, 2), (2, 1))
    >>> architecture(es.diagonal(2)).reason
    'the weights are not those of convolutions with free filters'
    """
    network = restriction.network
    if any(network.biases):
        return NotProved("there are biases")
    free = [
        [[any(b.weights[layer][j][k] for b in restriction.basis) for k in range(below)] for j in range(above)]
        for layer, (below, above) in enumerate(zip(network.widths[:-1], network.widths[1:], strict=True))
    ]
    kernels, strides = [], []
    for layer, rows in enumerate(free, start=1):
        kernel = sum(rows[0])
        stride = rows[1].index(True) if len(rows) > 1 and any(rows[1]) else 1
        positions = (len(rows[0]) - kernel) // stride + 1 if stride else 0
        if not kernel or not stride or positions != len(rows) or (len(rows[0]) - kernel) % stride:
            return NotProved(f"layer {layer} is no convolution")
        kernels.append(kernel)
        strides.append(stride)
    if not same_subspace(restriction, convolution(network.widths[0], kernels, strides=strides, activation=network.activation)):
        return NotProved("the weights are not those of convolutions with free filters")
    return tuple(kernels), tuple(strides)


def filters(problem: RestrictedProblem, parameters: Parameters) -> tuple[Vector, ...] | NotProved:
    """The filters of the layers: what the first unit of each reads; why there are none if they are no convolutions.

    Exactness: exact. Raises: nothing. Source: `es.convolution`.

    >>> problem, point = squared_factor()
    >>> [[str(value) for value in entries] for entries in filters(problem, point)]
    [['0', '3/4'], ['0', '1']]
    """
    found = architecture(problem.restriction)
    if isinstance(found, NotProved):
        return found
    return tuple(rows[0][:kernel] for rows, kernel in zip(parameters.weights, found[0], strict=True))


def end_to_end_filter(filters: Sequence[Vector]) -> Vector:
    """The product of filters of stride 1 as polynomials: the one filter that does the same. Exactness: exact.

    >>> [int(value) for value in end_to_end_filter([(Fraction(1), Fraction(2)), (Fraction(3), Fraction(-1))])]
    [3, 5, -2]
    """
    product: Vector = (Fraction(1),)
    for factor in filters:
        entries = [Fraction(0)] * (len(product) + len(factor) - 1)
        for i, a in enumerate(product):
            for j, b in enumerate(factor):
                entries[i + j] += a * b
        product = tuple(entries)
    return product


def _share_a_root(first: Vector, second: Vector) -> bool:
    """Whether two forms have a common zero in the complex projective line: their Sylvester matrix is singular."""
    m, n = len(first) - 1, len(second) - 1
    rows = [(Fraction(0),) * k + first + (Fraction(0),) * (n - 1 - k) for k in range(n)]
    rows += [(Fraction(0),) * k + second + (Fraction(0),) * (m - 1 - k) for k in range(m)]
    if not rows:
        return not (first[0] and second[0])
    if not any(first) or not any(second):
        return True
    return rank(rows) < m + n


def _is_convolution(problem: RestrictedProblem) -> Check:
    found = architecture(problem.restriction)
    if isinstance(found, NotProved):
        return False, found.reason, ()
    kernels, strides = found
    return True, f"filters of lengths {', '.join(map(str, kernels))}, strides {', '.join(map(str, strides))}", found


def _stride_one(problem: RestrictedProblem) -> Check:
    holds, witness, found = _is_convolution(problem)
    if not holds:
        return holds, witness, ()
    return all(stride == 1 for stride in found[1]), witness, found


def _coprime(problem: RestrictedProblem, parameters: Parameters) -> Check:
    found = filters(problem, parameters)
    if isinstance(found, NotProved):
        return None, found.reason, ()
    for i, j in combinations(range(len(found)), 2):
        if _share_a_root(found[i], found[j]):
            return False, f"the filters of layers {i + 1} and {j + 1} have a common root, or one of them is 0", (i + 1, j + 1)
    return True, "no two filters have a common root", found


def _slopes(problem: RestrictedProblem, factors: Sequence[Vector]) -> Vector:
    """The derivatives of the loss by the end-to-end filter."""
    product = end_to_end_filter(factors)
    chain = convolution(problem.restriction.network.widths[0], [len(product)], activation=linear)
    inner = problem.unrestricted
    one = RestrictedProblem(chain, inner.data, inner.loss)
    gradient = selected_gradient(Point(one.unrestricted, chain.at(product)))
    size = len(product)
    return tuple(sum((row[p + k] for p, row in enumerate(gradient.weights[0])), Fraction(0)) for k in range(size))


def _conclude(problem: RestrictedProblem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    """A global minimum, if the end-to-end filter is one among all filters of its length."""
    assert parameters is not None
    for check in (_stride_one, of_whole(linear_network), of_whole(differentiable_loss)):
        holds, witness, _data = check(problem)
        if not holds:
            return Verdict(Status.UNDECIDED, witness)
    factors = filters(problem, parameters)
    if isinstance(factors, NotProved):
        return Verdict(Status.UNDECIDED, factors.reason)
    critical, witness, _data = critical_among_free(problem, parameters)
    if critical is None:
        return Verdict(Status.UNDECIDED, witness)
    if not critical:
        return nothing_claimed(Verdict(Status.UNDECIDED, ""), f"nothing is claimed about this point: {witness}")
    is_best = not any(_slopes(problem, factors))
    verdict = decide(problem, parameters, spurious=not is_best)
    if is_best:
        if verdict.status is Status.PROVED:
            why = "no filter of the length of the product has a lower risk"
            return replace(verdict, reason=f"a global minimum of the restricted risk: {why}")
        return Verdict(Status.UNDECIDED, f"no filter does better, but no rule certifies the point: {verdict.reason}")
    if verdict.status is Status.REFUTED or verdict.lower_point is not None:
        return replace(verdict, status=Status.REFUTED, reason=f"no global minimum: {verdict.reason}")
    return Verdict(Status.UNDECIDED, f"some filter does better, but no product of such filters was found: {verdict.reason}")


def _construct(problem: RestrictedProblem) -> tuple[tuple[int, ...], tuple[int, ...]] | NotProved:
    return architecture(problem.restriction)


def squared_factor() -> tuple[RestrictedProblem, Parameters]:
    """Two filters of length 2 with the same root, at which the restricted risk has a spurious local minimum.

    The targets are those of the filter x² + 3/4, which has no real factors. Returns: the problem, the point.
    Exactness: exact. Source: proofs/kohn_2022.

    >>> import exactsurf as es
    >>> problem, point = squared_factor()
    >>> problem.risk(point), es.decide(problem, point, spurious=True).certificate.kind
    (Fraction(1, 2), 'spurious local minimum of a restricted risk')
    """
    chain = convolution(3, [2, 2], activation=linear)
    data = Data.from_arrays([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [1, 0, "3/4"])
    problem = RestrictedProblem(chain, data)
    return problem, problem.parameters(w1_0=0, w1_1="3/4", w2_0=0, w2_1=1)


def _examples() -> tuple[SharpnessExample, ...]:
    problem, point = squared_factor()
    title = "the same root twice: a spurious local minimum, as the targets are of a filter without real factors"
    return (SharpnessExample("common roots", title, problem, point),)


SETTING = (
    Hypothesis("convolution", "convolutions of one channel with free filters, no biases", of_restricted(_is_convolution), True),
    Hypothesis("activation", "no activation, h(z) = z", of_whole(linear_network), True),
)

coprime_filters = Theorem(
    key="kohn_2022.coprime_filters",
    title="Linear convolutional networks: critical points whose filters have no common root are global minima",
    statement=(
        r"In a linear convolutional network of stride 1 with a differentiable convex loss, a critical point at which no two "
        r"filters, as homogeneous polynomials in two variables, have a common complex root is a global minimum of the risk, and "
        r"no filter of the length of their product has a lower one. So other critical points have filters with a common root."
    ),
    reference=KOHN_2022,
    hypotheses=(
        *SETTING,
        Hypothesis("stride", "all strides are 1", of_restricted(_stride_one), True),
        WHOLE_DIFFERENTIABLE_LOSS,
        PointHypothesis("critical", "the derivatives by the entries of the filters are 0", of_restricted(critical_among_free)),
        PointHypothesis("common roots", "no two filters have a common root", of_restricted(_coprime)),
    ),
    construct=_construct,
    conclude=_conclude,
    examples=_examples,
    without_example=(("critical", ABOUT_CRITICAL_POINTS),),
    has_restriction=True,
    remarks=(
        "The abstracts were read: optimised parameters often correspond to repeated filters. Stated and proved here: the "
        "derivative of the product of polynomials without common factors is onto. construct(problem) gives the lengths of the "
        "filters and the strides of a restriction."
    ),
)
