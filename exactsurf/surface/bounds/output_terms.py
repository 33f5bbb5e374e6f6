"""The terms of a risk of several outputs: which sums of outputs they read, which slopes they have, and bounds by conjugates."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsurf.exact.balls import to_arb, working_precision
from exactsurf.model.problem import Problem
from exactsurf.surface.levels.conjugate_pairs import times_log
from exactsurf.surface.levels.loss_terms import loss_terms
from exactsurf.surface.levels.terms import BOUND_BITS, PieceTerm, Term, upper_bound

_ZERO = Fraction(0)


class OutputTerms:
    """The loss as a sum of terms, each a convex function of a sum of outputs of one sample, or of all of them for classes.

    Attributes: `places`, for every term pairs (sample · outputs + output, 1 or −1); `shifts`, groups of terms that may all move
    by one number without any change; `rooms`, the least and the greatest slope of every term, None for no end.
    Parameters: any convex loss by pieces, or one of which a conjugate is known; weight decay does not count here.
    Exactness: bounds are proved. Raises: `UnsupportedError` naming any other loss. Source: proofs/claims/enclosed_least_risk.md.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([0, 1], [[1, 0, 0], [0, 0, 1]])
    >>> terms = OutputTerms(es.Problem(es.Network([1, 1, 3]), data, "cross_entropy"))
    >>> terms.rooms[0], terms.bound([0] * 6), terms.bound([0, -1, 1, 0, 0, 0])
    ((Fraction(-1, 1), None), Fraction(0, 1), None)
    """

    def __init__(self, problem: Problem) -> None:
        plain, loss = problem.without_decay, problem.loss
        outputs, samples = plain.network.widths[-1], len(plain.data)
        self.places: list[tuple[tuple[int, int], ...]]
        self.rooms: list[tuple[Fraction | None, Fraction | None]]
        pairs = [(i, k) for i in range(samples) for k in range(outputs)]
        self.shifts: tuple[tuple[int, ...], ...] = ()
        self._classes: list[tuple[Fraction, tuple[Fraction, ...]]] = []
        self._terms: list[Term] = []
        if loss.gap == "classes":
            self.places = [((i * outputs + k, 1),) for i, k in pairs]
            self.shifts = tuple(tuple(range(i * outputs, (i + 1) * outputs)) for i in range(samples))
            self._classes = [(loss.scale * share, tuple(row)) for share, row in zip(plain.shares, plain.data.y, strict=True)]
            self.rooms = [(-factor * y, None) for factor, row in self._classes for y in row]
            return
        if loss.is_piecewise_quadratic:
            known = [(i, k, parts) for i, k in pairs if (parts := plain.term_outputs(i, k))]
            self.places = [tuple((i * outputs + output, sign) for output, sign in parts) for i, _, parts in known]
            self._terms = [PieceTerm(plain.term_function(i, k)) for i, k, _ in known]
        else:
            self.places = [((i * outputs + k, 1),) for i, k in pairs]
            columns = [loss_terms(plain, k) for k in range(outputs)]
            self._terms = [columns[k][i] for i, k in pairs]
        self.rooms = [term.room for term in self._terms]

    def spread(self, column: Sequence[int]) -> tuple[int, ...]:
        """What a direction of the predictions adds to the terms."""
        return tuple(sum(sign * column[place] for place, sign in parts) for parts in self.places)

    def gathered(self, slopes: Sequence[Fraction], size: int) -> tuple[Fraction, ...]:
        """The slopes by sample and output, from those of the terms."""
        found = [_ZERO] * size
        for parts, r in zip(self.places, slopes, strict=True):
            for place, sign in parts:
                found[place] += sign * r
        return tuple(found)

    def share_within(self, slopes: Sequence[Fraction]) -> Fraction | None:
        """The greatest number up to 1 by which the slopes may be multiplied so that all are in their rooms; None for none."""
        share = Fraction(1)
        for r, (low, high) in zip(slopes, self.rooms, strict=True):
            end = high if r > 0 else low
            if r and end is not None and (r - end) * r > 0:
                if not end:
                    return None
                share = min(share, end / r)
        return share

    def bound(self, slopes: Sequence[Fraction | int]) -> Fraction | None:
        """A number not above −Σ ψ*(r), the bound that these slopes of the terms give; None where it is −∞."""
        if not self._classes:
            total = _ZERO
            for term, r in zip(self._terms, slopes, strict=True):
                value = term.conjugate(Fraction(r))
                if value is None:
                    return None
                total -= value
            return total
        total, size = _ZERO, len(self._classes[0][1])
        for i, (factor, row) in enumerate(self._classes):
            shares = [y + r / factor for y, r in zip(row, slopes[i * size : (i + 1) * size], strict=True)]
            if min(shares) < 0 or sum(shares) != 1:
                return None
            with working_precision(BOUND_BITS):
                total -= upper_bound(to_arb(factor) * sum((times_log(p) for p in shares), to_arb(_ZERO)))
        return total
