"""A box of values of the free parameters that holds exactly one critical point of a restricted risk, and its kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.certificate.check import accepted_with_more_bits
from exactsurf.certificate.claims.restricted_box import (
    NO_RESTRICTED_MINIMUM_IN_A_BOX,
    RESTRICTED_CRITICAL_POINT,
    RESTRICTED_MINIMUM_IN_A_BOX,
    RESTRICTED_SPURIOUS_MINIMUM_IN_A_BOX,
    RestrictedCriticalPointInBox,
)
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.effort import AnyEffort, Effort, OutOfTime
from exactsurf.errors import UnsupportedError
from exactsurf.exact.balls import PRECISIONS, Ball, checked_precisions
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import approximate, to_text
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.restricted.free_risk import FreeFlow, free_derivatives, free_flows, held_of, normalised
from exactsurf.minima.smooth.box_search import BoxNear, boxes_near
from exactsurf.minima.smooth.critical_box import why_no_box
from exactsurf.minima.smooth.enclosed_point import EnclosedPoint
from exactsurf.minima.smooth.hessian_box import short_ends
from exactsurf.minima.smooth.lower_points import lower_point as lower_point_below
from exactsurf.model.enclosed_risk import risk_ball
from exactsurf.model.parameters import Parameters
from exactsurf.model.restricted_problem import RestrictedProblem


@dataclass(frozen=True)
class RestrictedBox:
    """A box of values of the free parameters that holds exactly one critical point of the restricted risk.

    Attributes: `kind`, one of the claims of the certificate; `problem`; `values`, the centre, and `radius` in every free
    parameter that varies; `held`, the names of those that do not, because the network moves them without an effect; `risk`, a
    ball with the risk on the box; `certificate`, accepted by the verifier; `largest_change` from the candidate to the centre.
    Exactness: proved in interval arithmetic by the verifier. Source: proofs/claims/restricted_box.md.
    """

    kind: str
    problem: RestrictedProblem
    values: Vector
    radius: Fraction
    held: tuple[str, ...]
    risk: Ball
    certificate: RestrictedCriticalPointInBox
    largest_change: Fraction

    @property
    def parameters(self) -> Parameters:
        """The parameters of the network at the centre."""
        return self.problem.restriction.at(self.values)

    @property
    def is_local_minimum(self) -> bool | None:
        """Whether the critical point is a local minimum, None if that stayed open."""
        return {RESTRICTED_CRITICAL_POINT: None, NO_RESTRICTED_MINIMUM_IN_A_BOX: False}.get(self.kind, True)

    @property
    def status(self) -> Status:
        """Whether the critical point is a local minimum: PROVED, REFUTED, or UNDECIDED if that stayed open."""
        return {True: Status.PROVED, False: Status.REFUTED, None: Status.UNDECIDED}[self.is_local_minimum]

    @property
    def reason(self) -> str:
        """What was proved, in words."""
        varying = f", with {', '.join(self.held)} held" if self.held else ""
        ending = {
            RESTRICTED_CRITICAL_POINT: "whether it is a local minimum stays open: the Hessian has no sign on any box tried",
            NO_RESTRICTED_MINIMUM_IN_A_BOX: "it is not a local minimum: the Hessian is negative along a direction",
            RESTRICTED_MINIMUM_IN_A_BOX: "it is a strict local minimum: the Hessian is positive definite",
            RESTRICTED_SPURIOUS_MINIMUM_IN_A_BOX: "it is a strict local minimum, and a spurious one: some point has a lower risk",
        }[self.kind]
        scale = " (up to invariances of the network)" if self.held else ""
        return (
            f"exactly one critical point of the restricted risk lies in a box of radius {to_text(self.radius)}{varying}; "
            f"{ending}{scale}"
        )

    def __repr__(self) -> str:
        return f"RestrictedBox({self.kind}, radius {approximate(self.radius, 3)}, risk {self.risk.text})"


def find_restricted_box(
    restricted: RestrictedProblem,
    values: Vector,
    *,
    lower_point: Parameters | None = None,
    precisions: Sequence[int] = PRECISIONS,
    embed: bool | None = None,
    effort: AnyEffort = None,
) -> RestrictedBox | Verdict:
    """A certified box of values of the free parameters with exactly one critical point, by Newton's method from `values`.

    Activations may be smooth or piecewise linear, losses any that are curved, with weight decay or without. Where units can be
    rescaled, or all outputs changed alike, within the restriction, as many free parameters are held.

    Parameters: `values` of the free parameters, a candidate; `lower_point`, parameters of lower risk, if the minimum is to be
    proved spurious; the others as of `find_critical_box`. Returns: a `RestrictedBox`, or an UNDECIDED `Verdict` with the reason.
    Exactness: what is returned was proved. Raises: `UnsupportedError` for losses that are piecewise linear; `InputError` for a
    lower point that does not obey the restriction. Source: proofs/claims/restricted_box.md.

    >>> import exactsurf as es
    >>> tied = es.restriction(es.Network([2, 2, 1], "tanh", biases=False), W1=[["a", "b"], ["b", "a"]], W2=[[1, 1]])
    >>> problem = es.RestrictedProblem(tied, es.Data.from_arrays([[1, 0], [1, 1], [2, -1]], [1, "1/2", 1]))
    >>> find_restricted_box(problem, (Fraction(1), Fraction(-1, 2)))
    RestrictedBox(local minimum in a restricted box, radius 0.00391, risk ≈ 0.338 ± 0.0246)
    """
    why = why_no_box(restricted.unrestricted)
    if why:
        raise UnsupportedError(why, "ask decide(problem, parameters)")
    if lower_point is not None:
        restricted.values(lower_point)
    flows = free_flows(restricted)
    held = held_of(flows, values)
    if held is None:
        reason = "the network can be changed there without an effect, so the critical points near the candidate are not isolated"
        return Verdict(Status.UNDECIDED, reason)
    search = _Search(restricted, flows, held, lower_point, embed, Effort.of(effort).started())
    free = [k for k in range(len(values)) if k not in held]
    if not free:
        return Verdict(Status.UNDECIDED, "no free parameter is left that is not held by an invariance of the network")
    unsigned: RestrictedCriticalPointInBox | None = None
    reason = "no precision was given"
    try:
        derivatives, bits_tried = free_derivatives(restricted), checked_precisions(precisions)
        for bits, near in boxes_near(derivatives, values, free, bits_tried, search.effort, search.above):
            answer = near if isinstance(near, NotProved) else search.certified(near, bits)
            if isinstance(answer, NotProved):
                reason = answer.reason
            elif answer.kind == RESTRICTED_CRITICAL_POINT:
                unsigned = unsigned or answer
            else:
                return _box(answer, values)
    except OutOfTime as over:
        reason = str(over)
    return Verdict(Status.UNDECIDED, reason) if unsigned is None else _box(unsigned, values)


def _box(certificate: RestrictedCriticalPointInBox, start: Vector) -> RestrictedBox:
    low, high = certificate.risk
    names = certificate.restricted.restriction.names
    return RestrictedBox(
        certificate.kind,
        certificate.restricted,
        certificate.values,
        certificate.radius,
        tuple(names[k] for k in certificate.held),
        Ball((low + high) / 2, (high - low) / 2),
        certificate,
        max(abs(a - b) for a, b in zip(certificate.values, start, strict=True)),
    )


@dataclass(frozen=True)
class _Search:
    """What is asked for."""

    restricted: RestrictedProblem
    flows: Sequence[FreeFlow]
    held: tuple[int, ...]
    lower_point: Parameters | None
    embed: bool | None
    effort: Effort

    @property
    def above(self) -> Fraction | None:
        """The risk of the lower point, at most."""
        return None if self.lower_point is None else risk_ball(self.restricted.unrestricted, self.lower_point).upper

    def certified(self, found: BoxNear, bits: int) -> RestrictedCriticalPointInBox | NotProved:
        """The certificate, at the smallest precision at which the verifier accepts it."""
        problem, tested = self.restricted.unrestricted, found.tested
        low, high = short_ends(tested.risk.not_negative() if problem.loss.is_squared else tested.risk, bits)
        low = max(Fraction(0), low) if problem.loss.is_squared else low
        kind, direction, lower = RESTRICTED_CRITICAL_POINT, None, None
        if tested.is_positive_definite:
            kind = RESTRICTED_MINIMUM_IN_A_BOX
            if self.lower_point is not None:
                below = lower_point_below(EnclosedPoint(problem, self.lower_point, bits), low)
                lower = None if below is None else (self.restricted.values(below.parameters), below.risk)
            kind = kind if lower is None else RESTRICTED_SPURIOUS_MINIMUM_IN_A_BOX
        elif tested.direction is not None:
            kind = NO_RESTRICTED_MINIMUM_IN_A_BOX
            entries = iter(tested.direction)
            direction = tuple(Fraction(0) if k in self.held else next(entries) for k in range(len(found.centre)))
        unsigned = RestrictedCriticalPointInBox(
            kind,
            self.restricted,
            found.centre,
            found.radius,
            (low, high),
            bits,
            tested.inverse,
            self.held,
            normalised(self.flows, self.held, found.centre),
            direction,
            lower,
            self.embed,
        )
        accepted = accepted_with_more_bits(unsigned, self.effort)
        return accepted or NotProved("the verifier does not follow the proof at any precision that was tried")
