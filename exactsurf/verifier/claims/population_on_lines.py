"""Claims about a population risk of units on lines (FORMAT.md, section 47)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..arithmetic.document import Field, at
from ..arithmetic.effort import spend
from ..arithmetic.interval import Interval, half_turn
from ..arithmetic.interval_matrix import bad_pivot
from ..arithmetic.rational import Rational, display
from ..lines_on_normal_inputs import Rays, Setting, read_setting
from ..submission import Submission, check_sentence
from .critical_box import check_risk, read_bits

SPURIOUS = "spurious local minimum of a population risk on lines"
GLOBAL = "global minimum of a population risk on lines"


@dataclass(frozen=True)
class _Pattern:
    """The rays that are used, and those that are not and belong to open lines; where its critical point may be."""

    used: list[int]
    unused_open: list[int]
    sums: list[Rational]
    radius: Rational


def check_population_on_lines(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    kind, done = submission.kind, submission.done
    format_field, claim, problem_field, parameters_field, evidence = submission.root.fields(
        "format", "claim", "problem", "parameters", "evidence"
    )
    submission.check_second_format(format_field)
    more = {SPURIOUS: "lower", GLOBAL: "bounds"}.get(kind)
    _, sentence_field, looking_field, *claimed = claim.fields(
        "kind", "sentence", "looking", *(("radius", "risk") if more else ())
    )
    bits_field, curvature_field, *others = evidence.fields("bits", "curvature", *((more,) if more else ("radius", "ray")))
    setting = read_setting(problem_field)
    done(f"problem: {setting.name}")
    sentence = check_sentence(sentence_field, _sentence(kind, setting))
    bits, curvature = read_bits(bits_field), curvature_field.positive()
    used, unused_open = _read_looking(looking_field, setting)
    (lengths_field,) = parameters_field.fields("lengths")
    sums = _read_sums(lengths_field, setting)
    pattern = _Pattern(used, unused_open, sums, (claimed[0] if more else others[0]).positive())
    for r, value in enumerate(sums):
        if value and r not in used:
            raise lengths_field.reject(f"the sum of ray {r} is not 0, and no unit looks that way")
    with at(problem_field.place):
        rays = Rays(setting, bits)
    slopes = rays.gradient(sums)
    _check_critical(rays, pattern, slopes, curvature, curvature_field)
    done(f"the pattern has one vector of sums at which no used ray has a slope, within {_text(pattern.radius)} of the given one")
    if not more:
        _check_no_minimum(rays, pattern, slopes, others[1])
        done("at these sums the risk falls along a ray, or the sum of a ray is not positive")
        return sentence, None
    for r in used:
        if sums[r] <= pattern.radius:
            raise lengths_field.reject(f"the sum of ray {r} may not be positive")
    fits = kind == GLOBAL and rays.fits_exactly(sums)
    if not fits:
        for r in unused_open:
            if not _rises(rays, pattern, slopes, r):
                raise lengths_field.reject(f"the slope along ray {r} may be negative")
    done("no unit of length 0 lowers the risk")
    low, high = check_risk(claimed[1], _risk(rays, pattern, fits))
    done(f"the risk is from {_text(low)} to {_text(high)}")
    if kind == SPURIOUS:
        _check_lower(rays, setting, others[0], low)
        done("other lengths have a lower risk")
    else:
        bounds = [_read_sums(field, setting) for field in others[0].items()]
        if not fits:
            _check_bounds(rays, pattern, slopes, bounds, high, others[0])
        done("no lengths have a lower risk")
    return sentence, None


def _sentence(kind: str, setting: Setting) -> str:
    if kind not in (SPURIOUS, GLOBAL):
        return f"The pattern has no local minimum of {setting.name}."
    what = "spurious local minima" if kind == SPURIOUS else "global minima"
    return (
        "The points of the pattern whose sums of lengths are those of one vector within the radius of the given one are "
        f"{what} of {setting.name}, and the pattern has no other local minimum."
    )


def _read_looking(field: Field, setting: Setting) -> tuple[list[int], list[int]]:
    used: list[int] = []
    unused_open: list[int] = []
    for line, pair in enumerate(field.items(len(setting.lines))):
        plus, minus = (entry.size() for entry in pair.items(2))
        if plus + minus > setting.units[line]:
            raise pair.reject(f"the line has {setting.units[line]} units")
        for side, count in enumerate((plus, minus)):
            if count:
                used.append(2 * line + side)
            elif plus + minus < setting.units[line]:
                unused_open.append(2 * line + side)
    return used, unused_open


def _read_sums(field: Field, setting: Setting) -> list[Rational]:
    return [value for row in field.matrix(len(setting.lines), 2) for value in row]


def _check_critical(
    rays: Rays, pattern: _Pattern, slopes: Sequence[Interval], curvature: Rational, curvature_field: Field
) -> None:
    """The kernel matrix less curvature · I is positive definite, and the slopes at the centre are at most curvature · radius.

    All values are 2π times as large as those of the risk.
    """
    turn = half_turn(rays.bits).times(2)
    if pattern.used:
        steep = rays.enclosed(curvature) * turn
        rows = [[rays.kernel[r][s] - steep if r == s else rays.kernel[r][s] for s in pattern.used] for r in pattern.used]
        if bad_pivot(rows) is not None:
            raise curvature_field.reject("the kernel matrix may have a smaller eigenvalue, as far as these bits tell")
    squares = sum(slopes[r].magnitude() ** 2 for r in pattern.used)
    reach = Fraction(curvature) * Fraction(pattern.radius) * Fraction(turn.low)
    if squares > reach**2:
        raise curvature_field.reject("the slopes at the centre may be larger than curvature times radius")


def _wide(rays: Rays, pattern: _Pattern, r: int) -> Interval:
    """The radius times the sum of the kernel of a ray with all used ones: how far its slope changes within the radius."""
    total = sum((rays.kernel[r][s] for s in pattern.used), rays.zero)
    return rays.enclosed(pattern.radius) * total


def _rises(rays: Rays, pattern: _Pattern, slopes: Sequence[Interval], r: int) -> bool:
    return (slopes[r] - _wide(rays, pattern, r)).low >= 0


def _check_no_minimum(rays: Rays, pattern: _Pattern, slopes: Sequence[Interval], field: Field) -> None:
    r = field.index(len(slopes))
    if r in pattern.used:
        if pattern.sums[r] + pattern.radius > 0:
            raise field.reject("the sum of this ray may be positive")
    elif r not in pattern.unused_open:
        raise field.reject("no unit of the pattern can take this ray")
    elif (slopes[r] + _wide(rays, pattern, r)).high >= 0:
        raise field.reject("the slope along this ray may not be negative")


def _risk(rays: Rays, pattern: _Pattern, fits: bool) -> Interval:
    """Bounds of the risk at the critical point: F(m) less what curvature can make of the radius, and F(m)."""
    if fits:
        return rays.zero
    turn = half_turn(rays.bits).times(2)
    here = rays.risk(pattern.sums)
    trace = sum((rays.kernel[s][s] for s in pattern.used), rays.zero)
    below = (here - rays.enclosed(Fraction(pattern.radius) ** 2 * Fraction(1, 2)) * trace).divided_by(turn)
    return Interval(below.low, here.divided_by(turn).high, rays.bits)


def _check_lower(rays: Rays, setting: Setting, field: Field, low: Rational) -> None:
    sums = _read_sums(field, setting)
    for line, units in enumerate(setting.units):
        pair = sums[2 * line : 2 * line + 2]
        if min(pair) < 0:
            raise field.reject(f"a sum of line {line} is negative")
        if units == 1 and min(pair) > 0:
            raise field.reject(f"line {line} has one unit, which looks one way")
    turn = half_turn(rays.bits).times(2)
    if rays.risk(sums).divided_by(turn).high >= low * (1 << rays.bits):
        raise field.reject("the risk may not be below that of the pattern, as far as these bits tell")


def _check_bounds(
    rays: Rays, pattern: _Pattern, slopes: Sequence[Interval], bounds: list[list[Rational]], high: Rational, field: Field
) -> None:
    """Every choice of rays is held by the point, or by one residual whose bound is at least the risk."""
    every = range(len(slopes))
    turn = half_turn(rays.bits).times(2)
    held = [{r for r in every if r in pattern.used or _rises(rays, pattern, slopes, r)}]
    for sums in bounds:
        if rays.bound(sums).divided_by(turn).low >= high * (1 << rays.bits):
            gradient = rays.gradient(sums)
            held.append({r for r in every if gradient[r].low >= 0})
    for turned in rays.mirrors():
        spend(len(held) * len(slopes))
        held.extend([{r ^ 1 if r in turned else r for r in found} for found in held])
    if _some_choice_is_open(held, rays.units, 0):
        raise field.reject("some choice of rays may have a lower risk, as far as these bits tell")


def _some_choice_is_open(held: list[set[int]], units: Sequence[int], line: int) -> bool:
    """Whether rays of the lines from `line` on can be chosen so that no set holds them all."""
    spend(1 + len(held))
    if not held:
        return True
    if line == len(units):
        return False
    plus, minus = 2 * line, 2 * line + 1
    sides = [{plus, minus}] if units[line] > 1 else [{plus}, {minus}]
    return any(_some_choice_is_open([rays for rays in held if side <= rays], units, line + 1) for side in sides)


def _text(value: Rational) -> str:
    return display(value.numerator, value.denominator)
