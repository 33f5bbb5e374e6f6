"""How fine what floats propose has to be."""

from __future__ import annotations

from fractions import Fraction

FINE = 1e-12
"""How much more than its price an atom gains, as a part of it, that it comes in; and as a part of all slopes, a tenth of it."""
_PART, _COARSE = 1e-6, 1e-8
"""The part of the width of an enclosure that `FINE` stands for where the width is known, and its most."""


def fineness(width: Fraction) -> float:
    """How fine proposals have to be if the ends of an enclosure are to be within a part of the risk, its `width`.

    >>> [fineness(Fraction(1, 10**k)) for k in (1, 4, 9)]
    [1e-08, 1e-10, 1e-12]
    """
    return max(FINE, min(_COARSE, _PART * float(width)))
