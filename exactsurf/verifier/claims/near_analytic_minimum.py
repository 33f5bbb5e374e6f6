"""The claim `near global minimum of an analytic risk`: a risk, bounded at all parameters (FORMAT.md, sections 22 and 39)."""

from __future__ import annotations

from fractions import Fraction

from ..analytic.conjugate import analytic_bound, known_conjugate
from ..analytic.setting import Setting, prediction_rows, read_setting
from ..arithmetic.document import Field, at
from ..arithmetic.effort import price, spend
from ..arithmetic.rational import Rational, display
from ..arithmetic.region_count import Effort
from ..decay_duals import check_central
from ..decay_tree import check_decay_evidence
from ..dual_bounds import Bound, bounded_duals, check_cover
from ..network import forward, read_parameters
from ..sign_tree import check_bounding_tree
from ..submission import Note, Submission, check_sentence, counted
from ..unit_cells import check_shape, read_unit_cells
from .critical_box import read_bits

_FIELDS = ("format", "claim", "problem", "parameters", "evidence")


def check_near_analytic_minimum(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    format_field, claim, problem_field, parameters, evidence = submission.root.fields(*_FIELDS)
    submission.check_second_format(format_field)
    _, sentence_field, stated, bound_field = claim.fields("kind", "sentence", "risk", "bound")
    with_tree = evidence.has("nodes")
    forms = ["forms"] if problem_field.has("weight_decay") else []
    names = ("bits", "duals", *forms, "nodes") if with_tree else ("bits", "cells", "duals")
    bits_field, *fields = evidence.fields(*names)
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
    if setting.decay is not None:
        check_central(setting, problem_field)
        bounded = check_decay_evidence(setting, setting.decay, bound, problem_field, fields, least, submission.done)
    else:
        bounded = _check_without_decay(setting, bound, (problem_field, fields[0], fields[1]), with_tree, least, submission.done)
    submission.done(f"{bounded}: it is at least {bound_field.text()}")
    return sentence, None


def _check_without_decay(
    setting: Setting, bound_of: Bound, fields: tuple[Field, Field, Field], with_tree: bool, least: Rational, done: Note
) -> str:
    problem_field, first, second = fields
    if not with_tree:
        check_shape(setting, problem_field)
        effort = Effort()
        units = read_unit_cells(setting, problem_field, first, effort, done)
        masks = bounded_duals(setting, bound_of, units, second, least, effort).masks
        check_cover(masks, len(second.items()), setting, second, Effort())
        return f"{counted(len(second.items()), 'dual vector')} bound the risk on all signed cells"
    count = len(check_bounding_tree(setting, bound_of, (problem_field, first, second), least, done).bounds)
    return f"{counted(count, 'dual vector')} bound the risk at all parameters"


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
