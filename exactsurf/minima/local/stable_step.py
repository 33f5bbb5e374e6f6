"""Whether a step of gradient descent is stable at a minimum whose largest eigenvalue is known or bounded."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.errors import InputError
from exactsurf.exact.number import Exact, exact, to_text


def largest_eigenvalue_of(step: Exact) -> Fraction:
    """2/η, the largest eigenvalue that a minimum may have if gradient descent with step η is stable there, to first order.

    Parameters: `step` η > 0. Exactness: exact. Raises: `InputError` for a step that is not positive.
    Source: Wu, Ma and E 2018; proofs/claims/sharpness.md.

    >>> largest_eigenvalue_of("1/10")
    Fraction(20, 1)
    """
    value = exact(step, "step")
    if value <= 0:
        raise InputError("a step must be positive", text=to_text(value), fix="for example 1/10")
    return 2 / value


def stable_between(eigenvalue: tuple[Fraction, Fraction], step: Exact) -> bool | None:
    """Whether a step is stable where the largest eigenvalue lies between two numbers; None if these do not tell.

    Parameters: the two numbers; `step` > 0. Exactness: exact. Raises: `InputError` as `largest_eigenvalue_of`.
    Source: proofs/claims/sharpness.md.

    >>> [stable_between((Fraction(19), Fraction(21)), step) for step in ("1/20", "1/10", "1/5")]
    [True, None, False]
    """
    most = largest_eigenvalue_of(step)
    return True if eigenvalue[1] <= most else False if eigenvalue[0] > most else None


def largest_step_between(eigenvalue: tuple[Fraction, Fraction]) -> tuple[Fraction, Fraction] | None:
    """Bounds on 2/λ, the longest step that may be stable, for λ between two numbers; None if λ may be 0 or less.

    Parameters: the two numbers. Exactness: exact. Raises: nothing. Source: proofs/claims/sharpness.md.

    >>> largest_step_between((Fraction(4), Fraction(5)))
    (Fraction(2, 5), Fraction(1, 2))
    """
    low, high = eigenvalue
    return (2 / high, 2 / low) if low > 0 else None
