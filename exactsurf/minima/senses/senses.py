"""The senses of stationarity as values: a status, a reason and a witness for each, and the table of them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from exactsurf import display
from exactsurf.certificate.verdict import Status
from exactsurf.exact.balls import Ball
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.local.clarke import HullPoint, KinkMultipliers
from exactsurf.model.parameters import Parameters

NAMES = ("differentiable", "gradient zero", "Clarke stationary", "directionally stationary", "second-order stationary")
"""What the senses are called, from the first question to the last."""


@dataclass(frozen=True)
class DescentWitness:
    """A direction with a negative one-sided derivative."""

    direction: Parameters
    derivative: Fraction | Ball


@dataclass(frozen=True)
class CurvatureWitness:
    """A direction with derivative 0 and this coefficient of t² in the risk of θ + t·direction, t > 0."""

    direction: Parameters
    coefficient: Fraction | Ball


@dataclass(frozen=True)
class KinkWitness:
    """Two directions whose one-sided derivatives do not add up to that of their sum."""

    first: Parameters
    second: Parameters
    derivatives: tuple[Fraction | Ball, Fraction | Ball, Fraction | Ball]


@dataclass(frozen=True)
class UnitMultipliers:
    """For every unit of layer 1, why 0 is in the hull of its limiting gradients."""

    units: tuple[HullPoint | KinkMultipliers, ...]


Witness: TypeAlias = Parameters | Vector | DescentWitness | CurvatureWitness | KinkWitness | UnitMultipliers | HullPoint


@dataclass(frozen=True)
class Sense:
    """The answer for one sense of stationarity: `status`, `reason` in words, and a `witness` that can be checked by itself.

    `bool(sense)` raises, because three answers do not fit into two.
    """

    name: str
    status: Status
    reason: str
    witness: Witness | None = None

    def __bool__(self) -> bool:
        raise TypeError(f"a sense has three answers; ask sense.status (here {self.status}) instead of its truth value")


@dataclass(frozen=True)
class Stationarity:
    """The senses side by side.

    Attributes: `differentiable`; `gradient_zero`: there is a gradient and it is 0 (`gradient`, None without one);
    `clarke`: 0 is in the convex hull of the limits of gradients; `directional` (B-stationary): no one-sided derivative is
    negative; `second_order`: moreover the risk has no negative coefficient of t² along any direction of derivative 0.
    `risk` is that of the point. For a restricted problem `gradient` and the vectors of a `HullPoint` have an entry for each
    free parameter, in the order of `problem.restriction.names`; directions stay in the restriction. Where the loss is an
    expression, numbers that are not known to be rational are balls, and `gradient` is given only where it is 0.
    Exactness: exact. Source: theory.md, sections 3, 5 and 6.
    """

    risk: Fraction | Ball
    gradient: Parameters | Vector | None
    differentiable: Sense
    gradient_zero: Sense
    clarke: Sense
    directional: Sense
    second_order: Sense

    @property
    def senses(self) -> tuple[Sense, ...]:
        """The five answers, from the first question to the last."""
        return self.differentiable, self.gradient_zero, self.clarke, self.directional, self.second_order

    def __repr__(self) -> str:
        answers = ", ".join(f"{sense.name} {sense.status.value}" for sense in self.senses)
        return f"Stationarity({answers})"

    def rows(self) -> list[tuple[str, str, str]]:
        """(sense, status, reason), one row each."""
        return [(sense.name, sense.status.value, sense.reason) for sense in self.senses]

    def _repr_html_(self) -> str:
        return display.stationarity_html(self)

    def __str__(self) -> str:
        return aligned(self.rows())


def aligned(rows: Sequence[tuple[str, str, str]]) -> str:
    """Rows of three texts, the first two in columns.

    >>> print(aligned([("a", "bc", "d"), ("abc", "b", "d")]))
    a    bc  d
    abc  b   d
    """
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return "\n".join(f"{name:{widths[0]}}  {answer:{widths[1]}}  {reason}" for name, answer, reason in rows)
