"""Is a local minimum spurious? Points of lower risk are looked for: by constructions, on the whole surface, by descent."""

from __future__ import annotations

from collections.abc import Iterator

from exactsurf.certificate.claims.global_minimum import GlobalMinimum
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.effort import Effort, OutOfTime
from exactsurf.errors import HypothesisError, InputError, UnsupportedError
from exactsurf.minima.local.directional import selected_gradient
from exactsurf.minima.local.short_steps import best_step, starts
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.spurious import LowerSearch
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem
from exactsurf.surface.global_certificate import certify_global_minimum
from exactsurf.theorems.constructions.affine_network import affine_parameters, list_anchors
from exactsurf.theorems.constructions.hinge_descent import find_hinge
from exactsurf.theorems.constructions.risk_floor import has_small_landscape, risk_floor

_STARTS, _STEPS, _HALVINGS = 48, 24, 12
_ORBITS = 20_000
"""Orbits of signed cells up to which the whole surface is asked."""


def find_lower_point(point: Point, effort: Effort) -> LowerSearch:
    """A point of lower risk, or a proof that there is none, or what was tried in vain.

    Parameters: `point`, e.g. a local minimum; `effort`, whose time is asked after again and again.
    Exactness: a lower risk is substituted, and a global minimum proved; that nothing was found says nothing.
    Raises: nothing. Source: theory.md, section 5 (hinge descent); theorem B (the whole surface).

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([5, 4, 3, 1, -1], [2, 1, 0, -3, 3]))
    >>> theta = problem.parameters(W1=[[1]], b1=[-3], W2=[[1]], b2=[0])
    >>> find_lower_point(Point(problem, theta), es.Effort()).lower.risk < problem.risk(theta)
    True
    """
    floor, why = risk_floor(point.problem)
    if point.risk <= floor:
        return LowerSearch(None, why, ())
    tried: list[str] = []
    try:
        for name, candidates in (
            ("the affine fit and hinge descent", _affine(point.problem)),
            ("the whole surface", _global(point, effort)),
            ("exact descent from points nearby and at random", _descents(point)),
        ):
            best: Point | None = None
            for candidate in candidates:
                effort.check()
                if isinstance(candidate, NotProved):
                    return LowerSearch(None, candidate.reason, tuple(tried))
                there = Point(point.problem, candidate)
                if there.risk < point.risk and (best is None or there.risk < best.risk):
                    best = there
                    if name != "the affine fit and hinge descent":
                        break
            if best is not None:
                return LowerSearch(LowerPoint(best.parameters, best.risk), "", (*tried, name))
            tried.append(name)
    except OutOfTime:
        tried.append("no more, for the time is over")
    return LowerSearch(None, "", tuple(tried))


def _affine(problem: Problem) -> Iterator[Parameters]:
    """Networks that compute the affine least squares fit, and that fit with the best hinge that was found."""
    fit = problem.data.affine_fit
    found = None if fit.is_perfect else find_hinge(problem.data, fit.residuals)
    for anchor in list_anchors(problem.network.activation)[:2]:
        for hinge in (None, found[0] if found is not None else None):
            try:
                yield affine_parameters(problem, anchor, fit.slopes, fit.constants, hinge)
            except HypothesisError:
                continue


def _global(point: Point, effort: Effort) -> Iterator[Parameters | NotProved]:
    """The global minimiser of a small network with one hidden layer, or why there is no lower one."""
    problem = point.problem
    if problem.network.widths[-1] != 1 or not has_small_landscape(problem, _ORBITS):
        return
    try:
        found = certify_global_minimum(problem, effort=effort)
    except (InputError, UnsupportedError):
        return
    if not isinstance(found, GlobalMinimum):
        return
    if found.risk >= point.risk:
        yield NotProved(f"it is the global minimum of the network, certified by {len(found.duals)} dual vectors")
    elif found.parameters is not None:
        yield found.parameters


def _descents(point: Point) -> Iterator[Parameters]:
    """Steps of descent, in short binary fractions, from points near the given one and from small ones at random."""
    for start in starts(point.problem.network, point.parameters, _STARTS):
        current = Point(point.problem, start)
        yield current.parameters
        for _ in range(_STEPS):
            lower = _step(current)
            if lower is None:
                break
            current = lower
            yield current.parameters


def _step(current: Point) -> Point | None:
    """The best of a few steps against the selected gradient, None if none goes down."""

    def at(parameters: Parameters) -> Point:
        return Point(current.problem, parameters)

    def is_lower(one: Point, other: Point) -> bool:
        return one.risk < other.risk

    return best_step(current, current.problem.network, selected_gradient(current), at, is_lower, _HALVINGS)
