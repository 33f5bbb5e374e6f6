"""Smooth and piecewise smooth activations: sigmoid, tanh, arctan, softplus, ELU, SELU, the square. Values are balls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from exactsurf.errors import InputError, nearest
from exactsurf.exact.balls import Ball, from_arb, to_arb, working_precision
from exactsurf.exact.number import Exact, exact, to_text

if TYPE_CHECKING:
    from flint import arb

    Jet: TypeAlias = tuple[arb, arb, arb]

BITS = 128
"""The working precision unless told otherwise."""


@dataclass(frozen=True)
class SmoothActivation:
    """An activation h that is C² everywhere, or (`elu`, `selu`) on either side of 0.

    Attributes: `name`; `constants` of the family (α of ELU; λ and α of SELU). Take `sigmoid`, `tanh`, `arctan`, `softplus`,
    `quadratic`, or build `elu(alpha)`, `selu()`.
    Exactness: values are balls that hold the true ones; those of `quadratic` at rational points are exact.
    Source: theory.md, section 7.

    >>> sigmoid(Fraction(0)).contains("1/2"), quadratic(Fraction(3)), elu().derivatives(Fraction(0)) is None
    (True, Ball(9), True)
    """

    name: str
    constants: tuple[Fraction, ...] = ()

    def __call__(self, z: Fraction | Ball, bits: int = BITS) -> Ball:
        """A ball with h(z)."""
        if self.name == "quadratic" and (isinstance(z, Fraction) or z.is_exact):
            return Ball((z if isinstance(z, Fraction) else z.midpoint) ** 2)
        with working_precision(bits):
            return _finite(from_arb(self.value(to_arb(z))))

    def derivatives(self, z: Fraction | Ball, bits: int = BITS) -> tuple[Ball, Ball, Ball] | None:
        """Balls with h(z), h′(z) and h″(z), or None where h may have no second derivative (ELU and SELU at 0).

        Parameters: `z`, a number or a ball; `bits`, the working precision.
        Exactness: the balls hold the true values, for every number in z. Raises: `InputError` for values beyond all
        bounds. Source: theory.md, section 7.

        >>> [b.contains(v) for b, v in zip(tanh.derivatives(Fraction(0)), (0, 1, 0))]
        [True, True, True]
        """
        if self.name == "quadratic" and (isinstance(z, Fraction) or z.is_exact):
            point = z if isinstance(z, Fraction) else z.midpoint
            return Ball(point**2), Ball(2 * point), Ball(Fraction(2))
        with working_precision(bits):
            jet = self.jet(to_arb(z))
            return None if jet is None else (_finite(from_arb(jet[0])), _finite(from_arb(jet[1])), _finite(from_arb(jet[2])))

    def value(self, z: arb) -> arb:
        """h of a FLINT ball, at the working precision."""
        return _VALUES[self.name](z, self.constants)

    def jet(self, z: arb) -> Jet | None:
        """h, h′ and h″ of a FLINT ball, or None where there may be no second derivative."""
        return _JETS[self.name](z, self.constants)

    @property
    def named_constants(self) -> dict[str, Fraction]:
        """The constants by their names: ``alpha``, and for SELU ``lambda`` before it."""
        return dict(zip({"elu": ("alpha",), "selu": ("lambda", "alpha")}.get(self.name, ()), self.constants, strict=True))

    @property
    def has_corner(self) -> bool:
        """Whether h has no second derivative at 0."""
        return self.name in ("elu", "selu")

    @property
    def degree(self) -> int | None:
        """n if h(az) = aⁿh(z) for all a and z, so that units can be rescaled; else None."""
        return 2 if self.name == "quadratic" else None

    def __repr__(self) -> str:
        if self == SMOOTH.get(self.name):
            return self.name
        return self.name + (f"({', '.join(repr(to_text(c)) for c in self.constants)})" if self.constants else "")


def _finite(found: Ball | None) -> Ball:
    if found is None:
        raise InputError("the value of an activation is beyond all bounds", fix="use a smaller ball or more bits")
    return found


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


def _slopes(constants: tuple[Fraction, ...]) -> tuple[arb, arb]:
    *scale, alpha = constants
    factor = scale[0] if scale else Fraction(1)
    return to_arb(factor), to_arb(factor * alpha)


_VALUES: dict[str, Callable[[arb, tuple[Fraction, ...]], arb]] = {
    "sigmoid": _sigmoid,
    "tanh": lambda z, _: z.tanh(),
    "arctan": lambda z, _: z.atan(),
    "softplus": _softplus,
    "quadratic": lambda z, _: z * z,
    "elu": _scaled_elu,
    "selu": _scaled_elu,
}
_JETS: dict[str, Callable[[arb, tuple[Fraction, ...]], Jet | None]] = {
    "sigmoid": _sigmoid_jet,
    "tanh": _tanh_jet,
    "arctan": _arctan_jet,
    "softplus": _softplus_jet,
    "quadratic": _quadratic_jet,
    "elu": _scaled_elu_jet,
    "selu": _scaled_elu_jet,
}

sigmoid = SmoothActivation("sigmoid")
tanh = SmoothActivation("tanh")
arctan = SmoothActivation("arctan")
softplus = SmoothActivation("softplus")
quadratic = SmoothActivation("quadratic")


def elu(alpha: Exact = 1) -> SmoothActivation:
    """ELU: z for z ≥ 0 and α(e^z − 1) for z < 0.

    Parameters: `alpha` > 0. Exactness: exact. Raises: `InputError` unless α > 0. Source: papers.md, section 1.

    >>> elu()(Fraction(2))
    Ball(2)
    """
    return SmoothActivation("elu", (_positive(alpha, "α of ELU"),))


def selu(scale: Exact = "1.0507009873554804934", alpha: Exact = "1.6732632423543772848") -> SmoothActivation:
    """SELU: λz for z ≥ 0 and λα(e^z − 1) for z < 0; by default with the customary decimals of λ and α.

    Parameters: `scale`, λ > 0; `alpha` > 0. Exactness: exact. Raises: `InputError` unless both are positive.
    Source: papers.md, section 1.

    >>> selu(2, 1)(Fraction(2))
    Ball(4)
    """
    return SmoothActivation("selu", (_positive(scale, "λ of SELU"), _positive(alpha, "α of SELU")))


def _positive(value: Exact, what: str) -> Fraction:
    number = exact(value, what)
    if number <= 0:
        raise InputError(f"{what} must be positive", text=to_text(number))
    return number


SMOOTH = {h.name: h for h in (sigmoid, tanh, arctan, softplus, quadratic, elu(), selu())}


def smooth_activation_from(value: SmoothActivation | str) -> SmoothActivation:
    """A smooth activation from its name: ``sigmoid``, ``tanh``, ``arctan``, ``softplus``, ``quadratic``, ``elu``, ``selu``.

    Parameters: `value`, a `SmoothActivation` or a name. Exactness: exact. Raises: `InputError` naming the known ones.
    Source: theory.md, section 7.

    >>> smooth_activation_from("tanh")
    tanh
    """
    if isinstance(value, SmoothActivation):
        return value
    if isinstance(value, str) and value in SMOOTH:
        return SMOOTH[value]
    hint = nearest(value, SMOOTH) if isinstance(value, str) else ""
    raise InputError("not a smooth activation", text=repr(value), fix=f"{hint}known: {', '.join(SMOOTH)}")
