"""Points of lower risk where the loss is an expression: steps of descent, in short fractions, compared by enclosures."""

from __future__ import annotations

from exactsurf.effort import Effort, OutOfTime, look
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.minima.analytic.analytic_point import AnalyticPosition
from exactsurf.minima.analytic.surrogates import surrogates_above
from exactsurf.minima.local.directional import selected_gradient
from exactsurf.minima.local.short_steps import best_step, starts
from exactsurf.model.parameters import Parameters

_STARTS, _STEPS, _HALVINGS, _RISK_BITS = 24, 30, 14, 64


def find_analytic_lower_point(here: AnalyticPosition, effort: Effort) -> Parameters | None:
    """Parameters whose risk is seen to be lower, or None if none were found.

    Parameters: `here`, e.g. a local minimum; `effort`, whose time is asked after again and again. Exactness: the enclosures of
    the two risks are disjoint; that nothing was found says nothing. Raises: nothing. Source: standard.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([-1, 0, 1, 2], [0, 1, 0, 1]), "logistic")
    >>> here = AnalyticPosition(problem, problem.parameters(W1=[[2]], b1=[1]))
    >>> find_analytic_lower_point(here, es.Effort()) is not None
    True
    """
    try:
        with effort.governs():
            return _found(here)
    except OutOfTime:
        return None


def _found(here: AnalyticPosition) -> Parameters | None:
    bound = here.risk(_RISK_BITS).lower
    for start in starts(here.problem.network, here.parameters, _STARTS):
        current = AnalyticPosition(here.problem, start)
        for _ in range(_STEPS):
            look()
            if current.risk_below(bound, _RISK_BITS) is not None:
                return current.parameters
            try:
                lower = _step(current)
            except (InputError, UnsupportedError):
                # The loss has no value at this start, or one beyond all bounds.
                break
            if lower is None:
                break
            current = lower
    return None


def _step(current: AnalyticPosition) -> AnalyticPosition | None:
    """The best of a few steps against a gradient, None if none goes down."""
    above = surrogates_above(current, 40, False)

    def at(parameters: Parameters) -> AnalyticPosition:
        return AnalyticPosition(current.problem, parameters)

    return best_step(current, current.problem.network, selected_gradient(above.point(0)), at, _is_lower, _HALVINGS)


def _is_lower(one: AnalyticPosition, other: AnalyticPosition) -> bool:
    return one.risk_below(other.risk(_RISK_BITS).lower, _RISK_BITS) is not None
