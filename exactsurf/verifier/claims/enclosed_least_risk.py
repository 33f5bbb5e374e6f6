"""The claim `enclosed least risk`: bounds of the risk at all parameters, of any network (FORMAT.md, section 41)."""

from __future__ import annotations

from fractions import Fraction

from ..analytic.conjugate import Conjugate, known_conjugate, times_log
from ..analytic.setting import Setting, read_setting
from ..arithmetic.document import Field, at
from ..arithmetic.effort import price, spend
from ..arithmetic.interval import Interval, enclose
from ..arithmetic.rational import Rational, display
from ..dual_bounds import MAX_DUALS
from ..enclosed_risk import near_point
from ..price_trees import PriceTrees
from ..problem import Problem
from ..region_tree import check_layers, conjugates, walk_regions
from ..submission import Submission, check_sentence, counted, samples_text
from .critical_box import read_bits


def check_enclosed_least_risk(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    names = ("format", "claim", "problem", "parameters", "evidence")
    format_field, claim, problem_field, parameters, evidence = submission.root.fields(*names)
    submission.check_second_format(format_field)
    _, sentence_field, stated, bound_field = claim.fields("kind", "sentence", "risk", "bound")
    optional = [name for name in ("bits", "prices") if evidence.has(name)]
    duals_field, tree, *others = evidence.fields("duals", "tree", *optional)
    given = dict(zip(optional, others, strict=True))
    bits = read_bits(given["bits"]) if "bits" in given else 0
    setting = _read(submission, problem_field, bits)
    decay = setting.decay
    name = "risk" if decay is None else decay.phrase
    risk, bound = stated.number(), bound_field.number()
    sentence = check_sentence(
        sentence_field,
        f"The given parameters have a risk of at most {stated.text()}, and no parameters have a lower {name} than "
        f"{bound_field.text()}, for the {setting.architecture} network on {samples_text(setting)}.",
    )
    check_layers(setting, problem_field)
    if near_point(setting, bits, parameters).risk > risk:
        raise stated.reject("the risk of the parameters may be larger")
    submission.done(f"the risk of the parameters is at most {display(risk.numerator, risk.denominator)}")
    prices = None
    if "prices" in given:
        if decay is None:
            raise given["prices"].reject("prices need weight decay")
        prices = PriceTrees(setting, decay, problem_field, given["prices"])
    duals = _read_duals(setting, problem_field, duals_field, bits, bound)
    walk_regions(setting, tree, duals, prices, submission.done)
    if prices is not None:
        prices.check_named()
    submission.done(f"{counted(len(duals), 'dual vector')} bound the risk by {bound_field.text()} at all parameters")
    return sentence, None


def _read(submission: Submission, field: Field, bits: int) -> Problem | Setting:
    """The field `problem`: with a loss given by an expression if there are bits, else by pieces with weight decay."""
    if bits:
        setting = read_setting(field, submission, may_decay=True)
        submission.done(
            f"problem: {counted(setting.samples, 'sample')}, {setting.architecture} network, a loss given by an expression"
        )
        return setting
    problem = submission.problem(field, may_decay=True)
    if problem.decay is None:
        raise field.reject("this claim needs weight decay, or a loss given by an expression and bits")
    return problem


def _read_duals(
    setting: Problem | Setting, problem_field: Field, field: Field, bits: int, least: Rational
) -> list[list[list[Rational]]]:
    """The field `duals`: matrices of a row for each sample, each with a bound of at least `least`; their columns."""
    entries = field.items()
    if len(entries) > MAX_DUALS:
        raise field.refuse(f"more than {MAX_DUALS} dual vectors are beyond the limits of this verifier")
    conjugate = None
    if isinstance(setting, Setting) and setting.loss.gap != "classes":
        conjugate = known_conjugate(setting.loss, problem_field.child("loss"))
    found = []
    for entry in entries:
        rows = entry.matrix(setting.samples, setting.widths[-1])
        columns = [list(column) for column in zip(*rows, strict=True)]
        if isinstance(setting, Setting):
            bound = -_enclosed(setting, conjugate, entry, rows, bits)
        else:
            bound = -Fraction(conjugates(setting, entry, rows, columns))
        bound -= _of_biases(setting, entry, columns)
        if bound < least:
            shown, needed = (display(value.numerator, value.denominator) for value in (bound, least))
            raise entry.reject(f"its bound is {shown}, less than {needed}")
        found.append(columns)
    return found


def _of_biases(setting: Problem | Setting, entry: Field, columns: list[list[Rational]]) -> Fraction:
    """What the biases of the outputs may lower the sum by."""
    total, decay = Fraction(0), setting.decay
    if not setting.biases[-1]:
        return total
    for k, column in enumerate(columns):
        with at(entry.place):
            spend(len(column) * 4)
            own = sum(map(Fraction, column), Fraction(0))
        if own and (decay is None or not decay.biases):
            raise entry.reject(f"the sum of column {k} is not 0, and the outputs have a bias that is not penalised")
        if own and decay is not None:
            total += Fraction(own * own, 2 * decay.factor)
    return total


def _enclosed(setting: Setting, conjugate: Conjugate | None, entry: Field, rows: list[list[Rational]], bits: int) -> Fraction:
    """A number not below Σ ψ*(r) over the terms of a loss given by an expression."""
    total, linear, loss = Interval(0, 0, bits), Fraction(0), setting.loss
    for i, (row, targets) in enumerate(zip(rows, setting.targets, strict=True)):
        factor = setting.factor(i)
        spend(len(row) * price(bits))
        if conjugate is None and sum(map(Fraction, row), Fraction(0)) != 0:
            raise entry.items()[i].reject("the sum of this row is not 0, and the loss is one of classes")
        for k, (r, y) in enumerate(zip(row, targets, strict=True)):
            share = Fraction(r, factor)
            if conjugate is None:
                value = times_log(y + share, bits) if y + share >= 0 else None
            else:
                value = conjugate(y * share if loss.gap == "margin" else share, y, bits)
            if value is None:
                raise entry.items()[i].items()[k].reject("no derivative of the loss has this value")
            total = total + enclose(factor, bits) * value
            if loss.gap == "difference":
                linear += Fraction(r) * y
    return Fraction(total.high, 1 << bits) + linear
