"""A loss: a convex piecewise quadratic function of a gap between prediction and target, from which everything is derived."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Literal, TypeAlias

from exactsurf.errors import InputError
from exactsurf.exact.convex_pieces import ConvexPieces, Piece
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import Exact, exact, to_text

Gap: TypeAlias = Literal["difference", "margin", "lead"]
"""What a loss is a function of: f − y; y·f with labels y = ±1; or the leads f_k − f_c of wrong classes over the right one."""

_ZERO, _ONE = Fraction(0), Fraction(1)
_SQUARE = ((_ONE, _ZERO, _ZERO),)
_HINGE = ConvexPieces((_ONE,), ((_ZERO, -_ONE, _ONE), (_ZERO, _ZERO, _ZERO)))


@dataclass(frozen=True)
class Loss:
    """A convex loss φ(u) of a gap u, summed over samples and outputs and times `scale`; divided by the weights if `averaged`.

    Attributes: `gap`: u is f − y (``difference``), y·f for one output with labels −1 and 1 (``margin``), or f_k − f_c for every
    wrong class k of one-hot targets, c being the right one (``lead``); a margin loss takes several classes too, with −(f_k − f_c)
    in the place of u. `breakpoints` and `pieces` of φ, as of `ConvexPieces`; `name` and `constants`, how it is called;
    `scale`; `averaged`. So ``squared`` is (f − y)², and `es.squared`, which is ½Σ(f−y)², has scale ½.
    Exactness: exact. Source: theory.md, section 1; proofs/FORMAT.md, section 2.

    >>> import exactsurf as es
    >>> es.squared.value(Fraction(3), Fraction(1)), es.squared.mean.total_scale(4)
    (Fraction(2, 1), Fraction(1, 8))
    """

    gap: Gap
    breakpoints: Vector
    pieces: tuple[Piece, ...]
    name: str = "piecewise_quadratic"
    scale: Fraction = Fraction(1)
    averaged: bool = False
    constants: tuple[tuple[str, Fraction], ...] = ()

    @cached_property
    def function(self) -> ConvexPieces:
        """φ, without the scale."""
        return ConvexPieces(self.breakpoints, self.pieces)

    @property
    def mean(self) -> Loss:
        """The same loss, divided by the number of samples, or by the sum of their weights."""
        return replace(self, averaged=True)

    def scaled(self, factor: Exact) -> Loss:
        """The same loss times a positive rational. ``squared.scaled(2).mean`` is the mean squared error."""
        value = exact(factor, "factor of a loss")
        if value <= 0:
            raise InputError("the factor of a loss must be positive", text=to_text(value))
        return replace(self, scale=self.scale * value)

    def total_scale(self, total: int | Fraction) -> Fraction:
        """What multiplies Σ ℓ for this number of samples, or this sum of weights."""
        return self.scale / total if self.averaged else self.scale

    @property
    def delta(self) -> Fraction | None:
        """The constant δ of Huber's loss; None for others."""
        return dict(self.constants).get("delta")

    @property
    def title(self) -> str:
        """The name in words."""
        return self.name.replace("_", " ")

    @property
    def is_smooth(self) -> bool:
        """Whether the loss is differentiable everywhere."""
        return self.function.is_smooth

    @property
    def is_piecewise_linear(self) -> bool:
        """Whether no piece is curved."""
        return self.function.is_piecewise_linear

    @property
    def is_strictly_convex(self) -> bool:
        """Whether every piece is curved."""
        return self.function.is_strictly_convex

    @property
    def is_quadratic(self) -> bool:
        """Whether there is one piece, which is curved then."""
        return not self.breakpoints

    @property
    def is_squared(self) -> bool:
        """Whether the loss is (f − y)², up to `scale`: the loss of least squares."""
        return self.gap == "difference" and self.pieces == _SQUARE

    @property
    def is_of_labels(self) -> bool:
        """Whether the targets are classes: labels −1 and 1 of one output, or one-hot rows of several."""
        return self.gap != "difference"

    @property
    def is_hinge(self) -> bool:
        """Whether the loss is max(0, 1 − y·f), up to `scale`, or max(0, 1 + f_k − f_c) for several classes."""
        function = self.function.of_affine(-_ONE, _ZERO) if self.gap == "lead" else self.function
        return self.is_of_labels and function == _HINGE

    def gap_line(self, y: Fraction) -> tuple[Fraction, Fraction]:
        """(s, t) with u = s·f + t for a prediction f and this target; for a lead f of a wrong class the target is −1."""
        if self.gap == "difference":
            return Fraction(1), -y
        return (y, Fraction(0)) if self.gap == "margin" else (Fraction(1), Fraction(0))

    def gap_at(self, f: Fraction, y: Fraction) -> Fraction:
        """The gap u; for a lead f of a wrong class the target is −1."""
        return f - y if self.gap == "difference" else y * f if self.gap == "margin" else f

    def of_prediction(self, y: Fraction) -> ConvexPieces:
        """scale · ℓ(f, y) as a function of f."""
        return self.function.of_affine(*self.gap_line(y)).scaled(self.scale)

    def value(self, f: Fraction, y: Fraction) -> Fraction:
        """scale · ℓ(f, y), without the division of the mean."""
        return self.scale * self.function.value(self.gap_at(f, y))

    def subdifferential(self, f: Fraction, y: Fraction) -> tuple[Fraction, Fraction]:
        """The interval ∂ℓ(f, y) times `scale`: its ends are the left and the right derivative in f."""
        low, high = self.function.slopes(self.gap_at(f, y))
        factor = self.scale * y if self.gap == "margin" else self.scale
        ends = (factor * low, factor * low if high is low else factor * high)
        return ends if factor > 0 else ends[::-1]

    def conjugate(self, r: Fraction, y: Fraction) -> Fraction | None:
        """sup_f (r·f − scale·ℓ(f, y)); None if it is infinite.

        The risk is at least −Σ_i conjugate(r_i, y_i) wherever Σ_i r_i f_i ≥ 0. Exactness: exact.
        Source: Fenchel; theory.md, section 4.
        """
        return self.of_prediction(y).conjugate(r)

    def check_one_output(self) -> None:
        """Raise `InputError` for a loss of leads, which one output does not have."""
        if self.gap == "lead":
            raise InputError(
                "a loss of leads needs several outputs, one for each class", fix="take the gap margin for one output"
            )

    def check_label(self, y: Fraction, sample: int) -> None:
        """Raise `InputError` where a margin loss of one output is not defined: its labels are −1 and 1."""
        if self.gap == "margin" and abs(y) != 1:
            raise InputError(
                f"the {self.title} loss of one output needs labels −1 and 1; sample {sample} has another",
                text=to_text(y),
                fix="for several classes take one output for each, and one-hot targets",
            )

    def __repr__(self) -> str:
        constants = [repr(to_text(value)) for _, value in self.constants]
        if self.name == "piecewise_quadratic":
            points = [to_text(t) for t in self.breakpoints]
            constants = [repr(self.gap), repr(points), repr([[to_text(value) for value in piece] for piece in self.pieces])]
        text = f"{self.name}({', '.join(constants)})" if constants else self.name
        default = Fraction(1, 2) if self.is_squared else Fraction(1)
        text += f".scaled({to_text(self.scale / default)!r})" if self.scale != default else ""
        return text + (".mean" if self.averaged else "")
