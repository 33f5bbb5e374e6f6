"""Restrictions by the architectures that make them: fixed and shared weights, diagonal and residual networks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from exactsurf.errors import InputError, ShapeError, nearest
from exactsurf.exact.number import exact, to_text, whole_number
from exactsurf.model.activation import Activation, linear, relu
from exactsurf.model.activation_names import activation_from
from exactsurf.model.network import Network
from exactsurf.model.parameter_vector import parameters_of
from exactsurf.model.restriction import Restriction

_NUMBER = r"(?:\d+/\d+|\d+(?:\.\d+)?)"
_TERM = re.compile(rf"\s*([+-])?\s*(?:({_NUMBER})\s*(?:\*\s*([A-Za-z_]\w*))?|([A-Za-z_]\w*))\s*")
_ZERO, _ONE = Fraction(0), Fraction(1)
_HOW = 'an entry is a number, None or a text such as "a", "-a" or "2*a - b + 1/2"'


def affine_form(entry: Any, where: str = "") -> tuple[Fraction, dict[str, Fraction]]:
    """The constant and the factors of names in an entry: a number, or a text such as ``"2*a - b + 1/2"``.

    Exactness: exact. Raises: `InputError` naming the place; errors of `exact`. Source: none.

    >>> affine_form("2*a - 1/2")
    (Fraction(-1, 2), {'a': Fraction(2, 1)})
    """
    if not isinstance(entry, str) or not re.search(r"[^\W\d]", entry) or re.fullmatch(r"\s*[+-]?[\d.]+[eE][+-]?\d+\s*", entry):
        return exact(entry, where), {}
    constant, factors, place = _ZERO, dict[str, Fraction](), 0
    while place < len(entry):
        match = _TERM.match(entry, place)
        if match is None or (place and not match[1]):
            raise InputError(f"{where}: not an affine expression", text=entry, fix=_HOW)
        sign, size, name = Fraction(-1 if match[1] == "-" else 1), exact(match[2] or "1", where), match[3] or match[4]
        if name is None:
            constant += sign * size
        else:
            factors[name] = factors.get(name, _ZERO) + sign * size
        place = match.end()
    return constant, {name: factor for name, factor in factors.items() if factor}


def restriction(network: Network, /, **layers: Any) -> Restriction:
    """The restriction under which weights and biases are fixed, shared, or affine functions of named free parameters.

    Parameters: `network`; W1=…, b1=…, …, of the shapes of its parameters, whose entries are numbers (fixed), names (the same
    name is the same free parameter), affine expressions such as ``"2*a - 1"``, or None for a free parameter of its own, which
    is called ``W1_0_0`` after its place; a layer that is not mentioned is free. Returns: a `Restriction`, its free parameters
    in the order in which they occur.
    Exactness: exact. Raises: `InputError` naming the entry, `ShapeError` for another shape. Source: proofs/FORMAT.md, section 44.

    >>> import exactsurf as es
    >>> fixed = es.restriction(es.Network([2, 2, 1], biases=False), W2=[[1, 1]])
    >>> fixed.names, fixed.dimension
    (('W1_0_0', 'W1_0_1', 'W1_1_0', 'W1_1_1'), 4)
    """
    if not isinstance(network, Network):
        raise InputError("a restriction is one of the parameters of a Network", text=repr(network))
    shapes = network.shapes
    if unknown := [name for name in layers if name not in shapes]:
        fix = f"{nearest(unknown[0], shapes)}its parameters are {', '.join(shapes)}"
        raise InputError(f"{network!r} has no parameter {unknown[0]!r}", fix=fix)
    forms: list[tuple[Fraction, Mapping[str, Fraction]]] = []
    for name, shape in shapes.items():
        forms += entry_forms(name, shape, layers.get(name))
    return of_forms(network, forms)


def entry_forms(name: str, shape: tuple[int, ...], given: Any) -> list[tuple[Fraction, dict[str, Fraction]]]:
    """The affine forms of the entries of a matrix or vector, row by row; None is a free parameter named after its place.

    Parameters: `name` of the layer, its `shape`, the entries that are `given`. Exactness: exact. Raises: `InputError` naming the
    entry, `ShapeError` for another shape. Source: `restriction`.

    >>> entry_forms("W1", (1, 2), [["2*a", None]])
    [(Fraction(0, 1), {'a': Fraction(2, 1)}), (Fraction(0, 1), {'W1_0_1': Fraction(1, 1)})]
    """
    found = []
    for place, entry in _entries(name, shape, given):
        own = "_".join([name, *map(str, place)])
        found.append((_ZERO, {own: _ONE}) if entry is None else affine_form(entry, f"{name}{_brackets(place)}"))
    return found


def of_forms(network: Network, forms: Sequence[tuple[Fraction, Mapping[str, Fraction]]]) -> Restriction:
    """The restriction under which each parameter is an affine form: its constant and its factors of names.

    Parameters: `forms` in the order of `vector_of`. Exactness: exact. Raises: as `Restriction`. Source: `restriction`.
    """
    names = list(dict.fromkeys(word for _, factors in forms for word in factors))
    offset = parameters_of(network, [constant for constant, _ in forms])
    basis = [parameters_of(network, [factors.get(word, _ZERO) for _, factors in forms]) for word in names]
    return Restriction(network, offset, basis, names)


def _entries(name: str, shape: tuple[int, ...], given: Any) -> Iterator[tuple[tuple[int, ...], Any]]:
    """The places of a matrix or vector and what stands there; None where nothing is given."""
    if given is None:
        given = [[None] * shape[1] if len(shape) == 2 else None for _ in range(shape[0])]
    rows = list(given) if is_list(given) else [given]
    if not is_list(given) or len(rows) != shape[0]:
        raise ShapeError(name, shape, (len(rows),))
    for i, row in enumerate(rows):
        if len(shape) == 1:
            yield (i,), row
            continue
        if not is_list(row) or len(row) != shape[1]:
            raise ShapeError(f"row {i} of {name}", (shape[1],), (len(row),) if is_list(row) else "a single entry")
        yield from (((i, j), entry) for j, entry in enumerate(row))


def is_list(value: Any) -> bool:
    """Whether a value has entries, as a list or an array has; texts, dictionaries and arrays of one number are no lists."""
    return hasattr(value, "__len__") and getattr(value, "ndim", 1) != 0 and not isinstance(value, (str, bytes, dict))


def row_of(given: Any, what: str) -> list[Any]:
    """The entries of a list. Raises: `InputError` that says `what` must be one."""
    if not is_list(given):
        raise InputError(f"{what} must be a list", text=repr(given), fix="for example [1, 2]")
    return list(given)


def _brackets(place: Sequence[int]) -> str:
    return "".join(f"[{index}]" for index in place)


def diagonal(inputs: int, depth: int = 2, *, shared: bool = False) -> Restriction:
    """The diagonal linear network f(x) = Σ_j w_j^(1) ⋯ w_j^(L) x_j.

    Parameters: `inputs`; `depth` L ≥ 2; `shared`, whether all layers have the same weights, f(x) = Σ_j w_j^L x_j.
    Returns: a `Restriction` of the linear network of L − 1 hidden layers of `inputs` units.
    Exactness: exact. Raises: `InputError` for a depth below 2. Source: Woodworth et al. 2020.

    >>> import exactsurf as es
    >>> es.diagonal(2).expressions()
    {'W1': [['w1_0', '0'], ['0', 'w1_1']], 'W2': [['w2_0', 'w2_1']]}
    >>> es.diagonal(2, 3, shared=True).names
    ('w_0', 'w_1')
    """
    whole_number(inputs, "the number of inputs")
    if isinstance(depth, bool) or not isinstance(depth, int) or depth < 2:
        raise InputError("a diagonal network has at least two layers of weights", text=repr(depth))

    def weight(layer: int, j: int) -> str:
        return f"w_{j}" if shared else f"w{layer}_{j}"

    layers: dict[str, Any] = {
        f"W{layer}": [[weight(layer, j) if j == k else 0 for k in range(inputs)] for j in range(inputs)]
        for layer in range(1, depth)
    }
    layers[f"W{depth}"] = [[weight(depth, j) for j in range(inputs)]]
    return restriction(Network([*[inputs] * depth, 1], linear, biases=False), **layers)


def residual(
    inputs: int, hidden: int, *, blocks: int = 1, activation: Activation | str | dict[str, Any] = relu, head: Any = None
) -> Restriction:
    """A residual network: blocks x ↦ x + V h(W x), and a last row of weights if one is asked for.

    Parameters: `inputs` n; `hidden`, the units of each block; `blocks`; `activation`, linear on both sides of 0 with slopes
    whose sum is not 0: the skip connection is x = (h(x) − h(−x))/(slope left + slope right), by 2n units of fixed weights;
    `head`, the weights of the output, numbers, names or None; without it the n entries of the last block are the outputs.
    Block b has the free parameters W{b}_{j}_{k} and V{b}_{k}_{j}; two hidden layers stand for it, of hidden + 2n and of 2n units.
    With a linear activation a block is x ↦ (I + A)x, one layer, with the free parameters A{b}_{j}_{k}.
    Returns: a `Restriction`. Exactness: exact. Raises: `InputError` for an activation of which no skip connection is made.
    Source: He, Zhang, Ren and Sun 2016; Hardt and Ma 2017 (linear).

    >>> import exactsurf as es
    >>> es.residual(1, 1).expressions()
    {'W1': [['W1_0_0'], ['1'], ['-1']], 'W2': [['V1_0_0', '1', '-1']]}
    >>> es.residual(1, 1, blocks=2, head=[1]).network, es.residual(2, 2, blocks=2, activation="linear").network
    (Network(1-3-2-3-2-1, relu, biases=False), Network(2-2-2, linear, biases=False))
    """
    h = activation_from(activation)
    for value, what in (
        (inputs, "the number of inputs"),
        (hidden, "the number of hidden units"),
        (blocks, "the number of blocks"),
    ):
        whole_number(value, what)
    head = head if head is None else row_of(head, "the head")
    if head is not None and len(head) != inputs:
        raise ShapeError("the head of a residual network", (inputs,), (len(head),))
    if h == linear:
        return _linear_blocks(inputs, blocks, head)
    if h.is_smooth or h.breakpoints != (_ZERO,) or h.value_at_0 != 0 or sum(h.slopes) == 0:
        raise InputError(f"no skip connection is made of {h!r}", fix="take one that is linear on both sides of 0, such as relu")
    share, span = to_text(1 / sum(h.slopes, _ZERO)), range(inputs)
    # What carries x: each of its entries as pairs (place, factor) of what the layer reads.
    plain: _Carried = [[(k, "1")] for k in span]
    pairs: _Carried = [[(k, share), (inputs + k, f"-{share}")] for k in span]
    layers, widths, carried, width = list[Any](), [inputs], plain, inputs
    for b in range(1, blocks + 1):
        reading = [_row(width, [(carried[k], f"W{b}_{j}_{k}", 1) for k in span]) for j in range(hidden)]
        passed = [_row(width, [(carried[k], "", sign)]) for sign in (1, -1) for k in span]
        layers.append([*reading, *passed])
        width = hidden + 2 * inputs
        behind: _Carried = [[(hidden + k, share), (hidden + inputs + k, f"-{share}")] for k in span]
        signs = (1,) if b == blocks and head is None else (1, -1)
        layers.append(
            [
                _row(width, [*(([(j, "1")], f"V{b}_{k}_{j}", sign) for j in range(hidden)), (behind[k], "", sign)])
                for sign in signs
                for k in span
            ]
        )
        widths += [width, inputs * len(signs)]
        width, carried = inputs * len(signs), pairs
    if head is not None:
        given = [f"v_{k}" if entry is None else entry for k, entry in enumerate(head)]
        layers.append([_row(width, [(carried[k], given[k], 1) for k in span])])
        widths.append(1)
    named = {f"W{number}": rows for number, rows in enumerate(layers, start=1)}
    return restriction(Network(widths, h, biases=False), **named)


_Carried: TypeAlias = list[list[tuple[int, str]]]


def _row(width: int, terms: Sequence[tuple[Sequence[tuple[int, str]], Any, int]]) -> list[Any]:
    """A row of weights: for each (where a value is carried, its weight, a sign) the products of weight, sign and factors."""
    row: list[Any] = [0] * width
    for places, weight, sign in terms:
        constant, factors = (_ONE, {}) if weight == "" else affine_form(weight)
        for place, text in places:
            size = sign * exact(text)
            parts = [f"{to_text(size * factor)}*{name}" for name, factor in factors.items()]
            row[place] = " + ".join([*parts, to_text(size * constant)]).replace("+ -", "- ") if parts else size * constant
    return row


def _linear_blocks(inputs: int, blocks: int, head: Any) -> Restriction:
    """Layers I + A."""
    layers: dict[str, Any] = {
        f"W{b}": [[f"A{b}_{j}_{k}" + " + 1" * (j == k) for k in range(inputs)] for j in range(inputs)]
        for b in range(1, blocks + 1)
    }
    widths = [inputs] * (blocks + 1)
    if head is not None:
        layers[f"W{blocks + 1}"] = [list(head)]
        widths.append(1)
    return restriction(Network(widths, linear, biases=False), **layers)
