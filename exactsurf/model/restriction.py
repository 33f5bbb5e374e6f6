"""Rational affine subspaces of parameter space: weights that are fixed, shared, or affine functions of free parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from keyword import iskeyword
from typing import Any

from exactsurf.errors import InputError, ShapeError, nearest
from exactsurf.exact.linear_algebra import Matrix, Vector, least_squares
from exactsurf.exact.number import exact, to_text
from exactsurf.exact.sparse_rows import PeeledRows, peeled_rows
from exactsurf.model.network import Network
from exactsurf.model.parameter_vector import parameters_of, vector_of
from exactsurf.model.parameters import Parameters, check_parameters


@dataclass(frozen=True, init=False)
class Restriction:
    """The affine subspace θ(u) = offset + Σ u_k basis_k of the parameter space of a network, u of p free parameters.

    Parameters: `network`; `offset`, parameters; `basis`, p ≥ 1 independent directions (of the type `Parameters`); `names` of the
    free parameters, u0, u1, … by default, which play no part in `==`. Usually built by `restriction`, `convolution`, `diagonal`
    or `residual`.
    Exactness: exact. Raises: `InputError` for directions that are not independent and for names that are no p different words,
    `ShapeError` for parameters of another network. Source: proofs/FORMAT.md, section 44.

    >>> import exactsurf as es
    >>> shared = es.restriction(es.Network([2, 1, 1], biases=False), W1=[["a", "2*a - 1"]], W2=[["b"]])
    >>> shared, shared.parameters(a=3, b=1)
    (Restriction(Network(2-1-1, relu, biases=False), 2 free parameters: a, b), Parameters(W1=[[3, 5]], W2=[[1]]))
    """

    network: Network
    offset: Parameters
    basis: tuple[Parameters, ...]
    names: tuple[str, ...] = field(default=(), compare=False)
    _peeled: PeeledRows = field(init=False, repr=False, compare=False)

    def __init__(
        self, network: Network, offset: Parameters, basis: Iterable[Parameters], names: Sequence[str] | None = None
    ) -> None:
        if not isinstance(network, Network):
            raise InputError("a restriction is one of the parameters of a Network", text=repr(network))
        directions = (basis,) if isinstance(basis, Parameters) else tuple(basis)
        words = tuple(f"u{k}" for k in range(len(directions))) if names is None else tuple(names)
        for value in (offset, *directions):
            if not isinstance(value, Parameters):
                raise InputError("offset and basis of a restriction are Parameters", text=repr(value))
            check_parameters(network, value)
        if not directions:
            raise InputError("no parameter is free", fix="leave at least one entry of a weight or bias free")
        peeled = peeled_rows([_entries(direction) for direction in directions])
        if peeled.dependent():
            raise InputError("the directions of a restriction are not independent", fix="leave some of them out")
        if (
            len(words) != len(directions)
            or len(set(words)) != len(words)
            or not all(isinstance(word, str) and word.isascii() and word.isidentifier() and not iskeyword(word) for word in words)
        ):
            fix = "use letters from a to z, digits and _, as in w1_0, and no words of Python such as lambda"
            raise InputError("the names of free parameters are different words, one for each", text=str(list(words)), fix=fix)
        object.__setattr__(self, "network", network)
        object.__setattr__(self, "offset", offset)
        object.__setattr__(self, "basis", directions)
        object.__setattr__(self, "names", words)
        object.__setattr__(self, "_peeled", peeled)

    @property
    def dimension(self) -> int:
        """p, the number of free parameters."""
        return len(self.basis)

    @cached_property
    def origin(self) -> Vector:
        """The offset as a vector."""
        return vector_of(self.offset)

    @cached_property
    def directions(self) -> Matrix:
        """The basis as p vectors."""
        return tuple(map(vector_of, self.basis))

    @cached_property
    def degree(self) -> int:
        """The most varying weights and biases on a path to an output: a bound on the degree of predictions on every cell.

        Exactness: exact. Raises: nothing. Source: proofs/FORMAT.md, section 44.

        >>> import exactsurf as es
        >>> es.diagonal(2, 3).degree, es.convolution(4, [2], head=[1, 1, 1]).degree
        (3, 1)
        """
        return max(self.degrees[-1])

    @cached_property
    def degrees(self) -> tuple[tuple[int, ...], ...]:
        """By layer and unit: such a bound for every pre-activation, and in the last layer for the outputs. Exactness: exact."""
        degrees, found = [0] * self.network.widths[0], list[tuple[int, ...]]()
        for layer, (width, has_bias) in enumerate(zip(self.network.widths[1:], self.network.biases, strict=True)):
            degrees = [
                max(
                    *(d + any(b.weights[layer][j][k] for b in self.basis) for k, d in enumerate(degrees)),
                    int(has_bias and any(b.biases[layer][j] for b in self.basis)),  # type: ignore[index]
                )
                for j in range(width)
            ]
            found.append(tuple(degrees))
        return tuple(found)

    def parameters(self, /, **named: Any) -> Parameters:
        """θ at values of the free parameters, each by its name.

        Exactness: exact. Raises: `InputError` for a name that is missing or unknown; errors of `exact`. Source: FORMAT.md, 44.

        >>> import exactsurf as es
        >>> es.restriction(es.Network([1, 1, 1], biases=False), W1=[["a"]], W2=[["-a"]]).parameters(a="1/2")
        Parameters(W1=[['1/2']], W2=[['-1/2']])
        """
        if unknown := [name for name in named if name not in self.names]:
            fix = f"{nearest(unknown[0], self.names)}the free parameters are {_listed(self.names)}"
            raise InputError(f"there is no free parameter {unknown[0]!r}", fix=fix)
        if missing := [name for name in self.names if name not in named]:
            raise InputError(f"the free parameter {missing[0]!r} has no value", fix=f"give {_listed(self.names)}")
        return self.at([exact(named[name], name) for name in self.names])

    def at(self, values: Sequence[Any]) -> Parameters:
        """θ at the values u_1, …, u_p. Exactness: exact. Raises: `ShapeError` for another number of values."""
        u = [exact(value, f"value {k}") for k, value in enumerate(values)]
        if len(u) != self.dimension:
            raise ShapeError("the values of the free parameters", (self.dimension,), (len(u),))
        return parameters_of(self.network, self._combined(u, self.origin))

    def direction(self, values: Sequence[Fraction]) -> Parameters:
        """Σ u_k basis_k, a direction of parameter space. Exactness: exact."""
        return parameters_of(self.network, self._combined(values, (Fraction(0),) * len(self.origin)))

    def values(self, parameters: Parameters) -> Vector:
        """The values of the free parameters at a point of the subspace.

        Exactness: exact. Raises: `InputError` naming an entry that has no such value, `ShapeError`. Source: FORMAT.md, 44.

        >>> import exactsurf as es
        >>> shared = es.restriction(es.Network([1, 1, 1], biases=False), W1=[["a"]], W2=[["-a"]])
        >>> shared.values(es.Parameters(W1=[[2]], W2=[[-2]]))
        (Fraction(2, 1),)
        >>> shared.values(es.Parameters(W1=[[2]], W2=[[2]]))
        Traceback (most recent call last):
            ...
        exactsurf.errors.InputError: these parameters do not obey the restriction: W1 is not what the free parameters make it; \
restriction.parameters(a=…) builds parameters that do
        """
        check_parameters(self.network, parameters)
        change = tuple(a - b for a, b in zip(vector_of(parameters), self.origin, strict=True))
        found = self.step(change)
        if found is None:
            nearby = self.at(least_squares(tuple(zip(*self.directions, strict=True)), change))
            off = next(name for name, value in nearby.items() if value != parameters[name])
            raise InputError(
                f"these parameters do not obey the restriction: {off} is not what the free parameters make it",
                fix=f"restriction.parameters({_listed(f'{name}=…' for name in self.names)}) builds parameters that do",
            )
        return found

    def step(self, change: Vector) -> Vector | None:
        """The u with Σ u_k basis_k = `change`, None if there is none. Exactness: exact."""
        return self._peeled.combination(change)

    def holds(self, parameters: Parameters) -> bool:
        """Whether parameters lie in the subspace. Exactness: exact. Raises: `ShapeError` for parameters of another network."""
        check_parameters(self.network, parameters)
        return self.step(tuple(a - b for a, b in zip(vector_of(parameters), self.origin, strict=True))) is not None

    def _combined(self, values: Sequence[Fraction], start: Vector) -> Vector:
        entries = list(start)
        for value, direction in zip(values, self._peeled.rows, strict=True):
            if value:
                for place, factor in direction.items():
                    entries[place] += value * factor
        return tuple(entries)

    def expressions(self) -> dict[str, Any]:
        """Every weight and bias as a text in the free parameters, as `restriction` takes them. Exactness: exact.

        >>> import exactsurf as es
        >>> es.restriction(es.Network([2, 1, 1], biases=False), W1=[["a", "2*a - 1"]], W2=[["1/3"]]).expressions()
        {'W1': [['a', '2*a - 1']], 'W2': [['1/3']]}
        """
        factors = [dict[str, Fraction]() for _ in self.origin]
        for name, direction in zip(self.names, self._peeled.rows, strict=True):
            for place, factor in direction.items():
                factors[place][name] = factor
        texts = iter([_expression(terms, value) for terms, value in zip(factors, self.origin, strict=True)])
        return {
            name: [[next(texts) for _ in row] if isinstance(row, tuple) else next(texts) for row in value]
            for name, value in self.offset.items()
        }

    def __repr__(self) -> str:
        names = _listed(self.names if len(self.names) <= _SHOWN else (*self.names[:_SHOWN], "…"))
        return f"Restriction({self.network!r}, {self.dimension} free parameter{'s' * (self.dimension != 1)}: {names})"


_SHOWN = 8
"""Names that `repr` writes out."""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _entries(direction: Parameters) -> dict[int, Fraction]:
    return {place: value for place, value in enumerate(vector_of(direction)) if value}


def _expression(factors: Mapping[str, Fraction], constant: Fraction) -> str:
    """``2*a - b + 1/2``, as `affine_form` reads it."""
    text = ""
    for name, factor in (*factors.items(), ("", constant)):
        if factor:
            size = to_text(abs(factor))
            term = size if not name else name if abs(factor) == 1 else f"{size}*{name}"
            sign = ("-" if factor < 0 else "") if not text else (" - " if factor < 0 else " + ")
            text += sign + term
    return text or "0"
