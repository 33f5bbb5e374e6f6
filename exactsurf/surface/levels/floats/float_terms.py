"""The terms of a risk in floats, all samples at once: values, slopes and curvatures. Nothing is concluded from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from exactsurf.model.floats.loss_functions import FunctionsByPieces, Jet, count, exponential, log_cosh, logistic, power_of
from exactsurf.surface.levels.conjugate_pairs import Exponential, LogCosh, Logistic
from exactsurf.surface.levels.count_term import CountTerm
from exactsurf.surface.levels.power_term import PowerTerm
from exactsurf.surface.levels.terms import PairTerm, PieceTerm, Term

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[Any]


class FloatTerms:
    """The terms of all samples in floats.

    Parameters: `terms`. Exactness: none, proposals. Raises: nothing. Source: none needed.

    >>> import exactsurf as es
    >>> from exactsurf.surface.levels.loss_terms import loss_terms
    >>> terms = loss_terms(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 2])))
    >>> FloatTerms(terms).at([1.0, 1.0]).slope.tolist()
    [1.0, -1.0]
    """

    def __init__(self, terms: Sequence[Term]) -> None:
        import numpy as np

        self.count = len(terms)
        groups: dict[object, list[int]] = {}
        for i, term in enumerate(terms):
            kind = term.pair if isinstance(term, PairTerm) else (type(term), getattr(term, "power", 0))
            groups.setdefault(kind, []).append(i)
        self._groups = [(np.array(own), _jets_of([terms[i] for i in own])) for own in groups.values()]

    def at(self, predictions: Sequence[float] | Floats) -> Jet:
        """Value, slope and curvature of every term, at predictions of shape (…, samples)."""
        import numpy as np

        f = np.asarray(predictions, dtype=float)
        with np.errstate(all="ignore"):
            if len(self._groups) == 1:
                return Jet(*self._groups[0][1](f))
            found = np.zeros((3, *f.shape))
            for own, derivatives in self._groups:
                found[..., own] = derivatives(f[..., own])
        return Jet(*found)


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


def _jets_of(terms: Sequence[Term]) -> Callable[[Floats], Any]:
    """What gives value, slope and curvature of some terms of one kind."""
    import numpy as np

    first = terms[0]
    if isinstance(first, PieceTerm):
        functions = [term.function for term in terms if isinstance(term, PieceTerm)]
        return FunctionsByPieces([g.breakpoints for g in functions], [g.pieces for g in functions]).jets
    own = [term for term in terms if isinstance(term, PairTerm | CountTerm | PowerTerm)]
    if not own:
        return lambda f: np.zeros((3, *f.shape))
    weight, sign, shift = (np.array([float(getattr(term, name)) for term in own]) for name in ("weight", "sign", "shift"))
    if isinstance(first, CountTerm):

        def counts(f: Floats) -> Any:
            return [weight * part for part in count(f, shift)]

        return counts
    of_gap = _of_gap(first)

    def pairs(f: Floats) -> Any:
        value, slope, curvature = of_gap(sign * f - shift)
        return weight * value, weight * sign * slope, weight * curvature

    return pairs


def _of_gap(term: Term) -> Callable[[Floats], Jet]:
    if isinstance(term, PowerTerm):
        return power_of(term.power)
    assert isinstance(term, PairTerm), "every other term has been told apart"
    return {Logistic: logistic, Exponential: exponential, LogCosh: log_cosh}[term.pair]
