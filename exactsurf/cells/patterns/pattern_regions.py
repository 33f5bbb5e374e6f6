"""Pattern regions of networks of any depth: found layer by layer or by crossing walls, with proofs of what cannot be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from exactsurf.cells.activation_pattern import ActivationPattern
from exactsurf.cells.patterns.pattern_decision import EFFORT, MILLISECONDS, PatternDecision
from exactsurf.cells.patterns.unit_order import orbit, orbit_size, reordered, with_units_reordered
from exactsurf.cells.unit_cells import unit_arrangement
from exactsurf.errors import InputError
from exactsurf.exact.number import whole_number
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

LIMIT = 10_000


@dataclass(frozen=True)
class PatternRegion:
    """An open region of parameter space with one activation pattern, and parameters strictly inside.

    For two and more hidden layers it need not be connected.
    """

    pattern: ActivationPattern
    witness: Parameters


@dataclass(frozen=True)
class PatternRegions:
    """The pattern regions that were found, and what is known of the rest.

    Attributes: `regions`, one of those that differ by the order of units if `modulo_permutation`; `impossible`, families of
    patterns that no parameters have (partial patterns: None where they are free; up to the order of units), each with its
    proof, or on Z3's word; `undecided`, families that are open; `complete` and `why`:
    True: every pattern is among the regions or in an impossible family (patterns of layer 1 that are not among the
    regions are empty by the count of its arrangement); False: more regions are known to exist; None: unknown;
    `interrupted`, whether the search was.
    Exactness: every region has a witness, checked by the exact forward pass. Source: `pattern_regions`.
    """

    problem: Problem
    regions: tuple[PatternRegion, ...]
    impossible: tuple[PatternDecision, ...]
    undecided: tuple[PatternDecision, ...]
    complete: bool | None
    why: str
    modulo_permutation: bool
    interrupted: bool = False

    def __len__(self) -> int:
        return len(self.regions)

    def __repr__(self) -> str:
        known = {True: "complete", False: "not complete", None: "not known to be complete"}[self.complete]
        return f"PatternRegions({len(self.regions)} regions of {self.problem.network!r}, {known})"


def pattern_regions(
    problem: Problem,
    *,
    starts: Sequence[Parameters] = (),
    limit: int = LIMIT,
    decide: str = "exact",
    modulo_permutation: bool = False,
    decisions: int = 100_000,
    effort: int = EFFORT,
    milliseconds: int = MILLISECONDS,
    note: Callable[[str], None] | None = None,
) -> PatternRegions:
    """The pattern regions of a network of any depth, each with parameters strictly inside.

    Layer by layer: layer 1 is one arrangement; over fixed lower layers so is every next layer, which gives many regions
    at once; every pattern that is still missing is then decided for all lower layers (`decide_pattern`). If layer 1 alone
    has more patterns than `limit`, regions are found by crossing walls from `starts` (or from random integer points).

    Parameters: `starts`, parameters that lie in some regions; `limit`, the regions to list at most; `decide`: ``"exact"``,
    ``"z3"`` (an extra; asked where the exact search is left open) or ``"none"`` (witnesses only); `modulo_permutation`
    lists one of the regions that differ by the order of units; `decisions`, the patterns to decide at most; `effort` and
    `milliseconds` as for `decide_pattern`; `note` is called with a few words now and then.
    Returns: `PatternRegions`; after an interruption (Ctrl-C) too, with what was found until then.
    Exactness: exact; see `PatternRegions`. The order is the same on every run.
    Raises: `InputError` for no hidden layer, a linear activation, a start on a wall, or a bad option; `ShapeError` for a
    start of another network; `MissingExtraError` for ``"z3"`` without Z3. Source: theory.md, sections 1 and 2.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 0]))
    >>> found = es.pattern_regions(problem)
    >>> found, len(found.impossible)
    (PatternRegions(28 regions of Network(1-1-1-1, relu), complete), 16)
    >>> print(found.why)
    every pattern has a witness or is proved impossible
    """
    from exactsurf.cells.patterns.region_search import RegionSearch
    from exactsurf.cells.patterns.wall_crossing import cross_walls

    check_piecewise_linear(problem, "pattern_regions")
    if decide not in ("exact", "z3", "none"):
        raise InputError("unknown way to decide patterns", text=str(decide), fix="'exact', 'z3' or 'none'")
    for name, value in (("limit", limit), ("effort", effort), ("milliseconds", milliseconds)):
        whole_number(value, name)
    whole_number(decisions, "decisions", least=0)
    search = RegionSearch(problem, limit, modulo_permutation, decide, decisions, effort, milliseconds, note)
    for start in starts:
        search.add_point(start)
    first_layer = search.count_first_layer(unit_arrangement(problem).count_cells())
    try:
        if first_layer <= limit:
            search.walk()
        else:
            cross_walls(search)
    except KeyboardInterrupt:
        search.interrupted = True
    regions = tuple(_listed(search.found, modulo_permutation, limit))
    complete, why = search.conclusion()
    impossible, undecided = tuple(search.impossible), tuple(search.undecided)
    return PatternRegions(problem, regions, impossible, undecided, complete, why, modulo_permutation, search.interrupted)


def _listed(
    found: dict[tuple[tuple[tuple[int, ...], ...], ...], Parameters], modulo_permutation: bool, limit: int
) -> Iterator[PatternRegion]:
    listed = 0
    for layers, parameters in found.items():
        for orders in [()] if modulo_permutation or orbit_size(layers) == 1 else orbit(layers):
            if listed == limit:
                return
            listed += 1
            pieces = tuple(map(reordered, layers, orders)) if orders else layers
            yield PatternRegion(ActivationPattern(pieces), with_units_reordered(parameters, orders) if orders else parameters)
