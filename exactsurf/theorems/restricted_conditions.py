"""Hypotheses on restricted problems: which architecture the restriction is, and critical points among the free parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from exactsurf.exact.linear_algebra import dot
from exactsurf.model.parameter_vector import vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.model.restriction import Restriction
from exactsurf.theorems.data_conditions import short
from exactsurf.theorems.point_conditions import gradient_or_why_not
from exactsurf.theorems.theorem import ALL_FREE, Check


def of_restricted(check: Callable[..., Check]) -> Callable[..., Check]:
    """A check of a restricted problem, and maybe of a point; it fails for problems in which all parameters are free."""

    def checked(problem: Any, *point: Parameters) -> Check:
        return check(problem, *point) if isinstance(problem, RestrictedProblem) else (False, ALL_FREE, ())

    return checked


def of_whole(check: Callable[[Problem], Check]) -> Callable[[Any], Check]:
    """A check of network, data and loss, asked of a restricted problem."""
    return of_restricted(lambda problem: check(problem.unrestricted))


def same_subspace(first: Restriction, second: Restriction) -> bool:
    """Whether two restrictions allow the same parameters of the same network, whatever basis they have.

    Exactness: exact. Raises: nothing. Source: linear algebra.

    >>> import exactsurf as es
    >>> network = es.Network([1, 1, 1], biases=False)
    >>> same_subspace(es.restriction(network, W2=[["a"]]), es.restriction(network, W1=[["b - 1"]], W2=[["2*c"]]))
    True
    """
    if first.network != second.network or first.dimension != second.dimension:
        return False
    return first.holds(second.offset) and all(first.step(direction) is not None for direction in second.directions)


def critical_among_free(problem: RestrictedProblem, parameters: Parameters) -> Check:
    """The derivatives of the restricted risk by the free parameters are 0.

    Parameters: a point that obeys the restriction. Returns: whether it is; what may hinder a derivative is the witness else.
    Exactness: exact. Raises: `UnsupportedError` for losses that are expressions. Source: the chain rule.

    >>> import exactsurf as es
    >>> problem = es.RestrictedProblem(es.diagonal(1, shared=True), es.Data.from_arrays([1], [4]))
    >>> [critical_among_free(problem, problem.parameters(w_0=w))[:2] for w in (2, 1)]
    [(True, 'the derivatives by the free parameters are 0'), (False, 'the derivative by w_0 is -6')]
    """
    gradient = gradient_or_why_not(Point(problem.unrestricted, parameters))
    if not isinstance(gradient, Parameters):
        # The restricted risk may have a derivative where the risk has none.
        return None, gradient[1], gradient[2]
    entries = vector_of(gradient)
    for name, direction in zip(problem.restriction.names, problem.restriction.directions, strict=True):
        if slope := dot(entries, direction):
            return False, f"the derivative by {name} is {short(slope)}", (name, slope)
    return True, "the derivatives by the free parameters are 0", ()
