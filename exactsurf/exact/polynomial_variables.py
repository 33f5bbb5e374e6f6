"""The variables of polynomials: their names, checked once, and FLINT's context for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from fractions import Fraction
from functools import lru_cache
from keyword import iskeyword
from typing import TYPE_CHECKING

from exactsurf.errors import InputError

if TYPE_CHECKING:
    from flint import fmpq, fmpq_mpoly_ctx

_SHOWN = 8


@lru_cache(maxsize=256)
def context(names: tuple[str, ...]) -> fmpq_mpoly_ctx:
    """FLINT's ring of polynomials in these variables, ordered lexicographically."""
    from flint import Ordering, fmpq_mpoly_ctx

    return fmpq_mpoly_ctx.get(names, Ordering.lex)


def flint_rational(value: Fraction) -> fmpq:
    """A Fraction as a FLINT rational."""
    from flint import fmpq

    return fmpq(value.numerator, value.denominator)


def checked_names(names: Sequence[str]) -> tuple[str, ...]:
    """`names` as a tuple; raises `InputError` unless they are distinct Python identifiers.

    >>> checked_names(["W1_0_1", "b1_0"])
    ('W1_0_1', 'b1_0')
    """
    if isinstance(names, str):
        raise InputError("the variables of a polynomial are a list of names", text=names, fix=f"write [{names!r}]")
    return _checked(tuple(names))


@lru_cache(maxsize=256)
def _checked(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if not isinstance(name, str) or not name.isascii() or not name.isidentifier() or iskeyword(name):
            raise InputError("not a name of a variable", text=str(name), fix="use letters, digits and _, as in W1_0_1")
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"the variable {twice} stands twice")
    return names


def united(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    """The names of both, those of `first` in front.

    >>> united(("x", "y"), ("z", "x"))
    ('x', 'y', 'z')
    """
    return first if first == second else tuple(dict.fromkeys((*first, *second)))


def index_of(name: str, names: tuple[str, ...]) -> int:
    """The place of `name`; raises `InputError` with the nearest name."""
    if name in names:
        return names.index(name)
    near = get_close_matches(str(name), names, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    raise InputError(f"unknown variable {name!r}", fix=f"{hint}the variables are {listed(names)}")


def check_point(point: Mapping[str, object], names: tuple[str, ...]) -> None:
    """Raise `InputError` unless `point` names every variable, and no other."""
    for name in point:
        index_of(name, names)
    missing = [name for name in names if name not in point]
    if missing:
        raise InputError(f"no value for {listed(missing)}", fix="the point must name every variable of the polynomial")


def listed(names: Sequence[str]) -> str:
    """Some names in a sentence, at most eight.

    >>> listed(["a", "b"]), listed([])
    ('a, b', 'none')
    """
    more = f", … ({len(names)} in all)" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more or "none"
