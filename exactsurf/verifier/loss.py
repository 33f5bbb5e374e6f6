"""Losses: the risk, its derivative and subdifferential (FORMAT.md, sections 2, 4 and 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .arithmetic.document import Field, one_of
from .arithmetic.rational import Rational
from .arithmetic.table import Column, Table, check_size, common_denominator, common_multiple, numerators, to_denominator

NAMES = ("squared", "absolute", "huber", "hinge")


@dataclass(frozen=True)
class Loss:
    """A loss and its scale; `delta` is 0 except for `huber`."""

    name: str
    scale: Rational
    delta: Rational


@dataclass(frozen=True)
class Residuals:
    """How predictions and targets differ: gaps[k][i]/denominator is f − y.

    For `hinge` with one output it is 1 − y·f with y = signs[i]; with several ones 1 + f_k − f_c for the wrong classes k of a
    sample of class c = right[i], and a negative number for k = c: the loss is the sum of the gaps that are positive.
    """

    loss: Loss
    gaps: list[list[int]]
    signs: Sequence[int]
    denominator: int
    delta: int  # over the same denominator
    right: Sequence[int] = ()


@dataclass(frozen=True)
class Subgradient:
    """The numbers r_ik = values[k][i]·factor, factor > 0."""

    values: list[list[int]]
    factor: Rational


def read_loss(field: Field) -> Loss:
    """The field `loss` of a problem."""
    name = one_of(field.child("name"), NAMES) if field.has("name") else ""
    if name == "huber":
        _, scale, delta = field.fields("name", "scale", "delta")
        return Loss(name, scale.positive(), delta.positive())
    _, scale = field.fields("name", "scale")
    return Loss(name, scale.positive(), 0)


def residuals(loss: Loss, predictions: list[Column], targets: Table) -> Residuals:
    """The differences of predictions and targets as integers over one denominator."""
    count = len(targets.rows) * len(predictions)
    own = [column.denominator for column in predictions]
    common = common_multiple([*own, *targets.denominators, loss.delta.denominator], count)
    longest = max(max(map(int.bit_length, column.numerators)) for column in predictions)
    check_size(max(longest, targets.bits) + common.bit_length(), count)
    gaps: list[list[int]] = []
    if loss.name == "hinge" and len(predictions) > 1:
        right = [row.index(max(row)) for row in targets.rows]
        outputs = [to_denominator(column, common) for column in predictions]
        known = [outputs[c][i] for i, c in enumerate(right)]
        for k, values in enumerate(outputs):
            gaps.append([-1 if c == k else common + p - q for p, q, c in zip(values, known, right, strict=True)])
        return Residuals(loss, gaps, (), common, delta=0, right=right)
    for k, column in enumerate(predictions):
        f, y = to_denominator(column, common), to_denominator(targets.column(k), common)
        if loss.name == "hinge":
            gaps.append([common - p if q > 0 else common + p for p, q in zip(f, y, strict=True)])
        else:
            gaps.append([p - q for p, q in zip(f, y, strict=True)])
    signs = targets.column(0).numerators if loss.name == "hinge" else ()
    (delta,) = numerators([loss.delta], common)
    return Residuals(loss, gaps, signs, common, delta)


def risk(fit: Residuals) -> tuple[int, int]:
    """Numerator and denominator of the risk, not reduced: a greatest common divisor would take longer than the sum."""
    total, power = 0, 1
    for gaps in fit.gaps:
        match fit.loss.name:
            case "squared":
                total, power = total + sum(u * u for u in gaps), 2
            case "huber":
                inner = sum(u * u for u in gaps if abs(u) <= fit.delta)
                outer = sum(fit.delta * (2 * abs(u) - fit.delta) for u in gaps if abs(u) > fit.delta)
                total, power = total + inner + outer, 2
            case "absolute":
                total += sum(map(abs, gaps))
            case _:
                total += sum(u for u in gaps if u > 0)
    halves = 2 if fit.loss.name == "huber" else 1
    scale = fit.loss.scale
    return total * scale.numerator, halves * fit.denominator**power * scale.denominator


def kinks(fit: Residuals) -> list[tuple[int, int]]:
    """The pairs (i, k) at which the loss is not differentiable."""
    if fit.loss.name in ("squared", "huber"):
        return []
    return [(i, k) for k, gaps in enumerate(fit.gaps) for i, u in enumerate(gaps) if u == 0]


def derivative(fit: Residuals) -> Subgradient:
    """The derivative of the loss times its scale at every prediction; kinks contribute 0."""
    scale = fit.loss.scale
    match fit.loss.name:
        case "squared":
            return Subgradient(fit.gaps, scale * Fraction(2, fit.denominator))
        case "huber":
            clipped = [[max(-fit.delta, min(u, fit.delta)) for u in gaps] for gaps in fit.gaps]
            return Subgradient(clipped, scale * Fraction(1, fit.denominator))
        case "absolute":
            return Subgradient([[(u > 0) - (u < 0) for u in gaps] for gaps in fit.gaps], scale)
        case _ if fit.right:
            slopes = [[int(u > 0) for u in gaps] for gaps in fit.gaps]
            for i, c in enumerate(fit.right):
                slopes[c][i] = -sum(column[i] for column in slopes)
            return Subgradient(slopes, scale)
        case _:
            (gaps,) = fit.gaps
            return Subgradient([[-y * (u > 0) for u, y in zip(gaps, fit.signs, strict=True)]], scale)


def read_subgradient(fit: Residuals, evidence: Field) -> Subgradient:
    """The subgradient r (FORMAT.md, section 4): given exactly if some prediction sits at a kink of the loss."""
    smooth = derivative(fit)
    corners = set(kinks(fit))
    field = evidence.child("subgradient")
    if not corners:
        if evidence.has("subgradient"):
            raise field.reject("must not be given, because the loss is differentiable at every prediction")
        return smooth
    if not evidence.has("subgradient"):
        i, k = min(corners)
        raise field.reject(f"missing field: the loss is not differentiable at output {k} of sample {i}")
    given = field.matrix(len(fit.gaps[0]), len(fit.gaps))
    for i, row in enumerate(given):
        for k, r in enumerate(row):
            if (i, k) in corners:
                low, high = interval(fit, i)
                inside = low <= r <= high
            elif fit.right and k == fit.right[i]:
                inside = not sum(row)
            else:
                inside = r == smooth.values[k][i] * smooth.factor
            if not inside:
                raise Field(None, f"{field.place}[{i}][{k}]").reject("not in the subdifferential of the loss")
    common = common_denominator((r for row in given for r in row), len(given) * len(given[0]))
    return Subgradient([numerators(column, common) for column in zip(*given, strict=True)], Fraction(1, common))


def interval(fit: Residuals, sample: int) -> tuple[Rational, Rational]:
    """The subdifferential of the loss at a kink (i, k), with the scale; for several classes of its term of class k."""
    scale = fit.loss.scale
    if fit.loss.name != "hinge":
        return -scale, scale
    if fit.right or fit.signs[sample] < 0:
        return 0, scale
    return -scale, 0


def one_sided(fit: Residuals, directions: list[Column]) -> tuple[int, int]:
    """The one-sided derivative of the risk when prediction k moves along directions[k]; not reduced."""
    smooth = derivative(fit)
    count = len(directions) * len(fit.gaps[0])
    common = common_multiple((column.denominator for column in directions), count)
    moves = [to_denominator(column, common) for column in directions]
    pairs = zip(smooth.values, moves, strict=True)
    total = sum(r * move for values, column in pairs for r, move in zip(values, column, strict=True))
    scale = smooth.factor
    for i, k in kinks(fit):  # here `derivative` is 0, and its factor is the scale
        move = moves[k][i]
        if fit.right:
            total += max(0, move - moves[fit.right[i]][i])
        else:
            total += max(0, -fit.signs[i] * move) if fit.loss.name == "hinge" else abs(move)
    return total * scale.numerator, common * scale.denominator
