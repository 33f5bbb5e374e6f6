"""find_critical_box(problem, candidate): a box around a candidate that holds exactly one critical point, and its kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, overload

from exactsurf import display
from exactsurf.certificate.check import accepted_with_more_bits
from exactsurf.certificate.claims.critical_box import (
    CRITICAL_POINT,
    LOCAL_MINIMUM_IN_A_BOX,
    NO_LOCAL_MINIMUM_IN_A_BOX,
    SPURIOUS_LOCAL_MINIMUM_IN_A_BOX,
    CriticalPointInBox,
)
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.effort import AnyEffort, Effort, OutOfTime
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.balls import PRECISIONS, Ball, checked_precisions
from exactsurf.exact.number import approximate, to_text
from exactsurf.minima.floats.float_entries import exact_entries
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.smooth.box_search import BoxNear, boxes_near
from exactsurf.minima.smooth.box_slice import Held, choose_held, fixed_positions, free_positions
from exactsurf.minima.smooth.enclosed_point import EnclosedPoint
from exactsurf.minima.smooth.hessian_box import short_ends
from exactsurf.minima.smooth.lower_points import lower_point as lower_point_below
from exactsurf.minima.smooth.smooth_derivatives import Derivatives, flint_derivatives
from exactsurf.model.common_outputs import common_outputs
from exactsurf.model.enclosed_risk import risk_ball
from exactsurf.model.needed_problem import check_problem
from exactsurf.model.parameter_vector import parameters_of, vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem

if TYPE_CHECKING:
    from exactsurf.minima.restricted.box import RestrictedBox


@dataclass(frozen=True)
class CriticalBox:
    """A box that holds exactly one critical point of the risk.

    Attributes: `kind`, one of the claims of the certificate: ``local minimum in a box`` (strict, and the one minimiser over
    the box), ``spurious local minimum in a box``, ``no local minimum in a box``, or ``critical point in a box`` if its kind
    stayed open; `parameters`, the centre, and `radius` in every coordinate that varies; `held`, the weights (layer, unit,
    reader) that do not, because units can be rescaled; `risk`, a ball with the risk on the box; `certificate`, accepted by
    the verifier; `largest_change` from the candidate to the centre; `status`, whether the critical point is a local minimum.
    Exactness: proved in interval arithmetic by the verifier. Source: theory.md, section 7; proofs/smooth.md.
    """

    kind: str
    problem: Problem
    parameters: Parameters
    radius: Fraction
    held: Held
    risk: Ball
    certificate: CriticalPointInBox
    largest_change: Fraction

    @property
    def status(self) -> Status:
        """Whether the critical point is a local minimum: PROVED, REFUTED, or UNDECIDED if that stayed open."""
        return {True: Status.PROVED, False: Status.REFUTED, None: Status.UNDECIDED}[self.is_local_minimum]

    @property
    def reason(self) -> str:
        """What was proved, in words."""
        common = any(common_outputs(self.problem))
        varying = ", in the coordinates that are not held" if self.held or common else ""
        ending = {
            CRITICAL_POINT: "whether it is a local minimum stays open, as the Hessian has no sign on any box that was tried",
            NO_LOCAL_MINIMUM_IN_A_BOX: "it is not a local minimum: the Hessian is negative along a direction",
            LOCAL_MINIMUM_IN_A_BOX: "it is a strict local minimum: the Hessian is positive definite",
            SPURIOUS_LOCAL_MINIMUM_IN_A_BOX: "it is a strict local minimum, and a spurious one: some point has a lower risk",
        }[self.kind]
        ways = [*(["the scale of hidden units"] if self.held else []), *(["what is added to all outputs"] if common else [])]
        scale = f" (up to {' and '.join(ways)})" if ways else ""
        return f"exactly one critical point lies in a box of radius {to_text(self.radius)}{varying}; {ending}{scale}"

    @property
    def is_local_minimum(self) -> bool | None:
        """Whether the critical point is a local minimum, None if that stayed open."""
        return {CRITICAL_POINT: None, NO_LOCAL_MINIMUM_IN_A_BOX: False}.get(self.kind, True)

    def contains(self, parameters: Parameters) -> bool:
        """Whether a point lies in the box."""
        self.problem.check_shapes(parameters)
        fixed = fixed_positions(self.problem, self.held)
        pairs = zip(vector_of(parameters), vector_of(self.parameters), strict=True)
        return all(abs(a - b) <= (0 if p in fixed else self.radius) for p, (a, b) in enumerate(pairs))

    def _repr_html_(self) -> str:
        return display.box_html(self)

    def __repr__(self) -> str:
        return f"CriticalBox({self.kind}, radius {approximate(self.radius, 3)}, risk {self.risk.text})"


@overload
def find_critical_box(
    problem: Problem,
    candidate: Mapping[str, Any] | Parameters | None = None,
    *,
    lower_point: Parameters | None = None,
    precisions: Sequence[int] = PRECISIONS,
    embed: bool | None = None,
    effort: AnyEffort = None,
    **named: Any,
) -> CriticalBox | Verdict: ...
@overload
def find_critical_box(
    problem: RestrictedProblem,
    candidate: Mapping[str, Any] | Parameters | None = None,
    *,
    lower_point: Parameters | None = None,
    precisions: Sequence[int] = PRECISIONS,
    embed: bool | None = None,
    effort: AnyEffort = None,
    **named: Any,
) -> RestrictedBox | Verdict: ...
def find_critical_box(
    problem: Problem | RestrictedProblem,
    candidate: Mapping[str, Any] | Parameters | None = None,
    *,
    lower_point: Parameters | None = None,
    precisions: Sequence[int] = PRECISIONS,
    embed: bool | None = None,
    effort: AnyEffort = None,
    **named: Any,
) -> CriticalBox | RestrictedBox | Verdict:
    """A certified box that holds exactly one critical point, found from a candidate by Newton's method.

    Where Newton's method does not converge from the candidate, the risk is lowered first. The largest box that Krawczyk's
    operator maps into its interior is taken, if the Hessian has a sign there: positive definite (a strict local minimum),
    or negative in a given direction (no local minimum). Networks of units that are quadratic, or piecewise linear with
    their only corner at 0 and h(0) = 0, are invariant when a unit is rescaled, so their Hessians are singular; then for
    every hidden unit the largest weight that reads it is held at its value. That loses no point nearby: all are rescaled
    copies of points of the slice. Cross entropy, and losses of leads, never change when one function is added to all
    outputs; then the weights and the bias of the last output are held. Weight decay ends these invariances.
    For a `RestrictedProblem` the box is one of values of its free parameters; the candidate may give these by their names.

    Parameters: `candidate`, `Parameters` or a mapping from W1, b1, … to exact numbers or floats (or these by name);
    `lower_point`, parameters of lower risk, if the minimum is to be proved spurious; `precisions` in bits, tried in turn;
    `embed` as in `problem_document`; `effort`, seconds (60) or an `Effort`.
    Returns: a `CriticalBox` or `RestrictedBox` whose certificate the verifier has accepted, or an UNDECIDED `Verdict`. A critical
    point that is not isolated (a unit whose output weight is 0, two equal units, fewer samples than parameters) has no such box.
    Exactness: floats count as the binary numbers that they store; what is returned was proved.
    Raises: `InputError` and `ShapeError` for a candidate that is none. Source: theory.md, section 7.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1], "tanh", biases=False), es.Data.from_arrays([-2, -1, 1, 3], [-1, -1, 1, 2]))
    >>> es.find_critical_box(problem, W1=[[0.8]], W2=[[1.6]])
    CriticalBox(local minimum in a box, radius 0.000061, risk ≈ 0.14537 ± 0.00024)
    """
    if isinstance(problem, RestrictedProblem):
        # Imported here, because restricted problems are boxed by what is here.
        from exactsurf.minima.restricted.box import find_restricted_box
        from exactsurf.minima.restricted.candidate import values_near

        values = values_near(problem, candidate, named)
        return find_restricted_box(problem, values, lower_point=lower_point, precisions=precisions, embed=embed, effort=effort)
    check_problem(problem, "find_critical_box")
    why = why_no_box(problem)
    if why:
        raise UnsupportedError(why, "ask decide(problem, parameters)")
    precisions = checked_precisions(precisions)
    start = read_candidate(problem, candidate, named)
    if lower_point is not None:
        problem.check_shapes(lower_point)
    held = choose_held(problem, start)
    if held is None:
        reason = "a hidden unit has output weights 0, so the critical points near the candidate are not isolated"
        return Verdict(Status.UNDECIDED, reason)
    reason = "no precision was given"
    unsigned: CriticalPointInBox | None = None
    search = _Search(problem, held, lower_point, embed, Effort.of(effort).started())
    try:
        for answer in search.answers(start, precisions):
            if isinstance(answer, NotProved):
                reason = answer.reason
            elif answer.kind == CRITICAL_POINT:
                unsigned = unsigned or answer
            else:
                return _critical_box(answer, start)
    except OutOfTime as over:
        reason = str(over)
    return Verdict(Status.UNDECIDED, reason) if unsigned is None else _critical_box(unsigned, start)


def why_no_box(problem: Problem) -> str:
    """Why no box is looked for in a problem, or nothing.

    >>> import exactsurf as es
    >>> why_no_box(es.Problem(es.Network([1, 1]), es.Data.from_arrays([0], [1]), "absolute"))
    'boxes need a loss that is curved, such as squared, and this is the absolute loss'
    """
    if not problem.loss.is_piecewise_linear:
        return ""
    return f"boxes need a loss that is curved, such as squared, and this is the {problem.loss_in_words}"


def _critical_box(certificate: CriticalPointInBox, start: Parameters) -> CriticalBox:
    low, high = certificate.risk
    changes = zip(vector_of(certificate.parameters), vector_of(start), strict=True)
    return CriticalBox(
        certificate.kind,
        certificate.problem,
        certificate.parameters,
        certificate.radius,
        certificate.held,
        Ball((low + high) / 2, (high - low) / 2),
        certificate,
        max(abs(a - b) for a, b in changes),
    )


def read_candidate(problem: Problem, candidate: Mapping[str, Any] | Parameters | None, named: Mapping[str, Any]) -> Parameters:
    """A candidate for a critical point: parameters, or arrays of exact numbers or floats by their names.

    Exactness: floats count as the binary numbers that they store. Raises: `InputError`, `ShapeError`. Source: none needed.
    """
    if isinstance(candidate, Parameters):
        problem.check_shapes(candidate)
        return candidate
    if candidate is not None and not isinstance(candidate, Mapping):
        raise InputError("a candidate is Parameters, or a mapping from W1, b1, … to arrays", text=repr(candidate))
    return problem.parameters(**{name: exact_entries(value, name) for name, value in {**(candidate or {}), **named}.items()})


@dataclass(frozen=True)
class _Search:
    """What is asked for: the problem, the weights that are held, a lower point, the form of the certificate, and the time."""

    problem: Problem
    held: Held
    lower_point: Parameters | None
    embed: bool | None
    effort: Effort

    @property
    def above(self) -> Fraction | None:
        """The risk of the lower point, at most."""
        return None if self.lower_point is None else risk_ball(self.problem, self.lower_point).upper

    def answers(self, start: Parameters, precisions: Sequence[int]) -> Iterator[CriticalPointInBox | NotProved]:
        """What each precision gives, until more bits do not help."""
        derivatives: Derivatives = partial(flint_derivatives, self.problem)
        free = free_positions(self.problem, self.held)
        for bits, found in boxes_near(derivatives, vector_of(start), free, precisions, self.effort, self.above):
            yield found if isinstance(found, NotProved) else _certified(self, found, bits)


def _certified(search: _Search, found: BoxNear, bits: int) -> CriticalPointInBox | NotProved:
    """The certificate, at the smallest precision at which the verifier accepts it."""
    problem, held, tested, lower_point = search.problem, search.held, found.tested, search.lower_point
    low, high = short_ends(tested.risk.not_negative() if problem.loss.is_squared else tested.risk, bits)
    low = max(Fraction(0), low) if problem.loss.is_squared else low
    kind, direction, lower = CRITICAL_POINT, None, None
    if tested.is_positive_definite:
        kind = LOCAL_MINIMUM_IN_A_BOX
        lower = None if lower_point is None else lower_point_below(EnclosedPoint(problem, lower_point, bits), low)
        kind = kind if lower is None else SPURIOUS_LOCAL_MINIMUM_IN_A_BOX
    elif tested.direction is not None:
        kind = NO_LOCAL_MINIMUM_IN_A_BOX
        entries = dict(zip(free_positions(problem, held), tested.direction, strict=True))
        direction = parameters_of(problem.network, [entries.get(p, Fraction(0)) for p in range(len(found.centre))])
    certificate = CriticalPointInBox(
        kind,
        problem,
        parameters_of(problem.network, found.centre),
        found.radius,
        (low, high),
        bits,
        tested.inverse,
        held,
        direction,
        lower,
        search.embed,
    )
    accepted = accepted_with_more_bits(certificate, search.effort)
    return accepted or NotProved("the verifier does not follow the proof at any precision that was tried")
