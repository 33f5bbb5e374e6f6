"""What a rule about a point of a smooth risk is: when it says anything, and how it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from exactsurf.certificate.rules.smooth import SmoothEvidence
from exactsurf.effort import Effort
from exactsurf.exact.balls import working_precision
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.smooth.enclosed_point import EnclosedPoint


@dataclass(frozen=True)
class Seen:
    """What a rule saw: `evidence` for it; `reason` in words; `bits`, at which the verifier may see it too."""

    evidence: SmoothEvidence
    reason: str
    bits: int


Answer: TypeAlias = Seen | NotProved


@dataclass(frozen=True)
class Rule:
    """A way to prove, or to refute, that a point is a local minimum of a smooth risk.

    Attributes: `name`, as in proofs/FORMAT.md; `ask`, at the working precision of the point, which may raise `OutOfTime`;
    `why_not`, in words why the rule cannot be asked about a point, or nothing.
    Exactness: what it sees is proved, by exact arithmetic or by balls. Source: proofs/FORMAT.md, section 13.
    """

    name: str
    ask: Callable[[EnclosedPoint, Effort], Answer]
    why_not: Callable[[EnclosedPoint], str] = lambda _: ""


def ask_rules(rules: tuple[Rule, ...], point: EnclosedPoint, effort: Effort) -> Answer:
    """The answer of the first rule that sees something, or what those that were asked left open.

    Parameters: `rules` in their order; `point`, whose working precision holds for all that they compute.
    Exactness: as the rules. Raises: `OutOfTime`. Source: `Rule`.
    """
    left_open: list[str] = []
    with working_precision(point.bits):
        for rule in rules:
            if rule.why_not(point):
                continue
            answer = rule.ask(point, effort)
            if isinstance(answer, Seen):
                return answer
            left_open.append(answer.reason)
    return NotProved(", and ".join(dict.fromkeys(left_open)))
