"""Disconnectivity graphs and barcodes: what is drawn is what a second, brute-force landscape has."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import product

import pytest

import exactsurf as es
from exactsurf.show.plots.barcode_plot import plot_barcode, plot_barcode_data
from exactsurf.show.plots.tree_plot import plot_tree, plot_tree_data
from exactsurf.surface.surface import Landscape, landscape
from tests.surface.brute_force import FullLandscape

pytest.importorskip("matplotlib")
F = Fraction


def problem(x, y, units: int, activation=es.relu) -> es.Problem:
    return es.Problem(es.Network([1, units, 1], activation), es.Data.from_arrays(x, y))


CASES = {
    "one": problem([0, 1, 2, 3], [0, 1, 0, 2], 1),
    "two": problem([0, 1, 2, 3], [0, 1, 0, 2], 2),
    "leaky": problem([0, 1, 2, 4], [0, 3, -1, 2], 2, es.leaky_relu("1/10")),
    "twins": problem([0, 1, 1, 2], [1, 0, 2, -1], 2, es.leaky_relu("1/2")),
}


@pytest.fixture(scope="module", params=CASES)
def land(request) -> Landscape:
    return landscape(CASES[request.param])


def bars_by_the_elder_rule(full: FullLandscape) -> Counter:
    """Bars (birth, death) on the whole parameter space, by union–find over all signed cells."""
    cells = list(product(range(len(full.unit_cells)), repeat=full.units))
    birth = {cell: full.level([full.unit_cells[k] for k in cell]) for cell in cells}
    parent = {cell: cell for cell in cells}

    def root(cell: tuple) -> tuple:
        while parent[cell] != cell:
            parent[cell] = parent[parent[cell]]
            cell = parent[cell]
        return cell

    found: Counter = Counter()
    for level, a, b in sorted(((level, a, b) for a, b, level in full.edges()), key=lambda edge: edge[0]):
        older, younger = sorted((root(a), root(b)), key=birth.__getitem__)
        if older != younger:
            parent[younger] = older
            if birth[younger] < level:
                found[birth[younger], level] += 1
    found[min(birth.values()), None] += 1
    return found


def test_bars_are_those_of_the_whole_parameter_space(land):
    bars = plot_barcode_data(land)
    assert Counter({(b.birth, b.death): b.multiplicity for b in bars}) == bars_by_the_elder_rule(FullLandscape(land.problem))
    assert len({(b.birth, b.death) for b in bars}) == len(bars)
    assert sum(b.multiplicity for b in bars) == sum(valley.multiplicity for valley in land.valleys)


def test_branches_meet_where_valleys_are_separated(land):
    """The barrier of a valley is where, on the way up, a branch joins that holds something lower."""
    data = plot_tree_data(land)
    by_node = {branch.node: branch for branch in data.branches}
    parent = {child: branch for branch in data.branches for child in branch.children}

    def lowest(node: int) -> Fraction:
        return min([by_node[node].low, *map(lowest, by_node[node].children)])

    leaves = [branch for branch in data.branches if branch.valley is not None]
    assert sorted(leaf.valley for leaf in leaves) == list(range(len(land.valleys))) and data.left_out == 0
    assert sorted(leaf.position for leaf in leaves) == list(range(len(leaves)))
    for leaf in leaves:
        valley, here = land.valleys[leaf.valley], leaf
        assert (leaf.low, leaf.copies) == (valley.risk, valley.multiplicity)
        while here.node in parent and lowest(here.node) == valley.risk:
            assert here.high == parent[here.node].low
            here = parent[here.node]
        assert valley.barrier == (here.low if lowest(here.node) < valley.risk else None)


def test_short_barriers_are_left_out_first():
    land = landscape(CASES["leaky"])
    data = plot_tree_data(land, limit=3)
    assert data.left_out == len(land.valleys) - 3
    kept = {land.valleys[branch.valley].persistence for branch in data.branches if branch.valley is not None}
    assert None in kept and max(v.persistence for v in land.valleys if v.persistence is not None) in kept
    assert "more valleys are not drawn" in plot_tree(land, limit=3).get_title(loc="left")
    with pytest.raises(es.InputError):
        plot_tree_data(land, limit=0)
    with pytest.raises(es.InputError):
        plot_barcode(land, limit=0)
    assert any("shorter bars" in text.get_text() for text in plot_barcode(land, limit=1).texts)


def test_the_pictures_draw_the_exact_numbers(land, tmp_path):
    data, axes = plot_tree_data(land), plot_tree(land)
    drawn = {tuple(map(tuple, line.get_xydata())) for line in axes.lines}
    for branch in data.branches:
        x = float(branch.position)
        assert ((x, float(branch.low)), (x, float(branch.high))) in drawn
    labels = {text.get_text() for text in axes.get_legend().get_texts()}
    assert "global minimum" in labels and ("spurious valley" in labels) == any(v.is_spurious for v in land.valleys)
    bars, axes = plot_barcode_data(land), plot_barcode(land)
    ends = [line.get_xdata() for line in axes.lines]
    assert [float(bar.birth) for bar in bars] == [start for start, _ in ends]
    assert [float(bar.death) for bar in bars if bar.death is not None] == [stop for start, stop in ends if stop != start]
    for suffix, begin in (("svg", b"<?xml"), ("pdf", b"%PDF")):
        axes.figure.savefig(tmp_path / f"bars.{suffix}")
        assert (tmp_path / f"bars.{suffix}").read_bytes().startswith(begin)


def test_xor_has_twelve_global_valleys():
    """Six pairs of the two units' order; every one is a global minimum, so no bar is born higher."""
    xor = es.Problem(es.Network([2, 2, 1]), es.Data.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]))
    bars = plot_barcode_data(landscape(xor))
    assert {bar.birth for bar in bars} == {F(0)} and sum(bar.multiplicity for bar in bars) == 12
