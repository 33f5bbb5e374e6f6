"""A loss: a function of a gap between prediction and target, by pieces or by an expression; everything is derived from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Literal, TypeAlias

from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.balls import BITS, Ball, from_arb, to_arb, working_precision
from exactsurf.exact.convex_pieces import ConvexPieces, Piece
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import Exact, exact, to_text
from exactsurf.model.loss_expression import Curvature, bound, curvature
from exactsurf.model.smooth_expression import Tree, exact_value_of, infix, jet_of

Gap: TypeAlias = Literal["difference", "margin", "lead", "prediction", "classes"]
"""What a loss is a function of: f − y; y·f with labels y = ±1; or the leads f_k − f_c of wrong classes over the right one.

Expressions have further gaps: ``prediction``, the pair f, y; and ``classes``, log Σ_k e^{f_k} − Σ_k y_k f_k of a row of targets
that are not negative and add up to 1: minus the logarithm of the likelihood of the classes, by softmax."""

_ZERO, _ONE = Fraction(0), Fraction(1)
_SQUARE = ((_ONE, _ZERO, _ZERO),)
_HINGE = ConvexPieces((_ONE,), ((_ZERO, -_ONE, _ONE), (_ZERO, _ZERO, _ZERO)))


@dataclass(frozen=True)
class Loss:
    """A loss φ(u) of a gap u, summed over samples and outputs and times `scale`; divided by the weights if `averaged`.

    Attributes: `gap`: u is f − y (``difference``), y·f for one output with labels −1 and 1 (``margin``), or f_k − f_c for every
    wrong class k of one-hot targets, c being the right one (``lead``); a margin loss takes several classes too, with −(f_k − f_c)
    in the place of u. `shape` of φ: `ConvexPieces`, with `breakpoints` and `pieces`; or the tree of an expression in u, for the
    gap ``prediction`` in f and y; `name` and `constants`, how it is called; `scale`; `averaged`. So ``squared`` is (f − y)², and
    `es.squared`, which is ½Σ(f−y)², has scale ½.
    Exactness: exact by pieces; values of expressions are enclosed. Raises: `UnsupportedError` where pieces are asked of an
    expression. Source: theory.md, section 1; proofs/FORMAT.md, sections 2, 14 and 15.

    >>> import exactsurf as es
    >>> es.squared.value(Fraction(3), Fraction(1)), es.squared.mean.total_scale(4)
    (Fraction(2, 1), Fraction(1, 8))
    """

    gap: Gap
    shape: ConvexPieces | Tree
    name: str = "piecewise_quadratic"
    scale: Fraction = Fraction(1)
    averaged: bool = False
    constants: tuple[tuple[str, Fraction], ...] = ()

    @property
    def is_piecewise_quadratic(self) -> bool:
        """Whether the loss is given by pieces, so that everything about it is rational; else by an expression."""
        return isinstance(self.shape, ConvexPieces)

    @property
    def function(self) -> ConvexPieces:
        """φ, without the scale; `UnsupportedError` for an expression."""
        if isinstance(self.shape, ConvexPieces):
            return self.shape
        raise UnsupportedError(
            f"this needs a loss that is piecewise quadratic, and the {self.title} loss is not",
            "take for example squared, squared_hinge, smoothed_hinge or hinge",
        )

    @property
    def breakpoints(self) -> Vector:
        """The breakpoints of φ; `UnsupportedError` for an expression."""
        return self.function.breakpoints

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The pieces of φ; `UnsupportedError` for an expression."""
        return self.function.pieces

    @property
    def expression(self) -> Tree:
        """The tree of φ: in u, or in f and y for the gap ``prediction``; `UnsupportedError` for pieces."""
        if isinstance(self.shape, ConvexPieces):
            raise UnsupportedError(f"the {self.title} loss is given by pieces, not by an expression")
        return self.shape

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
        """The name in words, in front of *loss*."""
        return "given" if self.name == "loss" else self.name.replace("_", " ")

    @property
    def is_smooth(self) -> bool:
        """Whether the loss is differentiable wherever it is defined."""
        return self.shape.is_smooth if isinstance(self.shape, ConvexPieces) else True

    @property
    def is_piecewise_linear(self) -> bool:
        """Whether no piece is curved."""
        return isinstance(self.shape, ConvexPieces) and self.shape.is_piecewise_linear

    @property
    def is_convex(self) -> bool:
        """Whether the loss is convex in the predictions; `UnsupportedError` for an expression of which neither is proved."""
        if isinstance(self.shape, ConvexPieces) or self.gap == "classes":
            return True
        return self._curvature.is_convex

    @property
    def is_strictly_convex(self) -> bool:
        """Whether every piece is curved; for an expression, whether it is strictly convex; raises as `is_convex`."""
        if isinstance(self.shape, ConvexPieces):
            return self.shape.is_strictly_convex
        if self.gap == "classes" or self._curvature.kind != "convex":
            return False
        if not self._curvature.strict:
            raise UnsupportedError(f"whether {self!r} is strictly convex is not known by the rules of composition")
        return True

    @cached_property
    def _curvature(self) -> Curvature:
        known = curvature(self.expression, "f" if self.gap == "prediction" else "u")
        if known is not None:
            return known
        for y in (1, -1, 0, 2):
            for f in range(-24, 25):
                jet = self.jet(Fraction(f, 4), Fraction(y)) if y * y == 1 or self.gap != "margin" else None
                if jet is not None and jet[2].upper < 0:
                    return Curvature("concave")
        raise UnsupportedError(
            f"whether {self!r} is convex is not known by the rules of composition",
            "write it with sums, positive multiples, even powers, exp, softplus and logarithms of sums of exponentials",
        )

    @property
    def is_quadratic(self) -> bool:
        """Whether there is one piece, which is curved then."""
        return isinstance(self.shape, ConvexPieces) and not self.shape.breakpoints

    @cached_property
    def is_squared(self) -> bool:
        """Whether the loss is (f − y)², up to `scale`: the loss of least squares."""
        return self.gap == "difference" and isinstance(self.shape, ConvexPieces) and self.shape.pieces == _SQUARE

    @property
    def is_of_labels(self) -> bool:
        """Whether the targets are classes: labels −1 and 1 of one output, or one-hot rows of several."""
        return self.gap in ("margin", "lead", "classes")

    @property
    def is_of_classes(self) -> bool:
        """Whether the loss is a function of all outputs of a sample together, by softmax, and not a sum over them."""
        return self.gap == "classes"

    @property
    def is_hinge(self) -> bool:
        """Whether the loss is max(0, 1 − y·f), up to `scale`, or max(0, 1 + f_k − f_c) for several classes."""
        if not self.is_piecewise_quadratic or not self.is_of_labels:
            return False
        return (self.function.of_affine(-_ONE, _ZERO) if self.gap == "lead" else self.function) == _HINGE

    @property
    def is_symmetric(self) -> bool:
        """Whether f and y may be turned round together, to −f and −y; a loss by an expression of f − y says no."""
        if not isinstance(self.shape, ConvexPieces):
            return self.gap == "margin"
        return self.gap == "margin" or (self.gap == "difference" and self.shape.of_affine(-_ONE, Fraction(0)) == self.shape)

    def gap_line(self, y: Fraction) -> tuple[Fraction, Fraction]:
        """(s, t) with u = s·f + t for a prediction f and this target; for a lead f of a wrong class the target is −1."""
        if self.gap in ("prediction", "classes"):
            raise UnsupportedError(f"the {self.title} loss is not a function of one affine gap")
        if self.gap == "difference":
            return Fraction(1), -y
        return (y, Fraction(0)) if self.gap == "margin" else (Fraction(1), Fraction(0))

    def gap_at(self, f: Fraction, y: Fraction) -> Fraction:
        """The gap u; for a lead f of a wrong class the target is −1."""
        slope, intercept = self.gap_line(y)
        return slope * f + intercept

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

    def of_target(self, y: Fraction) -> Tree:
        """scale · ℓ as an expression in the prediction z, for one target.

        Parameters: `y`. Exactness: exact. Raises: `UnsupportedError` for pieces, and for a loss of all outputs together.
        Source: the definition.

        >>> import exactsurf as es
        >>> from exactsurf.model.smooth_expression import infix
        >>> infix(es.losses.exponential.scaled(2).of_target(Fraction(-1)))
        '2*exp(z)'
        """
        tree = self.without_scale(y)
        return tree if self.scale == 1 else ("*", self.scale, tree)

    def without_scale(self, y: Fraction) -> Tree:
        """ℓ as an expression in the prediction z, for one target; see `of_target`."""
        if self.is_of_classes:
            raise UnsupportedError(f"the {self.title} loss is a function of all outputs of a sample, not of one")
        gap: Tree = "z"
        if self.gap == "difference" and y:
            gap = ("+", "z", -y)
        elif self.gap == "margin" and y != 1:
            gap = ("-", "z") if y == -1 else ("*", y, "z")
        return _simple(bound(self.expression, {"u": gap, "f": "z", "y": y}))

    def jet(self, f: Fraction | Ball, y: Fraction, bits: int = BITS) -> tuple[Ball, Ball, Ball] | None:
        """Enclosures of scale · ℓ(f, y) and of its first two derivatives in f; None where the loss may have no value.

        Parameters: `f`, a prediction; `y`, its target; `bits`, the working precision. Exactness: the balls hold the values,
        at every f in a ball; a value that is known to be rational is exact. Raises: as `of_target`. Source: the chain rule.

        >>> import exactsurf as es
        >>> [ball.contains(value) for ball, value in zip(es.losses.logistic.jet(Fraction(0), Fraction(1)), (0, "-1/2", "1/4"))]
        [False, True, True]
        """
        tree = self.of_target(y)
        with working_precision(bits):
            found = jet_of(tree, to_arb(f))
            balls = [] if found is None else [from_arb(value) for value in found]
        if len(balls) < 3 or balls[0] is None or balls[1] is None or balls[2] is None:
            return None
        value = exact_value_of(tree, f) if isinstance(f, Fraction) else None
        return (balls[0] if value is None else Ball(value)), balls[1], balls[2]

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
        if self.name == "loss":
            constants = [repr(infix(self.expression))]
        if self.name == "piecewise_quadratic":
            points = [to_text(t) for t in self.breakpoints]
            constants = [repr(self.gap), repr(points), repr([[to_text(value) for value in piece] for piece in self.pieces])]
        text = f"{self.name}({', '.join(constants)})" if constants else self.name
        default = Fraction(1, 2) if self.is_squared else Fraction(1)
        text += f".scaled({to_text(self.scale / default)!r})" if self.scale != default else ""
        return text + (".mean" if self.averaged else "")


def _simple(tree: Tree) -> Tree:
    """The tree without a minus before a minus."""
    if not isinstance(tree, tuple):
        return tree
    parts = tuple(part if isinstance(part, int) else _simple(part) for part in tree[1:])
    inner = parts[0]
    return inner[1] if tree[0] == "-" and isinstance(inner, tuple) and inner[0] == "-" else (tree[0], *parts)
