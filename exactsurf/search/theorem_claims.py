"""A theorem as a claim, whole or without one of its hypotheses: what a search for its counterexamples asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any

from exactsurf.cells.activation_pattern import activation_pattern
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import InputError, check_kind, nearest
from exactsurf.model.activation import leaky_relu, linear, relu
from exactsurf.model.data import Data
from exactsurf.model.loss import Loss
from exactsurf.model.losses import absolute, hinge, loss_from, squared
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.search.claims import Answer, Claim, fails, holds, undecided
from exactsurf.search.point_proposals import propose_points
from exactsurf.theorems.constructions.cell_descent import find_lower_in_cell
from exactsurf.theorems.theorem import Hypothesis, PointHypothesis, Theorem

_OTHERS = 8


def claim_of(
    theorem: Theorem,
    *,
    without: str | None = None,
    networks: Sequence[Network] | None = None,
    losses: Sequence[Loss | str] | None = None,
) -> Claim:
    """The claim that the conclusion of a theorem holds wherever its hypotheses do, all of them or all but one.

    Parameters: `theorem`; `without`, the name of the hypothesis that is dropped; `networks` and `losses` to search by default
    (small ones that are in the theorem's setting). Returns: a claim about points if the theorem is. It fails where the other
    hypotheses are proved and the conclusion is refuted. Exactness: that of the theorem's checks.
    Raises: `InputError` for an unknown hypothesis, and if no small network is in the setting. Source: the theorem's paper.

    >>> import exactsurf as es
    >>> from exactsurf.papers import yun_2019
    >>> found = es.find_counterexample(es.claim_of(yun_2019.theorem_1, without="C1.2"), networks=[es.Network([1, 2, 1])]).found
    >>> len(found.problem.data), len(set(found.problem.data.x)), found.verdict.status
    (2, 1, <Status.REFUTED: 'REFUTED'>)
    """
    check_kind(theorem, Theorem, "claim_of", "take one of es.papers, such as es.papers.yun_2019.theorem_1")
    names = [hypothesis.name for hypothesis in theorem.hypotheses]
    if without is not None and without not in names:
        fix = f"{nearest(without, names)}its hypotheses are {', '.join(map(repr, names))}"
        raise InputError(f"{theorem.key} has no such hypothesis", text=without, fix=fix)
    kept = _kept(theorem, without)
    chosen = tuple(map(loss_from, losses)) if losses is not None else (squared, absolute, hinge)
    pool = tuple(networks) if networks is not None else _POOL
    if networks is None or losses is None:
        pairs = [(network, loss) for network in pool for loss in chosen if _is_in_setting(kept, network, loss)]
        pool = pool if networks is not None else tuple(dict.fromkeys(network for network, _ in pairs))
        chosen = chosen if losses is not None else tuple(dict.fromkeys(loss for _, loss in pairs))
    if not pool or not chosen:
        raise InputError(f"no small network is in the setting of {theorem.key}", fix="give networks and losses")
    question = _Question(theorem, without)
    about = "the conclusion" if without is None else f"the conclusion without the hypothesis {without!r}"
    argument = "" if without is None else f", without={without!r}"
    return Claim(
        key=theorem.key if without is None else f"{theorem.key}.without_{without.replace(' ', '_')}",
        statement=f"{theorem.title} ({theorem.key}): {about} holds",
        decide=question,
        is_about_a_point=theorem.is_about_a_point,
        networks=pool,
        losses=chosen,
        applies=_Applies(question),
        source=f"claim_of(es.papers.THEOREMS[{theorem.key!r}]{argument})",
    )


def _kept(theorem: Theorem, without: str | None) -> list[Hypothesis | PointHypothesis]:
    return [hypothesis for hypothesis in theorem.hypotheses if hypothesis.name != without]


class _Question:
    """What a claim made of a theorem asks; a value of the theorem and of the name of the hypothesis that is dropped."""

    def __init__(self, theorem: Theorem, without: str | None) -> None:
        self.theorem, self.without = theorem, without
        kept = _kept(theorem, without)
        self.dropped = next((one for one in theorem.hypotheses if one.name == without), None)
        self.of_instance = [one for one in kept if isinstance(one, Hypothesis)]
        self.of_point = [one for one in kept if isinstance(one, PointHypothesis)]
        # A search asks about many points of one problem in a row.
        self._outside = lru_cache(maxsize=4)(self._first_unproved)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Question):
            return NotImplemented
        return (self.theorem, self.without) == (other.theorem, other.without)

    def __hash__(self) -> int:
        return hash((self.theorem, self.without))

    def __reduce__(self) -> tuple[Any, ...]:
        return _Question, (self.theorem, self.without)

    def _first_unproved(self, problem: Problem) -> Answer | None:
        return _vacuous(self.of_instance, problem, None)

    def applies(self, problem: Problem) -> bool:
        return self._outside(problem) is None

    def __call__(self, problem: Problem, parameters: Parameters | None = None) -> Answer:
        return self._of_problem(problem) if parameters is None else self._at_point(problem, parameters)

    def _of_problem(self, problem: Problem) -> Answer:
        outside = self._outside(problem)
        return self._answer(problem, None, self.theorem.conclusion(problem), None) if outside is None else outside

    def _at_point(self, problem: Problem, parameters: Parameters) -> Answer:
        outside = self._outside(problem) or _vacuous(self.of_point, problem, parameters)
        if outside is not None:
            return outside
        verdict = self.theorem.conclusion(problem, parameters)
        if verdict.status is not Status.UNDECIDED:
            return self._answer(problem, parameters, verdict, None)
        # Some conclusions are about two points.
        for other in _others(problem, parameters):
            second = self.theorem.conclusion(problem, parameters, other=other)
            if second.status is Status.REFUTED:
                return self._answer(problem, parameters, second, other)
        return undecided(verdict.reason)

    def _answer(self, problem: Problem, parameters: Parameters | None, verdict: Verdict, other: Parameters | None) -> Answer:
        if verdict.status is Status.PROVED:
            return holds(verdict.reason)
        if verdict.status is Status.UNDECIDED:
            return undecided(verdict.reason)
        reason = verdict.reason
        if self.dropped is not None:
            finding = self.dropped.finding(problem, parameters)
            word = {Status.REFUTED: "fails", Status.PROVED: "holds all the same", Status.UNDECIDED: "is undecided"}[
                finding.status
            ]
            reason = f"{reason}; of the hypotheses all others hold, and {finding.name!r} {word} ({finding.witness})"
        points = dict.fromkeys(point for point in (parameters, other, verdict.lower_point) if point is not None)
        return fails(reason, *points, certificates=[] if verdict.certificate is None else [verdict.certificate])


@dataclass(frozen=True)
class _Applies:
    """Whether the hypotheses on a problem are proved."""

    question: _Question

    def __call__(self, problem: Problem) -> bool:
        return self.question.applies(problem)


def _vacuous(
    hypotheses: Sequence[Hypothesis | PointHypothesis], problem: Problem, parameters: Parameters | None
) -> Answer | None:
    """What to answer if not all hypotheses are proved."""
    for hypothesis in hypotheses:
        finding = hypothesis.finding(problem, parameters)
        if finding.status is Status.REFUTED:
            return holds(f"nothing is claimed: {finding.name!r} fails ({finding.witness})")
        if finding.status is Status.UNDECIDED:
            return undecided(f"{finding.name!r} is undecided: {finding.witness}")
    return None


def _others(problem: Problem, parameters: Parameters) -> Iterator[Parameters]:
    random = Random(0)
    if activation_pattern(problem, parameters).is_interior:
        lower = find_lower_in_cell(problem, parameters, random)
        if lower is not None:
            yield lower
    for _, point in zip(range(_OTHERS), propose_points(problem, random), strict=False):
        if point != parameters:
            yield point


def _is_in_setting(kept: Sequence[Hypothesis | PointHypothesis], network: Network, loss: Loss) -> bool:
    if loss.is_of_labels and network.widths[-1] != 1:
        return False
    inputs, outputs = network.widths[0], network.widths[-1]
    rows = [[int(k == i) for k in range(inputs)] for i in range(inputs + 1)]
    targets = [[1 if (i + k) % 2 else -1 for k in range(outputs)] for i in range(inputs + 1)]
    probe = Problem(network, Data.from_arrays(rows, targets), loss)
    settings = [one for one in kept if isinstance(one, Hypothesis) and one.setting]
    return all(one.finding(probe).status is not Status.REFUTED for one in settings)


def _pool() -> tuple[Network, ...]:
    found = []
    for hidden in ([1], [2], [3], [1, 1], [2, 2]):
        for inputs in (1, 2):
            for outputs in (1, 2):
                for activation in (relu, leaky_relu("1/2"), linear):
                    for biases in (False, True):
                        found.append(Network([inputs, *hidden, outputs], activation, biases=biases))
    return tuple(found)


_POOL = _pool()
