"""The terms of a risk in floats, all samples at once: values, slopes and curvatures. Nothing is concluded from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from exactsurf.surface.levels.conjugate_pairs import Exponential, LogCosh, Logistic
from exactsurf.surface.levels.count_term import CountTerm
from exactsurf.surface.levels.power_term import PowerTerm
from exactsurf.surface.levels.terms import PairTerm, PieceTerm, Term

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[Any]


class Derivatives(NamedTuple):
    """Values, slopes and curvatures, sample by sample."""

    values: Floats
    slopes: Floats
    curvatures: Floats


class FloatTerms:
    """The terms of all samples in floats.

    Parameters: `terms`. Exactness: none, proposals. Raises: nothing. Source: none needed.

    >>> import exactsurf as es
    >>> from exactsurf.surface.levels.loss_terms import loss_terms
    >>> terms = loss_terms(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 2])))
    >>> FloatTerms(terms).at([1.0, 1.0]).slopes.tolist()
    [1.0, -1.0]
    """

    def __init__(self, terms: Sequence[Term]) -> None:
        import numpy as np

        self._count = len(terms)
        groups: dict[object, list[int]] = {}
        for i, term in enumerate(terms):
            kind = term.pair if isinstance(term, PairTerm) else (type(term), getattr(term, "power", 0))
            groups.setdefault(kind, []).append(i)
        self._groups = [(np.array(own), _derivatives([terms[i] for i in own])) for own in groups.values()]

    def at(self, predictions: Sequence[float] | Floats) -> Derivatives:
        """Values, slopes and curvatures."""
        import numpy as np

        f = np.asarray(predictions, dtype=float)
        found = np.zeros((3, self._count))
        with np.errstate(all="ignore"):
            for own, derivatives in self._groups:
                found[:, own] = derivatives(f[own])
        return Derivatives(*found)


def numbers_of(term: Term) -> tuple[Fraction, ...]:
    """The rational numbers that `FloatTerms` makes floats of.

    >>> import exactsurf as es
    >>> from exactsurf.surface.levels.loss_terms import loss_terms
    >>> numbers_of(loss_terms(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0], [2])))[0])
    (Fraction(1, 2), Fraction(-2, 1), Fraction(2, 1))
    """
    if isinstance(term, PieceTerm):
        return (*term.function.breakpoints, *chain.from_iterable(term.function.pieces))
    return tuple(Fraction(getattr(term, name)) for name in ("weight", "sign", "shift") if hasattr(term, name))


def _derivatives(terms: Sequence[Term]) -> Callable[[Floats], Any]:
    """What gives value, slope and curvature of some terms of one kind."""
    import numpy as np

    first = terms[0]
    if isinstance(first, PieceTerm):
        return _pieces([term for term in terms if isinstance(term, PieceTerm)])
    own = [term for term in terms if isinstance(term, PairTerm | CountTerm | PowerTerm)]
    if not own:
        return lambda f: np.zeros((3, len(f)))
    weight, sign, shift = (np.array([float(getattr(term, name)) for term in own]) for name in ("weight", "sign", "shift"))
    if isinstance(first, CountTerm):

        def counts(f: Floats) -> Any:
            power = np.exp(f)
            return weight * (power - shift * f), weight * (power - shift), weight * power

        return counts
    of_gap = _of_gap(first)

    def pairs(f: Floats) -> Any:
        value, slope, curvature = of_gap(sign * f - shift)
        return weight * value, weight * sign * slope, weight * curvature

    return pairs


def _of_gap(term: Term) -> Callable[[Floats], tuple[Floats, Floats, Floats]]:
    import numpy as np

    if isinstance(term, PowerTerm):
        p = term.power
        return lambda u: (u**p, p * u ** (p - 1), p * (p - 1) * u ** (p - 2))
    pair = term.pair if isinstance(term, PairTerm) else None
    if pair is Logistic:

        def logistic(u: Floats) -> tuple[Floats, Floats, Floats]:
            share = 1 / (1 + np.exp(u))
            return np.logaddexp(0, -u), -share, share / (1 + np.exp(-u))

        return logistic
    if pair is Exponential:
        return lambda u: (np.exp(-u), -np.exp(-u), np.exp(-u))
    assert pair is LogCosh, "every pair has its floats"

    def log_cosh(u: Floats) -> tuple[Floats, Floats, Floats]:
        slope = np.tanh(u)
        return np.abs(u) + np.log1p(np.exp(-2 * np.abs(u))) - np.log(2), slope, 1 / np.cosh(u) ** 2

    return log_cosh


def _pieces(terms: Sequence[PieceTerm]) -> Callable[[Floats], Any]:
    import numpy as np

    most = max(len(term.function.pieces) for term in terms)
    points = np.full((len(terms), most - 1), np.inf)
    table = np.zeros((len(terms), most, 3))
    for i, term in enumerate(terms):
        own = term.function
        points[i, : len(own.breakpoints)] = [float(t) for t in own.breakpoints]
        table[i, : len(own.pieces)] = [[float(v) for v in piece] for piece in own.pieces]
    rows = np.arange(len(terms))

    def pieces(f: Floats) -> Any:
        a, b, c = table[rows, (f[:, None] > points).sum(axis=1)].T
        return (a * f + b) * f + c, 2 * a * f + b, 2 * a

    return pieces
