"""Values, slopes and curvatures of the terms of a risk, of many predictions at once, in floats: for proposals only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from exactsurf.model import analytic_losses
from exactsurf.model.floats.expression_slopes import value_and_slope
from exactsurf.model.floats.loss_functions import FunctionsByPieces, Jet, count, exponential, log_cosh, logistic, power_of
from exactsurf.model.loss import Loss
from exactsurf.model.problem import Problem
from exactsurf.model.smooth_expression import Tree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]

_FAR = 60.0
"""Exponents are cut off here: what lies beyond is no risk that anybody looks for."""


class LossValues:
    """The loss of predictions, as a sum of terms that are functions of sums of outputs.

    Parameters: a problem; `smooths`, whether kinks have slopes and curvatures as if they were smooth nearby, else those on the
    left. Curvatures are known for losses by pieces and those with a conjugate in closed form, elsewhere 0.
    Exactness: none, doubles.
    Raises: `OverflowError` for numbers beyond doubles. Source: proofs/FORMAT.md, sections 2, 14, 15 and 22.

    >>> import numpy as np
    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([1, 2], [0, 1]))
    >>> LossValues(problem).risk(np.array([[1.0], [1.0]])).tolist()
    0.5
    """

    def __init__(self, problem: Problem, *, smooths: bool = False) -> None:
        import numpy as np

        plain, loss = problem.without_decay, problem.loss
        outputs, samples = plain.network.widths[-1], len(plain.data)
        self.is_of_classes = loss.gap == "classes"
        self.outputs = outputs
        factors = np.array([float(loss.scale * share) for share in plain.shares])
        targets = np.array([[float(y) for y in row] for row in plain.data.y])
        pairs = [(i, k) for i in range(samples) for k in range(outputs)]
        parts = {pair: plain.term_outputs(*pair) if loss.is_piecewise_quadratic else ((pair[1], 1),) for pair in pairs}
        self.terms = [pair for pair in pairs if parts[pair]]
        self.samples = np.array([i for i, _ in self.terms])
        self.first = np.array([parts[pair][0][0] for pair in self.terms])
        self.second = np.array([parts[pair][1][0] for pair in self.terms]) if loss.gap == "lead" or _leads(plain) else None
        self._targets = np.array([targets[pair] for pair in self.terms])
        self._factors = factors[self.samples]
        self._jets = self._of_terms(plain, smooths)

    def _of_terms(self, plain: Problem, smooths: bool) -> Callable[[Floats], Jet]:
        loss, y = plain.loss, self._targets
        if loss.is_piecewise_quadratic:
            functions = [plain.term_function(i, k) for i, k in self.terms]
            pieces = FunctionsByPieces([g.breakpoints for g in functions], [g.pieces for g in functions])
            return pieces.smoothed if smooths and not all(g.is_smooth for g in functions) else pieces.jets
        if self.is_of_classes:
            return self._of_classes
        function = _function_of(loss)
        if function is None:
            return partial(_of_trees, [(loss.of_target(plain.data.y[i][k]), float(plain.shares[i])) for i, k in self.terms])
        if loss.gap != "margin":
            return lambda f: self._times(function(f, y))

        def of_margins(f: Floats) -> Jet:
            jet = function(y * f, y)
            return self._times(Jet(jet.value, y * jet.slope, jet.curvature))

        return of_margins

    def term_predictions(self, f: Floats) -> Floats:
        """What the terms are functions of, for predictions of shape (…, samples, outputs)."""
        found = f[..., self.samples, self.first]
        return found if self.second is None else found - f[..., self.samples, self.second]

    def spread(self, slopes: Floats, shape: tuple[int, ...]) -> Floats:
        """The slopes by predictions, from those of the terms."""
        import numpy as np

        if self.second is None:
            whole: Floats = slopes.reshape(shape)
            return whole
        found = np.zeros(shape)
        for n, (i, k) in enumerate(zip(self.samples, self.first, strict=True)):
            found[..., i, k] += slopes[..., n]
            found[..., i, self.second[n]] -= slopes[..., n]
        return found

    def jets(self, u: Floats) -> Jet:
        """Of all terms, at predictions of shape (…, terms); those of classes share the value of their sample."""
        import numpy as np

        with np.errstate(all="ignore"):
            return self._jets(u)

    def _of_classes(self, u: Floats) -> Jet:
        import numpy as np

        shape = (*u.shape[:-1], -1, self.outputs)
        f, y = u.reshape(shape), self._targets.reshape(-1, self.outputs)
        top = f.max(axis=-1, keepdims=True)
        powers = np.exp(f - top)
        total = powers.sum(axis=-1, keepdims=True)
        p = powers / total
        rows = (np.log(total) + top - (y * f).sum(axis=-1, keepdims=True)) / self.outputs
        value, slope = np.broadcast_to(rows, f.shape).reshape(u.shape), (p - y).reshape(u.shape)
        return self._times(Jet(value, slope, p.reshape(u.shape)))

    def risk(self, f: Floats) -> Floats:
        """The risk without weight decay, for predictions of shape (…, samples, outputs)."""
        found: Floats = self.jets(self.term_predictions(f)).value.sum(axis=-1)
        return found

    def _times(self, jet: Jet) -> Jet:
        return Jet(*(self._factors * part for part in jet))


def _leads(problem: Problem) -> bool:
    return problem.loss.is_piecewise_quadratic and problem.right_outputs is not None


def _function_of(loss: Loss) -> Callable[[Floats, Floats], Jet] | None:
    """The loss as a function of gaps (or predictions) and targets; None for one without a conjugate in closed form."""
    import numpy as np

    match loss.gap, loss.shape:
        case analytic_losses.poisson.gap, analytic_losses.poisson.shape:
            return lambda f, y: count(np.minimum(f, _FAR), y)
        case analytic_losses.logistic.gap, analytic_losses.logistic.shape:
            return lambda u, _: logistic(u)
        case analytic_losses.exponential.gap, analytic_losses.exponential.shape:
            return lambda u, _: exponential(np.maximum(u, -_FAR))
        case analytic_losses.log_cosh.gap, analytic_losses.log_cosh.shape:
            return lambda f, y: log_cosh(f - y)
        case "difference", ("power", "u", int(exponent)):
            power = power_of(exponent)
            return lambda f, y: power(f - y)
    return None


def _of_trees(terms: Sequence[tuple[Tree, float]], f: Floats) -> Jet:
    import numpy as np

    found = [value_and_slope(tree, f[..., n]) for n, (tree, _) in enumerate(terms)]
    shares = np.array([share for _, share in terms])
    value, slope = (np.stack([pair[n] for pair in found], axis=-1) * shares for n in (0, 1))
    return Jet(value, slope, np.zeros_like(value))
