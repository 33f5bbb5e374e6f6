"""The named smooth functions on FLINT balls: values, and values with two derivatives."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from exactsurf.exact.balls import to_arb

if TYPE_CHECKING:
    from flint import arb

    Jet: TypeAlias = tuple[arb, arb, arb]


def _sigmoid(z: arb, _: tuple[Fraction, ...]) -> arb:
    # tanh is evaluated tightly on wide balls, a quotient of exponentials is not.
    return (1 + (z / 2).tanh()) / 2


def _sigmoid_jet(z: arb, _: tuple[Fraction, ...]) -> Jet:
    s = _sigmoid(z, ())
    slope = s * (1 - s)
    return s, slope, slope * (1 - 2 * s)


def _tanh_jet(z: arb, _: tuple[Fraction, ...]) -> Jet:
    t = z.tanh()
    slope = 1 - t * t
    return t, slope, -2 * t * slope


def _arctan_jet(z: arb, _: tuple[Fraction, ...]) -> Jet:
    # Multiplication does not know that a square is not negative.
    slope = 1 / (1 + (z * z).nonnegative_part())
    return z.atan(), slope, -2 * z * slope * slope


def _softplus(z: arb, _: tuple[Fraction, ...]) -> arb:
    return z.exp().log1p()


def _softplus_jet(z: arb, _: tuple[Fraction, ...]) -> Jet:
    s, slope, _curvature = _sigmoid_jet(z, ())
    return _softplus(z, ()), s, slope


def _quadratic_jet(z: arb, _: tuple[Fraction, ...]) -> Jet:
    return z * z, 2 * z, 0 * z + 2


def _scaled_elu(z: arb, constants: tuple[Fraction, ...]) -> arb:
    """λz for z ≥ 0 and λα(e^z − 1) for z < 0; constants are (α,) or (λ, α). It increases, so the ends bound it."""
    positive, negative = _slopes(constants)
    if z >= 0:
        return positive * z
    if z < 0:
        return negative * z.expm1()
    return (negative * z.lower().expm1()).union(positive * z.upper())


def _scaled_elu_jet(z: arb, constants: tuple[Fraction, ...]) -> Jet | None:
    positive, negative = _slopes(constants)
    if z > 0:
        return positive * z, positive, 0 * z
    if z < 0:
        power = negative * z.exp()
        return negative * z.expm1(), power, power
    return None


def one_sided_elu(z: arb, slope: arb, constants: tuple[Fraction, ...]) -> tuple[arb, arb]:
    """The value at z and the one-sided derivative along `slope`: at 0 on the side of its sign, and with both where z may be 0."""
    positive, negative = _slopes(constants)
    value, is_zero = _scaled_elu(z, constants), z == 0
    if z > 0 or (is_zero and slope >= 0):
        return value, positive * slope
    if z < 0 or (is_zero and slope <= 0):
        return value, negative * z.exp() * slope
    return value, positive.union(negative).union(negative * z.lower().exp()) * slope


def _slopes(constants: tuple[Fraction, ...]) -> tuple[arb, arb]:
    *scale, alpha = constants
    factor = scale[0] if scale else Fraction(1)
    return to_arb(factor), to_arb(factor * alpha)


VALUES: dict[str, Callable[[arb, tuple[Fraction, ...]], arb]] = {
    "sigmoid": _sigmoid,
    "tanh": lambda z, _: z.tanh(),
    "arctan": lambda z, _: z.atan(),
    "softplus": _softplus,
    "quadratic": lambda z, _: z * z,
    "elu": _scaled_elu,
    "selu": _scaled_elu,
}
JETS: dict[str, Callable[[arb, tuple[Fraction, ...]], Jet | None]] = {
    "sigmoid": _sigmoid_jet,
    "tanh": _tanh_jet,
    "arctan": _arctan_jet,
    "softplus": _softplus_jet,
    "quadratic": _quadratic_jet,
    "elu": _scaled_elu_jet,
    "selu": _scaled_elu_jet,
}
