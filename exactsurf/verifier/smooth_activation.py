"""Smooth activations with two derivatives, on intervals (FORMAT.md, section 10)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from .activation import Activation, read_activation
from .arithmetic.document import Field, one_of
from .arithmetic.effort import price, spend
from .arithmetic.interval import Interval, arctan, decaying_exponential, enclose, increasing, log_of_one_plus
from .arithmetic.rational import Rational
from .smooth_expression import Tree, exact_value, is_entire, read_tree, tree_jet

Jet = tuple[Interval, Interval, Interval]


@dataclass(frozen=True)
class SmoothActivation:
    """An activation by its name; slopes on the right and on the left of 0 for `elu` and `selu`; the tree of an expression;
    the pieces of a piecewise linear one."""

    name: str
    right: Rational = 1
    left: Rational = 1
    tree: Tree | None = None
    parts: int = 1
    piecewise: Activation | None = None

    def value(self, z: Interval) -> Interval:
        """h."""
        spend(self.cost(z.bits))
        if self.piecewise is not None:
            return _piecewise_value(self.piecewise, z)
        if self.tree is not None:
            return self.jet(z)[0]
        if self.name == "quadratic":
            return z.square()
        if self.name in ("elu", "selu"):
            return increasing(self._scaled_elu, z)
        return increasing(_INCREASING[self.name], z)

    def jet(self, z: Interval) -> Jet:
        """h, h′ and h″; ValueError where h may have no second derivative."""
        bits = z.bits
        spend(self.cost(bits))
        if self.piecewise is not None:
            return _piecewise_value(self.piecewise, z), enclose(_slope(self.piecewise, z), bits), Interval(0, 0, bits)
        if self.tree is not None:
            return tree_jet(self.tree, z, _named_jet)
        one = Interval(1 << bits, 1 << bits, bits)
        h = self.value(z)
        match self.name:
            case "quadratic":
                return h, z.times(2), one.times(2)
            case "sigmoid":
                slope = h * (one - h)
                return h, slope, slope * (one - h.times(2))
            case "softplus":
                s = increasing(_sigmoid, z)
                return h, s, s * (one - s)
            case "tanh":
                slope = one - h.square()
                return h, slope, -(h * slope).times(2)
            case "arctan":
                slope = one.divided_by(one + z.square())
                return h, slope, -(z * slope.square()).times(2)
        if z.low > 0:
            return h, enclose(self.right, bits), Interval(0, 0, bits)
        if z.high < 0:
            power = h + enclose(self.left, bits)  # λα(e^z − 1) + λα
            return h, power, power
        raise ValueError("a pre-activation may be 0, where this activation has no second derivative")

    def cost(self, bits: int) -> int:
        """The steps of a value: series of a few hundred terms for every function of an expression."""
        return self.parts * (40 + (bits * price(bits) >> 3))

    @property
    def is_homogeneous(self) -> bool:
        """Whether h(az) = aⁿh(z) for all a > 0 and z, with n = 1 or 2: units can be rescaled."""
        return self.name == "quadratic" or (self.piecewise is not None and not any(self.piecewise.intercepts))

    @property
    def is_total(self) -> bool:
        """Whether h has a value at all real numbers, by these rules."""
        return self.tree is None or is_entire(self.tree)

    @property
    def is_analytic(self) -> bool:
        """Whether h is an analytic function of all real numbers."""
        return self.name not in ("elu", "selu") and self.is_total

    def exact_value(self, z: Rational) -> Rational | None:
        """h(z) where these rules know it to be rational."""
        if self.tree is not None:
            return exact_value(self.tree, z)
        match self.name:
            case "quadratic":
                return z * z
            case "elu" | "selu":
                return self.right * z if z >= 0 else None
            case "softplus":
                return None
        if z:
            return None
        return Fraction(1, 2) if self.name == "sigmoid" else 0

    def is_straight_near(self, z: Rational) -> bool:
        """Whether h is linear near z, by these rules."""
        return self.name in ("elu", "selu") and z > 0

    def _scaled_elu(self, x: int, bits: int) -> Interval:
        if x >= 0:
            return enclose(self.right, bits) * Interval(x, x, bits)
        one = Interval(1 << bits, 1 << bits, bits)
        return enclose(self.left, bits) * (decaying_exponential(-x, bits) - one)


def _named_jet(name: str, z: Interval) -> Jet:
    return SmoothActivation(name).jet(z)


def named_value(name: str, z: Interval) -> Interval:
    """The value of a function that expressions may name."""
    return SmoothActivation(name).value(z)


def _piecewise_value(h: Activation, z: Interval) -> Interval:
    """The extremes of h on an interval are at its ends and at the breakpoints in it."""
    ends = [Fraction(end, 1 << z.bits) for end in (z.low, z.high)]
    points = [*ends, *(t for t in h.breakpoints if ends[0] < t < ends[1])]
    pieces = [bisect_left(h.breakpoints, t) for t in points]
    values = [enclose(h.slopes[m] * t + h.intercepts[m], z.bits) for m, t in zip(pieces, points, strict=True)]
    return Interval(min(value.low for value in values), max(value.high for value in values), z.bits)


def _slope(h: Activation, z: Interval) -> Rational:
    """The slope at all numbers of a closed interval."""
    low, high = (Fraction(end, 1 << z.bits) for end in (z.low, z.high))
    slopes = {*h.slopes[bisect_left(h.breakpoints, low) : bisect_right(h.breakpoints, high) + 1]}
    if len(slopes) > 1:
        raise ValueError("a pre-activation may be a breakpoint, where this activation has no second derivative")
    return slopes.pop()


def _sigmoid(x: int, bits: int) -> Interval:
    one, power = Interval(1 << bits, 1 << bits, bits), decaying_exponential(abs(x), bits)
    return (one if x >= 0 else power).divided_by(one + power)


def _tanh(x: int, bits: int) -> Interval:
    one, power = Interval(1 << bits, 1 << bits, bits), decaying_exponential(2 * abs(x), bits)
    value = (one - power).divided_by(one + power)
    return value if x >= 0 else -value


def _softplus(x: int, bits: int) -> Interval:
    power = decaying_exponential(abs(x), bits)
    # The slope of log(1 + u) is at most 1 for u ≥ 0.
    low = log_of_one_plus(min(power.low, 1 << bits), bits)
    part = max(x, 0)
    return Interval(low.low + part, low.high + power.high - power.low + part, bits)


_INCREASING: dict[str, Callable[[int, int], Interval]] = {
    "sigmoid": _sigmoid,
    "tanh": _tanh,
    "softplus": _softplus,
    "arctan": arctan,
}


def read_smooth_activation(field: Field, piecewise: bool = False) -> SmoothActivation:
    """The field `activation` of a problem with a smooth activation, or one that may be piecewise linear (without a name)."""
    if piecewise and field.has("breakpoints"):
        h = read_activation(field)
        return SmoothActivation("piecewise linear", parts=len(h.slopes), piecewise=h)
    name = one_of(field.required("name"), (*_INCREASING, "quadratic", "elu", "selu", "expression"))
    if name == "elu":
        return SmoothActivation(name, 1, field.fields("name", "alpha")[1].positive())
    if name == "selu":
        _, scale_field, alpha_field = field.fields("name", "lambda", "alpha")
        scale, alpha = scale_field.positive(), alpha_field.positive()
        return SmoothActivation(name, scale, scale * alpha)
    if name == "expression":
        tree, parts = read_tree(field.fields("name", "tree")[1])
        return SmoothActivation(name, tree=tree, parts=parts)
    field.fields("name")
    return SmoothActivation(name)
