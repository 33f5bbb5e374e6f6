"""What a theorem and an instance have to do with each other: whether it applies, and whether its conclusion holds there."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

from exactsurf.certificate.verdict import Status, Verdict


class Outcome(StrEnum):
    """Whether a theorem applies to an instance (its hypotheses hold) and whether its conclusion holds there.

    `CONTRADICTED` is a discovery or a bug; `HOLDS_NEVERTHELESS` and `FAILS_WITHOUT` say nothing against the theorem, for a
    hypothesis of it fails; `SAYS_NOTHING`: the conclusion is about other points (it is about critical points, and this is none).
    Exactness: exact, as the verdicts it is made of. Source: CONTRIBUTING.md, rule 3.
    """

    CONFIRMED = "applies, and the conclusion holds"
    CONTRADICTED = "applies, and the conclusion fails"
    HOLDS_NEVERTHELESS = "does not apply, and the conclusion holds nevertheless"
    FAILS_WITHOUT = "does not apply, and the conclusion fails"
    SAYS_NOTHING = "says nothing about this point"
    APPLIES = "applies, and the conclusion is not decided"
    DOES_NOT_APPLY = "does not apply, and the conclusion is not decided"
    NOT_DECIDED = "not decided whether it applies"


@dataclass(frozen=True)
class NothingClaimed(Verdict):
    """A conclusion that claims nothing about the point, and so is not violated: PROVED, but not worth the word.

    Exactness: exact. Source: none.
    """

    def __repr__(self) -> str:
        return f"NothingClaimed({self.reason})"


def nothing_claimed(verdict: Verdict, reason: str) -> NothingClaimed:
    """That nothing is claimed, for the reason given; the rest as in `verdict`."""
    values = {field.name: getattr(verdict, field.name) for field in fields(Verdict)}
    return NothingClaimed(**{**values, "status": Status.PROVED, "reason": reason})


def outcome_of(hypotheses: Status, conclusion: Verdict) -> Outcome:
    """The outcome, from whether all hypotheses hold (PROVED), one fails (REFUTED) or it is open, and the conclusion.

    >>> import exactsurf as es
    >>> outcome_of(es.Status.REFUTED, es.Verdict(es.Status.PROVED, ""))
    <Outcome.HOLDS_NEVERTHELESS: 'does not apply, and the conclusion holds nevertheless'>
    """
    if isinstance(conclusion, NothingClaimed):
        return Outcome.SAYS_NOTHING
    known = {
        (Status.PROVED, Status.PROVED): Outcome.CONFIRMED,
        (Status.PROVED, Status.REFUTED): Outcome.CONTRADICTED,
        (Status.REFUTED, Status.PROVED): Outcome.HOLDS_NEVERTHELESS,
        (Status.REFUTED, Status.REFUTED): Outcome.FAILS_WITHOUT,
        (Status.PROVED, Status.UNDECIDED): Outcome.APPLIES,
        (Status.REFUTED, Status.UNDECIDED): Outcome.DOES_NOT_APPLY,
    }
    return known.get((hypotheses, conclusion.status), Outcome.NOT_DECIDED)


def conclusion_word(conclusion: Verdict) -> str:
    """One word for what became of the conclusion, as tables have it."""
    if isinstance(conclusion, NothingClaimed):
        return "says nothing"
    return {Status.PROVED: "holds", Status.REFUTED: "FAILS", Status.UNDECIDED: "undecided"}[conclusion.status]
