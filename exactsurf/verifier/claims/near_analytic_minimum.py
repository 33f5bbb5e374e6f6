"""The claim `near global minimum of an analytic risk`: a risk, bounded at all parameters (FORMAT.md, section 22)."""

from __future__ import annotations

from fractions import Fraction

from ..analytic_conjugate import analytic_bound, known_conjugate
from ..analytic_setting import Setting, prediction_rows, read_setting
from ..arithmetic.document import Field, at
from ..arithmetic.effort import price, spend
from ..arithmetic.rational import Rational, display
from ..arithmetic.region_count import Effort
from ..decay_duals import DecayDuals, check_central
from ..dual_bounds import bounded_duals, check_cover
from ..network import forward, read_parameters
from ..submission import Submission, check_sentence, counted
from ..unit_cells import check_shape, read_all_cells, read_unit_cells
from .critical_box import read_bits


def check_near_analytic_minimum(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    names = ("format", "claim", "problem", "parameters", "evidence")
    format_field, claim, problem_field, parameters, evidence = submission.root.fields(*names)
    submission.check_second_format(format_field)
    _, sentence_field, stated, bound_field = claim.fields("kind", "sentence", "risk", "bound")
    bits_field, cells_field, duals_field = evidence.fields("bits", "cells", "duals")
    setting = read_setting(problem_field, submission, may_decay=True)
    conjugate = known_conjugate(setting.loss, problem_field.child("loss"))
    samples = counted(setting.samples, "sample")
    submission.done(f"problem: {samples}, {setting.architecture} network, a loss given by an expression")
    bits, least = read_bits(bits_field), bound_field.number()
    risk = stated.number()
    sentence = check_sentence(
        sentence_field,
        f"The given parameters have a risk of at most {stated.text()}, and no parameters have a lower {setting.risk_name} than "
        f"{bound_field.text()}, for the {setting.architecture} network on {samples}.",
    )
    check_risk_above(setting, parameters, stated, risk, bits)
    submission.done(f"the risk of the parameters is at most {display(risk.numerator, risk.denominator)}")
    bound = analytic_bound(setting, conjugate, bits)
    if setting.decay is None:
        check_shape(setting, problem_field)
        effort = Effort()
        units = read_unit_cells(setting, problem_field, cells_field, effort, submission.done)
        masks = bounded_duals(setting, bound, units, duals_field, least, effort).masks
    else:
        check_central(setting, problem_field)
        cells = read_all_cells(setting, cells_field, submission.done)
        masks = DecayDuals(setting, setting.decay, bound, problem_field, cells, least).read(duals_field).masks
    check_cover(masks, len(duals_field.items()), setting, duals_field, Effort())
    submission.done(
        f"{counted(len(duals_field.items()), 'dual vector')} bound the risk by {bound_field.text()} on all signed cells"
    )
    return sentence, None


def check_risk_above(setting: Setting, field: Field, stated: Field, risk: Rational, bits: int) -> None:
    """Parameters, and a stated number above an enclosure of their risk, weight decay included."""
    parameters = read_parameters(field, setting.widths, setting.biases)
    with at(field.place):
        passed = forward(setting.activation, parameters, setting.x)
        spend(setting.samples * setting.loss.parts * 40 * price(bits))
        found = setting.risk(prediction_rows(passed), bits)
        penalty = Fraction(0) if setting.decay is None else Fraction(setting.decay.product(parameters, parameters), 2)
    if Fraction(found.high, 1 << bits) + penalty > risk:
        raise stated.reject("the risk of the parameters may be larger, as far as these bits tell")
