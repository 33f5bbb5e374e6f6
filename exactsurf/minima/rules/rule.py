"""What a rule is: when it says anything, and how it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from exactsurf.certificate.rules import Descent, LocalMinimum
from exactsurf.effort import Effort
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.point import Point


@dataclass(frozen=True)
class Proved:
    """A local minimum: `evidence` for it; `reason` in words; `dimension` of the minima nearby, where that is known."""

    evidence: LocalMinimum
    reason: str
    dimension: int | None = None


@dataclass(frozen=True)
class Refuted:
    """No local minimum: `evidence` for that; `reason` in words."""

    evidence: Descent
    reason: str


Answer: TypeAlias = Proved | Refuted | NotProved


@dataclass(frozen=True)
class Rule:
    """A way to prove or to refute that a point is a local minimum.

    Attributes: `name`, as in proofs/FORMAT.md; `why_not`, in words why the rule cannot be asked about a point, or nothing;
    `ask`, which may raise `OutOfTime`; `is_complete`: where it can be asked, nothing that it leaves open can be decided by the
    rules behind it; `share`, the part of the time that is left which it may take.
    Exactness: exact. Source: proofs/FORMAT.md, sections 4 and 5.
    """

    name: str
    ask: Callable[[Point, Effort], Answer]
    why_not: Callable[[Point], str] = lambda _: ""
    is_complete: bool = False
    share: Fraction = Fraction(1)
