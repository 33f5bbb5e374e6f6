"""Claims about one point of a restricted risk, for losses given by an expression (FORMAT.md, section 59)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..analytic.setting import Here, is_convex_loss, read_setting
from ..arithmetic.document import Field, one_of
from ..arithmetic.rational import Rational, display
from ..restricted_cells import RestrictedCells, check_tree
from ..restriction import Restriction, read_restriction_of_layers
from ..rules.curve import check_changes
from ..submission import Note, Submission, check_sentence, counted
from ..surrogates import Surrogates
from .analytic_point import check_direction, check_fit, check_lower_at, evaluated_at
from .critical_box import check_risk, read_bits

PHRASES = {
    "global minimum of a restricted analytic risk": "a global minimum",
    "local minimum of a restricted analytic risk": "a local minimum",
    "spurious local minimum of a restricted analytic risk": "a spurious local minimum",
    "not a local minimum of a restricted analytic risk": "not a local minimum",
}
_RULES: dict[str, tuple[str, ...]] = {
    "global minimum of a restricted analytic risk": ("fit",),
    "local minimum of a restricted analytic risk": ("frozen", "unrestricted"),
    "spurious local minimum of a restricted analytic risk": ("frozen", "unrestricted"),
    "not a local minimum of a restricted analytic risk": ("direction", "frozen curve"),
}
_FIELDS: dict[str, tuple[str, ...]] = {
    "fit": (),
    "frozen": ("lower", "widths", "squares", "parts"),
    "unrestricted": ("lower", "widths", "curvatures", "parts"),
    "direction": ("direction",),
    "frozen curve": ("lower", "widths", "squares", "parts", "curve"),
}
_FORMS = ("squares", "linear", "curvatures")


def check_restricted_analytic_point(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    kind, done = submission.kind, submission.done
    format_field, claim, problem_field, evidence = submission.root.fields("format", "claim", "problem", "evidence")
    submission.check_second_format(format_field)
    _, sentence_field, risk_field, values = claim.fields("kind", "sentence", "risk", "values")
    setting = read_setting(problem_field, submission, may_decay=True, beside=("restriction",))
    described = problem_field.child("restriction")
    restriction = read_restriction_of_layers(described, setting.widths, setting.biases, setting.x)
    samples, free = counted(setting.samples, "sample"), counted(restriction.free, "free parameter")
    done(f"problem: {samples}, {setting.architecture} network, a loss given by an expression")
    done(f"restriction: {free} of {len(restriction.origin)}")
    sentence = check_sentence(
        sentence_field,
        f"The given values of the {free} are {PHRASES[kind]} of the restricted {setting.risk_name} of the "
        f"{setting.architecture} network on {samples}.",
    )
    rule = one_of(evidence.required("rule"), _RULES[kind])
    form = next((name for name in _FORMS if evidence.has(name)), "curvatures") if rule == "unrestricted" else "squares"
    own = [form if name == "curvatures" else name for name in _FIELDS[rule]]
    lowers = ["lower_point"] if kind.startswith(("spurious", "not")) else []
    relates = ["relations"] if evidence.has("relations") and rule != "direction" else []
    rule_field, bits_field, *fields = evidence.fields("rule", "bits", *own, *lowers, *relates)
    relations = fields.pop() if relates else None
    lower = fields.pop() if lowers else None
    if setting.decay is not None and rule == "fit":
        raise rule_field.reject("this rule is for risks without weight decay")
    bits = read_bits(bits_field)
    parameters = restriction.parameters(values.vector(restriction.free))
    here, found = evaluated_at(setting, parameters, values.place, bits, relations)
    low, high = check_risk(risk_field, found)
    done(f"the risk is from {display(low.numerator, low.denominator)} to {display(high.numerator, high.denominator)}")
    _Evidence(here, restriction, rule, rule_field, form, done).check(fields)
    if lower is not None:
        _check_lower(here, restriction, lower, low)
        done("the lower point has a risk below that of the point")
    return sentence, None


@dataclass(frozen=True)
class _Evidence:
    here: Here
    restriction: Restriction
    rule: str
    rule_field: Field
    form: str
    done: Note

    def check(self, fields: list[Field]) -> None:
        """The fields of the rule."""
        here, restriction = self.here, self.restriction
        if self.rule == "fit":
            check_fit(here, self.rule_field)
            self.done("for every input the derivatives of its samples add up to 0, and the loss is convex")
        elif self.rule == "direction":
            direction = restriction.moved(fields[0].vector(restriction.free))
            check_direction(here, direction, fields[0])
            self.done("the derivative of the risk along the direction is negative")
        else:
            lower, widths, second, parts, *curve = fields
            corners = Surrogates(here, self.rule != "frozen curve", lower, widths, second, parts, self.form)
            checks: dict[str, Callable[[], list[str]]] = {
                "unrestricted": corners.check,
                "frozen": lambda: self._trees(corners),
                "frozen curve": lambda: self._curves(corners, *curve),
            }
            for line in checks[self.rule]():
                self.done(line)

    def _trees(self, corners: Surrogates) -> list[str]:
        """A tree for each corner."""
        convex = is_convex_loss(self.here.setting.loss)
        lines = list[str]()
        for field, problem, point in corners.corners():
            (nodes,) = field.fields("nodes")
            local = RestrictedCells(problem, point, squares=corners.squares, restriction=self.restriction, is_convex=convex)
            lines += check_tree(local, nodes)
        return lines

    def _curves(self, corners: Surrogates, curve: Field) -> list[str]:
        """One curve along which the sums of all corners fall."""
        if not curve.items():
            raise curve.reject("expected at least one coefficient of the curve")
        steps = [self.restriction.moved(entry.vector(self.restriction.free)) for entry in curve.items()]
        lines = list[str]()
        for field, problem, point in corners.corners():
            order, coefficient = field.fields("order", "coefficient")
            lines += check_changes(problem, [point.parameters, *steps], curve, order, coefficient, corners.squares)
        return lines


def _check_lower(here: Here, restriction: Restriction, field: Field, bound: Rational) -> None:
    values, stated = field.fields("values", "risk")
    parameters = restriction.parameters(values.vector(restriction.free))
    check_lower_at(here.setting, parameters, values, stated, bound, here.bits)
