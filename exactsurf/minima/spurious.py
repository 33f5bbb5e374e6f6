"""Spurious local minima: the points of lower risk that make the claim, given by the user or looked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.errors import InputError
from exactsurf.exact.number import brief
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point


@dataclass(frozen=True)
class LowerSearch:
    """What came of looking for a point of lower risk.

    Attributes: `lower`, if one was found; `is_global`, why there is none, if that is proved; `tried`, in words.
    Exactness: exact. Source: theory.md, section 5.
    """

    lower: LowerPoint | None
    is_global: str
    tried: tuple[str, ...]


def points_given(given: object) -> tuple[Parameters, ...]:
    """Points of lower risk as a user gives them, one alone or several; `InputError` for what are none.

    Parameters: `given`. Exactness: nothing is computed. Raises: `InputError`. Source: none needed.

    >>> import exactsurf as es
    >>> points_given(es.Parameters(W1=[[1]]))
    (Parameters(W1=[[1]]),)
    """
    if isinstance(given, Parameters):
        return (given,)
    if not isinstance(given, Iterable) or isinstance(given, (str, bytes)):
        fix = "give problem.parameters(W1=…, …), or a list of these"
        raise InputError("lower is parameters, or a list of parameters", text=repr(given), fix=fix)
    return tuple(given)


def lower_points(point: Point, given: Iterable[Parameters] | Parameters) -> tuple[LowerPoint, ...]:
    """Parameters with their risks, the lowest first.

    Parameters: `given`, parameters of the network, each with a risk below that of `point`. Exactness: exact.
    Raises: `ShapeError` for parameters of another network, `InputError` naming both risks for one whose risk is not lower.
    Source: proofs/FORMAT.md, section 4.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([1], [1]))
    >>> zero, fit = (problem.parameters(W1=[[w]], b1=[0]) for w in (0, 1))
    >>> lower_points(Point(problem, zero), [fit])[0].risk
    Fraction(0, 1)
    """
    found = []
    for k, parameters in enumerate(points_given(given)):
        risk = Point(point.problem, parameters).risk
        if risk >= point.risk:
            raise InputError(
                f"lower point {k} has risk {brief(risk)}, which is not below the risk {brief(point.risk)} of the point",
                fix="give points of lower risk only, or let spurious=True (--spurious) look for one",
            )
        found.append(LowerPoint(parameters, risk))
    return tuple(sorted(found, key=lambda lower: lower.risk))
