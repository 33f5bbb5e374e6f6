"""Activations: what all of them have, and continuous piecewise linear functions of one variable, exactly."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

from exactsurf.errors import InputError, ShapeError, UnsupportedError
from exactsurf.exact.balls import BITS, Ball, from_arb, to_arb, working_precision
from exactsurf.exact.linear_algebra import common_denominator
from exactsurf.exact.number import Exact, exact, to_text
from exactsurf.exact.scaled_vector import ScaledVector

if TYPE_CHECKING:
    from flint import arb

    from exactsurf.model.smooth_functions import Jet

SMOOTH_VERBS = "decide, polish and find_critical_box answer for smooth activations, and problem.risk encloses the risk"


class Activation:
    """A function h of one variable that hidden units apply: a `PiecewiseLinear`, or a `SmoothActivation`.

    Both have `name`, `is_smooth`, `is_linear`, values (h(z) is a `Fraction` if h is piecewise linear, else a `Ball`), and
    `enclosure` and `derivatives` over balls. Breakpoints, slopes and what follows from them are there for piecewise linear ones
    only; asking a smooth one for them raises `UnsupportedError` naming what can be asked instead.
    Exactness: exact, or enclosed. Source: theory.md, sections 1 and 7.

    >>> import exactsurf as es
    >>> es.relu.is_smooth, es.tanh.is_smooth, es.Network([1, 2, 1], "tanh").activation is es.tanh
    (False, True, True)
    """

    name: str

    if TYPE_CHECKING:  # what `__getattr__` refuses by name where it is missing

        @property
        def breakpoints(self) -> tuple[Fraction, ...]: ...
        @property
        def slopes(self) -> tuple[Fraction, ...]: ...
        @property
        def value_at_0(self) -> Fraction: ...
        @property
        def lines(self) -> tuple[tuple[Fraction, Fraction], ...]: ...
        def slopes_at(self, z: Fraction) -> tuple[Fraction, Fraction]: ...
        def pieces(self, z: ScaledVector) -> list[tuple[int, int]]: ...
        def apply(self, z: ScaledVector) -> ScaledVector: ...
        def __call__(self, z: Fraction, /) -> Any: ...

    else:

        def __getattr__(self, attribute: str) -> NoReturn:
            if attribute in ("breakpoints", "slopes", "value_at_0", "lines", "slopes_at", "pieces", "apply"):
                raise UnsupportedError(f"a piecewise linear activation is needed, and {self!r} is smooth", SMOOTH_VERBS)
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {attribute!r}")

    @property
    def is_smooth(self) -> bool:
        """Whether h is not piecewise linear, so that risks need not be rational."""
        return True

    @property
    def is_linear(self) -> bool:
        """Whether h is affine."""
        return False

    @property
    def two_slopes(self) -> tuple[Fraction, Fraction] | None:
        """(s₊, s₋) if h = h_{s₊,s₋} (one breakpoint, at 0, and h(0) = 0), else None. Source: Yun et al. 2019."""
        return None

    @property
    def has_corner(self) -> bool:
        """Whether h has no second derivative somewhere: at breakpoints, and for ELU and SELU at 0."""
        raise NotImplementedError

    @property
    def is_total(self) -> bool:
        """Whether h has a value at all real numbers, as far as the form of an expression tells."""
        return True

    @property
    def is_analytic(self) -> bool:
        """Whether h is an analytic function of all real numbers, as far as the form of an expression tells."""
        return not self.has_corner and self.is_total

    @property
    def degree(self) -> int | None:
        """n if h(az) = aⁿh(z) for all a > 0 and z, so that units can be rescaled; else None."""
        raise NotImplementedError

    def exact_value(self, z: Fraction) -> Fraction | None:
        """h(z) where it is known to be rational, else None."""
        raise NotImplementedError

    def slope_near(self, z: Fraction) -> Fraction | None:
        """a if h(t) = at for all t near z, else None."""
        raise NotImplementedError

    def enclosure(self, z: Fraction | Ball, bits: int = BITS) -> Ball:
        """A ball with h(z), for every number in z, computed with `bits` bits; see `derivatives`."""
        point = z if isinstance(z, Fraction) else z.midpoint if z.is_exact else None
        known = None if point is None else self.exact_value(point)
        if known is not None:
            return Ball(known)
        with working_precision(bits):
            return _finite(from_arb(self.value(to_arb(z))))

    def derivatives(self, z: Fraction | Ball, bits: int = BITS) -> tuple[Ball, Ball, Ball] | None:
        """Balls with h(z), h′(z) and h″(z), or None where h may have no second derivative (at corners).

        Parameters: `z`, a number or a ball; `bits`, the working precision.
        Exactness: the balls hold the true values, for every number in z. Raises: `InputError` for values beyond all
        bounds. Source: theory.md, section 7.

        >>> import exactsurf as es
        >>> [b.contains(v) for b, v in zip(es.tanh.derivatives(Fraction(0)), (0, 1, 0))], es.relu.derivatives(Fraction(0))
        ([True, True, True], None)
        """
        with working_precision(bits):
            jet = self.jet(to_arb(z))
            return None if jet is None else (_finite(from_arb(jet[0])), _finite(from_arb(jet[1])), _finite(from_arb(jet[2])))

    def value(self, z: arb) -> arb:
        """h of a FLINT ball, at the working precision."""
        raise NotImplementedError

    def jet(self, z: arb) -> Jet | None:
        """h, h′ and h″ of a FLINT ball, or None where there may be no second derivative."""
        raise NotImplementedError


def _finite(found: Ball | None) -> Ball:
    if found is None:
        raise InputError("the value of an activation is beyond all bounds", fix="use a smaller ball or more bits")
    return found


@dataclass(frozen=True)
class PiecewiseLinear(Activation):
    """A continuous piecewise linear h: slope `slopes[k]` between `breakpoints[k−1]` and `breakpoints[k]`.

    Attributes: `breakpoints` t_1 < … < t_K; `slopes` a_0, …, a_K; `value_at_0` is h(0); `name` is for display and takes
    no part in equality. Build one with `piecewise_linear`, which checks its arguments.
    Exactness: exact. Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> es.relu(Fraction(-2)), es.relu(Fraction(3, 2)), es.relu.slopes_at(Fraction(0))
    (Fraction(0, 1), Fraction(3, 2), (Fraction(0, 1), Fraction(1, 1)))
    """

    breakpoints: tuple[Fraction, ...]
    slopes: tuple[Fraction, ...]
    value_at_0: Fraction
    name: str = field(default="", compare=False)

    def __call__(self, z: Fraction) -> Fraction:
        """h(z)."""
        slope, intercept = self.lines[bisect_left(self.breakpoints, z)]
        return slope * z + intercept

    @cached_property
    def lines(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """The pieces as (slope, intercept): h(z) = slope·z + intercept."""
        home = bisect_left(self.breakpoints, 0)
        intercepts = {home: self.value_at_0}
        for k in range(home, len(self.breakpoints)):
            intercepts[k + 1] = intercepts[k] + (self.slopes[k] - self.slopes[k + 1]) * self.breakpoints[k]
        for k in range(home - 1, -1, -1):
            intercepts[k] = intercepts[k + 1] + (self.slopes[k + 1] - self.slopes[k]) * self.breakpoints[k]
        return tuple((slope, intercepts[k]) for k, slope in enumerate(self.slopes))

    def slopes_at(self, z: Fraction) -> tuple[Fraction, Fraction]:
        """The slopes just left and just right of z; they differ exactly at a breakpoint."""
        return self.slopes[bisect_left(self.breakpoints, z)], self.slopes[bisect_right(self.breakpoints, z)]

    def pieces(self, z: ScaledVector) -> list[tuple[int, int]]:
        """For every entry of z the indices of the pieces just left and just right of it."""
        # Denominators are positive, so numerators are compared with the breakpoints scaled by both denominators.
        common = common_denominator(self.breakpoints)
        scaled = [int(t * common) * z.denominator for t in self.breakpoints]
        if not scaled:
            return [(0, 0)] * len(z)
        return [(bisect_left(scaled, n * common), bisect_right(scaled, n * common)) for n in z.numerators]

    def apply(self, z: ScaledVector) -> ScaledVector:
        """(h(z_i))_i."""
        common = common_denominator(self.breakpoints)
        scaled = [int(t * common) * z.denominator for t in self.breakpoints]
        return z.map_pieces(lambda numerator: bisect_left(scaled, numerator * common), self.lines)

    @property
    def is_smooth(self) -> bool:
        """False: risks are rational."""
        return False

    @property
    def is_linear(self) -> bool:
        """Whether h is affine (no breakpoint)."""
        return not self.breakpoints

    @property
    def two_slopes(self) -> tuple[Fraction, Fraction] | None:
        """(s₊, s₋) if h = h_{s₊,s₋} (one breakpoint, at 0, and h(0) = 0), else None. Source: Yun et al. 2019."""
        if self.breakpoints == (Fraction(0),) and self.value_at_0 == 0:
            return self.slopes[1], self.slopes[0]
        return None

    @property
    def has_corner(self) -> bool:
        """Whether h has a breakpoint."""
        return not self.is_linear

    @property
    def degree(self) -> int | None:
        """1 if h(az) = ah(z) for all a > 0 and z, so that units can be rescaled; else None."""
        return None if any(intercept for _, intercept in self.lines) else 1

    def exact_value(self, z: Fraction) -> Fraction:
        """h(z)."""
        return self(z)

    def slope_near(self, z: Fraction) -> Fraction | None:
        """a if h(t) = at for all t near z, else None."""
        slope, intercept = self.lines[bisect_left(self.breakpoints, z)]
        return None if intercept or z in self.breakpoints else slope

    def value(self, z: arb) -> arb:
        """A FLINT ball that holds h of every number in z: over a breakpoint the lines of all pieces that z may touch."""
        first, last = self._touched(z)
        slope, intercept = self.lines[first]
        found = to_arb(slope) * z + to_arb(intercept)
        for slope, intercept in self.lines[first + 1 : last + 1]:
            found = found.union(to_arb(slope) * z + to_arb(intercept))
        return found

    def jet(self, z: arb) -> Jet | None:
        """h, h′ and h″ = 0 on a FLINT ball, or None if a breakpoint may lie in it."""
        first, last = self._touched(z)
        return None if first < last else (self.value(z), to_arb(self.slopes[first]), to_arb(Fraction(0)))

    def _touched(self, z: arb) -> tuple[int, int]:
        """The first and the last piece whose closure z may meet."""
        points = [to_arb(t) for t in self.breakpoints]
        return sum(bool(z > t) for t in points), sum(not z < t for t in points)

    def __repr__(self) -> str:
        return self.name or f"piecewise_linear({_texts(self.breakpoints)}, {_texts(self.slopes)}, {to_text(self.value_at_0)!r})"


def _texts(values: Sequence[Fraction]) -> list[str]:
    return [to_text(value) for value in values]


def piecewise_linear(
    breakpoints: Sequence[Exact], slopes: Sequence[Exact], value_at_0: Exact = 0, *, name: str = ""
) -> PiecewiseLinear:
    """The continuous piecewise linear function with these breakpoints and slopes.

    Parameters: `breakpoints`, K strictly increasing numbers; `slopes`, K + 1 numbers from left to right; `value_at_0`.
    Returns: a `PiecewiseLinear`; breakpoints where the slope does not change are left out.
    Exactness: exact. Raises: `ShapeError` if there are not K + 1 slopes, `InputError` if the breakpoints do not increase.
    Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> hard_tanh = es.piecewise_linear([-1, 1], [0, 1, 0])
    >>> hard_tanh(Fraction(-3)), hard_tanh(Fraction(1, 2)), hard_tanh(Fraction(3))
    (Fraction(-1, 1), Fraction(1, 2), Fraction(1, 1))
    """
    for what, values_given in (("breakpoints", breakpoints), ("slopes", slopes)):
        if isinstance(values_given, (str, bytes)) or not hasattr(values_given, "__iter__"):
            raise InputError(f"the {what} of an activation are a list of numbers", text=repr(values_given))
    points = tuple(exact(t, f"breakpoint {k}") for k, t in enumerate(breakpoints))
    values = tuple(exact(a, f"slope {k}") for k, a in enumerate(slopes))
    if len(values) != len(points) + 1:
        raise ShapeError("the list of slopes (one more than breakpoints)", (len(points) + 1,), (len(values),))
    for left, right in itertools.pairwise(points):
        if left >= right:
            raise InputError(f"breakpoints must increase, but {to_text(left)} stands before {to_text(right)}")
    kept = [k for k in range(len(points)) if values[k] != values[k + 1]]
    return PiecewiseLinear(
        tuple(points[k] for k in kept), (values[0], *(values[k + 1] for k in kept)), exact(value_at_0, "value_at_0"), name
    )


def relu_like(s_plus: Exact, s_minus: Exact) -> PiecewiseLinear:
    """h_{s₊,s₋}: slope s₊ on the right of 0 and s₋ on the left (Yun, Sra and Jadbabaie 2019).

    Parameters: two rational slopes. Exactness: exact. Raises: errors of `exact`. Source: papers.md, section 1.

    >>> import exactsurf as es
    >>> es.relu_like(1, "1/100")(Fraction(-1))
    Fraction(-1, 100)
    """
    right, left = exact(s_plus, "s_plus"), exact(s_minus, "s_minus")
    return piecewise_linear([0], [left, right], name=f"relu_like({to_text(right)!r}, {to_text(left)!r})")


def leaky_relu(slope: Exact = "1/100") -> PiecewiseLinear:
    """Leaky ReLU: z for z ≥ 0, slope·z for z < 0.

    Parameters: a rational slope. Exactness: exact. Raises: errors of `exact`. Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> es.leaky_relu("1/100")(Fraction(-1))
    Fraction(-1, 100)
    """
    value = exact(slope, "slope of leaky ReLU")
    return piecewise_linear([0], [value, 1], name=f"leaky_relu({to_text(value)!r})")


relu = piecewise_linear([0], [0, 1], name="relu")
absolute_value = piecewise_linear([0], [-1, 1], name="absolute_value")
relu6 = piecewise_linear([0, 6], [0, 1, 0], name="relu6")
hard_tanh = piecewise_linear([-1, 1], [0, 1, 0], name="hard_tanh")
linear = piecewise_linear([], [1], name="linear")
