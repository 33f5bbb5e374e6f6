"""Derivatives of a loss given by an expression on intervals of predictions (FORMAT.md, section 17)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..arithmetic.effort import price, spend
from ..arithmetic.interval import Interval, enclose, exponential, increasing, logarithm
from ..smooth_activation import SmoothActivation
from .loss import AnalyticLoss
from .setting import Setting

Entries = dict[tuple[int, int], Interval]


@dataclass
class Derivatives:
    """Risk, gradient, and upper triangle of the Hessian in the free coordinates."""

    value: Interval
    gradient: list[Interval]
    hessian: list[list[Interval]]


def derivatives_on(
    setting: Setting,
    predictions: list[list[Interval]],
    inputs: list[list[Interval]],
    outputs: int,
    bits: int,
    second: bool = True,
) -> Derivatives:
    """The risk and its derivatives by what is added to output k < `outputs` in proportion to an entry of `inputs`.

    The Hessian is left out unless `second`. ValueError where the loss may not have two derivatives.
    """
    zero, width = Interval(0, 0, bits), len(inputs[0])
    total = Derivatives(zero, [zero] * (outputs * width), [[zero] * (outputs * width) for _ in range(outputs * width)])
    for i, (row, x) in enumerate(zip(predictions, inputs, strict=True)):
        size = outputs * width
        spend(((size * size if second else size) + 60 * len(row)) * price(bits))
        factor = enclose(setting.factor(i), bits)
        value, slopes, curvatures = of_sample(setting.loss, row, setting.targets[i], bits)
        total.value = total.value + factor * value
        for k in range(outputs):
            slope = factor * slopes[k]
            for j, entry in enumerate(x):
                total.gradient[k * width + j] = total.gradient[k * width + j] + slope * entry
        for (k, m), curvature in curvatures.items():
            if not second or max(k, m) >= outputs:
                continue
            weight = factor * curvature
            for j, entry in enumerate(x):
                scaled, here = weight * entry, total.hessian[k * width + j]
                for n in range(j if k == m else 0, width):
                    here[m * width + n] = here[m * width + n] + scaled * x[n]
    for p, line in enumerate(total.hessian):
        for q in range(p):
            line[q] = total.hessian[q][p]
    return total


def of_sample(
    loss: AnalyticLoss, row: list[Interval], targets: list[Fraction], bits: int
) -> tuple[Interval, list[Interval], Entries]:
    """Value, gradient, and Hessian in the predictions: entries (k, m) with k ≤ m."""
    if loss.gap != "classes":
        value, slopes, curvatures = Interval(0, 0, bits), [], {}
        for k, (f, y) in enumerate(zip(row, targets, strict=True)):
            tree = loss.at_target(y)
            found = SmoothActivation("expression", tree=tree, parts=3 * loss.parts).jet(f)
            value = value + found[0]
            slopes.append(found[1])
            curvatures[k, k] = found[2]
        return value, slopes, curvatures
    one = Interval(1 << bits, 1 << bits, bits)
    shares, norm, linear = [], one, Interval(0, 0, bits)
    for k, f in enumerate(row):
        total = one
        for m, other in enumerate(row):
            if m != k:
                total = total + increasing(exponential, other - f)
        if not k:
            norm = total
        else:
            linear = linear + enclose(targets[k], bits) * (f - row[0])
        shares.append(one.divided_by(total))
    slopes = [p - enclose(y, bits) for p, y in zip(shares, targets, strict=True)]
    entries = {(k, m): -(p * shares[m]) for k, p in enumerate(shares) for m in range(k + 1, len(shares))}
    entries |= {(k, k): p * (one - p) for k, p in enumerate(shares)}
    return increasing(logarithm, norm) - linear, slopes, entries
