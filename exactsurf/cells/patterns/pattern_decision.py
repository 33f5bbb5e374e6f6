"""Is an activation pattern possible? At any depth: a witness, or a proof for all weights at once, or an honest "open"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from exactsurf.cells.activation_pattern import ActivationPattern, Pieces
from exactsurf.cells.patterns.impossibility import Proof, check_impossible, count_contradictions
from exactsurf.cells.patterns.pattern_frame import PatternFrame, checked_partial
from exactsurf.cells.patterns.pattern_search import search_pattern
from exactsurf.errors import InputError, InternalError, check_kind
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

EFFORT = 400
MILLISECONDS = 5_000


class SettledBy(StrEnum):
    """Who settled whether a pattern is possible."""

    WITNESS = "witness"
    FARKAS = "farkas"
    Z3 = "z3"
    OPEN = "open"


@dataclass(frozen=True)
class PatternDecision:
    """Whether parameters with a pattern exist.

    Attributes: `pieces`, the pattern asked for (None where it is free); `settled_by`: WITNESS (parameters in the region),
    FARKAS (there are none; `proof` closes every case), Z3 (there are none, on Z3's word), OPEN; `witness`, `proof`;
    `reason` in words. Exactness: as said there. Source: `decide_pattern`.
    """

    pieces: Pieces
    settled_by: SettledBy
    reason: str
    witness: Parameters | None = None
    proof: Proof | None = None

    @property
    def is_possible(self) -> bool | None:
        """True, False, or None where the question is open."""
        if self.settled_by is SettledBy.OPEN:
            return None
        return self.settled_by is SettledBy.WITNESS


def decide_pattern(
    problem: Problem,
    pattern: ActivationPattern | Pieces,
    *,
    solver: str = "exact",
    effort: int = EFFORT,
    milliseconds: int = MILLISECONDS,
) -> PatternDecision:
    """Whether some parameters have an activation pattern, at any depth.

    For one hidden layer, and for two whose first or second is one unit wide, the answer is never open except for want of
    `effort`. In general weights of one layer multiply those of another: then cases are cut ever finer, which need not end.

    Parameters: `pattern`, or its pieces, which may be None where it is free (with all that is above on this sample); where
    a pre-activation is zero whatever the weights are, any piece is read as that of 0, as in `checked_pattern`;
    `solver`: ``"exact"``, or ``"z3"`` to ask Z3 where the exact search is left open; `effort`, the linear programs to
    solve at most; `milliseconds`, Z3's time limit.
    Returns: a `PatternDecision` with the parameters, the proof that there are none, or what was left open.
    Exactness: a witness is checked by the exact forward pass, a proof by substitution (`check_impossible`); both hold
    without trust in the search. "Empty by Z3" rests on Z3.
    Raises: `ShapeError` and `InputError` for a pattern of another problem, one with boundary pairs, or an unknown solver;
    `MissingExtraError` if Z3 is asked for and missing. Source: theory.md, section 2;
    see `pattern_system` and `search_pattern`.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 0]))
    >>> bump = es.decide_pattern(problem, (((1, 1, 1),), ((0, 1, 0),)))  # one unit over a line is monotone
    >>> print(bump.settled_by, bump.reason)
    farkas impossible whatever the weights are: 2 cases, each closed by Farkas multipliers
    >>> step = es.decide_pattern(problem, (((1, 1, 1),), ((0, 1, 1),)))
    >>> print(step.settled_by, step.is_possible)
    witness True
    """
    check_kind(pattern, (ActivationPattern, Iterable), "decide_pattern", "take es.read_pattern(problem, text)")
    check_piecewise_linear(problem, "decide_pattern")
    if solver not in ("exact", "z3"):
        raise InputError("unknown solver", text=str(solver), fix="'exact' or 'z3'")
    if effort < 1:
        raise InputError("the effort is less than one linear program", text=str(effort))
    if isinstance(pattern, ActivationPattern) and pattern.boundary:
        raise InputError("a pattern with boundary pairs has no open region", text=repr(pattern))
    pieces = checked_partial(problem, pattern.pieces if isinstance(pattern, ActivationPattern) else pattern)
    frame = PatternFrame(problem, pieces)
    outcome = search_pattern(frame, effort)
    if outcome.witness is not None:
        return PatternDecision(pieces, SettledBy.WITNESS, "possible: see the witness", outcome.witness)
    if outcome.proof is not None:
        if not check_impossible(problem, pieces, outcome.proof):
            raise InternalError("a proof that a pattern is impossible does not hold")
        cases = count_contradictions(outcome.proof)
        how = "a case" if cases == 1 else f"{cases} cases, each"
        reason = f"impossible whatever the weights are: {how} closed by Farkas multipliers"
        return PatternDecision(pieces, SettledBy.FARKAS, reason, proof=outcome.proof)
    free = len(frame.free_edges)
    products = f"; {free} {'weight multiplies' if free == 1 else 'weights multiply'} others" if free else ""
    open_reason = f"open after {outcome.programs} linear programs{products}"
    if solver == "z3":
        from exactsurf.cells.patterns.pattern_smt import ask_z3

        answer = ask_z3(frame, milliseconds)
        if answer is False:
            return PatternDecision(pieces, SettledBy.Z3, "impossible according to Z3, without a certificate")
        if isinstance(answer, Parameters):
            return PatternDecision(pieces, SettledBy.WITNESS, "possible: see the witness, which Z3 proposed", answer)
        open_reason += f", and Z3 does not know after {milliseconds} ms"
    return PatternDecision(pieces, SettledBy.OPEN, open_reason)
