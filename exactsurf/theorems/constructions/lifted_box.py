"""A certified box of networks, affine on the data, with a spurious local minimum: for differentiable losses by expression."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import islice

from exactsurf.certificate.check import verify
from exactsurf.certificate.claims.lifted_box import LiftedBox
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.effort import AnyEffort, Effort
from exactsurf.errors import HypothesisError, InputError, RejectedCertificate, UnsupportedError
from exactsurf.exact.balls import Ball
from exactsurf.exact.linear_algebra import Matrix
from exactsurf.exact.number import near
from exactsurf.exact.polynomial_forms import whole_text
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.analytic_risk import total_loss
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.constructions.affine_network import (
    Anchor,
    Choice,
    Hinge,
    affine_parameters,
    hinge_anchor,
)
from exactsurf.theorems.constructions.affine_newton import (
    NewtonLimit,
    Separation,
    free_coordinates,
    has_hard_labels,
    newton_limit,
    separating_model,
)
from exactsurf.theorems.constructions.hinge_descent import distinct_count, input_axes, separating_normal
from exactsurf.theorems.theorem import Check

_AXES, _KNOTS, _HALVINGS, _WEIGHT_BITS = 12, 16, 40, 24
_RADII, _BITS = (46, 52, 38, 30), 112


@dataclass(frozen=True)
class BoxWithSpuriousMinimum:
    """What became of a search for a box: `verdict`; if it is PROVED, `certificate`, and the `risk` enclosed.

    Where the data are separable, `separating` is the affine model that separates them: rows (A_k, a_k), one per output.
    Exactness: the risk is enclosed, all else exact. Source: proofs/claims/lifted_box.md.
    """

    problem: Problem
    verdict: Verdict
    certificate: LiftedBox | None = None
    risk: Ball | None = None
    lower_point: LowerPoint | None = None
    separating: Matrix | None = None

    def __repr__(self) -> str:
        return f"BoxWithSpuriousMinimum({self.verdict!r})"


def find_lifted_box(
    problem: Problem, *, note: Callable[[str], None] | None = None, embed: bool | None = None, effort: AnyEffort = None
) -> BoxWithSpuriousMinimum:
    """A certified box of networks with a spurious local minimum, for a differentiable loss given by an expression.

    The minimiser of the affine model is enclosed (Krawczyk), the network computes affine models on the data all over the box,
    and a model that is bent once has a lower risk. Any depth, any piecewise linear activation with a breakpoint, several outputs.

    Parameters: `problem` with a loss by expression (logistic, cross entropy, …); `note` is told the stages of long work;
    `embed` as in `problem_document`; `effort`, seconds (60 unless given) or an `Effort`.
    Returns: PROVED with a certificate that the verifier has accepted, or UNDECIDED with the reason. Where labels are separable by
    an affine model, wholly or weakly, there is no minimiser, and the separating model is given.
    Exactness: floats play no part; what is returned was proved. Raises: `HypothesisError` if a layer is too narrow or has no
    bias or the activation is linear, `UnsupportedError` for losses by pieces, `OutOfTime`. Source: proofs/claims/lifted_box.md.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([0, 1, 2, 3], [1, -1, 1, -1])
    >>> found = find_lifted_box(es.Problem(es.Network([1, 2, 1]), data, "logistic"))
    >>> found.verdict.status, found.risk
    (<Status.PROVED: 'PROVED'>, Ball(≈ 2.34748653512 ± 1.03e-12))
    """
    check_piecewise_linear(problem, "find_lifted_box")
    if problem.loss.is_piecewise_quadratic:
        raise UnsupportedError(
            f"boxes are for losses by expression; with the {problem.loss_in_words} the minimum is rational",
            "call papers.he_2020.construct(problem)",
        )
    anchor = hinge_anchor(problem, "A4")
    running, tell = Effort.of(effort).started(), note or (lambda _: None)
    tell("the affine model, by Newton's method")
    free = free_coordinates(problem)
    limit = newton_limit(problem, free, running)
    if isinstance(limit, NotProved) and has_hard_labels(problem):
        tell("looking for an affine model that separates the classes")
        limit = separating_model(problem, running) or limit
    if isinstance(limit, Separation):
        return _separated(problem, limit.model)
    if isinstance(limit, NotProved):
        return BoxWithSpuriousMinimum(problem, Verdict(Status.UNDECIDED, limit.reason))
    tell("looking for a hinge that descends")
    theta = affine_parameters(problem, anchor, limit.slopes, limit.constants, choice=_choice(problem, anchor, limit))
    level = total_loss(limit.samples).lower
    lower = _lower_point(problem, anchor, limit, level)
    if lower is None:
        reason = "no hinge that was tried has a lower risk than the best affine model"
        return BoxWithSpuriousMinimum(problem, Verdict(Status.UNDECIDED, reason))
    tell("writing the certificate and verifying its bytes")
    units, rejected = tuple(range(problem.network.widths[-1])), ""
    for exponent in _RADII:
        running.check("the verifier had not accepted a box")
        radius = Fraction(1, 1 << exponent)
        low, high = _bounds(limit, free.inputs, radius)
        if low <= lower.risk:
            continue
        certificate = LiftedBox(problem, theta, radius, units, (low, high), _BITS, limit.inverse, free.held, lower, embed=embed)
        try:
            verify(certificate, note=tell)
        except RejectedCertificate as error:
            rejected = f" ({error})"
            continue
        reason = f"the box of radius 2^-{exponent} holds a spurious local minimum; a point of risk {near(lower.risk, 8)} is lower"
        verdict = Verdict(Status.PROVED, reason, certificate, lower.parameters)
        risk = Ball((low + high) / 2, (high - low) / 2)
        return BoxWithSpuriousMinimum(problem, verdict, certificate, risk, lower)
    reason = f"the verifier follows the proof on no box that was tried{rejected}"
    return BoxWithSpuriousMinimum(problem, Verdict(Status.UNDECIDED, reason))


@lru_cache(maxsize=8)
def lifted_box_of(problem: Problem) -> BoxWithSpuriousMinimum:
    """`find_lifted_box` without options, kept for the same problem. Exactness, Raises, Source: as there."""
    return find_lifted_box(problem)


def affine_minimiser_exists(problem: Problem) -> Check:
    """Whether some affine model has the least risk of all affine models: it need not, where labels are separable.

    Convex losses by pieces attain their least value (Frank and Wolfe). For an expression the box of `find_lifted_box` encloses
    a minimiser, and a separating model excludes one where the loss has no least value. Exactness: exact; None if neither is
    found. Raises: nothing. Source: theory.md, section 5.
    """
    if problem.loss.is_piecewise_quadratic:
        return True, "a convex loss by pieces attains its least value on the affine models", ()
    try:
        found = lifted_box_of(problem)
    except (HypothesisError, InputError, UnsupportedError) as error:
        return None, str(error), ()
    if found.verdict.status is Status.PROVED:
        return True, "Krawczyk's test encloses the best affine model", (found.risk,)
    return (None if found.separating is None else False), found.verdict.reason, (found.separating,)


def _separated(problem: Problem, model: Matrix) -> BoxWithSpuriousMinimum:
    reason = (
        "an affine model separates the classes: it ranks the class of no sample below another one, and of some samples "
        f"above. {_in_words(problem, model)}. Along it the risk of affine models falls for ever, so the best one is "
        "not attained where the loss has no least value"
    )
    return BoxWithSpuriousMinimum(problem, Verdict(Status.UNDECIDED, reason), separating=model)


def _in_words(problem: Problem, model: Matrix) -> str:
    names = problem.data.input_names
    lines = []
    for k, row in enumerate(model):
        terms = [(tuple(int(i == j) for i in range(len(names))), value) for j, value in enumerate(row) if value]
        which = f"f_{k + 1}" if len(model) > 1 else "f"
        lines.append(f"{which} = {whole_text(names, terms)}")
    return ", ".join(lines)


def _choice(problem: Problem, anchor: Anchor, limit: NewtonLimit) -> Choice:
    """Short floors and a short scale, so that all numbers of the certificate are short."""
    vectors = [vector.fractions() for vector in problem.data.inputs.affine_image(limit.slopes, limit.constants)]
    floors = tuple(Fraction(min(values).__floor__() - 1) for values in vectors)
    if anchor.room is None:
        return Choice(floors)
    height = max((max(values) - floor).__ceil__() for values, floor in zip(vectors, floors, strict=True))
    return Choice(floors, anchor.room / (2 * height))


def _bounds(limit: NewtonLimit, inputs: Matrix, radius: Fraction) -> tuple[Fraction, Fraction]:
    """Bounds of the risk on the box with room to spare, as short binary fractions."""
    spread = Fraction(0)
    for loss, row in zip(limit.samples, inputs, strict=True):
        reach = radius * sum(map(abs, row), Fraction(0))
        steep = sum((abs(g.midpoint) for g in loss.gradient), Fraction(0)) + max(h.midpoint for r in loss.hessian for h in r)
        spread += 4 * reach * (steep + 1)
    bits = max(40, (1 / spread).__ceil__().bit_length() + 2)
    value = total_loss(limit.samples).midpoint
    scale = 1 << bits
    return Fraction(((value - spread) * scale).__floor__(), scale), Fraction(((value + spread) * scale).__ceil__(), scale)


def _lower_point(problem: Problem, anchor: Anchor, limit: NewtonLimit, level: Fraction) -> LowerPoint | None:
    for candidates in _hinges(problem, limit):
        for _, hinge in sorted(candidates, key=lambda found: -found[0])[:4]:
            weight = hinge.weight
            for _ in range(_HALVINGS):
                tried = Hinge(hinge.output, hinge.normal, hinge.offset, weight)
                point = affine_parameters(problem, anchor, limit.slopes, limit.constants, tried)
                found = _upper(problem, point)
                if found is not None and found < level:
                    return LowerPoint(point, _above(found, level))
                weight /= 2
    return None


def _upper(problem: Problem, point: Parameters) -> Fraction | None:
    try:
        risk = problem.risk(point)
    except UnsupportedError:
        return None
    return risk if isinstance(risk, Fraction) else risk.upper


def _above(found: Fraction, level: Fraction) -> Fraction:
    """A short number between two."""
    bits = (4 / (level - found)).__ceil__().bit_length()
    return Fraction((found * (1 << bits)).__floor__() + 1, 1 << bits)


def _hinges(problem: Problem, limit: NewtonLimit) -> Iterator[list[tuple[Fraction, Hinge]]]:
    """Hinges with the weight of a Newton step and what it promises: on single columns, then on a generic direction."""
    data = problem.data
    yield [found for normal in islice(input_axes(data), _AXES) for found in _along(problem, limit, normal, _KNOTS)]
    yield list(_along(problem, limit, separating_normal(data, distinct_count(data)), len(data)))


def _along(problem: Problem, limit: NewtonLimit, normal: tuple[Fraction, ...], most: int) -> Iterator[tuple[Fraction, Hinge]]:
    motion = problem.data.inputs.affine_image([normal], [Fraction(0)])[0].fractions()
    knots = sorted(set(motion))
    if len(knots) > most:
        knots = [knots[k * len(knots) // most] for k in range(most)]
    for k in range(problem.network.widths[-1]):
        slopes = [_cut(loss.gradient[k].midpoint) for loss in limit.samples]
        curved = [_cut(loss.hessian[k][k].midpoint) for loss in limit.samples]
        for knot in knots:
            bend = [abs(value - knot) for value in motion]
            slope = sum((r * b for r, b in zip(slopes, bend, strict=True)), Fraction(0))
            curvature = sum((q * b * b for q, b in zip(curved, bend, strict=True)), Fraction(0))
            if abs(slope) > Fraction(1, 1 << _WEIGHT_BITS) and curvature > 0:
                ratio = slope / curvature
                bits = _WEIGHT_BITS + (1 / abs(ratio)).__ceil__().bit_length()
                weight = -Fraction(round(ratio * (1 << bits)), 1 << bits)
                yield slope * ratio, Hinge(k, normal, knot, weight)


def _cut(value: Fraction) -> Fraction:
    return Fraction(round(value * (1 << 2 * _WEIGHT_BITS)), 1 << 2 * _WEIGHT_BITS)
