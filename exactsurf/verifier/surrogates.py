"""Squared losses in the place of one that is an expression (FORMAT.md, sections 15 and 37, `frozen` and `frozen curve`)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from .analytic.form import RATIONAL, Atom
from .analytic.setting import Here, is_convex_loss
from .arithmetic.document import Field, one_of
from .arithmetic.effort import price, spend
from .arithmetic.interval import Interval, enclose, exponential, increasing
from .arithmetic.rational import Rational
from .arithmetic.table import Column, Table, common_denominator, numerators
from .cells_at_point import Squares
from .loss import Loss, Piece
from .network import forward
from .problem import Point, Problem
from .residuals import residuals
from .rules import checker
from .rules.curve import check_curve
from .rules.second_order import check_second_order

_LINEAR = ("paths", "kinked paths", "unitwise", "unitwise vectors", "convex cells", "positive products")
"""Rules that use of a loss only that it is convex."""
_MINIMUM = (*_LINEAR, "second order", "low rank")


class Surrogates:
    """Squared losses with r in the convex hull of their derivatives, below the loss near the point, or above it."""

    def __init__(self, here: Here, below: bool, lower: Field, widths: Field, second: Field, parts: Field, form: str) -> None:
        self.here, self.below, self.form = here, below, form
        self.parts = parts
        self.corner, self.widths = self._read_simplex(lower, widths)
        self.squares: Squares | None = None
        if form == "curvatures":
            self.kept = self._read_curvatures(second)
            return
        self.kept = list(range(len(here.predictions)))
        self.curvatures = [Fraction(1)] * len(self.kept)
        if form == "squares":
            self.squares = Squares(self._read_squares(second), self._bounded)
        elif not second.boolean():
            raise second.reject("expected true")
        elif not is_convex_loss(here.setting.loss):
            raise second.reject("the loss is not convex by the rules of section 15")

    def _read_simplex(self, lower: Field, widths: Field) -> tuple[dict[Atom, Fraction], dict[Atom, Fraction]]:
        """A corner below the atoms and the lengths of the edges from it; the atoms lie in this simplex."""
        atoms, step = self.here.atoms, 1 << self.here.bits
        corner, lengths, share = dict[Atom, Fraction](), dict[Atom, Fraction](), Fraction(0)
        lows, sizes = lower.vector(len(atoms)), widths.vector(len(atoms))
        rows = zip(atoms, lower.items(), lows, widths.items(), sizes, strict=True)
        for atom, low_field, low, width_field, width in rows:
            value = self.here.values[atom]
            if low * step > value.low:
                raise low_field.reject("not below the number, as far as these bits tell")
            if width <= 0:
                raise width_field.reject("expected a positive number")
            corner[atom], lengths[atom] = Fraction(low), Fraction(width)
            share += Fraction(Fraction(value.high, step) - low, width)
        if share > 1:
            raise widths.reject("the numbers do not lie in the simplex of these widths, as far as these bits tell")
        return corner, lengths

    def _read_curvatures(self, field: Field) -> list[int]:
        """The samples that are kept; the others are at a minimum of their convex losses."""
        here, loss, step = self.here, self.here.setting.loss, 1 << self.here.bits
        self.curvatures = [Fraction(value) for value in field.vector(len(here.predictions))]
        kept = []
        for i, (item, q) in enumerate(zip(field.items(), self.curvatures, strict=True)):
            if q < 0:
                raise item.reject("negative")
            if not q:
                if not self.below or any(here.forms[i]) or not is_convex_loss(loss):
                    raise item.reject("only a sample with derivative 0 of a convex loss may be left out, and for a minimum only")
                continue
            kept.append(i)
            if loss.gap == "classes":
                # 0 ≤ diag(p) − p pᵀ ≤ ½
                if not self.below and 2 * q <= here.setting.factor(i):
                    raise item.reject("not above the second derivatives of the loss")
                continue
            for f, y in zip(here.predictions[i], here.setting.targets[i], strict=True):
                second = enclose(here.setting.factor(i), here.bits) * loss.jet(f, y, here.bits)[2]
                if not (q * step < second.low if self.below else second.high < q * step):
                    side = "below" if self.below else "above"
                    raise item.reject(f"not {side} the second derivative of the loss, as far as these bits tell")
        return kept

    def _read_squares(self, field: Field) -> list[list[tuple[int, int, Rational]]]:
        """The entries [k, m, q] of every sample."""
        here, found = self.here, list[list[tuple[int, int, Rational]]]()
        outputs = range(len(here.predictions[0]))
        classes = here.setting.loss.gap == "classes"
        pairs = [(k, m) for k in outputs for m in outputs if (k < m if classes else k == m)]
        for i, row in enumerate(field.items(len(here.predictions))):
            entries = list[tuple[int, int, Rational]]()
            for (k, m), item in zip(pairs, row.items(len(pairs)), strict=True):
                first, other, value = item.items(3)
                if (first.size(), other.size()) != (k, m):
                    raise item.reject(f"expected the outputs {k} and {m}")
                q = value.number()
                self._check_square(i, k, m, q, value)
                entries.append((k, m, q))
            found.append(entries)
        self._bounded = [
            all(q >= 0 for _, _, q in row) or (not any(forms) and is_convex_loss(here.setting.loss))
            for row, forms in zip(found, here.forms, strict=True)
        ]
        return found

    def _check_square(self, sample: int, k: int, m: int, q: Rational, field: Field) -> None:
        here, bits = self.here, self.here.bits
        factor = enclose(here.setting.factor(sample), bits)
        if k == m:
            second = factor * here.setting.loss.jet(here.predictions[sample][k], here.setting.targets[sample][k], bits)[2]
        else:
            second = factor * probability(here.predictions[sample], k, bits) * probability(here.predictions[sample], m, bits)
        step = 1 << bits
        if not (q * step < second.low if self.below else second.high < q * step):
            side = "below" if self.below else "above"
            raise field.reject(f"not {side} the second derivative of the loss, as far as these bits tell")

    def corners(self) -> Iterator[tuple[Field, Problem, Point]]:
        """The parts, each with the squared loss that it is about."""
        vertices: list[Atom | None] = [None, *self.here.atoms]
        fields = self.parts.items(len(vertices) if self.kept else 0)
        for vertex, field in zip(vertices, fields, strict=False):
            yield (field, *self._surrogate(vertex))

    def check(self) -> list[str]:
        """Check every part; what was found."""
        lines = list[str]()
        decays = self.here.setting.decay is not None
        if decays and not self.kept:
            raise self.parts.reject("with weight decay not all samples may be left out")
        allowed = self._rules_with_decay if decays else self._rules
        rules = {"curve": "curve"} if not self.below else dict.fromkeys(allowed)
        curve: object = None
        for field, problem, point in self.corners():
            curve = field.child("curve").value if curve is None else curve
            rule = one_of(field.required("rule"), tuple(rules))
            if not self.below and field.child("curve").value != curve:
                raise field.child("curve").reject("all parts need the same curve")
            if rule == "positive products" and "second order" not in allowed:
                _check_linear(field.child("nodes"))
            if self.squares is None:
                lines += checker(rule)(problem, point, field)
            else:
                lines += (check_second_order if self.below else check_curve)(problem, point, field, self.squares)
        return lines or ["every sample is at a minimum of its loss"]

    @property
    def _rules_with_decay(self) -> tuple[str, ...]:
        if self.form == "squares":
            return ("second order",)
        if self.form == "linear":
            return ("unitwise decay",)
        return ("unitwise decay",) if self.here.setting.loss.gap == "classes" else ("unitwise decay", "second order")

    @property
    def _rules(self) -> tuple[str, ...]:
        if self.form == "squares":
            return ("second order",)
        return _LINEAR if self.form == "linear" or self.here.setting.loss.gap == "classes" else _MINIMUM

    def _surrogate(self, vertex: Atom | None) -> tuple[Problem, Point]:
        """The squared loss with weights q_i and targets f_i − r_i/q_i, r at a vertex of the simplex."""
        here, setting = self.here, self.here.setting
        values = {atom: value + (self.widths[atom] if atom == vertex else 0) for atom, value in self.corner.items()}
        values[RATIONAL] = Fraction(1)
        targets: list[list[Fraction]] = []
        for i in self.kept:
            spend(sum(map(len, here.forms[i])) * 4)
            r = [sum((c * values[atom] for atom, c in form.items()), Fraction(0)) for form in here.forms[i]]
            targets.append([f - Fraction(value, self.curvatures[i]) for f, value in zip(here.predictions[i], r, strict=True)])
        q = [self.curvatures[i] for i in self.kept]
        common = common_denominator(q, len(q))
        x = Table([setting.x.rows[i] for i in self.kept], setting.x.denominators, setting.x.bits)
        half: list[Piece] = [(Fraction(1, 2), 0, 0)]
        loss = Loss("difference", [], half)
        weights, y = Column(numerators(q, common), common), Table.of_rows(targets)
        named = Loss("classes", [], half) if self.squares is not None and setting.loss.gap == "classes" else loss
        problem = Problem(setting.widths, setting.biases, setting.activation, named, x, y, weights, setting.decay)
        passed = forward(setting.activation, here.parameters, x)
        fit = residuals(loss, weights, passed.predictions, y)
        return problem, Point(here.parameters, passed, fit, Fraction(*fit.risk()))


def probability(predictions: list[Fraction], output: int, bits: int) -> Interval:
    """An interval with e^{f_k}/Σ_m e^{f_m}."""
    spend(len(predictions) * (60 + (bits * price(bits) >> 3)))
    top, norm = max(predictions), Interval(0, 0, bits)
    for f in predictions:
        norm = norm + increasing(exponential, enclose(f - top, bits))
    return increasing(exponential, enclose(predictions[output] - top, bits)).divided_by(norm)


def _check_linear(nodes: Field) -> None:
    """Rule `positive products` may use no curvature here (FORMAT.md, section 40)."""
    for node in nodes.items():
        if node.has("squares"):
            raise node.child("squares").reject("no curvature may be used here")
