"""Trees over inputs: they cut input space into the regions on which networks are affine (FORMAT.md, section 34)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from .arithmetic.document import Field
from .arithmetic.effort import price, spend
from .arithmetic.rational import Rational
from .arithmetic.rational_rows import bits_of
from .input_network import Form, InputNetwork, activated, coordinates, layer_forms, place_of
from .network import Parameters


@dataclass(frozen=True)
class Region:
    """A leaf: the pieces of every network's units, the inequalities form > 0, the outputs, and whether a unit is at a kink."""

    pieces: list[list[list[int]]]
    inequalities: list[Form]
    outputs: list[list[Form]]
    at_kink: bool
    weak: frozenset[int] = frozenset()  # the inequalities that are form ≥ 0


@dataclass(frozen=True)
class _State:
    forms: list[Form]
    images: list[Form] = field(default_factory=list)
    pieces: list[list[int]] = field(default_factory=list)  # of the network that is walked through; the last list grows
    done: list[tuple[list[list[int]], list[Form]]] = field(default_factory=list)
    inequalities: list[Form] = field(default_factory=list)
    at_kink: bool = False
    weak: frozenset[int] = frozenset()


def regions(tree: Field, network: InputNetwork, points: list[Parameters], *, half_open: bool = False) -> Iterator[Region]:
    """Every leaf of a tree, after its entries were checked; inputs in no leaf are on the boundary of one.

    If it is half-open, a number at a breakpoint is on the piece on the left of it, and all inputs are in leaves.
    """
    return _Walk(tree, network, points, half_open).leaves()


class _Walk:
    def __init__(self, tree: Field, network: InputNetwork, points: list[Parameters], half_open: bool) -> None:
        self.tree, self.entries, self.half_open = tree, iter(tree.items()), half_open
        self.network, self.points = network, points
        self.length = network.widths[0] + 1

    def leaves(self) -> Iterator[Region]:
        """Depth first, without recursion: the children of a node are looked at when their turn comes."""
        stack = [iter([self.first(_State([]))])]
        while stack:
            state = next(stack[-1], None)
            if state is None:
                stack.pop()
            elif len(state.done) == len(self.points):
                pieces, outputs = zip(*state.done, strict=True)
                yield Region(list(pieces), state.inequalities, list(outputs), state.at_kink, state.weak)
            else:
                stack.append(self.children(state))
        if next(self.entries, None) is not None:
            raise self.tree.reject("there are more entries than children")

    def first(self, state: _State) -> _State:
        """At the first layer of the next network, if there is one."""
        if len(state.done) == len(self.points):
            return state
        forms = layer_forms(self.points[len(state.done)], 0, coordinates(self.length - 1), self.length)
        return self.at_layer(replace(state, forms=forms, images=[], pieces=[]))

    def at_layer(self, state: _State) -> _State:
        """At the first unit of a hidden layer; the forms of the layer behind them are outputs."""
        if len(state.pieces) < len(self.network.widths) - 2:
            return replace(state, pieces=[*state.pieces, []], images=[])
        return self.first(replace(state, done=[*state.done, (state.pieces, state.forms)]))

    def with_piece(self, state: _State, piece: int, at_kink: bool = False) -> _State:
        """The unit on a piece, and on to the next one."""
        *before, units = state.pieces
        image = activated(self.network.activation, state.forms[len(units)], piece)
        images, units = [*state.images, image], [*units, piece]
        state = replace(state, pieces=[*before, units], images=images, at_kink=state.at_kink or at_kink)
        if len(units) < len(state.forms):
            return state
        forms = layer_forms(self.points[len(state.done)], len(state.pieces), images, self.length)
        return self.at_layer(replace(state, forms=forms))

    def children(self, state: _State) -> Iterator[_State]:
        """The pieces that a unit has in a region."""
        spend(10)
        h = self.network.activation
        form = state.forms[len(state.pieces[-1])]
        if not any(form[:-1]):
            yield self.with_piece(state, *place_of(h, form[-1]))
            return
        for piece in range(len(h.slopes)):
            spend(len(form) + (len(state.inequalities) >> 4))
            rows, weak = list(state.inequalities), state.weak
            if piece:
                rows.append([*form[:-1], form[-1] - h.breakpoints[piece - 1]])
            if piece < len(h.breakpoints):
                weak = weak | {len(rows)} if self.half_open else weak
                rows.append([*(-a for a in form[:-1]), h.breakpoints[piece] - form[-1]])
            entry = next(self.entries, None)
            if entry is None:
                raise self.tree.reject("there are fewer entries than children")
            if entry.value == []:
                yield self.with_piece(replace(state, inequalities=rows, weak=weak), piece)
            else:
                self.check_empty(entry, rows, weak)

    def check_empty(self, entry: Field, rows: list[Form], weak: frozenset[int]) -> None:
        """Multipliers show that no input satisfies all inequalities."""
        total: list[Rational] = [0] * self.length
        strict = False
        for pair, (index, value) in zip(entry.items(), entry.pairs(lambda item: item.index(len(rows))), strict=True):
            if value <= 0:
                raise pair.reject("expected a positive number")
            spend(self.length * price(bits_of([value]), bits_of(rows[index])))
            strict = strict or index not in weak
            total = [before + value * part for before, part in zip(total, rows[index], strict=True)]
        if any(total[:-1]) or total[-1] > 0 or (not strict and not total[-1]):
            raise entry.reject("these multipliers do not show that the child has no inputs")
