"""Du, Lee, Tian, Póczos and Singh 2018 on samples: the opposite filter as a point of a restricted risk.

On symmetric samples the opposite filter with the best output weights is a local minimum for every teacher, where for normal
inputs a condition on the output weights decides. The statement is ours; proofs/du_2018.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import HypothesisError
from exactsurf.exact.linear_algebra import Vector, dot, least_squares, scaled
from exactsurf.minima.decide import decide
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.activation import relu
from exactsurf.model.convolutions import convolution
from exactsurf.model.data import Data
from exactsurf.model.parameters import Parameters
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.model.restriction import Restriction
from exactsurf.theorems.data_conditions import short
from exactsurf.theorems.network_conditions import relu_activation, squared_loss
from exactsurf.theorems.references import DU_2018
from exactsurf.theorems.restricted_conditions import of_restricted, of_whole, same_subspace
from exactsurf.theorems.theorem import Check, Hypothesis, PointHypothesis, SharpnessExample, Theorem

_NO_PATCHES = NotProved("the restriction is not that of one free filter on patches, with output weights free or fixed")


def has_free_head(restriction: Restriction) -> bool | NotProved:
    """Whether the output weights above one filter on non-overlapping patches are free (True) or fixed (False), or why neither.

    Exactness: exact. Raises: nothing. Source: `es.convolution`.

    >>> import exactsurf as es
    >>> has_free_head(es.convolution(4, [2], strides=2, head=[None, None])), has_free_head(es.convolution(2, [1], head=[1, 1]))
    (True, False)
    """
    network = restriction.network
    if network.layers != 2 or network.widths[2] != 1 or any(network.biases) or network.widths[0] % network.widths[1]:
        return _NO_PATCHES
    inputs, units = network.widths[:2]
    for head in ([None] * units, list(restriction.offset.weights[1][0])):
        size = inputs // units
        if same_subspace(restriction, convolution(inputs, [size], strides=size, activation=network.activation, head=head)):
            return head[0] is None
    return _NO_PATCHES


def opposite_point(problem: RestrictedProblem, teacher: Parameters) -> Parameters | NotProved:
    """The filter opposite to the teacher's with the output weights that fit the targets best; or, where they are fixed, its
    best positive multiple.

    Parameters: a `problem` of one filter on patches; `teacher`, a point of it. Exactness: exact. Raises: nothing.
    Source: proofs/du_2018.

    >>> problem, teacher = symmetric_sample()
    >>> opposite_point(problem, teacher)
    Parameters(W1=[[-1, 0, 0, 0], [0, 0, -1, 0]], W2=[['1/3', 0]])
    """
    free = has_free_head(problem.restriction)
    if isinstance(free, NotProved):
        return free
    first, (weights,) = teacher.weights
    units = [[max(Fraction(0), -dot(row, x)) for row in first] for x in problem.unrestricted.data.x]
    goal = [y for (y,) in problem.unrestricted.data.y]
    if free:
        return Parameters((scaled(first, Fraction(-1)), (least_squares(units, goal),)), (None, None))
    outputs = [dot(weights, row) for row in units]
    size = dot(outputs, outputs)
    factor = dot(outputs, goal) / size if size else Fraction(0)
    if factor <= 0:
        return NotProved("no positive multiple of the opposite filter fits better than the filter 0")
    return Parameters((scaled(first, -factor), (weights,)), (None, None))


def _is_one_filter(problem: RestrictedProblem) -> Check:
    free = has_free_head(problem.restriction)
    if isinstance(free, NotProved):
        return False, free.reason, ()
    return (
        True,
        f"one filter on {problem.restriction.network.widths[1]} patches, output weights {'free' if free else 'fixed'}",
        (),
    )


def _patches(problem: RestrictedProblem, x: Vector) -> list[Vector]:
    units = problem.restriction.network.widths[1]
    size = len(x) // units
    return [x[j * size : (j + 1) * size] for j in range(units)]


def _filter(problem: RestrictedProblem, teacher: Parameters) -> Vector:
    network = problem.restriction.network
    return teacher.weights[0][0][: network.widths[0] // network.widths[1]]


def _made_by_the_teacher(problem: RestrictedProblem, teacher: Parameters) -> Check:
    if not _is_one_filter(problem)[0]:
        return None, _NO_PATCHES.reason, ()
    if not any(_filter(problem, teacher)):
        return False, "the filter of the teacher is 0", ()
    risk = problem.unrestricted.rational_risk(teacher)
    return risk == 0, f"the risk of the teacher is {short(risk)}", (risk,)


def _symmetric(problem: RestrictedProblem, teacher: Parameters) -> Check:
    """The samples are closed under the reflection of all patches in the line of the filter."""
    if not _is_one_filter(problem)[0]:
        return None, _NO_PATCHES.reason, ()
    w = _filter(problem, teacher)
    if not any(w):
        return None, "the filter of the teacher is 0", ()
    counted = Counter(problem.unrestricted.data.x)
    for x, number in counted.items():
        image: Vector = ()
        for patch in _patches(problem, x):
            factor = 2 * dot(w, patch) / dot(w, w)
            image += tuple(factor * a - b for a, b in zip(w, patch, strict=True))
        if counted[image] != number:
            return False, f"the image of ({', '.join(map(short, x))}) is not as often among the samples", (x, image)
    return True, "the reflection of all patches in the line of the filter permutes the samples", ()


def _off_the_wall(problem: RestrictedProblem, teacher: Parameters) -> Check:
    if not _is_one_filter(problem)[0]:
        return None, _NO_PATCHES.reason, ()
    w = _filter(problem, teacher)
    for i, x in enumerate(problem.unrestricted.data.x):
        for j, patch in enumerate(_patches(problem, x)):
            if not dot(w, patch):
                return False, f"patch {j} of sample {i} is orthogonal to the filter", (i, j)
    return True, "no patch is orthogonal to the filter", ()


def _misfit(problem: RestrictedProblem, teacher: Parameters) -> Check:
    """The opposite filter does not fit the targets, and where the output weights are fixed a multiple of it is best."""
    found = opposite_point(problem, teacher)
    if isinstance(found, NotProved):
        return (None if not _is_one_filter(problem)[0] else False), found.reason, ()
    risk = problem.unrestricted.rational_risk(found)
    return risk > 0, f"the risk of the opposite filter is {short(risk)}", (risk,)


def _conclude(problem: RestrictedProblem, teacher: Parameters | None, _: Parameters | None) -> Verdict:
    assert teacher is not None
    for check in (of_whole(relu_activation), of_whole(squared_loss)):
        holds, witness, _data = check(problem)
        if not holds:
            return Verdict(Status.UNDECIDED, witness)
    point = opposite_point(problem, teacher)
    if isinstance(point, NotProved):
        return Verdict(Status.UNDECIDED, point.reason)
    risk, least = (problem.unrestricted.rational_risk(theta) for theta in (point, teacher))
    verdict = decide(problem, point, lower=[teacher] if least < risk else [])
    # The lower point is the teacher, which is the point that was asked about.
    verdict = replace(verdict, lower_point=None)
    if verdict.status is Status.PROVED and least >= risk:
        return replace(
            verdict, status=Status.REFUTED, reason=f"the opposite filter has the risk {short(risk)} and is not spurious"
        )
    return replace(verdict, reason=f"the opposite filter, of risk {short(risk)}: {verdict.reason}")


def _construct(problem: RestrictedProblem, teacher: Parameters) -> Parameters:
    found = opposite_point(problem, teacher)
    if isinstance(found, NotProved):
        raise HypothesisError("patches", found.reason, "take es.convolution(4, [2], strides=2, head=[None, None]), for example")
    return found


def _sample(x: list[list[int]], head: list[int]) -> tuple[RestrictedProblem, Parameters]:
    filters = convolution(len(x[0]), [2], strides=2, activation=relu, head=[None] * len(head))
    teacher = Parameters(W1=[[int(k == 2 * j) for k in range(len(x[0]))] for j in range(len(head))], W2=[head])
    targets = [sum(a * max(0, row[2 * j]) for j, a in enumerate(head)) for row in x]
    return RestrictedProblem(filters, Data.from_arrays(x, targets)), teacher


def symmetric_sample() -> tuple[RestrictedProblem, Parameters]:
    """A sample on which the opposite filter is a spurious local minimum, although for normal inputs it is none: a* = (1, 1).

    Returns: the problem, the teacher. Exactness: exact. Source: proofs/du_2018.

    >>> import exactsurf as es
    >>> problem, teacher = symmetric_sample()
    >>> es.papers.du_2018.opposite_filter([1, 1]).is_local_minimum
    False
    >>> es.papers.du_2018.opposite_on_samples.conclusion(problem, teacher).certificate.kind
    'spurious local minimum of a restricted risk'
    """
    half = [[1, 1, -1, 2], [-1, 1, 2, 1], [-1, 2, -1, 1], [-2, 1, -1, -1]]
    return _sample([*half, *([a, -b, c, -d] for a, b, c, d in half)], [1, 1])


def _examples() -> tuple[SharpnessExample, ...]:
    rows = [[2, 0, 2, -1], [-1, 2, 1, 2], [0, 1, 1, 0], [2, 0, 2, 1], [-1, -2, 1, -2], [0, -1, 1, 0]]
    found = (
        ("symmetric", "three samples without their images", _sample([[1, 2, -2, 1], [1, 0, -1, -2], [1, 0, 2, 1]], [2, 2])),
        ("off the wall", "a patch orthogonal to the filter of the teacher", _sample(rows, [2, -1])),
        ("misfit", "the opposite filter fits, too", _sample([[-2, 0, 2, 1], [-2, 0, 2, -1]], [2, 1])),
    )
    return tuple(SharpnessExample(name, title, *instance) for name, title, instance in found)


opposite_on_samples = Theorem(
    key="du_2018.opposite_on_samples",
    title="One filter on patches, symmetric samples: the opposite filter is a spurious local minimum for every teacher",
    statement=(
        r"Let $f(x) = \sum_j a_j [w \cdot x^{(j)}]_+$ on non-overlapping patches $x^{(j)}$ fit a teacher $(w^*, a^*)$ of this "
        r"form on samples that are closed under the reflection of all patches in the line of $w^*$, no patch of which is "
        r"orthogonal to $w^*$. Then $-w^*$ with the best output weights (or, if they are held at $a^*$, its best positive "
        r"multiple) is a local minimum of the squared risk, and a spurious one unless it fits as well."
    ),
    reference=DU_2018,
    hypotheses=(
        Hypothesis("patches", "one free filter on patches, output weights free or fixed", of_restricted(_is_one_filter), True),
        Hypothesis("activation", "ReLU", of_whole(relu_activation), True),
        Hypothesis("loss", "the squared loss", of_whole(squared_loss), True),
        PointHypothesis("teacher", "the point fits all targets, and its filter is not 0", of_restricted(_made_by_the_teacher)),
        PointHypothesis("symmetric", "the samples are closed under the reflection of all patches", of_restricted(_symmetric)),
        PointHypothesis("off the wall", "no patch is orthogonal to the filter", of_restricted(_off_the_wall)),
        PointHypothesis("misfit", "the opposite filter does not fit the targets", of_restricted(_misfit)),
    ),
    construct=_construct,
    conclude=_conclude,
    examples=_examples,
    without_example=(("teacher", "the statement is about the opposite of the filter that made the targets"),),
    has_restriction=True,
    remarks=(
        "Ours, after the spurious minimum of the paper; proofs/du_2018. The parameters are the teacher. For normal inputs the "
        "same point is a local minimum only where du_2018.spurious_minimum says so: there patches near the wall decide. "
        "construct(problem, teacher) gives the point."
    ),
)
