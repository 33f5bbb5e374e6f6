"""What a polynomial is at 0, and how it changes from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flint import fmpq, fmpq_mpoly


def change(polynomial: fmpq_mpoly) -> fmpq_mpoly:
    """A polynomial without its constant term. Exactness: exact. Raises: nothing. Source: arithmetic."""
    return polynomial - value_at_zero(polynomial)


def value_at_zero(polynomial: fmpq_mpoly) -> fmpq:
    """The constant term of a polynomial. Exactness: exact. Raises: nothing. Source: arithmetic."""
    from flint import fmpq

    found = polynomial.to_dict().get((0,) * polynomial.context().nvars())
    return fmpq(0) if found is None else found
