"""A risk whose levels are enclosed: with weight decay, or with a loss given by an expression (FORMAT.md, section 30)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .analytic.conjugate import analytic_bound, known_conjugate
from .analytic.setting import Setting, prediction_rows, read_setting
from .arithmetic.document import Field, at
from .arithmetic.effort import price, spend
from .arithmetic.rational import Rational
from .arithmetic.region_count import Effort
from .cut import Cut
from .decay_duals import DecayDuals, check_central
from .dual_bounds import Bound, bound_by_pieces, bounded_duals
from .network import Parameters, Pass, forward, read_parameters
from .problem import Problem, evaluated
from .submission import Submission, counted
from .unit_cells import cells_beside, check_shape, read_all_cells, read_unit_cells


@dataclass(frozen=True)
class NearPoint:
    """Parameters, their forward pass, and a number not below their risk."""

    parameters: Parameters
    forward: Pass
    risk: Fraction


@dataclass(frozen=True)
class Cover:
    """The pieces of all cells of a unit, the bounds of dual vectors, and those (as bits) that hold on signed unit cells."""

    pieces: Sequence[Sequence[int]]
    bounds: Sequence[Rational]
    masks: Sequence[int]


@dataclass(frozen=True)
class EnclosedRisk:
    """The risk of a problem, what bounds it from below by a dual vector, and how it is called.

    `bits`, with which a loss given by an expression is enclosed; 0 for a loss by pieces.
    """

    setting: Problem | Setting
    field: Field
    bits: int
    name: str
    bound: Bound

    def point(self, field: Field) -> NearPoint:
        """Parameters, with a number that their risk does not exceed."""
        return near_point(self.setting, self.bits, field)

    def cover(self, submission: Submission, evidence: Field, least: Rational, effort: Effort) -> Cover:
        """The fields `cells` and `duals`: all cells of a unit, and where dual vectors hold, none with a bound below `least`."""
        setting, cells_field, duals_field = self.setting, evidence.child("cells"), evidence.child("duals")
        if setting.decay is None:
            units = read_unit_cells(setting, self.field, cells_field, effort, submission.done)
            forms = bounded_duals(setting, self.bound, units, duals_field, least, effort)
            return Cover(units.pieces, forms.bounds, forms.masks)
        cells = read_all_cells(setting, cells_field, submission.done)
        found = DecayDuals(setting, setting.decay, self.bound, self.field, cells, least).read(duals_field)
        return Cover(cells, found.bounds, found.masks)

    def cut(self, submission: Submission, evidence: Field, least: Rational, height: Rational) -> Cut:
        """The fields `cells` and `duals`: no dual vector bounds the risk by less than `least`; the cut at `height`."""
        return self.bounded_cut(submission, evidence, least, height)[0]

    def bounded_cut(
        self, submission: Submission, evidence: Field, least: Rational, height: Rational
    ) -> tuple[Cut, Sequence[Rational]]:
        """The cut as in `cut`, and the bounds of its dual vectors."""
        setting, cells_field, duals_field = self.setting, evidence.child("cells"), evidence.child("duals")
        effort = Effort()
        if setting.decay is None:
            units = read_unit_cells(setting, self.field, cells_field, effort, submission.done)
            forms = bounded_duals(setting, self.bound, units, duals_field, least, effort)
            high = forms.of_at_least(height)
            found = Cut.of_forms(units, forms, high, effort)
            bounds: Sequence[Rational] = forms.bounds
        else:
            cells = read_all_cells(setting, cells_field, submission.done)
            reader = DecayDuals(setting, setting.decay, self.bound, self.field, cells, least)
            duals = reader.read(duals_field, with_facets=True)
            high = sum(1 << k for k, bound in enumerate(duals.bounds) if bound >= height)
            with at(cells_field.place):
                beside = cells_beside(setting, cells)
            found = Cut(cells, beside, duals.masks, len(duals.bounds), high, duals.facet, effort, {})
            bounds = duals.bounds
        submission.done(f"{counted(found.count, 'dual vector')}, {high.bit_count()} of them at the barrier")
        return found, bounds


def read_enclosed_risk(submission: Submission, field: Field, bits: int) -> EnclosedRisk:
    """The field `problem`; `bits`, with which a loss given by an expression is enclosed, 0 for a loss by pieces."""
    if not bits:
        problem = submission.problem(field, may_decay=True)
        if problem.decay is None:
            raise field.reject("this claim needs weight decay, or a loss of section 22 and bits")
        check_central(problem, field)
        return EnclosedRisk(problem, field, 0, problem.decay.phrase, bound_by_pieces(problem))
    setting = read_setting(field, submission, may_decay=True)
    conjugate = known_conjugate(setting.loss, field.child("loss"))
    samples = counted(setting.samples, "sample")
    submission.done(f"problem: {samples}, {setting.architecture} network, a loss given by an expression")
    if setting.decay is None:
        check_shape(setting, field)
    else:
        check_central(setting, field)
    return EnclosedRisk(setting, field, bits, setting.risk_name, analytic_bound(setting, conjugate, bits))


def near_point(setting: Problem | Setting, bits: int, field: Field) -> NearPoint:
    """Parameters, with a number that their risk does not exceed; `bits`, with which a loss by an expression is enclosed."""
    parameters = read_parameters(field, setting.widths, setting.biases)
    with at(field.place):
        if isinstance(setting, Setting):
            passed = forward(setting.activation, parameters, setting.x)
            spend(setting.samples * setting.loss.parts * 40 * price(bits))
            risk = Fraction(setting.risk(prediction_rows(passed), bits).high, 1 << bits)
        else:
            passed, fit = evaluated(setting, parameters)
            risk = Fraction(*fit.risk())
        if setting.decay is not None:
            risk += Fraction(setting.decay.product(parameters, parameters), 2)
    return NearPoint(parameters, passed, risk)
