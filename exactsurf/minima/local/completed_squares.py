"""Squares that are completed: a polynomial as squares, with factors that are positive at 0, and a rest in fewer variables."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING

from exactsurf.minima.local.polynomial_values import value_at_zero

if TYPE_CHECKING:
    from flint import fmpq, fmpq_mpoly

_MAX_TERMS = 2_000


@dataclass(frozen=True)
class _Square:
    """unit · before = root² + shared · after; unit and shared are positive at 0."""

    unit: fmpq_mpoly
    root: fmpq_mpoly
    shared: fmpq_mpoly


@dataclass(frozen=True)
class CompletedSquares:
    """A polynomial T whose variables are eliminated one after the other, as long as it is quadratic and convex in one.

    Attributes: `steps`, and the `rest` R. With U·R = S, `unit`·U·T is the sum of `squares` times U, and of `shared` times S.
    Exactness: exact. Source: proofs/rules/positive_products.md, "Finding squares".
    """

    steps: tuple[_Square, ...]
    rest: fmpq_mpoly

    @cached_property
    def unit(self) -> fmpq_mpoly:
        """What T is multiplied with."""
        return prod((step.unit for step in self.steps), start=self.rest.context().constant(1))

    @cached_property
    def shared(self) -> fmpq_mpoly:
        """What the rest is multiplied with."""
        return prod((step.shared for step in self.steps), start=self.rest.context().constant(1))

    @cached_property
    def squares(self) -> tuple[tuple[fmpq_mpoly, fmpq_mpoly], ...]:
        """The roots, with the factors of their squares."""
        found = []
        above = self.rest.context().constant(1)
        for place, step in enumerate(self.steps):
            below = prod((later.unit for later in self.steps[place + 1 :]), start=self.rest.context().constant(1))
            found.append((step.root, above * below))
            above = above * step.shared
        return tuple(found)


def complete_squares(target: fmpq_mpoly, kept: Collection[int] = ()) -> CompletedSquares:
    """Eliminate variables in which a polynomial is quadratic, with a second coefficient that is positive at 0.

    Parameters: `target`, without constant term; `kept`, the variables that are not eliminated, by number.
    Where the polynomial is ≥ 0 near 0, so is the rest: it is a positive multiple of the minimum over the variable.
    Exactness: exact. Raises: nothing. Source: proofs/rules/positive_products.md, "Finding squares".

    >>> from exactsurf.exact.polynomial_variables import context
    >>> x, y = context(("x", "y")).gens()
    >>> found = complete_squares(x**2 - 2 * x * y + 3 * y**2 + x**2 * y, kept=[1])
    >>> [str(root) for root, _ in found.squares], str(found.unit), str(found.rest)
    (['2*x*y + 2*x - 2*y'], '4*y + 4', '4*y^2')
    """
    steps, rest = [], target
    for variable in range(target.context().nvars()):
        if variable in kept:
            continue
        found = _eliminated(rest, variable)
        if found is not None:
            step, rest = found
            steps.append(step)
    return CompletedSquares(tuple(steps), rest)


def _eliminated(target: fmpq_mpoly, variable: int) -> tuple[_Square, fmpq_mpoly] | None:
    """4A·T = (2A y + B)² + 4AC − B² for T = A y² + B y + C."""
    ring = target.context()
    parts: list[dict[tuple[int, ...], fmpq]] = [{}, {}, {}]
    for exponents, value in target.to_dict().items():
        if exponents[variable] > 2:
            return None
        without = (*exponents[:variable], 0, *exponents[variable + 1 :])
        parts[exponents[variable]][without] = value
    c, b, a = (ring.from_dict(part) for part in parts)
    if value_at_zero(a) <= 0 or value_at_zero(b):
        return None
    if (1 + len(a)) * (1 + len(c)) + len(b) ** 2 > _MAX_TERMS:
        return None
    left = 4 * a * c - b * b
    shared = ring.constant(1)
    if left:
        _, factors = left.factor()
        shared = prod((f**m for f, m in factors if value_at_zero(f)), start=shared)
        if value_at_zero(shared) < 0:
            shared = -shared
        left = left / shared
    return _Square(4 * a, 2 * a * ring.gens()[variable] + b, shared), left
