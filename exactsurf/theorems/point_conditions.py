"""Hypotheses on a point of parameter space, each decided exactly with a witness."""

from __future__ import annotations

from dataclasses import replace

from exactsurf.cells.activation_pattern import pattern_of
from exactsurf.cells.coordinates import coordinates
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import InternalError
from exactsurf.minima.decide import decide
from exactsurf.minima.local.directional import selected_gradient
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem
from exactsurf.theorems.data_conditions import short
from exactsurf.theorems.outcome import nothing_claimed
from exactsurf.theorems.theorem import Check


def any_point(problem: Problem, parameters: Parameters) -> Check:
    """Nothing is asked of the point but to be given."""
    return True, "any point", ()


def in_open_cell(problem: Problem, parameters: Parameters) -> Check:
    """No hidden unit sits on a breakpoint."""
    return _in_open_cell(Point(problem, parameters))


def _in_open_cell(point: Point) -> Check:
    boundary = pattern_of(point).boundary
    if boundary:
        more = f" and {len(boundary) - 1} more" if len(boundary) > 1 else ""
        return False, f"on a wall: {boundary[0]}{more}", boundary
    return True, "no unit sits on a breakpoint on any sample", ()


def no_kink_of_the_loss(problem: Problem, parameters: Parameters) -> Check:
    """The loss is differentiable at every prediction."""
    return _no_kink_of_the_loss(Point(problem, parameters))


def gradient_or_why_not(point: Point) -> Parameters | Check:
    """The gradient of the risk, or None with what may hinder a derivative: a unit on a breakpoint, a kink of the loss.

    Exactness: exact. Raises: `ShapeError`. Source: standard.
    """
    for check in (_in_open_cell, _no_kink_of_the_loss):
        holds, witness, data = check(point)
        if not holds:
            return None, witness, data
    return selected_gradient(point)


def _no_kink_of_the_loss(point: Point) -> Check:
    if point.kink is not None:
        return False, f"the loss has a kink at the prediction of sample {point.kink}", (point.kink,)
    return True, "the loss is differentiable at every prediction", ()


def critical(problem: Problem, parameters: Parameters) -> Check:
    """The risk is differentiable at the point as far as units and loss go, and its gradient is zero."""
    gradient = gradient_or_why_not(Point(problem, parameters))
    if not isinstance(gradient, Parameters):
        return gradient
    for name, entry in coordinates(gradient).items():
        if entry:
            return False, f"the derivative with respect to {name} is {short(entry)}", (name, entry)
    return True, "the gradient is zero", ()


def certified_global(problem: Problem, parameters: Parameters, why: str) -> Verdict:
    """PROVED for a point that exact tests show to be a global minimum, with its certificate as a local minimum.

    Parameters: `why` it is global, by a proof that has no rule of its own in the certificate format. Returns: UNDECIDED if no
    certificate is found; PROVED never comes without. Exactness: exact. Raises: `ShapeError`. Source: CONTRIBUTING.md, rule 2.
    """
    verdict = decide(problem, parameters)
    if verdict.status is Status.PROVED:
        return replace(verdict, reason=f"a global minimum: {why}")
    if verdict.status is Status.REFUTED:
        raise InternalError(f"a global minimum ({why}) is refuted: {verdict.reason}")
    return replace(verdict, reason=f"{why}, but no rule certifies the point: {verdict.reason}")


def about_no_minimum(refuted: Verdict) -> Verdict:
    """What a theorem on local minima says where `decide` has refuted one: it claims nothing about the point."""
    return nothing_claimed(refuted, f"nothing is claimed about this point: {refuted.reason}")


def local_minimum(problem: Problem, parameters: Parameters) -> Check:
    """The point is a local minimum."""
    verdict = decide(problem, parameters)
    holds = {Status.PROVED: True, Status.REFUTED: False}.get(verdict.status)
    return holds, verdict.reason, (verdict,)
