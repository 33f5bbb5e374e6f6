"""Statistics of a graph: sizes, degrees, diameter, connectedness, two-colourability and its exact spectrum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exactsurf.errors import InputError
from exactsurf.exact.number import whole_number

if TYPE_CHECKING:
    from exactsurf.cells.cell_graph import CellGraph


@dataclass(frozen=True)
class SpectralFactor:
    """An irreducible integer polynomial whose roots are eigenvalues, each of this multiplicity.

    `coefficients` from the constant upwards, the leading one 1: (−2, 0, 1) stands for x² − 2.
    """

    coefficients: tuple[int, ...]
    multiplicity: int


@dataclass(frozen=True)
class GraphStatistics:
    """What `graph_statistics` found. None stands for what was not computed, or (diameter) for a graph in several parts.

    `degrees` are (degree, number of nodes) pairs; `spectrum` is the factored characteristic polynomial of the adjacency
    matrix. Exactness: exact. Source: `graph_statistics`.
    """

    nodes: int
    edges: int
    degrees: tuple[tuple[int, int], ...]
    connected: bool
    bipartite: bool
    diameter: int | None
    spectrum: tuple[SpectralFactor, ...] | None

    @property
    def integer_eigenvalues(self) -> tuple[tuple[int, int], ...] | None:
        """The integer eigenvalues with their multiplicities, from the largest down; None without a spectrum."""
        if self.spectrum is None:
            return None
        linear = [(-f.coefficients[0], f.multiplicity) for f in self.spectrum if len(f.coefficients) == 2]
        return tuple(sorted(linear, reverse=True))


def graph_statistics(graph: CellGraph, *, diameter_limit: int = 10_000, spectrum_limit: int = 300) -> GraphStatistics:
    """Statistics of an undirected graph, such as `cell_graph` builds.

    Parameters: `graph` with at least one node; beyond `diameter_limit` and `spectrum_limit` nodes diameter and spectrum
    are not computed (they are None). Returns: a `GraphStatistics`. Exactness: exact; eigenvalues are algebraic integers and
    given by their minimal polynomials. Raises: `InputError` for a graph without nodes.
    Source: standard.

    >>> import exactsurf as es
    >>> import networkx
    >>> square = es.graph_statistics(networkx.cycle_graph(4))
    >>> square.degrees, square.diameter, square.integer_eigenvalues
    (((2, 4),), 2, ((2, 1), (0, 2), (-2, 1)))
    """
    if not hasattr(graph, "number_of_nodes"):
        raise InputError("graph_statistics needs a graph", text=repr(graph), fix="take es.cell_graph(problem)")
    import networkx

    for limit, what in ((diameter_limit, "diameter_limit"), (spectrum_limit, "spectrum_limit")):
        whole_number(limit, what, least=0)
    nodes = graph.number_of_nodes()
    if not nodes:
        raise InputError("the graph has no nodes, so it has no statistics")
    connected = networkx.is_connected(graph)
    measured = connected and nodes <= diameter_limit
    histogram = enumerate(networkx.degree_histogram(graph))
    return GraphStatistics(
        nodes=nodes,
        edges=graph.number_of_edges(),
        degrees=tuple((degree, count) for degree, count in histogram if count),
        connected=connected,
        bipartite=networkx.is_bipartite(graph),
        diameter=_diameter(graph) if measured else None,
        spectrum=_spectrum(graph) if nodes <= spectrum_limit else None,
    )


def _diameter(graph: CellGraph) -> int:
    """The diameter of a connected graph, by searches from all nodes at once: bit k of a set stands for node k."""
    nodes = list(graph)
    place = {node: k for k, node in enumerate(nodes)}
    neighbours = [[place[other] for other in graph.adj[node]] for node in nodes]
    reached, everything, steps = [1 << k for k in range(len(nodes))], (1 << len(nodes)) - 1, 0
    while any(found != everything for found in reached):
        wider = []
        for found, beside in zip(reached, neighbours, strict=True):
            for k in beside:
                found |= reached[k]
            wider.append(found)
        reached, steps = wider, steps + 1
    return steps


def _spectrum(graph: CellGraph) -> tuple[SpectralFactor, ...]:
    from flint import fmpz_mat

    place = {node: k for k, node in enumerate(graph)}
    rows = [[0] * len(place) for _ in place]
    for first, second in graph.edges:
        rows[place[first]][place[second]] = rows[place[second]][place[first]] = 1
    _, factors = fmpz_mat(rows).charpoly().factor()
    found = [SpectralFactor(tuple(map(int, factor.coeffs())), int(power)) for factor, power in factors]
    return tuple(sorted(found, key=lambda f: (len(f.coefficients), f.coefficients)))
