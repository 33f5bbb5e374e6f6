"""The terms of a risk, by its loss: by pieces, with a conjugate in closed form, counts, or powers."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.number import to_text
from exactsurf.model.analytic_losses import poisson
from exactsurf.model.problem import Problem
from exactsurf.surface.levels.conjugate_pairs import conjugate_pair
from exactsurf.surface.levels.count_term import CountTerm
from exactsurf.surface.levels.power_term import PowerTerm
from exactsurf.surface.levels.terms import PairTerm, PieceTerm, Term

_ZERO = Fraction(0)


def loss_terms(problem: Problem, output: int = 0) -> tuple[Term, ...]:
    """The terms of one output of a problem, by sample.

    Parameters: a problem; `output`, counted from 0. Exactness: bounds are proved. Raises: `UnsupportedError` for losses whose
    slope jumps, and expressions without a known conjugate. Source: proofs/enclosed_levels.md.

    >>> import exactsurf as es
    >>> term = loss_terms(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 1])))[1]
    >>> term.value(Fraction(3)), term.conjugate(Fraction(2)), term.steepest
    (Fraction(2, 1), Fraction(4, 1), Fraction(1, 1))
    """
    plain, loss = problem.without_decay, problem.loss
    targets = [row[output] for row in plain.data.y]
    if loss.is_piecewise_quadratic and loss.is_smooth:
        return tuple(PieceTerm(plain.term_function(i, output)) for i in range(len(plain.data)))
    pair = conjugate_pair(loss)
    if pair is not None:
        rows = zip(plain.shares, targets, strict=True)
        is_margin = loss.is_of_labels
        return tuple(
            PairTerm(pair, loss.scale * share, int(y) if is_margin else 1, _ZERO if is_margin else y) for share, y in rows
        )
    if (loss.gap, loss.shape) == (poisson.gap, poisson.shape):
        counts = enumerate(zip(plain.shares, targets, strict=True))
        return tuple(CountTerm(loss.scale * share, _count(i, y)) for i, (share, y) in counts)
    shape = loss.shape
    if loss.gap == "difference" and isinstance(shape, tuple) and shape[:2] == ("power", "u"):
        squares = zip(plain.shares, targets, strict=True)
        return tuple(PowerTerm(loss.scale * share, y, int(shape[2])) for share, y in squares)
    raise UnsupportedError(
        f"levels are enclosed for losses without jumps of the slope whose conjugate is known, not for the {loss.title} loss",
        "take for example squared, huber, squared_hinge or logistic",
    )


def _count(sample: int, y: Fraction) -> Fraction:
    if y < 0:
        raise InputError(
            f"counts are not negative, and that of sample {sample} is: the risk has no lower bound",
            text=to_text(y),
            fix="take other targets, or another loss",
        )
    return y
