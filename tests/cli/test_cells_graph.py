"""exactsurf cells --graph."""

from __future__ import annotations

import json
from pathlib import Path

import networkx
import pytest

PROBLEM = {
    "format": "exactsurf-problem/1",
    "widths": [1, 2, 1],
    "activation": "relu",
    "data": {"x": [[0], [1], [2]], "y": [0, 1, 0]},
}


@pytest.fixture
def problem(tmp_path: Path) -> Path:
    (tmp_path / "p.json").write_text(json.dumps(PROBLEM))
    return tmp_path / "p.json"


def test_the_file_is_written_and_described(run, problem: Path, tmp_path: Path):
    result = run("cells", problem, "--graph", "g.graphml", "--json")
    graph = networkx.read_graphml(tmp_path / "g.graphml")
    assert networkx.is_isomorphic(
        networkx.Graph(graph.edges), networkx.cartesian_product(networkx.cycle_graph(6), networkx.cycle_graph(6))
    )
    assert (result.status, result.json["graph"]) == (0, {"file": "g.graphml", "nodes": "36", "edges": "72"})
    assert run("cells", problem, "--graph", "q.json", "--modulo-permutation").out.startswith("q.json: a graph of 21 cells")
    assert len(json.loads((tmp_path / "q.json").read_text())["nodes"]) == 21


def test_bad_suffixes_and_graphs_beyond_the_limit_leave_nothing(run, problem: Path, tmp_path: Path):
    wrong = run("cells", problem, "--graph", "g.pdf")
    assert wrong.status == 2 and "known: .graphml, .json, .dot, .gv" in wrong.err
    large = run("cells", problem, "--graph", "g.dot", "--graph-limit", "35")
    assert large.status == 2 and "36 nodes" in large.err
    assert [path.name for path in tmp_path.iterdir()] == ["p.json"]
