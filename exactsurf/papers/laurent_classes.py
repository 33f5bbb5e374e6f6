"""Laurent and von Brecht 2018, several classes: an exact penalty that makes copies of a hidden layer equal.

Every class has its own hinge risk, and its own copy of the first layer; a penalty on how the copies differ ties them. What is
true of it for every factor of the penalty is proved in proofs/laurent_2018.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import InputError, UnsupportedError, check_kind
from exactsurf.exact.number import Exact, exact
from exactsurf.minima.decide import decide
from exactsurf.minima.local.rescaling import Rescaling
from exactsurf.model.data import Data
from exactsurf.model.losses import hinge
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.data_conditions import short


@dataclass(frozen=True)
class ClassCopies:
    """One point of the penalised risk: for every class a network of its own, tied by γ Σ |w^(r) − w̄| over the first layers.

    Attributes: `problems`, for every class its hinge risk against all others, on the same inputs; `points`, the parameters of
    each; `factor` γ > 0. Exactness: exact. Source: proofs/laurent_2018 (several classes).
    """

    problems: tuple[Problem, ...]
    points: tuple[Parameters, ...]
    factor: Fraction

    @property
    def penalty(self) -> Fraction:
        """γ Σ_r Σ |w^(r) − w̄| over the entries of W1 and b1, w̄ their means over the classes."""
        columns = zip(*map(_first_layer, self.points), strict=True)
        return self.factor * sum(
            (abs(value - sum(column, Fraction(0)) / len(column)) for column in columns for value in column), Fraction(0)
        )

    @property
    def risk(self) -> Fraction:
        """The risks of all classes, and the penalty."""
        risks = (problem.rational_risk(point) for problem, point in zip(self.problems, self.points, strict=True))
        return sum(risks, Fraction(0)) + self.penalty

    def rescaled(self, factor: Exact) -> ClassCopies:
        """All first layers times c, all second weights divided by c: the same predictions, and c times the penalty.

        Parameters: `factor` c > 0. Exactness: exact. Raises: `InputError` unless c > 0. Source: proofs/laurent_2018.
        """
        c = exact(factor)
        if c <= 0:
            raise InputError("a rescaling has a positive factor", text=repr(factor))
        pairs = zip(self.problems, self.points, strict=True)
        return ClassCopies(self.problems, tuple(_rescaled(problem.network, point, c) for problem, point in pairs), self.factor)


def class_copies(
    network: Network, inputs: object, labels: Sequence[object], points: Sequence[Parameters], factor: Exact = 1
) -> ClassCopies:
    """A point of the penalised risk of several classes, each against all others.

    Parameters: `network` with one output, a hidden layer and h(cz) = c h(z) for c > 0 (ReLU, leaky ReLU, linear); `inputs`, a
    table; `labels`, the class of every sample; `points`, the parameters for every class, in the order in which classes appear;
    `factor` γ of the penalty. Every class has weight ½ and the others together ½, so that each problem is balanced.
    Exactness: exact. Raises: `UnsupportedError` for other networks; `InputError` for fewer than two classes, a number of
    points that is not that of the classes, or a factor that is not positive; `ShapeError`. Source: proofs/laurent_2018.

    >>> import exactsurf as es
    >>> network = es.Network([1, 1, 1], es.leaky_relu("1/2"))
    >>> points = [es.Parameters(W1=[[w]], b1=[0], W2=[[1]], b2=[0]) for w in (1, -1)]
    >>> copies = es.papers.laurent_2018.class_copies(network, [1, -1], ["a", "b"], points)
    >>> copies.penalty, copies.rescaled("1/2").penalty, copies.risk - copies.rescaled("1/2").risk
    (Fraction(2, 1), Fraction(1, 1), Fraction(1, 1))
    """
    if network.widths[-1] != 1 or network.layers < 2 or network.activation.degree != 1:
        raise UnsupportedError(
            f"copies are of a hidden layer with h(cz) = c h(z) for c > 0, and one output; this is {network!r}",
            "take relu, leaky_relu or linear, and one output",
        )
    classes = list(dict.fromkeys(labels))
    if len(classes) < 2 or len(points) != len(classes):
        raise InputError(f"there are {len(classes)} classes and {len(points)} points", fix="give a point of each class")
    gamma = exact(factor)
    if gamma <= 0:
        raise InputError("the penalty has a positive factor", text=repr(factor))
    problems = []
    for one in classes:
        targets = [1 if label == one else -1 for label in labels]
        problems.append(Problem(network, Data.from_arrays(inputs, targets), hinge.mean, class_weight="balanced"))
    for problem, point in zip(problems, points, strict=True):
        problem.check_shapes(point)
    return ClassCopies(tuple(problems), tuple(points), gamma)


@dataclass(frozen=True)
class CopiesDecision:
    """Whether copies are a local minimum of the penalised risk.

    Attributes: `status` and `reason`; `lower`, copies of lower risk on a curve of descent, if they are none; `by_class`, the
    verdict of every class alone, with its certificate, where the copies agree. Exactness: exact. Source: proofs/laurent_2018.
    """

    status: Status
    reason: str
    lower: ClassCopies | None = None
    by_class: tuple[Verdict, ...] = ()

    def __repr__(self) -> str:
        return f"CopiesDecision({self.status}: {self.reason})"


def decide_copies(copies: ClassCopies) -> CopiesDecision:
    """Whether copies are a local minimum of the penalised risk; where they differ they are none, whatever the penalty's factor.

    Parameters: `copies`. Returns: REFUTED where they differ: rescaled by c < 1 the risk falls, by (1 − c) times the penalty, for
    c as near to 1 as one likes. PROVED where they agree and each is a local minimum of its own class, for the penalty is
    nowhere negative. Else UNDECIDED. Exactness: exact. Raises: nothing for what `class_copies` gives.
    Source: proofs/laurent_2018 (several classes).
    """
    check_kind(copies, ClassCopies, "decide_copies", "take class_copies(problem, parameters)")
    if copies.penalty:
        lower = copies.rescaled(Fraction(1, 2))
        reason = f"the copies differ: rescaled by c < 1 the risk falls, from {short(copies.risk)} to {short(lower.risk)} at 1/2"
        return CopiesDecision(Status.REFUTED, reason, lower)
    verdicts = tuple(decide(problem, point) for problem, point in zip(copies.problems, copies.points, strict=True))
    for number, verdict in enumerate(verdicts):
        if verdict.status is not Status.PROVED:
            reason = f"the copies agree, and class {number} alone is at no proved local minimum: {verdict.reason}"
            return CopiesDecision(Status.UNDECIDED, reason, by_class=verdicts)
    return CopiesDecision(Status.PROVED, "the copies agree, and every class is at a local minimum of its own", by_class=verdicts)


def _first_layer(point: Parameters) -> list[Fraction]:
    return [*(value for row in point.weights[0] for value in row), *(point.biases[0] or ())]


def _rescaled(network: Network, point: Parameters, c: Fraction) -> Parameters:
    rescaling, first = Rescaling.of(network), network.widths[1]
    return rescaling.rescaled(point, [c] * first + [Fraction(1)] * (len(rescaling.into) - first))
