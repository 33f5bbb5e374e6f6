"""Smooth and piecewise smooth activations: sigmoid, tanh, arctan, softplus, ELU, SELU, the square. Values are balls."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.errors import InputError
from exactsurf.exact.balls import BITS, Ball
from exactsurf.exact.number import Exact, exact, to_text
from exactsurf.model.activation import Activation
from exactsurf.model.smooth_expression import Tree, exact_value_of, infix, is_entire, jet_of, read_expression, value_of
from exactsurf.model.smooth_functions import JETS, VALUES, one_sided_elu

if TYPE_CHECKING:
    from flint import arb

    from exactsurf.model.smooth_functions import Jet


@dataclass(frozen=True)
class SmoothActivation(Activation):
    """An activation h that is C² everywhere, or (`elu`, `selu`) on either side of 0.

    Attributes: `name`; `constants` of the family (α of ELU; λ and α of SELU); `tree` of an expression.
    Take `sigmoid`, `tanh`, `arctan`, `softplus`, `quadratic`, or build `elu(alpha)`, `selu()`,
    `smooth_activation("z*exp(-z**2)")`. Exactness: values are balls that hold the true ones, exact where they are known to be
    rational.
    Source: theory.md, section 7.

    >>> import exactsurf as es
    >>> es.sigmoid(Fraction(0)).contains("1/2"), es.quadratic(Fraction(3)), es.elu().derivatives(Fraction(0)) is None
    (True, Ball(9), True)
    """

    name: str
    constants: tuple[Fraction, ...] = ()
    tree: Tree | None = None

    def __call__(self, z: Fraction | Ball, bits: int = BITS) -> Ball:
        """A ball with h(z)."""
        return self.enclosure(z, bits)

    def derivatives(self, z: Fraction | Ball, bits: int = BITS) -> tuple[Ball, Ball, Ball] | None:
        """As for every `Activation`; those of `quadratic` at rational points are exact."""
        point = z if isinstance(z, Fraction) else z.midpoint if z.is_exact else None
        if self.name == "quadratic" and point is not None:
            return Ball(point**2), Ball(2 * point), Ball(Fraction(2))
        return super().derivatives(z, bits)

    def value(self, z: arb) -> arb:
        """h of a FLINT ball, at the working precision."""
        return value_of(self.tree, z) if self.tree is not None else VALUES[self.name](z, self.constants)

    def jet(self, z: arb) -> Jet | None:
        """h, h′ and h″ of a FLINT ball, or None where there may be no second derivative."""
        return jet_of(self.tree, z) if self.tree is not None else JETS[self.name](z, self.constants)

    def one_sided(self, z: arb, slope: arb) -> tuple[arb, arb]:
        """h at a FLINT ball z of ELU or SELU, and its derivative along a change `slope` of z, which may have two sides at 0."""
        return one_sided_elu(z, slope, self.constants)

    @property
    def named_constants(self) -> dict[str, Fraction]:
        """The constants by their names: ``alpha``, and for SELU ``lambda`` before it."""
        return dict(zip({"elu": ("alpha",), "selu": ("lambda", "alpha")}.get(self.name, ()), self.constants, strict=True))

    @property
    def has_corner(self) -> bool:
        """Whether h has no second derivative somewhere: ELU and SELU at 0."""
        return self.name in ("elu", "selu")

    @property
    def is_total(self) -> bool:
        """Whether h has a value at all real numbers, as far as the form of an expression tells."""
        return self.tree is None or is_entire(self.tree)

    def exact_value(self, z: Fraction) -> Fraction | None:
        """h(z) where it is known to be rational, else None.

        >>> import exactsurf as es
        >>> es.tanh.exact_value(Fraction(0)), es.tanh.exact_value(Fraction(1)), es.quadratic.exact_value(Fraction(3))
        (Fraction(0, 1), None, Fraction(9, 1))
        """
        if self.tree is not None:
            return exact_value_of(self.tree, z)
        if self.name == "quadratic":
            return z * z
        slope = self.slope_near(z)
        if slope is not None:
            return slope * z
        return None if z else {"softplus": None, "sigmoid": Fraction(1, 2)}.get(self.name, Fraction(0))

    def slope_near(self, z: Fraction) -> Fraction | None:
        """a if h(t) = at for all t near z, else None."""
        return (self.constants[0] if self.name == "selu" else Fraction(1)) if self.name in ("elu", "selu") and z > 0 else None

    @property
    def degree(self) -> int | None:
        """n if h(az) = aⁿh(z) for all a > 0 and z, so that units can be rescaled; else None."""
        return 2 if self.name == "quadratic" else None

    def __repr__(self) -> str:
        known = next((name for name, h in SMOOTH.items() if h == self), None)
        if known is not None:
            return known
        if self.tree is not None:
            return f"smooth_activation({infix(self.tree)!r})"
        return self.name + (f"({', '.join(repr(to_text(c)) for c in self.constants)})" if self.constants else "")


sigmoid = SmoothActivation("sigmoid")
tanh = SmoothActivation("tanh")
arctan = SmoothActivation("arctan")
softplus = SmoothActivation("softplus")
quadratic = SmoothActivation("quadratic")


def elu(alpha: Exact = 1) -> SmoothActivation:
    """ELU: z for z ≥ 0 and α(e^z − 1) for z < 0.

    Parameters: `alpha` > 0. Exactness: exact. Raises: `InputError` unless α > 0. Source: papers.md, section 1.

    >>> import exactsurf as es
    >>> es.elu()(Fraction(2))
    Ball(2)
    """
    return SmoothActivation("elu", (_positive(alpha, "α of ELU"),))


def selu(scale: Exact = "1.0507009873554804934", alpha: Exact = "1.6732632423543772848") -> SmoothActivation:
    """SELU: λz for z ≥ 0 and λα(e^z − 1) for z < 0; by default with the customary decimals of λ and α.

    Parameters: `scale`, λ > 0; `alpha` > 0. Exactness: exact. Raises: `InputError` unless both are positive.
    Source: papers.md, section 1.

    >>> import exactsurf as es
    >>> es.selu(2, 1)(Fraction(2))
    Ball(4)
    """
    return SmoothActivation("selu", (_positive(scale, "λ of SELU"), _positive(alpha, "α of SELU")))


def _positive(value: Exact, what: str) -> Fraction:
    number = exact(value, what)
    if number <= 0:
        raise InputError(f"{what} must be positive", text=to_text(number))
    return number


def smooth_activation(expression: object) -> SmoothActivation:
    """An activation from an expression in z.

    The expression is built from z, rational numbers (decimals are exact), ``+ - * /``, integer powers ``**``, and the functions
    ``exp``, ``log``, ``tanh``, ``arctan`` (or ``atan``), ``sigmoid`` and ``softplus``. Derivatives are taken exactly, by the
    chain rule. Where a value is undefined (``1/z`` at 0), so is the risk.

    Parameters: `expression`, a text, or a SymPy expression in one symbol. Returns: a `SmoothActivation`.
    Exactness: balls hold the true values. Raises: `InputError` naming what is not understood, or if the expression has more
    than 100 parts. Source: theory.md, section 7.

    >>> import exactsurf as es
    >>> swish = es.smooth_activation("z*sigmoid(z)")
    >>> swish, [b.contains(v) for b, v in zip(swish.derivatives(Fraction(0)), (0, "1/2", "1/2"))]
    (swish, [True, True, True])
    """
    return SmoothActivation("expression", (), read_expression(expression))


SMOOTH = {h.name: h for h in (sigmoid, tanh, arctan, softplus, quadratic, elu(), selu())} | {
    "swish": smooth_activation("z*sigmoid(z)"),
    "mish": smooth_activation("z*tanh(softplus(z))"),
    # The constant is √(2/π) in the decimals that are customary for it.
    "gelu_tanh": smooth_activation("z/2*(1 + tanh(0.7978845608028654*(z + 0.044715*z**3)))"),
}
