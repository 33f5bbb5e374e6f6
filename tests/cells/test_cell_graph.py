"""Cell graphs against facets by linear programs, reference graphs of networkx, and published edge counts."""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from fractions import Fraction

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.cells.cell_graph import cell_graph
from exactsurf.cells.graph_statistics import graph_statistics
from exactsurf.cells.unit_cells import count_cells, enumerate_patterns, unit_arrangement
from tests.arrangement.arrangements import braid, resonance

HAT = es.piecewise_linear([-1, 0, 2], [0, 2, 0, 3], 0)


def problem_on(rows, widths=(1, 1), activation=es.relu, biases=(False, True)) -> es.Problem:
    targets = [[(3 * i + k) % 5 for k in range(widths[-1])] for i in range(len(rows))]
    return es.Problem(
        es.Network([len(rows[0]), *widths], activation=activation, biases=list(biases)), es.Data.from_arrays(rows, targets)
    )


def same(graph, reference) -> bool:
    return networkx.is_isomorphic(networkx.Graph(graph.edges), networkx.Graph(reference.edges))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(st.integers(-2, 2), min_size=2, max_size=2), min_size=1, max_size=4),
    st.booleans(),
    st.sampled_from([es.relu, es.hard_tanh, es.absolute_value, HAT]),
)
def test_edges_of_one_unit_are_the_facets(rows, bias, activation):
    problem = problem_on(rows, activation=activation, biases=(bias, True))
    graph, arrangement = cell_graph(problem), unit_arrangement(problem)
    points = activation.breakpoints

    def label(signs):
        groups = zip(*[iter(signs)] * len(points), strict=True)
        return "".join(str(sum(sign > 0 for sign in group)) for group in groups)

    expected = {}
    for cell in arrangement.cells():
        for facet in arrangement.facets(cell):
            where = tuple((row // len(points), points[row % len(points)]) for row in facet.wall.rows)
            expected[frozenset((label(cell.signs), label(facet.neighbour.signs)))] = where
    found = {
        frozenset((a, b)): tuple(zip(data["samples"], data["breakpoints"], strict=True)) for a, b, data in graph.edges(data=True)
    }
    assert found == expected
    assert set(graph) == {label(cell.signs) for cell in arrangement.cells()}
    assert networkx.is_connected(graph) and networkx.is_bipartite(graph)


def test_permutohedron_graphs():
    for n in (3, 4):
        graph = cell_graph(problem_on(braid(n).normals))
        reference = networkx.Graph()
        for p in itertools.permutations(range(n)):
            for k in range(n - 1):
                reference.add_edge(p, (*p[:k], p[k + 1], p[k], *p[k + 2 :]))
        assert same(graph, reference)
        assert graph.number_of_edges() == math.factorial(n) * (n - 1) // 2


def test_hypercubes_and_cycles():
    for n in (1, 2, 3, 4):
        identity = [[int(i == j) for j in range(n)] for i in range(n)]
        assert same(cell_graph(problem_on(identity)), networkx.hypercube_graph(n))
    for n in (2, 3, 5):
        lines = [[1, t] for t in range(n)]
        assert same(cell_graph(problem_on(lines)), networkx.cycle_graph(2 * n))
        affine_points = cell_graph(problem_on([[1]], activation=es.piecewise_linear(range(n), range(n + 1))))
        assert same(affine_points, networkx.path_graph(n + 1))


def test_resonance_arrangement_by_its_distances():
    """The distance of two cells is the number of walls between them, and the diameter of a central arrangement that of all."""
    graph = cell_graph(problem_on(resonance(3).normals))
    assert graph.number_of_nodes() == 32
    distances = dict(networkx.all_pairs_shortest_path_length(graph))
    for a, b in itertools.combinations(graph, 2):
        assert distances[a][b] == sum(x != y for x, y in zip(a, b, strict=True))
    assert graph_statistics(graph).diameter == 7


def test_several_units_are_the_cartesian_product():
    rows = [[0], [1], [2]]
    single = cell_graph(problem_on(rows, biases=(True, True)))
    for width in (2, 3):
        graph = cell_graph(problem_on(rows, widths=(width, 1), biases=(True, True)))
        reference = single
        for _ in range(width - 1):
            reference = networkx.cartesian_product(reference, single)
        assert same(graph, reference)
        units = Counter(data["unit"] for *_, data in graph.edges(data=True))
        assert len(set(units.values())) == 1 and set(units) == set(range(width))


@pytest.mark.parametrize("activation", [es.relu, es.hard_tanh])
def test_modulo_permutation_is_the_quotient_of_the_whole_graph(activation):
    problem = problem_on([[0], [1], [3]], widths=(2, 1), activation=activation, biases=(True, False))
    whole, quotient = cell_graph(problem), cell_graph(problem, modulo_permutation=True)

    def kind(data):
        return tuple(sorted(data["pieces"]))

    kinds = networkx.get_node_attributes(quotient, "pieces")
    assert quotient.number_of_nodes() == count_cells(problem, modulo_permutation=True)
    assert {pattern.pieces[0] for pattern in enumerate_patterns(problem, modulo_permutation=True)} == set(kinds.values())
    expected = {frozenset((kind(whole.nodes[a]), kind(whole.nodes[b]))) for a, b in whole.edges}
    assert {frozenset((tuple(sorted(kinds[a])), tuple(sorted(kinds[b])))) for a, b in quotient.edges} == expected
    for a, b, data in quotient.edges(data=True):
        above = b if data["below"] == a else a
        low, high = list(kinds[data["below"]]), list(kinds[above])
        moved = low.pop(data["unit"])
        (arrived,) = (Counter(high) - Counter(low)).elements()
        changed = [i for i, (x, y) in enumerate(zip(moved, arrived, strict=True)) if x != y]
        assert set(changed) == set(data["samples"])
        assert arrived[data["samples"][0]] == moved[data["samples"][0]] + 1


@pytest.mark.parametrize("biases", [(True, True), (False, False), (True, False)])
@pytest.mark.parametrize("activation", [es.relu, es.leaky_relu("1/3"), HAT], ids=repr)
def test_attributes_agree_with_the_polynomials_of_the_cell(biases, activation):
    problem = problem_on([[0], [2], [-1]], widths=(2, 2), activation=activation, biases=biases)
    graph, rnd = cell_graph(problem), random.Random(1)
    assert graph.number_of_nodes() == count_cells(problem)
    assert set(graph) == {" ".join("".join(map(str, u)) for u in p.pieces[0]) for p in enumerate_patterns(problem)}
    quietest = max(graph, key=lambda node: graph.nodes[node]["risk_constant"])
    for node in [*rnd.sample(sorted(graph), min(25, len(graph))), quietest]:
        data, named = graph.nodes[node], {"W2": [[rnd.randint(-3, 3) for _ in range(2)] for _ in range(2)]}
        named["W1"] = [row[:1] for row in data["witness"]]
        named |= {"b1": [row[1] for row in data["witness"]]} if biases[0] else {}
        named |= {"b2": [1, 2]} if biases[1] else {}
        cell = problem.cell(problem.parameters(**named))
        assert cell.pattern.pieces[0] == data["pieces"]
        assert (cell.active_pairs, cell.is_risk_constant) == (data["active_pairs"], data["risk_constant"])


@pytest.mark.parametrize("loss", [es.absolute, es.hinge, es.huber(1)], ids=repr)
def test_the_graph_does_not_depend_on_the_loss(loss):
    network, data = es.Network([1, 1, 1], biases=[True, False]), es.Data.from_arrays([0, 1, 2], [1, -1, 1])
    reference = cell_graph(es.Problem(network, data))
    assert networkx.utils.graphs_equal(
        *(networkx.Graph(g.edges) for g in (cell_graph(es.Problem(network, data, loss)), reference))
    )
    constant = networkx.get_node_attributes(cell_graph(es.Problem(network, data, loss)), "risk_constant")
    assert [node for node, flag in constant.items() if flag] == ["000"]


def test_statistics_against_known_spectra():
    cube = graph_statistics(networkx.hypercube_graph(4))
    assert cube.integer_eigenvalues == tuple((4 - 2 * k, math.comb(4, k)) for k in range(5))
    assert (cube.nodes, cube.edges, cube.degrees, cube.diameter, cube.bipartite) == (16, 32, ((4, 16),), 4, True)
    petersen = graph_statistics(networkx.petersen_graph())
    assert (petersen.integer_eigenvalues, petersen.diameter, petersen.bipartite) == (((3, 1), (1, 5), (-2, 4)), 2, False)
    pentagon = graph_statistics(networkx.cycle_graph(5))
    assert [(f.coefficients, f.multiplicity) for f in pentagon.spectrum] == [((-2, 1), 1), ((-1, 1, 1), 2)]
    parts = graph_statistics(networkx.Graph([("a", "b"), ("c", "d")]))
    assert (parts.connected, parts.diameter) == (False, None)
    beyond = graph_statistics(networkx.path_graph(5), diameter_limit=4, spectrum_limit=4)
    assert (beyond.diameter, beyond.spectrum, beyond.integer_eigenvalues) == (None, None, None)
    with pytest.raises(es.InputError, match="no nodes"):
        graph_statistics(networkx.Graph())


@pytest.mark.parametrize("seed", range(6))
def test_the_diameter_is_networkx(seed: int):
    graph = (
        networkx.random_labeled_tree(30, seed=seed)
        if seed < 3
        else networkx.connected_watts_strogatz_graph(30, 4, 0.2, seed=seed)
    )
    assert graph_statistics(graph).diameter == networkx.diameter(graph)
    assert graph_statistics(networkx.path_graph(1)).diameter == 0


def test_a_bipartite_spectrum_is_symmetric_and_counts_edges():
    stats = graph_statistics(cell_graph(problem_on([[0], [1]], widths=(2, 1), biases=(True, True))))
    assert stats.integer_eigenvalues == ((4, 1), (2, 4), (0, 6), (-2, 4), (-4, 1))  # C4 × C4
    assert sum(value**2 * count for value, count in stats.integer_eigenvalues) == 2 * stats.edges


def test_refusals_say_the_count():
    rows = [[Fraction(k), Fraction(k * k)] for k in range(6)]
    problem = problem_on(rows, widths=(5, 1), biases=(True, True))
    with pytest.raises(es.InputError, match=f"{count_cells(problem)} nodes .* the limit of 100000"):
        cell_graph(problem)
    with pytest.raises(es.InputError, match="limit of 3"):
        cell_graph(problem_on([[1], [2]], biases=(True, True)), limit=3)
    with pytest.raises(es.UnsupportedError, match="one hidden layer"):
        cell_graph(problem_on([[1], [2]], widths=(1, 1, 1), biases=(True, True, True)))
    with pytest.raises(es.InputError, match="linear"):
        cell_graph(problem_on([[1], [2]], activation=es.linear))
