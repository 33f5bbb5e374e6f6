"""A point of parameter space: exact weights and biases of every layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exactsurf import display
from exactsurf.errors import InputError, ShapeError, nearest
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.exact.number import exact, to_text
from exactsurf.model.network import Network

_LONG_TEXT = 2_000
"""Letters of a matrix that `repr` writes out, so that it can be pasted back; if one is longer, long ones become shapes."""

_SHORT_TEXT = 60


@dataclass(frozen=True, init=False)
class Parameters:
    """The weights and biases of a network; `weights[l−1]` is W_l (n_l × n_{l−1}), `biases[l−1]` is b_l or None.

    Build one with `Problem.parameters`, which knows the shapes, or from ``W1=…, b1=…, W2=…`` alone, as `repr` writes it, or
    from the lists of both. Directions in parameter space have the same type.
    Exactness: exact. Raises: `InputError` for names that are no layers in a row, `ShapeError` for matrices that do not fit on
    each other, errors of `exact` naming the entry. Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> theta = es.Parameters(W1=[[1]], b1=["1/2"], W2=[[2]], b2=[0])
    >>> theta
    Parameters(W1=[[1]], b1=['1/2'], W2=[[2]], b2=[0])
    >>> theta["b1"]
    (Fraction(1, 2),)
    """

    weights: tuple[Matrix, ...]
    biases: tuple[Vector | None, ...]

    def __init__(self, weights: tuple[Matrix, ...] = (), biases: tuple[Vector | None, ...] = (), **named: Any) -> None:
        if named or not _are_exact(weights, biases):
            weights, biases = _layers_of(named or _named(weights, biases))
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "biases", biases)

    def items(self) -> Iterator[tuple[str, Matrix | Vector]]:
        """("W1", …), ("b1", …), ("W2", …), … in this order; layers without a bias have no b."""
        for layer, (matrix, bias) in enumerate(zip(self.weights, self.biases, strict=True), start=1):
            yield f"W{layer}", matrix
            if bias is not None:
                yield f"b{layer}", bias

    def __getitem__(self, name: str) -> Matrix | Vector:
        own = dict(self.items())
        if name not in own:
            raise KeyError(f"{name!r}; {nearest(str(name), own)}the parameters are {', '.join(own)}")
        return own[name]

    def __getattr__(self, name: str) -> Any:
        hint = f"; write parameters[{name!r}]" if name[:1] in "Wb" and name[1:].isdecimal() else ""
        raise AttributeError(f"Parameters have no attribute {name!r}{hint}", name=name, obj=self)

    def moved(self, direction: Parameters, step: Fraction) -> Parameters:
        """These parameters + step · direction."""
        return Parameters(
            tuple(
                tuple(tuple(map(lambda a, b: a + step * b, *rows)) for rows in zip(*pair, strict=True))
                for pair in zip(self.weights, direction.weights, strict=True)
            ),
            tuple(
                None if a is None or b is None else tuple(p + step * q for p, q in zip(a, b, strict=True))
                for a, b in zip(self.biases, direction.biases, strict=True)
            ),
        )

    def __repr__(self) -> str:
        texts = {name: (_text(value), value) for name, value in self.items()}
        # What cannot be pasted back as a whole is at least short.
        limit = _LONG_TEXT if all(len(text) <= _LONG_TEXT for text, _ in texts.values()) else _SHORT_TEXT
        parts = [f"{name}={text if len(text) <= limit else _shape_text(value)}" for name, (text, value) in texts.items()]
        return f"Parameters({', '.join(parts)})"

    def _repr_html_(self) -> str:
        return display.parameters_html(self)

    def _repr_latex_(self) -> str:
        return display.parameters_latex(self)


def _text(value: Any) -> str:
    if isinstance(value, Fraction):
        return str(value.numerator) if value.denominator == 1 and abs(value.numerator) < 10**15 else repr(to_text(value))
    return f"[{', '.join(map(_text, value))}]"


def _are_exact(weights: Sequence[Any], biases: Sequence[Any]) -> bool:
    """Whether what is given layer by layer was read before: the first entry tells, which costs next to nothing."""
    if type(weights) is not tuple or type(biases) is not tuple:
        return False
    first = weights[0] if weights else ()
    return type(first) is tuple and (not first or (type(first[0]) is tuple and (not first[0] or type(first[0][0]) is Fraction)))


def _named(weights: Sequence[Any], biases: Sequence[Any]) -> dict[str, Any]:
    for name, value in (("weights", weights), ("biases", biases)):
        if not _is_list(value):
            raise InputError(f"the {name} are no list of layers", text=repr(value), fix="write Parameters(W1=…, b1=…, W2=…)")
    if len(weights) != len(biases):
        raise ShapeError("the biases, layer by layer (None where there is none)", (len(weights),), (len(biases),))
    pairs = enumerate(zip(weights, biases, strict=True), start=1)
    return {name: value for k, (matrix, bias) in pairs for name, value in ((f"W{k}", matrix), (f"b{k}", bias))}


def _layers_of(named: Mapping[str, Any]) -> tuple[tuple[Matrix, ...], tuple[Vector | None, ...]]:
    """Weights and biases by layer from their names, whose shapes must fit on each other."""
    count = sum(name.startswith("W") for name in named)
    known = {f"{letter}{layer}" for letter in "Wb" for layer in range(1, count + 1)}
    unknown = next((name for name in named if name not in known), None)
    if unknown is not None or not count:
        raise InputError(f"unknown parameter {unknown!r}", fix="parameters are W1, b1, W2, b2, … for layers in a row")
    weights: list[Matrix] = []
    biases: list[Vector | None] = []
    for layer in range(1, count + 1):
        name, bias = f"W{layer}", f"b{layer}"
        shape = _shape_of(named[name])
        if not isinstance(shape, tuple) or len(shape) != 2 or (weights and shape[1] != len(weights[-1])):
            raise ShapeError(name, f"n × {len(weights[-1])}" if weights else "a matrix", shape)
        weights.append(_read(named[name], name, shape))
        biases.append(_read(named[bias], bias, (shape[0],)) if named.get(bias) is not None else None)
    return tuple(weights), tuple(biases)


def _shape_text(value: Any) -> str:
    return f"<{len(value)} × {len(value[0])}>" if isinstance(value[0], tuple) else f"<{len(value)}>"


def parameters_from(network: Network, /, **named: Any) -> Parameters:
    """The parameters with these entries: ``W1=…, b1=…, W2=…``, nested sequences or arrays of exact numbers.

    Parameters: every name of `network.shapes`, with its shape. Exactness: exact (see `exact`).
    Raises: `InputError` for a missing or unknown name, `ShapeError` with both shapes, errors of `exact` naming the entry.
    Source: proofs/FORMAT.md, section 2.

    >>> import exactsurf as es
    >>> parameters_from(es.Network([2, 1, 1]), W1=[[1]], b1=[0], W2=[[1]], b2=[0])
    Traceback (most recent call last):
        ...
    exactsurf.errors.ShapeError: W1 has the wrong shape: expected 1 × 2, got 1 × 1
    """
    shapes = network.shapes
    for name in named:
        if name not in shapes:
            raise InputError(f"unknown parameter {name!r}", fix=f"{nearest(name, shapes)}{network!r} has {', '.join(shapes)}")
    missing = [name for name in shapes if name not in named]
    if missing:
        raise InputError(f"missing parameters {', '.join(missing)}", fix=f"{network!r} has {', '.join(shapes)}")
    values = {name: _read(named[name], name, shape) for name, shape in shapes.items()}
    layers = range(1, network.layers + 1)
    return Parameters(tuple(values[f"W{k}"] for k in layers), tuple(values.get(f"b{k}") for k in layers))


def check_parameters(network: Network, parameters: Parameters) -> None:
    """Raise `ShapeError` naming both shapes unless `parameters` (or a direction) belong to `network`.

    Exactness: nothing is computed. Raises: `ShapeError`, `InputError` for what are no parameters. Source: none.

    >>> import exactsurf as es
    >>> check_parameters(es.Network([1, 1]), es.Parameters(W1=[[1]]))
    Traceback (most recent call last):
        ...
    exactsurf.errors.ShapeError: b1 for Network(1-1, linear model) has the wrong shape: expected 1, got nothing
    """
    if not isinstance(parameters, Parameters):
        raise InputError("not parameters", text=repr(parameters), fix="build them with problem.parameters(W1=…, b1=…, …)")
    shapes = network.shapes
    got = {name: (len(v), len(v[0])) if name[0] == "W" else (len(v),) for name, v in parameters.items()}  # type: ignore[arg-type]
    if got != shapes:
        wrong = next(name for name in {**shapes, **got} if shapes.get(name) != got.get(name))
        raise ShapeError(f"{wrong} for {network!r}", shapes.get(wrong, "no such parameter"), got.get(wrong, "nothing"))


def _read(value: Any, name: str, shape: tuple[int, ...]) -> Any:
    if not _is_list(value) and callable(getattr(value, "tolist", None)):  # a SymPy matrix
        value = value.tolist()
    got = _shape_of(value)
    if got != shape:
        raise ShapeError(name, shape, got)
    if len(shape) == 1:
        return tuple(exact(v, f"{name}[{i}]") for i, v in enumerate(value))
    return tuple(tuple(exact(v, f"{name}[{i}][{j}]") for j, v in enumerate(row)) for i, row in enumerate(value))


def _shape_of(value: Any) -> tuple[int, ...] | str:
    if not _is_list(value):
        return "text" if isinstance(value, (str, bytes)) else "a mapping" if isinstance(value, Mapping) else "a single number"
    lengths = {len(row) if _is_list(row) else -1 for row in value}
    if lengths == {-1} or not lengths:
        return (len(value),)
    return (len(value), lengths.pop()) if len(lengths) == 1 and -1 not in lengths else "rows of different lengths"


def _is_list(value: Any) -> bool:
    return not isinstance(value, (str, bytes, Mapping)) and (isinstance(value, Sequence) or getattr(value, "ndim", 0) > 0)
