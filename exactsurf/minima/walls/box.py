"""find_minimum_on_walls(problem, candidate): a box around a candidate that holds a strict local minimum on walls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from exactsurf import display
from exactsurf.certificate.check import accepted_with_more_bits
from exactsurf.certificate.claims.minimum_on_walls import MINIMUM_ON_WALLS, SPURIOUS_MINIMUM_ON_WALLS, MinimumOnWalls
from exactsurf.certificate.encoding import counted
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.effort import AnyEffort, Effort, OutOfTime
from exactsurf.errors import UnsupportedError
from exactsurf.exact.balls import PRECISIONS, Ball, checked_precisions, from_arb, rounded, to_arb, working_precision
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.exact.number import approximate, to_text
from exactsurf.minima.floats.descent_onto_walls import descent_onto_walls
from exactsurf.minima.local.coordinate_vector import dimension
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.smooth.box_slice import Held, choose_held, fixed_positions
from exactsurf.minima.smooth.critical_box import read_candidate
from exactsurf.minima.smooth.enclosed_point import EnclosedPoint
from exactsurf.minima.smooth.hessian_box import approximate_inverse, contracts, exponents, is_positive_definite, short_ends
from exactsurf.minima.smooth.lower_points import lower_point as lower_point_below
from exactsurf.minima.walls.lagrangian import WallSetting, lagrangian
from exactsurf.minima.walls.shifted_units import Shifted, shifted_positions, shifted_units
from exactsurf.model.needed_problem import check_problem
from exactsurf.model.parameter_vector import parameters_of, vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.model.wall import Wall

if TYPE_CHECKING:
    from flint import arb

_STEPS = 60
_WEIGHTS = tuple(Fraction(16**n) for n in range(11))
_FAR = 1 << 20


@dataclass(frozen=True)
class BoxOnWalls:
    """A box that holds a strict local minimum of the risk which lies on walls.

    Attributes: `problem`; `parameters`, the centre, and `radius` in every coordinate that varies; `walls`; `held` weights
    (layer, unit, reader) and `shifted` units (layer, unit) whose biases are held; `risk`, a ball with the risk of the minimum;
    `certificate`, accepted by the verifier; `largest_change` from the candidate to the centre.
    Exactness: proved in interval arithmetic by the verifier. Source: proofs/claims/minimum_on_walls.md.
    """

    problem: Problem
    parameters: Parameters
    radius: Fraction
    walls: tuple[Wall, ...]
    held: Held
    shifted: Shifted
    risk: Ball
    certificate: MinimumOnWalls
    largest_change: Fraction

    @property
    def kind(self) -> str:
        """The claim of the certificate: ``local minimum on walls`` or ``spurious local minimum on walls``."""
        return self.certificate.kind

    @property
    def status(self) -> Status:
        """PROVED: the box holds a local minimum."""
        return Status.PROVED

    @property
    def reason(self) -> str:
        """What was proved, in words."""
        count = len(self.walls)
        where = f"on {counted(count, 'wall')}, where something is exactly at a breakpoint" if count else "on no wall"
        ways = self.certificate.ways
        scale = f", up to {' and '.join(ways).replace('its', 'the')}" if ways else ""
        spurious = "; it is spurious: some point has a lower risk" if self.certificate.lower_point is not None else ""
        return f"a box of radius {to_text(self.radius)} holds a strict local minimum {where}{scale}{spurious}"

    def contains(self, parameters: Parameters) -> bool:
        """Whether a point lies in the box."""
        self.problem.check_shapes(parameters)
        fixed = fixed_positions(self.problem, self.held) | shifted_positions(self.problem, self.shifted)
        pairs = zip(vector_of(parameters), vector_of(self.parameters), strict=True)
        return all(abs(a - b) <= (0 if p in fixed else self.radius) for p, (a, b) in enumerate(pairs))

    def _repr_html_(self) -> str:
        return display.box_html(self)

    def __repr__(self) -> str:
        walls = counted(len(self.walls), "wall")
        return f"BoxOnWalls({walls}, radius {approximate(self.radius, 3)}, risk {self.risk.text})"


def find_minimum_on_walls(
    problem: Problem,
    candidate: Mapping[str, Any] | Parameters | None = None,
    *,
    lower_point: Parameters | None = None,
    precisions: Sequence[int] = PRECISIONS,
    embed: bool | None = None,
    effort: AnyEffort = None,
    **named: Any,
) -> BoxOnWalls | Verdict:
    """A certified box that holds a strict local minimum on walls, found from a candidate by a descent in floats.

    Networks with piecewise linear units that are trained with weight decay, or with a loss that is not squared, mostly rest
    where pre-activations are exactly at breakpoints, at irrational parameters. The descent tells on which walls, and Newton's
    method finds the point and the multipliers of the walls; a box around them is proved to hold exactly one point on the walls
    at which the gradient is a combination of theirs, with multipliers strictly between the slopes on the two sides, and with
    positive curvature along the walls. Kinks of a loss by pieces (hinge, absolute) are walls too.

    Parameters: `candidate`, `Parameters` or a mapping from W1, b1, … to exact numbers or floats (or these by name);
    `lower_point`, parameters of lower risk, if the minimum is to be proved spurious; `precisions` in bits, tried in turn;
    `embed` as in `problem_document`; `effort`, seconds (60) or an `Effort`.
    Returns: a `BoxOnWalls` whose certificate the verifier has accepted, or an UNDECIDED `Verdict` with the reason.
    Exactness: floats only propose; what is returned was proved.
    Raises: `InputError` and `ShapeError` for a candidate that is none, `UnsupportedError` for smooth activations.
    Source: proofs/claims/minimum_on_walls.md.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([-2, -1, 0, 1, 2], [2, 0, 1, 0, 1])
    >>> problem = es.Problem(es.Network([1, 2, 1]), data, weight_decay="1/10")
    >>> es.find_minimum_on_walls(problem, W1=[[1.0], [-1.0]], b1=[-0.9, -0.9], W2=[[1.1, 1.3]], b2=[0.3])
    BoxOnWalls(2 walls, radius 0.000244, risk ≈ 0.54999 ± 0.000866)
    """
    check_problem(problem, "find_minimum_on_walls")
    if problem.network.activation.is_smooth:
        raise UnsupportedError(
            "minima on walls are those of piecewise linear units, and these are smooth",
            "ask find_critical_box(problem, parameters)",
        )
    precisions = checked_precisions(precisions)
    start = read_candidate(problem, candidate, named)
    if lower_point is not None:
        problem.check_shapes(lower_point)
    running = Effort.of(effort).started()
    reason = "no precision was given"
    try:
        with running.governs():
            rest = descent_onto_walls(problem, vector_of(start), running)
        if isinstance(rest, NotProved):
            return Verdict(Status.UNDECIDED, rest.reason)
        there = parameters_of(problem.network, rest.vector)
        held = choose_held(problem, there)
        if held is None:
            return Verdict(Status.UNDECIDED, "a hidden unit has output weights 0, so minima near the candidate are not isolated")
        search = _Search(problem, rest.walls, held, shifted_units(problem, there, rest.walls), lower_point, embed, running)
        for bits in precisions:
            with working_precision(bits):
                found = search.answer(rest.vector, rest.multipliers, bits)
            if isinstance(found, MinimumOnWalls):
                return _box(found, rest.walls, start)
            reason = found.reason
    except OutOfTime as over:
        reason = str(over)
    return Verdict(Status.UNDECIDED, reason)


def _box(certificate: MinimumOnWalls, walls: tuple[Wall, ...], start: Parameters) -> BoxOnWalls:
    low, high = certificate.risk
    changes = zip(vector_of(certificate.parameters), vector_of(start), strict=True)
    return BoxOnWalls(
        certificate.problem,
        certificate.parameters,
        certificate.radius,
        walls,
        certificate.held,
        certificate.shifted,
        Ball((low + high) / 2, (high - low) / 2),
        certificate,
        max(abs(a - b) for a, b in changes),
    )


@dataclass(frozen=True)
class _Search:
    """What is asked for, and what is held."""

    problem: Problem
    walls: tuple[Wall, ...]
    held: Held
    shifted: Shifted
    lower_point: Parameters | None
    embed: bool | None
    effort: Effort

    @property
    def setting(self) -> WallSetting:
        """The coordinates that vary, and those that do not."""
        size = dimension(self.problem.network)
        fixed = fixed_positions(self.problem, self.held) | shifted_positions(self.problem, self.shifted)
        return WallSetting(self.problem, self.walls, tuple(p for p in range(size) if p not in fixed), size)

    def answer(self, point: Vector, pulls: Vector, bits: int) -> MinimumOnWalls | NotProved:
        """The certificate at a working precision, or why there is none."""
        setting = self.setting
        limit = _newton(setting, point, pulls, bits, self.effort)
        if isinstance(limit, NotProved):
            return limit
        point, pulls = limit
        here = lagrangian(setting, point, pulls, Fraction(0), self.effort)
        if here is None:
            return NotProved("something that is on no wall is at a corner, too")
        if not here.has_strict_multipliers:
            return NotProved("the risk does not rise at first order on both sides of every wall")
        weight = next((w for w in _WEIGHTS if is_positive_definite(here.along_walls(w), self.effort)), None)
        if weight is None:
            return NotProved("the second derivative along the walls is not positive: the minima may not be isolated")
        for exponent in exponents(bits, 12):
            found = self._on_a_box(setting, point, pulls, Fraction(1, 1 << exponent), weight)
            if found is not None:
                return self._certified(*found, Fraction(1, 1 << exponent), weight, bits)
        return NotProved("Krawczyk's operator maps no box around the limit of Newton's method into itself at any precision tried")

    def _on_a_box(
        self, setting: WallSetting, point: Vector, pulls: Vector, radius: Fraction, weight: Fraction
    ) -> tuple[Vector, Vector, Matrix, Ball] | None:
        """Centre, multipliers, inverse and risk of a box on which everything that the certificate says holds."""
        scale, chosen = 128 / radius, set(setting.free)
        centre = tuple(Fraction(round(v * scale)) / scale if p in chosen else v for p, v in enumerate(point))
        middle = tuple(Fraction(round(v * scale)) / scale for v in pulls)
        around = lagrangian(setting, centre, middle, radius, self.effort)
        if around is None or not around.has_strict_multipliers:
            return None
        at_centre = lagrangian(setting, centre, middle, Fraction(0), self.effort)
        risk = from_arb(around.risk)
        if at_centre is None or risk is None:
            return None
        inverse = approximate_inverse(at_centre.matrix)
        if inverse is None or not contracts(inverse, at_centre.slopes, around.matrix, radius):
            return None
        return (centre, middle, inverse, risk) if is_positive_definite(around.along_walls(weight), self.effort) else None

    def _certified(
        self,
        centre: Vector,
        pulls: Vector,
        inverse: Matrix,
        risk: Ball,
        radius: Fraction,
        weight: Fraction,
        bits: int,
    ) -> MinimumOnWalls | NotProved:
        low, high = short_ends(risk, bits)
        lower: LowerPoint | None = None
        if self.lower_point is not None:
            lower = lower_point_below(EnclosedPoint(self.problem, self.lower_point, bits), low)
        certificate = MinimumOnWalls(
            MINIMUM_ON_WALLS if lower is None else SPURIOUS_MINIMUM_ON_WALLS,
            self.problem,
            parameters_of(self.problem.network, centre),
            radius,
            tuple((wall.layer, wall.unit, wall.sample, wall.breakpoint) for wall in self.walls),
            self.held,
            self.shifted,
            (low, high),
            bits,
            pulls,
            inverse,
            weight,
            lower,
            self.embed,
        )
        accepted = accepted_with_more_bits(certificate, self.effort)
        return accepted or NotProved("the verifier does not follow the proof at any precision that was tried")


def _newton(setting: WallSetting, point: Vector, pulls: Vector, bits: int, effort: Effort) -> tuple[Vector, Vector] | NotProved:
    """The limit of Newton's method for the gradient of the Lagrangian."""
    from flint import arb_mat

    for _ in range(_STEPS):
        here = lagrangian(setting, point, pulls, Fraction(0), effort)
        if here is None:
            return NotProved("something that is on no wall is at a corner, too")
        try:
            solved = here.matrix.mid().solve(arb_mat([[value.mid()] for value in here.slopes]))
        except ZeroDivisionError:
            return NotProved("the walls on which the descent rests are not independent, or the minima there are not isolated")
        entries: list[arb] = solved.entries()
        if not all(entry.is_finite() for entry in entries):
            return NotProved("the walls on which the descent rests are not independent, or the minima there are not isolated")
        step = [rounded(entry, bits) for entry in entries]
        moves = dict(zip(setting.free, step, strict=False))
        point = tuple(rounded(to_arb(v - moves[p]), bits) if p in moves else v for p, v in enumerate(point))
        pulls = tuple(rounded(to_arb(m - d), bits) for m, d in zip(pulls, step[len(setting.free) :], strict=True))
        largest = max(map(abs, step))
        if largest < Fraction(1, 1 << (bits // 2)):
            return point, pulls
        if largest > _FAR:
            break
    return NotProved("Newton's method does not converge to a minimum on the walls on which the descent rests")
