"""Claims about a rational point, for losses given by an expression (FORMAT.md, section 15)."""

from __future__ import annotations

from fractions import Fraction

from ..analytic.form import Form, combined
from ..analytic.relations import related
from ..analytic.setting import Here, Setting, is_convex_loss, prediction_rows, read_setting
from ..arithmetic.document import Field, at, one_of
from ..arithmetic.effort import price, spend
from ..arithmetic.interval import Interval, enclose
from ..arithmetic.rational import Rational, display
from ..arithmetic.table import affine
from ..network import Parameters, forward, one_sided, read_parameters
from ..submission import Submission, check_sentence, counted
from ..surrogates import Surrogates
from .critical_box import check_risk, read_bits

PHRASES = {
    "global minimum of an analytic risk": "a global minimum",
    "local minimum of an analytic risk": "a local minimum",
    "spurious local minimum of an analytic risk": "a spurious local minimum",
    "not a local minimum of an analytic risk": "not a local minimum",
}
_RULES = {
    "global minimum of an analytic risk": ("fit",),
    "local minimum of an analytic risk": ("frozen",),
    "spurious local minimum of an analytic risk": ("frozen",),
    "not a local minimum of an analytic risk": ("direction", "dead unit", "frozen curve"),
}
_FIELDS: dict[str, tuple[str, ...]] = {
    "fit": (),
    "frozen": ("lower", "widths", "curvatures", "parts"),
    "direction": ("direction",),
    "dead unit": ("unit", "output", "delta"),
    "frozen curve": ("lower", "widths", "curvatures", "parts"),
}
_FORMS = {"frozen": ("squares", "linear"), "frozen curve": ("squares",)}
"""What may stand in the place of `curvatures` (FORMAT.md, section 37)."""


def check_analytic_point(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    kind, done = submission.kind, submission.done
    names = ("format", "claim", "problem", "parameters", "evidence")
    format_field, claim, problem_field, parameters_field, evidence = submission.root.fields(*names)
    submission.check_second_format(format_field)
    _, sentence_field, risk_field = claim.fields("kind", "sentence", "risk")
    rule = one_of(evidence.required("rule"), _RULES[kind])
    has_lower = kind.startswith(("spurious", "not"))
    relates = ["relations"] if evidence.has("relations") and rule in ("fit", "frozen", "frozen curve") else []
    form = next((name for name in _FORMS[rule] if evidence.has(name)), "curvatures") if rule in _FORMS else ""
    own = [form if name == "curvatures" else name for name in _FIELDS[rule]]
    names_of_evidence = ["rule", "bits", *own, *(["lower_point"] if has_lower else []), *relates]
    rule_field, bits_field, *fields = evidence.fields(*names_of_evidence)
    relations = fields.pop() if relates else None
    setting = read_setting(problem_field, submission, may_decay=True)
    if setting.decay is not None and rule in ("fit", "dead unit"):
        raise rule_field.reject("this rule is for risks without weight decay")
    samples = counted(len(setting.x.rows), "sample")
    done(f"problem: {samples}, {setting.architecture} network, a loss given by an expression")
    sentence = check_sentence(
        sentence_field,
        f"The given parameters are {PHRASES[kind]} of the {setting.risk_name} of the {setting.architecture} network on "
        f"{samples}.",
    )
    parameters = read_parameters(parameters_field, setting.widths, setting.biases)
    bits = read_bits(bits_field)
    here, found = evaluated_at(setting, parameters, parameters_field.place, bits, relations)
    low, high = check_risk(risk_field, found)
    done(f"the risk is from {display(low.numerator, low.denominator)} to {display(high.numerator, high.denominator)}")
    match rule:
        case "fit":
            check_fit(here, rule_field)
            done("for every input the derivatives of its samples add up to 0, and the loss is convex")
        case "direction":
            check_direction(here, read_parameters(fields[0], setting.widths, setting.biases), fields[0])
            done("the derivative of the risk along the direction is negative")
        case "dead unit":
            _check_dead_unit(here, *fields[:3])
            done("a unit that no output reads has a frozen risk that is not constant")
        case _:
            lower, widths, second, parts = fields[:4]
            for line in Surrogates(here, rule == "frozen", lower, widths, second, parts, form).check():
                done(line)
    if has_lower:
        check_lower(setting, fields[-1], low, bits)
        done("the lower point has a risk below that of the point")
    return sentence, None


def evaluated_at(
    setting: Setting, parameters: Parameters, place: str, bits: int, relations: Field | None
) -> tuple[Here, Interval]:
    """The point with these parameters, which stand at a place of the certificate, and its risk."""
    with at(place):
        passed = forward(setting.activation, parameters, setting.x)
        predictions = prediction_rows(passed)
        spend(len(predictions) * setting.loss.parts * 40 * price(bits))
        found = setting.whole_risk(predictions, parameters, bits)
        slopes = [setting.loss.slopes(row, targets) for row, targets in zip(predictions, setting.targets, strict=True)]
        forms = [[combined({}, form, setting.factor(i)) for form in row] for i, row in enumerate(slopes)]
    return Here(setting, parameters, passed, predictions, related(forms, setting.loss, relations), bits), found


def check_fit(here: Here, rule: Field) -> None:
    """The rule `fit`."""
    if not is_convex_loss(here.setting.loss):
        raise rule.reject("the loss is not convex by the rules of section 15")
    sums: dict[tuple[int, ...], list[Form]] = {}
    for row, forms in zip(here.setting.x.rows, here.forms, strict=True):
        total = sums.setdefault(tuple(row), [{} for _ in forms])
        total[:] = [combined(a, b) for a, b in zip(total, forms, strict=True)]
    if any(form for total in sums.values() for form in total):
        raise rule.reject("for some input the derivatives do not add up to 0")


def check_direction(here: Here, direction: Parameters, field: Field) -> None:
    """The rule `direction`, for a direction that stands in a field."""
    setting = here.setting
    with at(field.place):
        moves = one_sided(setting.activation, here.passed, here.parameters, direction)
        slope = here.dot(moves, range(len(moves)))
        if setting.decay is not None:
            slope = slope + enclose(setting.decay.product(here.parameters, direction), here.bits)
    if slope.high >= 0:
        raise field.reject("the derivative along the direction is not negative, as far as these bits tell")


def _check_dead_unit(here: Here, unit_field: Field, output_field: Field, delta_field: Field) -> None:
    setting = here.setting
    if len(setting.widths) != 3:
        raise unit_field.reject("this rule needs one hidden layer")
    unit, output = unit_field.index(setting.widths[1]), output_field.index(setting.widths[2])
    if any(row[unit] for row in here.parameters.weights[1]):
        raise unit_field.reject(f"column {unit} of W2 is not zero")
    delta = delta_field.vector(setting.widths[0] + setting.biases[0])
    with at(delta_field.place):
        weights, bias = (delta[:-1], delta[-1:]) if setting.biases[0] else (delta, None)
        (ahead,) = affine(setting.x, [weights], bias)
        slope = here.dot([setting.activation.one_sided(here.passed.positions[0][unit], ahead)], [output])
    if slope.low <= 0 <= slope.high:
        raise delta_field.reject("the derivative may be 0, as far as these bits tell")


def check_lower(setting: Setting, field: Field, bound: Rational, bits: int) -> None:
    """The field `lower_point`: a stated risk above an enclosure of that of its parameters, and below a bound."""
    parameters_field, risk_field = field.fields("parameters", "risk")
    parameters = read_parameters(parameters_field, setting.widths, setting.biases)
    check_lower_at(setting, parameters, parameters_field, risk_field, bound, bits)


def check_lower_at(
    setting: Setting, parameters: Parameters, parameters_field: Field, risk_field: Field, bound: Rational, bits: int
) -> None:
    """A point of lower risk that is read already."""
    stated = risk_field.number()
    with at(parameters_field.place):
        rows = prediction_rows(forward(setting.activation, parameters, setting.x))
        found = setting.whole_risk(rows, parameters, bits)
    if found.high > stated * (1 << bits):
        raise risk_field.reject("the risk may be larger than stated, as far as these bits tell")
    if Fraction(stated) >= bound:
        raise risk_field.reject("not below the risk of the point")
