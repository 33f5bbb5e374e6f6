"""Strata of losses with kinks, found mask by mask: every choice tried one by one on degenerate data; many choices at once."""

from __future__ import annotations

from itertools import combinations_with_replacement, product

import pytest

import exactsurf as es
from exactsurf.surface.kinked_strata import _Masks, kinked_strata
from exactsurf.surface.local_minima import find_local_minima
from exactsurf.surface.strata_search import kinds_around
from exactsurf.surface.surface_symmetries import surface_symmetries

XOR = [[0, 0], [0, 1], [1, 0], [1, 1]]
DATA = {
    "xor": (XOR, [0, 1, 1, 0], 2),
    "hexagon": ([[2, 0], [1, 2], [-1, 2], [-2, 0], [-1, -2], [1, -2]], [0, 1, 0, 1, 0, 1], 1),
    "line": ([-2, -1, 0, 1, 2], [2, 1, 0, 1, 2], 2),
    "repeated": ([[0], [0], [1], [3]], [0, 2, 1, 1], 2),
}
LOSSES = [es.absolute, es.hinge, es.quantile("1/3"), es.epsilon_insensitive(1)]


def drawn(name: str, loss: es.Loss, units: int | None = None) -> es.Landscape:
    x, y, own = DATA[name]
    targets = [1 if value else -1 for value in y] if loss.is_of_labels else y
    size = len(x[0]) if isinstance(x[0], list) else 1
    return es.landscape(es.Problem(es.Network([size, units or own, 1]), es.Data.from_arrays(x, targets), loss=loss), workers=1)


def bottoms(land: es.Landscape) -> set[int]:
    return {cell for valley in land.valleys for cell in valley.cells}


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
@pytest.mark.parametrize("name", DATA)
def test_what_is_found_is_what_every_choice_tried_one_by_one_gives(name: str, loss: es.Loss) -> None:
    land = drawn(name, loss)
    masks, minima, leaves = _Masks(land, bottoms(land)), land.work.minima, bottoms(land)
    masks.find(surface_symmetries(land.work))
    search = masks.found
    assert len(search.found) == len(set(search.found))
    parts = [search.families.parts[k] for k in search.first]
    expected = []
    for chosen in combinations_with_replacement(range(len(parts)), search.units):
        cells = product(*(list(kinds_around(minima, parts[family])) for family in chosen))
        orbits = {land.work.orbits.rank(sorted(cell)) for cell in cells}
        fit = minima.minimum(search.mask(chosen))
        if orbits & leaves or {land.risks[orbit] for orbit in orbits} != {minima.risk(fit.value)}:
            continue
        gradient = minima.gradient(fit)
        if not search.mask(chosen) & ~minima.stationary(gradient) and search.is_inside(chosen, gradient):
            expected.append(chosen)
    assert search.found == expected


@pytest.mark.parametrize("name", DATA)
def test_families_that_are_alike_change_no_component(name: str) -> None:
    land = drawn(name, es.absolute)
    masks = _Masks(land, bottoms(land))
    masks.find(())
    assert list(masks.found.components()) == list(masks.found.alike().components(surface_symmetries(land.work)))
    assert len(masks.found.alike().found) <= len(masks.found.found)


def test_xor_with_four_units_and_absolute_loss() -> None:
    land = drawn("xor", es.absolute, 4)
    found = find_local_minima(land)
    # Among 22533126 choices of unit strata.
    listed = [(str(one.risk), one.dimension, one.multiplicity, len(one.strata)) for one in found]
    plateaus = [("2", 13, 1, 210), ("2", 13, 4, 588), ("2", 13, 6, 784), ("2", 13, 4, 588), ("2", 13, 1, 210)]
    assert listed == [("0", 10, 1, 0), ("1", 11, 1, 172216), *plateaus]
    for one in found:
        assert es.decide(land.problem, one.parameters).status == "PROVED"


def test_too_many_candidates_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exactsurf.surface.strata_search.MAX_CHOICES", 20)
    land = drawn("xor", es.absolute)
    with pytest.raises(es.UnsupportedError, match="more than 20"):
        list(kinked_strata(land, bottoms(land)))
