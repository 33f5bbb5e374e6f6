"""The claim `spurious local minimum of a population risk in a box`: units on normal inputs (FORMAT.md, section 26)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..arithmetic.document import Field, at, one_of
from ..arithmetic.interval import enclose, half_turn
from ..arithmetic.interval_matrix import eigenvalues_exceed
from ..arithmetic.rational import Rational, display
from ..gaussian_units import Units
from ..submission import Submission, check_sentence, counted
from .critical_box import check_risk, read_bits

Rows = list[list[Rational]]


@dataclass(frozen=True)
class _Setting:
    units: int
    teachers: Rows

    @property
    def sentence(self) -> str:
        return (
            "The box of weights holds exactly one critical point of the population risk of "
            f"{counted(self.units, 'ReLU unit')} against {len(self.teachers)} on standard normal inputs of "
            f"{counted(len(self.teachers[0]), 'dimension')}, and this is a strict local minimum, and a spurious one"
        )


def check_population_minimum(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    done = submission.done
    format_field, claim, problem_field, parameters_field, evidence = submission.root.fields(
        "format", "claim", "problem", "parameters", "evidence"
    )
    submission.check_second_format(format_field)
    _, sentence_field, radius_field, larger_field, risk_field = claim.fields("kind", "sentence", "radius", "larger", "risk")
    bits_field, curvature_field = evidence.fields("bits", "curvature")
    setting = _read_setting(problem_field)
    done(f"problem: {setting.units} ReLU units against {len(setting.teachers)}, standard normal inputs")
    larger = larger_field.boolean()
    sentence = check_sentence(sentence_field, f"{setting.sentence}{', also in every larger dimension' if larger else ''}.")
    (weights_field,) = parameters_field.fields("W1")
    centre = weights_field.matrix(setting.units, len(setting.teachers[0]))
    radius, bits, curvature = radius_field.positive(), read_bits(bits_field), curvature_field.positive()
    goals = [[enclose(value, bits) for value in row] for row in setting.teachers]
    with at(weights_field.place):
        here = Units([[enclose(value, bits) for value in row] for row in centre], goals).gradient()
        around = Units([[enclose(value, bits, radius) for value in row] for row in centre], goals)
        hessian, further, value = around.hessian(), around.further(), around.value()
    turn = half_turn(bits).times(2)
    # All values are 2π times as large as those of the risk.
    steep = Fraction(curvature) * Fraction(turn.high, 1 << bits)
    if not eigenvalues_exceed(hessian, steep):
        raise curvature_field.reject("the Hessian may have a smaller eigenvalue on the box, as far as these bits tell")
    done(f"every eigenvalue of the Hessian is at least {_text(curvature)} on the whole box ({len(hessian)} coordinates)")
    squares = sum(entry.magnitude() ** 2 for row in here for entry in row)
    reach = Fraction(curvature) * Fraction(radius) * Fraction(turn.low)
    if squares >= reach**2:
        raise curvature_field.reject("the gradient at the centre may be as large as curvature times radius")
    done("the gradient at the centre is too small for the minimum to lie on the boundary of the ball")
    if larger:
        if not eigenvalues_exceed(further, 0):
            raise larger_field.reject("the Hessian may not be positive definite in a further dimension")
        done("the Hessian is positive definite in every further dimension")
    low, high = check_risk(risk_field, value.divided_by(turn))
    if low <= 0:
        raise risk_field.reject("the risk is not above 0, which is the least one of all")
    done(f"the risk on the box is from {_text(low)} to {_text(high)}, and the least risk of all is 0")
    return sentence, None


def _read_setting(field: Field) -> _Setting:
    inputs, units_field, teachers_field = field.fields("inputs", "units", "teachers")
    one_of(inputs, ("standard normal",))
    rows = teachers_field.items()
    if not rows:
        raise teachers_field.reject("expected at least one row")
    teachers: Rows = []
    for row in rows:
        teachers.append(row.vector(len(teachers[0]) if teachers else None))
        if not any(teachers[-1]):
            raise row.reject("a row of a teacher is 0")
    units = units_field.size(len(teachers))
    return _Setting(units, teachers)


def _text(value: Rational) -> str:
    return display(value.numerator, value.denominator)
