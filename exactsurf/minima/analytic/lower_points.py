"""Points of lower risk where the loss is an expression: steps of descent, in short fractions, compared by enclosures."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

from exactsurf.effort import Effort
from exactsurf.minima.analytic.analytic_point import AnalyticPosition
from exactsurf.minima.analytic.surrogates import surrogates
from exactsurf.minima.local.coordinate_vector import dimension, parameters_of, vector_of
from exactsurf.minima.local.directional import selected_gradient
from exactsurf.model.parameters import Parameters

_STARTS, _STEPS, _HALVINGS, _BITS, _RISK_BITS = 24, 30, 14, 12, 64


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
    bound = here.risk(_RISK_BITS).lower
    for start in _starts(here):
        current = start
        for _ in range(_STEPS):
            if effort.is_over:
                return None
            if current.risk(_RISK_BITS).upper < bound:
                return current.parameters
            lower = _step(current)
            if lower is None:
                break
            current = lower
    return None


def _starts(here: AnalyticPosition) -> Iterator[AnalyticPosition]:
    """Points near the given one and small ones, at random."""
    network, source = here.problem.network, random.Random(0)
    entries, size = vector_of(here.parameters), dimension(network)
    for start in range(_STARTS):
        reach = Fraction(2 ** (start % 5), 4)
        noise = [reach * Fraction(source.randint(-16, 16), 8) for _ in range(size)]
        moved = [a + b for a, b in zip(entries, noise, strict=True)] if start % 2 else noise
        yield AnalyticPosition(here.problem, parameters_of(network, tuple(map(_short, moved))))


def _step(current: AnalyticPosition) -> AnalyticPosition | None:
    """The best of a few steps against a gradient, None if none goes down."""
    above = surrogates(current, 40, False, False)
    if isinstance(above, str):
        return None
    gradient = selected_gradient(above.point(0))
    slopes = vector_of(gradient)
    if not any(slopes):
        return None
    best, step = current, 1 / max(map(abs, slopes))
    for _ in range(_HALVINGS):
        entries = vector_of(current.moved(gradient, -step).parameters)
        there = AnalyticPosition(current.problem, parameters_of(current.problem.network, tuple(map(_short, entries))))
        if there.risk(_RISK_BITS).upper < best.risk(_RISK_BITS).lower:
            best = there
        elif best is not current:
            break
        step /= 2
    return None if best is current else best


def _short(value: Fraction) -> Fraction:
    return Fraction(round(value * (1 << _BITS)), 1 << _BITS)
