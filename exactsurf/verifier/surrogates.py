"""Squared losses in the place of one that is an expression (FORMAT.md, section 15, rules `frozen` and `frozen curve`)."""

from __future__ import annotations

from fractions import Fraction

from .analytic_form import RATIONAL, Atom
from .analytic_setting import Here, is_convex_loss
from .arithmetic.document import Field, one_of
from .arithmetic.effort import spend
from .arithmetic.interval import enclose
from .arithmetic.table import Column, Table, common_denominator, numerators
from .loss import Loss
from .network import forward
from .problem import Point, Problem
from .residuals import residuals
from .rules import checker

_LINEAR = ("paths", "unitwise", "unitwise vectors", "convex cells", "positive products")
"""Rules that use of a loss only that it is convex."""
_MINIMUM = (*_LINEAR, "second order", "low rank")


class Surrogates:
    """Squared losses with r in the convex hull of their derivatives, below the loss near the point, or above it."""

    def __init__(self, here: Here, below: bool, lower: Field, widths: Field, curvatures: Field, parts: Field) -> None:
        self.here, self.below = here, below
        self.parts = parts
        self.corner, self.widths = self._read_simplex(lower, widths)
        self.kept = self._read_curvatures(curvatures)

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

    def check(self) -> list[str]:
        """Check every part; what was found."""
        atoms, lines = self.here.atoms, list[str]()
        vertices: list[Atom | None] = [None, *atoms]
        decays = self.here.setting.decay is not None
        if decays and not self.kept:
            raise self.parts.reject("with weight decay not all samples may be left out")
        fields = self.parts.items(len(vertices) if self.kept else 0)
        allowed = self._rules_with_decay if decays else self._rules
        rules = {"curve": "curve"} if not self.below else dict.fromkeys(allowed)
        curve = fields[0].child("curve").value if fields else None
        for vertex, field in zip(vertices, fields, strict=False):
            rule = one_of(field.required("rule"), tuple(rules))
            if not self.below and field.child("curve").value != curve:
                raise field.child("curve").reject("all parts need the same curve")
            problem, point = self._surrogate(vertex)
            lines += checker(rule)(problem, point, field)
        return lines or ["every sample is at a minimum of its loss"]

    @property
    def _rules_with_decay(self) -> tuple[str, ...]:
        return ("unitwise decay",) if self.here.setting.loss.gap == "classes" else ("unitwise decay", "second order")

    @property
    def _rules(self) -> tuple[str, ...]:
        return _LINEAR if self.here.setting.loss.gap == "classes" else _MINIMUM

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
        loss = Loss("difference", [], [(Fraction(1, 2), 0, 0)])
        weights, y = Column(numerators(q, common), common), Table.of_rows(targets)
        problem = Problem(setting.widths, setting.biases, setting.activation, loss, x, y, weights, setting.decay)
        passed = forward(setting.activation, here.parameters, x)
        fit = residuals(loss, weights, passed.predictions, y)
        return problem, Point(here.parameters, passed, fit, Fraction(*fit.risk()))
