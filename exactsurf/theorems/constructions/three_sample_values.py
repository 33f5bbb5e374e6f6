"""The numbers of Yun et al.'s Theorem 2 and its conditions C2.1 to C2.7, decided exactly or with balls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.certificate.verdict import Status
from exactsurf.exact.balls import Ball, from_arb, to_arb, working_precision
from exactsurf.model.activation import Activation
from exactsurf.theorems.theorem import Finding

if TYPE_CHECKING:
    from flint import arb

BITS = 160
_END = Fraction(64)
_HALVINGS = 100
_THIRD = Fraction(1, 3)


@dataclass(frozen=True)
class MinimumValues:
    """v₁, v₂, u₁, u₂ as balls; `defined` says that u₂ is the number (1/3 − u₁h(v₁))/h(v₂), so that C2.3 holds.

    Exactness: balls that hold the numbers. Source: papers.md, section 1 (Theorem 2).
    """

    v1: Ball
    v2: Ball
    u1: Ball
    u2: Ball
    defined: bool = False

    @staticmethod
    def with_defined_u2(h: Activation, v1: Fraction, v2: Fraction, u1: Fraction) -> MinimumValues | None:
        """The values with the u₂ that C2.3 defines, None if h(v₂) may be 0."""
        with working_precision(BITS):
            u2 = from_arb((to_arb(_THIRD) - to_arb(u1) * to_arb(h.enclosure(v1, BITS))) / to_arb(h.enclosure(v2, BITS)))
        return None if u2 is None else MinimumValues(Ball(v1), Ball(v2), Ball(u1), u2, defined=True)


@dataclass(frozen=True)
class FitValues:
    """v₁, …, v₄ as balls; `defined` says that v₄ is a number in its ball with h(v₁)h(v₄) = h(v₂)h(v₃)."""

    v1: Ball
    v2: Ball
    v3: Ball
    v4: Ball
    defined: bool = False


def fourth_value(h: Activation, v1: Fraction, v2: Fraction, v3: Fraction) -> Ball | None:
    """A ball that holds a v₄ with h(v₁)h(v₄) = h(v₂)h(v₃), by bisection; None if none is found.

    Parameters: `h`, continuous; rational v₁, v₂, v₃. Exactness: the ball holds such a number, by the intermediate value
    theorem. Raises: nothing. Source: papers.md, section 1 (C2.1).

    >>> import exactsurf as es
    >>> fourth_value(es.tanh, Fraction(1), Fraction(0), Fraction(1))
    Ball(0)
    """
    low, high = -_END, _END
    signs = [_gap(h, v1, v2, v3, end).sign for end in (low, high)]
    if None in signs or 0 in signs or signs[0] == signs[1]:
        return None
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        sign = _gap(h, v1, v2, v3, middle).sign
        if sign == 0:
            return Ball(middle)
        if sign is None:
            break
        low, high = (middle, high) if sign == signs[0] else (low, middle)
    return Ball((low + high) / 2, (high - low) / 2)


def _gap(h: Activation, v1: Fraction, v2: Fraction, v3: Fraction, v4: Fraction) -> Ball:
    values = FitValues(Ball(v1), Ball(v2), Ball(v3), Ball(v4))
    return _difference(h, (values.v1, values.v4), (values.v2, values.v3))


def _difference(h: Activation, left: tuple[Ball, Ball], right: tuple[Ball, Ball]) -> Ball:
    """h(l₁)h(l₂) − h(r₁)h(r₂); exact where the four values are."""
    a, b, c, d = (h.enclosure(z, BITS) for z in (*left, *right))
    if a.is_exact and b.is_exact and c.is_exact and d.is_exact:
        return Ball(a.midpoint * b.midpoint - c.midpoint * d.midpoint)
    with working_precision(BITS):
        return _known(to_arb(a) * to_arb(b) - to_arb(c) * to_arb(d))


def _known(value: arb) -> Ball:
    found = from_arb(value)
    assert found is not None
    return found


def _mean(first: Ball, second: Ball) -> Ball:
    return Ball((first.midpoint + second.midpoint) / 2, (first.radius + second.radius) / 2)


def check_fit(h: Activation, values: FitValues) -> tuple[Finding, Finding]:
    """C2.1 and C2.2 for given numbers.

    Parameters: `h`; `values`. Exactness: an equation is PROVED where it is exact or holds by definition, REFUTED where
    balls exclude it, else UNDECIDED. Raises: nothing. Source: papers.md, section 1 (Theorem 2, part 1).

    >>> import exactsurf as es
    >>> one = es.Ball(Fraction(1))
    >>> [finding.witness for finding in check_fit(es.quadratic, FitValues(one, one, one, es.Ball(Fraction(-1))))]
    ['the difference of both sides is 0', 'the difference of both sides is -1']
    """
    equal = _difference(h, (values.v1, values.v4), (values.v2, values.v3))
    mixed = _difference(h, (values.v1, _mean(values.v3, values.v4)), (values.v3, _mean(values.v1, values.v2)))
    if values.defined:
        first = Finding("C2.1", "h(v1)h(v4) = h(v2)h(v3)", Status.PROVED, f"by definition of v4 in {values.v4!r}", (values.v4,))
    else:
        first = _equation("C2.1", "h(v1)h(v4) = h(v2)h(v3)", equal)
    statement = "h(v1)h((v3+v4)/2) ≠ h(v3)h((v1+v2)/2)"
    status = {None: Status.UNDECIDED, 0: Status.REFUTED}.get(mixed.sign, Status.PROVED)
    return first, Finding("C2.2", statement, status, f"the difference of both sides is {_text(mixed)}", (mixed,))


def check_minimum(h: Activation, values: MinimumValues) -> tuple[Finding, ...]:
    """C2.3 to C2.7 for given numbers.

    Parameters: `h`; `values`. Returns: findings on C2.3, on C2.4 and C2.5 together, C2.6 and C2.7. Exactness: as
    `check_fit`. Raises: nothing. Source: papers.md, section 1 (Theorem 2, part 2).

    >>> import exactsurf as es
    >>> one, sixth = es.Ball(Fraction(1)), es.Ball(Fraction(1, 6))
    >>> [str(finding.status) for finding in check_minimum(es.quadratic, MinimumValues(one, one, sixth, sixth))]
    ['PROVED', 'PROVED', 'PROVED', 'PROVED']
    """
    jets = [h.derivatives(v, BITS) for v in (values.v1, values.v2)]
    outputs, statement = [h.enclosure(v, BITS) for v in (values.v1, values.v2)], "u1 h(v1) + u2 h(v2) = 1/3"
    total = _combination([(values.u1, outputs[0]), (values.u2, outputs[1])])
    if values.defined:
        first = Finding("C2.3", statement, Status.PROVED, f"by definition of u2 in {values.u2!r}", (values.u2,))
    else:
        first = _equation("C2.3", statement, total)
    smooth_statement = "h is smooth at v1 and v2"
    if jets[0] is None or jets[1] is None:
        smooth = Finding("C2.4, C2.5", smooth_statement, Status.UNDECIDED, "a v may be 0, where h has no second derivative")
        rest = [Finding(name, _POSITIVE[name], Status.UNDECIDED, "h″ is needed") for name in _POSITIVE]
        return first, smooth, *rest
    smooth = Finding("C2.4, C2.5", smooth_statement, Status.PROVED, f"{h!r} is analytic near both")
    with working_precision(BITS):
        rows = []
        for u, jet in zip((values.u1, values.u2), jets, strict=True):
            assert jet is not None
            rows.append((to_arb(u) * to_arb(jet[1]), to_arb(u) * to_arb(jet[2]) / 3))
        (a, b), (c, d) = rows
        corner = _known(a * a + b)
        determinant = _known((a * a + b) * (c * c + d) - (a * c) * (a * c))
    found = []
    for name, value in (("C2.6", corner), ("C2.7", determinant)):
        status = Status.UNDECIDED if value.sign is None else Status.PROVED if value.sign > 0 else Status.REFUTED
        found.append(Finding(name, _POSITIVE[name], status, f"the difference of both sides is {_text(value)}", (value,)))
    return first, smooth, *found


_POSITIVE = {
    "C2.6": "(u1 h'(v1))² + u1 h''(v1)/3 > 0",
    "C2.7": "(u1 h'(v1) u2 h'(v2))² < Π ((u h'(v))² + u h''(v)/3)",
}


def _combination(pairs: Sequence[tuple[Ball, Ball]]) -> Ball:
    """Σ u h − 1/3, exactly where everything is exact."""
    if all(u.is_exact and h.is_exact for u, h in pairs):
        return Ball(sum((u.midpoint * h.midpoint for u, h in pairs), -_THIRD))
    with working_precision(BITS):
        return _known(sum((to_arb(u) * to_arb(h) for u, h in pairs), to_arb(-_THIRD)))


def _equation(name: str, statement: str, difference: Ball) -> Finding:
    status = {0: Status.PROVED, None: Status.UNDECIDED}.get(difference.sign, Status.REFUTED)
    return Finding(name, statement, status, f"the difference of both sides is {_text(difference)}", (difference,))


def _text(ball: Ball) -> str:
    return repr(ball)[5:-1]


def first_failing(findings: Sequence[Finding]) -> Finding | None:
    """The first finding that is not PROVED."""
    return next((finding for finding in findings if finding.status is not Status.PROVED), None)
