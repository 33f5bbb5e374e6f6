"""Verdicts: PROVED, REFUTED or UNDECIDED, with the reason and, where there is one, the certificate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import wraps
from typing import ParamSpec

from exactsurf import display
from exactsurf.certificate.encoding import CertificateDocument
from exactsurf.effort import OutOfTime, keeps_effort
from exactsurf.exact.balls import Ball
from exactsurf.model.parameters import Parameters


class Status(StrEnum):
    """The three answers. "We failed to prove it" (UNDECIDED) and "we proved the opposite" (REFUTED) are never one value."""

    PROVED = "PROVED"
    REFUTED = "REFUTED"
    UNDECIDED = "UNDECIDED"


@dataclass(frozen=True)
class Kind:
    """What sort of point it is; every field is None where that is not known.

    Attributes: `strict`: all other points nearby have higher risk; `isolated_modulo_invariance`: all points nearby of the
    same risk have the same predictions for the reason that invariances of the network (such as rescaling a unit) move one
    to the other; `flat`: the risk is constant nearby; `differentiable`: the risk is differentiable at the point;
    `dimension` of the set of points nearby of the same risk. A flat local minimum is of type I and a minimum at which the
    risk is not differentiable of type II in the sense of Laurent and von Brecht 2018.
    Exactness: exact. Source: theory.md, sections 3 and 6.
    """

    strict: bool | None = None
    isolated_modulo_invariance: bool | None = None
    flat: bool | None = None
    differentiable: bool | None = None
    dimension: int | None = None

    @property
    def laurent_type(self) -> str | None:
        """``I`` for a flat minimum, ``II`` for one at which the risk has a kink, None where neither is known."""
        if self.flat:
            return "I"
        return "II" if self.differentiable is False else None


@dataclass(frozen=True)
class Verdict:
    """The answer to a question about a point.

    Attributes: `status`; `reason` in words; `certificate`, of any claim, accepted by the verifier, for PROVED and REFUTED;
    `lower_point`, parameters of strictly lower risk, where known; `risk` of the point; `assumptions` (normally empty);
    `kind`, what more is known about a local minimum; `open_directions`, where an UNDECIDED point was left open.
    Exactness: exact. `bool(verdict)` raises, because three answers do not fit into two. Source: CONTRIBUTING.md, rules 2 and 3.
    """

    status: Status
    reason: str
    certificate: CertificateDocument | None = None
    lower_point: Parameters | None = None
    risk: Fraction | Ball | None = None
    assumptions: tuple[str, ...] = ()
    kind: Kind | None = None
    open_directions: tuple[Parameters, ...] = ()

    def __bool__(self) -> bool:
        raise TypeError(f"a verdict has three values; ask verdict.status (here {self.status}) instead of its truth value")

    def __repr__(self) -> str:
        return f"Verdict({self.status}: {self.reason})"

    def _repr_html_(self) -> str:
        return display.verdict_html(self)


P = ParamSpec("P")


def undecided_in_the_end(decide: Callable[P, Verdict]) -> Callable[P, Verdict]:
    """For a decision whose keyword `effort` governs all that it does: where the time is over, it is UNDECIDED.

    Exactness: a limit. Raises: what the decision raises, but no `OutOfTime`. Source: CONTRIBUTING.md, rule 3.

    >>> from exactsurf.effort import AnyEffort, look
    >>> @undecided_in_the_end
    ... def decide(*, effort: AnyEffort = None) -> Verdict:
    ...     look("a large system is solved", Fraction(9))
    >>> decide(effort=5)
    Verdict(UNDECIDED: out of time after 5 s: a large system is solved; raise effort=… (--effort))
    """
    kept = keeps_effort()(decide)

    @wraps(decide)
    def decided(*args: P.args, **options: P.kwargs) -> Verdict:
        try:
            return kept(*args, **options)
        except OutOfTime as late:
            return Verdict(Status.UNDECIDED, str(late))

    return decided
