"""The search for all pattern regions: a walk over the layers, up to the order of units."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import combinations_with_replacement
from math import comb
from typing import TypeAlias

from exactsurf.cells.activation_pattern import activation_pattern, boundary_text
from exactsurf.cells.patterns.pattern_decision import PatternDecision, SettledBy, decide_pattern
from exactsurf.cells.patterns.pattern_frame import PatternFrame
from exactsurf.cells.patterns.unit_order import LayerPieces, orbit_size, reordered, sorting_orders, with_units_reordered
from exactsurf.cells.patterns.unit_rows import parameters_with_rows, rows_of, unit_rows
from exactsurf.cells.unit_cells import unit_arrangement
from exactsurf.errors import InputError, InternalError
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

Prefix: TypeAlias = tuple[LayerPieces, ...]
"""The pieces of the first hidden layers, units sorted."""


@dataclass
class RegionSearch:
    """What is known so far. `found` maps the full patterns, units sorted, to parameters strictly inside."""

    problem: Problem
    limit: int
    modulo_permutation: bool
    decide: str
    decisions: int
    effort: int
    milliseconds: int
    note: Callable[[str], None] | None = None
    found: dict[Prefix, Parameters] = field(default_factory=dict)
    impossible: list[PatternDecision] = field(default_factory=list)
    undecided: list[PatternDecision] = field(default_factory=list)
    count: int = 0
    by_crossing: bool = False
    interrupted: bool = False
    _prefixes: dict[Prefix, Parameters] = field(default_factory=dict)
    _units: dict[Prefix, set[tuple[int, ...]]] = field(default_factory=dict)
    _beginnings: set[tuple[Prefix, LayerPieces]] = field(default_factory=set)

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        return len(self.problem.network.widths) - 2

    @property
    def is_full(self) -> bool:
        """Whether more regions are known than are to be listed."""
        return self.count > self.limit

    def count_first_layer(self, cells: int) -> int:
        """The number of patterns of layer 1, up to the order of units."""
        units = self.problem.network.widths[1]
        return comb(cells + units - 1, units)

    def add_point(self, parameters: Parameters) -> bool:
        """Take up the region of a point, and say whether it is new; `InputError` for a point on a wall."""
        pattern = activation_pattern(self.problem, parameters)
        if not pattern.is_interior:
            raise InputError(f"a start lies on a wall: {boundary_text(pattern)}", fix="move it a little")
        layers: Prefix = pattern.pieces  # type: ignore[assignment]  # interior: no piece is None
        orders = sorting_orders(layers)
        return self._record(tuple(map(reordered, layers, orders)), with_units_reordered(parameters, orders))

    def _record(self, layers: Prefix, parameters: Parameters) -> bool:
        """Note a witness of the pattern of the first layers."""
        known = self.found if len(layers) == self.depth else self._prefixes
        if layers in known:
            return False
        known[layers] = parameters
        for level in range(1, len(layers)):
            self._prefixes.setdefault(layers[:level], parameters)
        for level, units in enumerate(layers):
            below = layers[:level]
            self._units.setdefault(below, set()).update(units)
            self._beginnings.update((below, units[:length]) for length in range(1, len(units) + 1))
            self._beginnings.update((below, (unit[:length],)) for unit in set(units) for length in range(1, len(unit) + 1))
        if len(layers) == self.depth:
            self.count += 1 if self.modulo_permutation else orbit_size(layers)
            if self.note is not None and len(self.found) % 64 == 0:
                self.note(f"{self.count} regions found, {len(self.impossible)} families of patterns proved impossible")
        return True

    def walk(self) -> None:
        """Settle all patterns, layer after layer."""
        single = dict(self._unit_rows((), parameters_with_rows(self.problem, ())))
        if len(single) != unit_arrangement(self.problem).count_cells():
            raise InternalError("the cells of layer 1 are not as many as they have to be")
        self._spread((), single, parameters_with_rows(self.problem, ()))
        for units in combinations_with_replacement(sorted(single), self.problem.network.widths[1]):
            if self.is_full:
                return
            self._walk_above((units,))

    def _walk_above(self, below: Prefix) -> None:
        if len(below) == self.depth:
            return
        parameters = self._prefixes[below]
        self._spread(below, dict(self._unit_rows(below, parameters)), parameters)
        if self.decide == "none" and len(below) == self.depth - 1:
            return
        singles = list(self._single_units(below, ())) if self.decide != "none" else self._known_units(below)
        for units in self._together(below, sorted(singles), ()):
            if self.is_full:
                return
            self._walk_above((*below, units))

    def _known_units(self, below: Prefix) -> list[tuple[int, ...]]:
        return sorted(self._units.get(below, ()))

    def _unit_rows(self, below: Prefix, parameters: Parameters) -> Iterator[tuple[tuple[int, ...], Vector]]:
        silent = PatternFrame(self.problem, self._completed(below)).silent[len(below)]
        return unit_rows(self.problem, parameters, len(below) + 1, silent)

    def _spread(self, below: Prefix, rows: dict[tuple[int, ...], Vector], parameters: Parameters) -> None:
        """Take up all patterns of the next layer over the lower layers of `parameters`: units are independent there."""
        lower = [rows_of(parameters, layer) for layer in range(1, len(below) + 1)]
        width = self.problem.network.widths[len(below) + 1]
        for taken, units in enumerate(combinations_with_replacement(sorted(rows), width)):
            if self.is_full or taken > self.limit:
                return
            if (*below, units) not in (self.found if len(below) + 1 == self.depth else self._prefixes):
                chosen = [*lower, [rows[unit] for unit in units]]
                self._record((*below, units), parameters_with_rows(self.problem, chosen))

    def _single_units(self, below: Prefix, beginning: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        """The pieces that one unit of the next layer can have over any lower layers with their pieces, sample by sample."""
        if len(beginning) == len(self.problem.data):
            yield beginning
            return
        silent = PatternFrame(self.problem, self._completed(below)).silent[len(below)][len(beginning)]
        activation = self.problem.network.activation
        home = sum(t < 0 for t in activation.breakpoints)
        for piece in [home] if silent else range(len(activation.slopes)):
            longer = (*beginning, piece)
            if silent or self._settle(below, (longer,)):
                yield from self._single_units(below, longer)

    def _together(self, below: Prefix, singles: list[tuple[int, ...]], chosen: LayerPieces) -> Iterator[LayerPieces]:
        """The pieces that all units of the next layer can have together, sorted, unit by unit."""
        if len(chosen) == self.problem.network.widths[len(below) + 1]:
            if (*below, chosen) in self._prefixes or (*below, chosen) in self.found:
                yield chosen
            return
        for unit in singles:
            longer = (*chosen, unit)
            if (not chosen or unit >= chosen[-1]) and not self.is_full and self._settle(below, longer):
                yield from self._together(below, singles, longer)

    def _settle(self, below: Prefix, units: LayerPieces) -> bool:
        """Whether units of the next layer can have these pieces; a pattern that stays open is put on the list."""
        if (below, units) in self._beginnings:
            return True
        if self.decide == "none":
            return False
        pieces = self._completed(below, units)
        if self.decisions == 0:
            self.undecided.append(PatternDecision(pieces, SettledBy.OPEN, "not examined: the number of decisions is used up"))
            return False
        self.decisions -= 1
        decision = decide_pattern(self.problem, pieces, solver=self.decide, effort=self.effort, milliseconds=self.milliseconds)
        if decision.witness is not None:
            self._take_up(below, units, decision.witness)
            return True
        (self.undecided if decision.is_possible is None else self.impossible).append(decision)
        return False

    def _take_up(self, below: Prefix, units: LayerPieces, witness: Parameters) -> None:
        """Note a witness of some units over the lower layers, and all that its lower layers give."""
        self._beginnings.add((below, units))
        if len(units) == self.problem.network.widths[len(below) + 1] and all(len(u) == len(self.problem.data) for u in units):
            self._record((*below, units), witness)
        self._spread(below, dict(self._unit_rows(below, witness)), witness)

    def _completed(self, below: Prefix, units: LayerPieces = ()) -> tuple[tuple[tuple[int | None, ...], ...], ...]:
        """The partial pattern that says the pieces of the lower layers and of the beginning of the next layer only."""
        hidden, samples = self.problem.network.widths[1:-1], len(self.problem.data)
        free: tuple[int | None, ...] = (None,) * samples
        given: list[tuple[tuple[int | None, ...], ...]] = [*below, tuple((*unit, *free[len(unit) :]) for unit in units)]
        layers = given + [()] * (len(hidden) - len(given))
        return tuple((*layer, *(free,) * (width - len(layer))) for layer, width in zip(layers, hidden, strict=False))

    def conclusion(self) -> tuple[bool | None, str]:
        """Whether the list is complete, and why."""
        if self.is_full:
            return False, f"more than {self.limit} regions exist; raise the limit"
        if self.interrupted:
            return None, "the search was interrupted"
        if self.by_crossing:
            return None, "layer 1 has more patterns than the limit, so regions were only sought by crossing walls"
        if self.decide == "none" and self.depth > 1:
            return None, "patterns without a witness were not decided"
        if self.undecided:
            return None, f"{len(self.undecided)} families of patterns are open"
        trusted = sum(decision.settled_by is SettledBy.Z3 for decision in self.impossible)
        if trusted:
            word = f"for {trusted} families that is Z3's word, without a certificate"
            return True, f"every pattern has a witness or is impossible; {word}"
        return True, "every pattern has a witness or is proved impossible"
