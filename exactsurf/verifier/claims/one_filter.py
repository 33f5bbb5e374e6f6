"""Claims about one ReLU filter on patches, opposite to that of its teacher (FORMAT.md, section 26.1)."""

from __future__ import annotations

from fractions import Fraction

from ..arithmetic.document import Field, at, one_of
from ..arithmetic.effort import price, spend
from ..arithmetic.interval import Interval, enclose, half_turn
from ..arithmetic.rational import Rational, display
from ..arithmetic.table import common_denominator, numerators
from ..submission import Submission, check_sentence
from .critical_box import check_risk, read_bits

SPURIOUS = "spurious local minimum of the risk of one filter"


def check_one_filter(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    spurious, done = submission.kind == SPURIOUS, submission.done
    format_field, claim, problem_field, evidence = submission.root.fields("format", "claim", "problem", "evidence")
    submission.check_second_format(format_field)
    _, sentence_field, *risk_fields = claim.fields("kind", "sentence", *(["risk"] if spurious else []))
    (bits_field,) = evidence.fields("bits")
    inputs, teacher_field = problem_field.fields("inputs", "output_weights")
    one_of(inputs, ("standard normal",))
    teacher = teacher_field.vector()
    if not any(teacher):
        raise teacher_field.reject("the output weights of the teacher are all 0")
    done(f"problem: one ReLU filter on {_patches(teacher)}, standard normal inputs")
    sentence = check_sentence(sentence_field, _sentence(teacher, spurious))
    bits = read_bits(bits_field)
    with at(teacher_field.place):
        common = common_denominator(teacher, len(teacher))
        goal = numerators(teacher, common)
    longest = max(map(int.bit_length, goal))
    spend(len(teacher) * (10 * price(bits) + price(longest)))
    negative = _is_negative(goal, bits, bits_field)
    product = f"{'a' if negative else 'no'} negative product"
    if negative is not spurious:
        raise teacher_field.reject(f"the best output weights have {product} with these")
    done(f"the best output weights have {product} with those of the teacher")
    if spurious:
        with at(teacher_field.place):
            found = _risk(teacher, Fraction(sum(goal), common), bits)
        low, high = check_risk(risk_fields[0], found)
        done(f"the risk is from {_text(low)} to {_text(high)}, and the least risk of all is 0")
        if low <= 0:
            raise risk_fields[0].reject("the risk is not above 0, which is the least one of all")
    return sentence, None


def _patches(teacher: list[Rational]) -> str:
    return "1 patch" if len(teacher) == 1 else f"{len(teacher)} patches"


def _sentence(teacher: list[Rational], spurious: bool) -> str:
    what = "a spurious" if spurious else "no"
    return (
        f"With the filter opposite to that of the teacher the best output weights of one ReLU filter on {_patches(teacher)} of "
        f"standard "
        f"normal inputs, two or more a patch, are {what} local minimum of the population risk."
    )


def _is_negative(goal: list[int], bits: int, field: Field) -> bool:
    """Whether π (s² − q) − (k − 1) q is negative, with the sum s and the sum of squares q of multiples of the output weights."""
    total, squares = sum(goal), sum(value * value for value in goal)
    factor, rest = total**2 - squares, (len(goal) - 1) * squares
    if not factor:
        return rest > 0
    pi = half_turn(bits)
    ends = [factor * Fraction(end, 1 << bits) - rest for end in (pi.low, pi.high)]
    if min(ends) <= 0 <= max(ends):
        raise field.reject("these bits do not tell the sign of a linear form in π and 1")
    return min(ends) < 0


def _risk(teacher: list[Rational], summed: Fraction, bits: int) -> Interval:
    """((π − 1)(|a|² + |a*|²) + (s − s*)² + 2 a·a*)/(4π), a_j = (s* − a*_j − m)/(π − 1), m = (k − 1) s*/(k + π − 1)."""
    pi, one = half_turn(bits), Interval(1 << bits, 1 << bits, bits)
    rest = pi - one
    goal = [enclose(value, bits) for value in teacher]
    total = enclose(summed, bits)
    mean = total.times(len(goal) - 1).divided_by(rest + one.times(len(goal)))
    best = [(total - value - mean).divided_by(rest) for value in goal]
    zero = Interval(0, 0, bits)
    squares = sum((value.square() for value in (*best, *goal)), zero)
    product = sum((a * b for a, b in zip(best, goal, strict=True)), zero)
    gap = sum(best, zero) - total
    return (rest * squares + gap.square() + product.times(2)).divided_by(pi.times(4))


def _text(value: Rational) -> str:
    return display(value.numerator, value.denominator)
