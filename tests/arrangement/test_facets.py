"""Facets, neighbours and generators of cells: brute force, the list of all cells, and known polytopes."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given, settings

from exactsurf.arrangement.arrangement import Arrangement
from exactsurf.arrangement.facets import Facet, RedundantWall, decide_walls
from exactsurf.arrangement.hyperplanes import ArrangementCell
from exactsurf.errors import InputError
from exactsurf.exact.linear_algebra import rank
from tests.arrangement.arrangements import braid, is_cell, resonance, small_arrangements, threshold

F = Fraction


def flipped(cell: ArrangementCell, rows: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(-sign if i in rows else sign for i, sign in enumerate(cell.signs))


@given(small_arrangements())
@settings(max_examples=60)
def test_facets_are_the_walls_whose_flip_is_a_cell(arrangement: Arrangement) -> None:
    for cell in itertools.islice(arrangement.cells(), 12):
        for answer in decide_walls(arrangement, cell):
            beyond = flipped(cell, answer.wall.rows)
            assert isinstance(answer, Facet) == is_cell(arrangement, beyond)
            if isinstance(answer, Facet):
                assert answer.neighbour.signs == beyond == arrangement.signs_at(answer.neighbour.witness)
                on_wall = tuple(0 if i in answer.wall.rows else sign for i, sign in enumerate(cell.signs))
                assert arrangement.signs_at(answer.point) == on_wall
            else:
                check_redundant(arrangement, cell, answer)


def check_redundant(arrangement: Arrangement, cell: ArrangementCell, answer: RedundantWall) -> None:
    """The stated identity of affine functions, coefficient by coefficient."""
    forms = [[cell.signs[wall.rows[0]] * value for value in wall.form] for wall in arrangement.walls]
    own = arrangement.walls.index(answer.wall)
    combined = [sum(m * form[k] for m, form in zip(answer.multipliers, forms, strict=True)) for k in range(len(forms[0]))]
    combined[-1] += answer.constant
    assert combined == forms[own]
    assert answer.multipliers[own] == 0 and min(*answer.multipliers, answer.constant) >= 0


def test_neighbours_are_cells_and_the_graph_is_symmetric() -> None:
    arrangement = resonance(3)
    signs = {cell.signs for cell in arrangement.cells()}
    edges = {(cell.signs, facet.neighbour.signs) for cell in arrangement.cells() for facet in arrangement.facets(cell)}
    assert {second for _, second in edges} == signs
    assert edges == {(second, first) for first, second in edges}


def test_braid_cells_are_simplicial_up_to_their_line() -> None:
    arrangement = braid(4)
    for cell in arrangement.cells():
        generators = arrangement.generators(cell)
        assert len(arrangement.facets(cell)) == len(generators.rays) == 3
        assert len(generators.lineality) == 1 and len(set(generators.lineality[0])) == 1


def test_the_unit_cube() -> None:
    rows = [[int(i == j) for j in range(3)] for i in range(3)]
    cube = Arrangement(rows * 2, [0, 0, 0, 1, 1, 1])
    inside = cube.generators(ArrangementCell((1, 1, 1, -1, -1, -1), (F(1, 2), F(1, 3), F(2, 3))))
    assert set(inside.vertices) == set(itertools.product((F(0), F(1)), repeat=3))
    assert inside.rays == () and inside.lineality == ()
    corner = cube.generators(ArrangementCell((1, 1, 1, 1, 1, 1), (F(2), F(2), F(2))))
    assert corner.vertices == ((F(1), F(1), F(1)),) and len(corner.rays) == 3


@given(small_arrangements())
@settings(max_examples=60)
def test_generators_lie_on_enough_walls_and_span_the_cell(arrangement: Arrangement) -> None:
    """Extreme rays and vertices: in the closed cell, on walls of the right rank, none twice, as many as brute force."""
    lines = (
        arrangement.dimension - rank([wall.form[:-1] for wall in arrangement.walls])
        if arrangement.walls
        else arrangement.dimension
    )
    for cell in itertools.islice(arrangement.cells(), 6):
        forms = [[F(cell.signs[wall.rows[0]] * value) for value in wall.form] for wall in arrangement.walls]
        generators = arrangement.generators(cell)
        assert len(generators.lineality) == lines == rank(generators.lineality)
        assert all(not any(dot(form, line) for form in forms) for line in generators.lineality)
        homogeneous = [*((*v, F(1)) for v in generators.vertices), *((*r, F(0)) for r in generators.rays)]
        walls = [*forms, [F(0)] * arrangement.dimension + [F(1)]]
        tight = {tuple(i for i, form in enumerate(walls) if dot(form, point) == 0) for point in homogeneous}
        assert all(dot(form, point) >= 0 for form in walls for point in homogeneous)
        assert len(tight) == len(homogeneous)
        assert tight == rays_by_brute_force(walls, lines)


def rays_by_brute_force(walls: list[list[Fraction]], lines: int) -> set[tuple[int, ...]]:
    """The sets of walls of the extreme rays of {x : walls ≥ 0}: closed sets of the right rank with a point elsewhere > 0."""
    from exactsurf.exact.linear_algebra import kernel

    size = len(walls[0])
    found = set()
    for chosen in itertools.combinations(range(len(walls)), size - lines - 1):
        rows = [walls[i] for i in chosen]
        basis = kernel(rows) if rows else [tuple(F(i == j) for j in range(size)) for i in range(size)]
        if len(basis) != lines + 1:
            continue
        for vector in basis:
            values = [dot(wall, vector) for wall in walls]
            if any(values):
                if max(values) <= 0 or min(values) >= 0:
                    found.add(tuple(i for i, value in enumerate(values) if value == 0))
                break
    return found


def dot(form: list[Fraction], point: tuple[Fraction, ...]) -> Fraction:
    return sum((a * b for a, b in zip(form, point, strict=False)), F(0))


def test_the_cells_of_three_variables() -> None:
    """104 threshold functions: the known numbers of essential inequalities run from 4 to 6 … and rays match facets' duals."""
    arrangement = threshold(3)
    facets = [len(arrangement.facets(cell)) for cell in arrangement.cells()]
    rays = [len(arrangement.generators(cell).rays) for cell in arrangement.cells()]
    pairs = sum(facets)
    assert pairs % 2 == 0
    assert pairs == 2 * sum(Arrangement(restriction(arrangement, k)).count_cells() for k in range(8))
    assert min(facets) >= 4 and min(rays) >= 4


def restriction(arrangement: Arrangement, k: int) -> list[list[Fraction]]:
    """All other rows restricted to the hyperplane k, whose last coefficient is 1."""
    normal = arrangement.normals[k]
    return [[a - row[-1] * b for a, b in zip(row[:-1], normal[:-1], strict=True)] for row in arrangement.normals if row != normal]


@pytest.mark.parametrize(
    "cell",
    [
        ArrangementCell((1, 1), (F(1), F(-1))),
        ArrangementCell((1, 0), (F(1), F(0))),
        ArrangementCell((1,), (F(1), F(1))),
    ],
)
def test_a_cell_of_another_arrangement_is_refused(cell: ArrangementCell) -> None:
    axes = Arrangement([[1, 0], [0, 1]])
    with pytest.raises(InputError, match="witness"):
        axes.facets(cell)
    with pytest.raises(InputError, match="witness"):
        axes.generators(cell)
