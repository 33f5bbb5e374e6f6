"""A model that was read from another library: network, exact parameters, and what was rounded on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, pairwise
from typing import Any

from exactsurf.errors import InexactNumberError, InputError, ShapeError
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.exact.number import approximate, exact, exact_float
from exactsurf.model.activation import Activation, PiecewiseLinear
from exactsurf.model.data import Data
from exactsurf.model.loss import Loss
from exactsurf.model.losses import squared
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.model.restriction import Restriction

Round = Callable[[Fraction], Fraction]


@dataclass(frozen=True)
class ImportedModel:
    """A network with its parameters, read from a model of another library.

    Attributes: `network`; `parameters`; `source` (the library); `rounding`, one sentence on how floats were read;
    `largest_change`, the largest distance between a number of the model and what it became (0 if nothing was rounded);
    `notes`, what else a reader must know (an output function that was left out, an activation that was replaced);
    `restriction`, of a model with convolutions: its filters are shared by all places, and `parameters` obey it; otherwise None.
    Exactness: exact up to `largest_change`, which is exact itself. Source: docs/guide/models.md.
    """

    network: Network
    parameters: Parameters
    source: str
    rounding: str
    largest_change: Fraction
    notes: tuple[str, ...] = ()
    restriction: Restriction | None = None

    @property
    def is_exact(self) -> bool:
        """Whether every number is the one that the model stores."""
        return self.largest_change == 0

    def problem(self, data: Data, loss: Loss | str | dict[str, Any] = squared) -> Problem | RestrictedProblem:
        """The problem of training this network, with convolutions a restricted one; `parameters` is a point of it.

        Parameters: `data` and `loss` as for `Problem`. Exactness: exact. Raises: as `Problem`. Source: docs/guide/models.md.
        """
        if self.restriction is not None:
            return RestrictedProblem(self.restriction, data, loss)
        return Problem(self.network, data, loss)

    def __repr__(self) -> str:
        change = "exact" if self.is_exact else f"largest change {approximate(self.largest_change, 3)}"
        return f"ImportedModel({self.restriction or self.network!r}, from {self.source}, {change})"


def float_value(value: Any, where: str) -> Fraction:
    """A number of a model: floats as the binary value that they store, everything else as `exact` reads it.

    Parameters: `value`; `where`, its place for messages. Exactness: exact. Raises: `InputError` if it is not finite or no
    number. Source: README.md, "Numbers".

    >>> float_value(1 / 4, "W1[0][0]"), float_value("1/3", "W1[0][1]")
    (Fraction(1, 4), Fraction(1, 3))
    """
    try:
        return exact(value, where)
    except InexactNumberError:
        return exact_float(value)


def matrix_value(value: Any, where: str) -> Matrix:
    """A table of a model (array, tensor or nested sequence) as rows of Fractions; see `float_value`."""
    rows = _listed(value, where)
    if not rows or not all(isinstance(row, (list, tuple)) for row in rows):
        raise ShapeError(f"{where} (a matrix)", "rows of numbers", _shape(value, rows))
    if not rows[0] or len({len(row) for row in rows}) > 1:
        raise ShapeError(f"{where} (a matrix)", "rows of one length", _shape(value, rows))
    return tuple(tuple(float_value(v, f"{where}[{i}][{j}]") for j, v in enumerate(row)) for i, row in enumerate(rows))


def vector_value(value: Any, where: str) -> Vector:
    """A vector of a model (array, tensor or sequence) as Fractions; see `float_value`."""
    entries = _listed(value, where)
    if any(isinstance(entry, (list, tuple)) for entry in entries):
        raise ShapeError(f"{where} (a vector)", "numbers", _shape(value, entries))
    return tuple(float_value(v, f"{where}[{i}]") for i, v in enumerate(entries))


def array_value(value: Any, where: str) -> tuple[tuple[int, ...], list[Fraction]]:
    """The shape of an array of a model (array, tensor or nested sequence) and its entries, the last index fastest.

    Parameters: `value`; `where`, its place for messages. Exactness: that of `float_value`. Raises: as `float_value`,
    `ShapeError` for an empty array and for parts of several shapes. Source: none.

    >>> array_value([[[0.5, 1]], [[2, "1/3"]]], "w")
    ((2, 1, 2), [Fraction(1, 2), Fraction(1, 1), Fraction(2, 1), Fraction(1, 3)])
    """
    listed = _listed(value, where)
    parts = [
        array_value(entry, f"{where}[{k}]") if isinstance(entry, (list, tuple)) else ((), [float_value(entry, f"{where}[{k}]")])
        for k, entry in enumerate(listed)
    ]
    shapes = {shape for shape, _ in parts}
    if len(shapes) != 1:
        raise ShapeError(where, "entries of one shape", _shape(value, listed))
    return (len(parts), *shapes.pop()), [entry for _, entries in parts for entry in entries]


def _listed(value: Any, where: str) -> list[Any]:
    if hasattr(value, "detach"):  # a tensor that may hang on a graph or lie on a device
        value = value.detach().cpu()
    listed = value.tolist() if hasattr(value, "tolist") else value
    if not isinstance(listed, (list, tuple)):
        raise InputError(f"{where} is not an array of numbers", text=repr(value))
    return [entry.tolist() if hasattr(entry, "tolist") else entry for entry in listed]


def _shape(value: Any, rows: Sequence[Any]) -> tuple[int, ...] | str:
    shape = getattr(value, "shape", None)
    return tuple(map(int, shape)) if shape is not None else f"{len(rows)} entries"


def rounding_of(denominator: int | None, digits: int | None) -> tuple[Round, str]:
    """How numbers are rounded on request, as a function and in words.

    Parameters: `denominator`, to the nearest fraction with at most this denominator; or `digits`, to this number of
    decimal places (a tie goes to the even digit); or neither, nothing is rounded. Exactness: rounds in exact arithmetic.
    Raises: `InputError` for both, or for numbers out of range. Source: `Fraction.limit_denominator`.

    >>> [rounding_of(d, n)[0](Fraction(333, 1000)) for d, n in ((10, None), (None, 2), (None, None))]
    [Fraction(1, 3), Fraction(33, 100), Fraction(333, 1000)]
    """
    for name, value, least in (("denominator", denominator, 1), ("digits", digits, 0)):
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < least):
            raise InputError(f"{name} is an integer from {least} on", text=repr(value))
    if denominator is not None and digits is not None:
        raise InputError("denominator and digits are given both", fix="choose one way to round")
    if denominator is not None:
        return lambda v: v.limit_denominator(denominator), f"rounded to the nearest fraction with denominator ≤ {denominator}"
    if digits is not None:
        return lambda v: Fraction(round(v * 10**digits), 10**digits), f"rounded to {digits} decimal places"
    return lambda v: v, "floats are read as the binary values that they store; nothing is rounded"


def rounded_model(
    source: str,
    weights: Sequence[Matrix],
    biases: Sequence[Vector | None],
    activation: Activation,
    *,
    is_activation_exact: bool,
    denominator: int | None,
    digits: int | None,
    notes: Sequence[str] = (),
) -> ImportedModel:
    """The model with these layers, rounded on request; the activation too, unless it was given exactly.

    Parameters: `weights[l−1]` is W_l and `biases[l−1]` is b_l or None, of fitting shapes. Exactness: see `rounding_of`.
    Raises: as `rounding_of` and `Network`. Source: docs/guide/models.md.
    """
    round_value, words = rounding_of(denominator, digits)
    chosen, pairs = rounded_activation(activation, None if is_activation_exact else round_value)
    new_weights = tuple(tuple(tuple(map(round_value, row)) for row in matrix) for matrix in weights)
    new_biases = tuple(None if bias is None else tuple(map(round_value, bias)) for bias in biases)
    old, new = _flat(weights, biases), _flat(new_weights, new_biases)
    network = Network(
        [len(weights[0][0]), *map(len, weights)], chosen if len(weights) > 1 else "linear", biases=[b is not None for b in biases]
    )
    change = max((abs(a - b) for a, b in [*zip(old, new, strict=True), *pairs]), default=Fraction(0))
    return ImportedModel(network, Parameters(new_weights, new_biases), source, words, change, tuple(notes))


def _flat(weights: Sequence[Matrix], biases: Sequence[Vector | None]) -> list[Fraction]:
    rows = [*chain.from_iterable(weights), *(bias for bias in biases if bias is not None)]
    return list(chain.from_iterable(rows))


def _numbers(activation: Activation) -> tuple[Fraction, ...]:
    return (*activation.breakpoints, *activation.slopes, activation.value_at_0)


def rounded_activation(activation: Activation, round_value: Round | None) -> tuple[Activation, list[tuple[Fraction, Fraction]]]:
    """The activation with rounded numbers, and each number with what it became; as it is without `round_value`.

    Smooth ones have no numbers of the model, but for constants that stay as they are.
    Exactness: rounds in exact arithmetic. Raises: `InputError` where pieces become equal. Source: docs/guide/models.md.
    """
    if round_value is None or not isinstance(activation, PiecewiseLinear):
        return activation, []
    chosen = _rounded(activation, round_value)
    return chosen, list(zip(_numbers(activation), _numbers(chosen), strict=True))


def _rounded(activation: PiecewiseLinear, round_value: Round) -> Activation:
    points, slopes = (tuple(map(round_value, values)) for values in (activation.breakpoints, activation.slopes))
    if (points, slopes) == (activation.breakpoints, activation.slopes):
        return activation
    if any(a >= b for a, b in pairwise(points)) or any(a == b for a, b in pairwise(slopes)):
        raise InputError(f"rounding makes pieces of {activation!r} equal", fix="round less, or pass activation=… exactly")
    return PiecewiseLinear(points, slopes, round_value(activation.value_at_0))
