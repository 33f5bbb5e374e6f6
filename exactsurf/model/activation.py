"""Activations: continuous piecewise linear functions of one variable, exactly."""

from __future__ import annotations

import itertools
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from exactsurf.errors import InputError, ShapeError, nearest
from exactsurf.exact.linear_algebra import common_denominator
from exactsurf.exact.number import Exact, exact, to_text
from exactsurf.exact.scaled_vector import ScaledVector
from exactsurf.model.smooth_activation import describes_smooth


@dataclass(frozen=True)
class Activation:
    """A continuous piecewise linear h: slope `slopes[k]` between `breakpoints[k−1]` and `breakpoints[k]`.

    Attributes: `breakpoints` t_1 < … < t_K; `slopes` a_0, …, a_K; `value_at_0` is h(0); `name` is for display and takes
    no part in equality. Build one with `piecewise_linear`, which checks its arguments.
    Exactness: exact. Source: theory.md, section 1.

    >>> relu(Fraction(-2)), relu(Fraction(3, 2)), relu.slopes_at(Fraction(0))
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
    def is_linear(self) -> bool:
        """Whether h is affine (no breakpoint)."""
        return not self.breakpoints

    @property
    def two_slopes(self) -> tuple[Fraction, Fraction] | None:
        """(s₊, s₋) if h = h_{s₊,s₋} (one breakpoint, at 0, and h(0) = 0), else None. Source: Yun et al. 2019."""
        if self.breakpoints == (Fraction(0),) and self.value_at_0 == 0:
            return self.slopes[1], self.slopes[0]
        return None

    def __repr__(self) -> str:
        return self.name or f"piecewise_linear({_texts(self.breakpoints)}, {_texts(self.slopes)}, {to_text(self.value_at_0)!r})"


def _texts(values: Sequence[Fraction]) -> list[str]:
    return [to_text(value) for value in values]


def piecewise_linear(
    breakpoints: Sequence[Exact], slopes: Sequence[Exact], value_at_0: Exact = 0, *, name: str = ""
) -> Activation:
    """The continuous piecewise linear function with these breakpoints and slopes.

    Parameters: `breakpoints`, K strictly increasing numbers; `slopes`, K + 1 numbers from left to right; `value_at_0`.
    Returns: an `Activation`; breakpoints where the slope does not change are left out.
    Exactness: exact. Raises: `ShapeError` if there are not K + 1 slopes, `InputError` if the breakpoints do not increase.
    Source: theory.md, section 1.

    >>> hard_tanh = piecewise_linear([-1, 1], [0, 1, 0])
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
    return Activation(
        tuple(points[k] for k in kept), (values[0], *(values[k + 1] for k in kept)), exact(value_at_0, "value_at_0"), name
    )


def relu_like(s_plus: Exact, s_minus: Exact) -> Activation:
    """h_{s₊,s₋}: slope s₊ on the right of 0 and s₋ on the left (Yun, Sra and Jadbabaie 2019).

    Parameters: two rational slopes. Exactness: exact. Raises: errors of `exact`. Source: papers.md, section 1.

    >>> relu_like(1, "1/100")(Fraction(-1))
    Fraction(-1, 100)
    """
    right, left = exact(s_plus, "s_plus"), exact(s_minus, "s_minus")
    return piecewise_linear([0], [left, right], name=f"relu_like({to_text(right)!r}, {to_text(left)!r})")


def leaky_relu(slope: Exact = "1/100") -> Activation:
    """Leaky ReLU: z for z ≥ 0, slope·z for z < 0.

    Parameters: a rational slope. Exactness: exact. Raises: errors of `exact`. Source: theory.md, section 1.

    >>> leaky_relu("1/100")(Fraction(-1))
    Fraction(-1, 100)
    """
    value = exact(slope, "slope of leaky ReLU")
    return piecewise_linear([0], [value, 1], name=f"leaky_relu({to_text(value)!r})")


relu = piecewise_linear([0], [0, 1], name="relu")
absolute_value = piecewise_linear([0], [-1, 1], name="absolute_value")
relu6 = piecewise_linear([0, 6], [0, 1, 0], name="relu6")
hard_tanh = piecewise_linear([-1, 1], [0, 1, 0], name="hard_tanh")
linear = piecewise_linear([], [1], name="linear")

NAMED = {a.name: a for a in (relu, absolute_value, relu6, hard_tanh, linear)}


def _name_and_argument(text: str) -> tuple[str, str]:
    """``leaky_relu:1/5``, ``leaky_relu=1/5`` and ``leaky_relu(1/5)`` are the same."""
    match = re.fullmatch(r"([a-z_0-9]+)(?:[:=](.*)|\((.*)\))", text)
    return (match[1], match[2] or match[3] or "") if match else (text, "")


def _described(text: str) -> object:
    """A description of an activation as in problem files, given as JSON text."""
    try:
        return json.loads(text, parse_float=exact)
    except json.JSONDecodeError:
        raise InputError("not JSON", text=text) from None
    except RecursionError:
        raise InputError("nested too deeply", text=text) from None


def activation_from(value: Activation | str | dict[str, Any] | object) -> Activation:
    """An activation from its name or from its description in a problem file.

    Parameters: an `Activation`; a name (``relu``, ``leaky_relu`` (slope 1/100), ``leaky_relu:1/5``, ``absolute_value``,
    ``relu6``, ``hard_tanh``, ``linear``); or a dict (or its JSON text) ``{"leaky_relu": slope}``,
    ``{"relu_like": [s₊, s₋]}`` or ``{"breakpoints": […], "slopes": […], "value_at_0": …}``.
    Exactness: exact. Raises: `InputError` naming the known activations. Source: proofs/FORMAT.md, section 2.

    >>> activation_from("leaky_relu:1/5") == activation_from({"leaky_relu": "1/5"})
    True
    """
    if isinstance(value, Activation):
        return value
    if isinstance(value, str):
        name, argument = _name_and_argument(value)
        if name == "leaky_relu":
            return leaky_relu(argument or "1/100")
        if name == "relu_like" and argument.count(",") == 1:
            return relu_like(*argument.split(","))
        if value in NAMED:
            return NAMED[value]
        if value.startswith("{"):
            return activation_from(_described(value))
        if describes_smooth(value):
            raise _not_piecewise_linear(value)
        hint = nearest(value, [*NAMED, "leaky_relu"])
        raise InputError(
            "unknown activation", text=value, fix=f"{hint}known: {', '.join([*NAMED, 'leaky_relu:SLOPE', 'relu_like:S+,S-'])}"
        )
    if describes_smooth(value):
        raise _not_piecewise_linear(value)
    if isinstance(value, dict):
        keys = set(value)
        if keys == {"leaky_relu"}:
            return leaky_relu(value["leaky_relu"])
        if keys == {"relu_like"} and isinstance(value["relu_like"], (list, tuple)) and len(value["relu_like"]) == 2:
            return relu_like(*value["relu_like"])
        if {"breakpoints", "slopes"} <= keys <= {"breakpoints", "slopes", "value_at_0"}:
            return piecewise_linear(value["breakpoints"], value["slopes"], value.get("value_at_0", 0))
    raise InputError(
        "not an activation",
        text=repr(value),
        fix='write a name, {"leaky_relu": "1/100"} or {"breakpoints": […], "slopes": […], "value_at_0": "0"}',
    )


def _not_piecewise_linear(value: object) -> InputError:
    return InputError(
        "a smooth activation, with which risks are not rational",
        text=value if isinstance(value, str) else repr(value),
        fix="use SmoothProblem, decide and find_critical_box",
    )
