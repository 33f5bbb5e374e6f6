"""Graph files: written, read back by other readers, and refused."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import networkx
import pytest

import exactsurf as es
from exactsurf.cells.cell_graph import cell_graph
from exactsurf.interop.graph_file import write_graph


@pytest.fixture
def graph():
    problem = es.Problem(es.Network([1, 2, 1], es.hard_tanh), es.Data.from_arrays(["1/3", 1], [0, 1]))
    return cell_graph(problem)


def read_json_text(text: str):
    """Fractions again where rational strings stand."""
    return tuple(read_json_text(v) for v in text) if isinstance(text, list) else Fraction(text)


def test_graphml_is_read_back_by_networkx(graph, tmp_path: Path):
    back = networkx.read_graphml(write_graph(graph, tmp_path / "g.graphml"))
    assert networkx.utils.nodes_equal(back, graph) and networkx.utils.edges_equal(back.edges, graph.edges)
    for node, data in graph.nodes(data=True):
        read = back.nodes[node]
        assert (read["pattern"], read["active_pairs"], read["risk_constant"]) == (
            node,
            data["active_pairs"],
            data["risk_constant"],
        )
        assert read_json_text(json.loads(read["witness"])) == data["witness"]
    for a, b, data in graph.edges(data=True):
        read = back.edges[a, b]
        assert (read["unit"], json.loads(read["samples"])) == (data["unit"], list(data["samples"]))
        assert read_json_text(json.loads(read["breakpoints"])) == data["breakpoints"]


def test_json_is_read_back_by_networkx(graph, tmp_path: Path):
    document = json.loads(write_graph(graph, tmp_path / "g.json").read_text())
    back = networkx.node_link_graph(document, edges="edges")
    assert networkx.utils.edges_equal(back.edges, graph.edges) and back.graph["units"] == 2
    for node, data in graph.nodes(data=True):
        assert read_json_text(back.nodes[node]["witness"]) == data["witness"]
        assert [tuple(unit) for unit in back.nodes[node]["pieces"]] == list(data["pieces"])
    assert all(back.edges[edge]["below"] == graph.edges[edge]["below"] for edge in graph.edges)


@pytest.mark.parametrize("suffix", [".dot", ".gv", ".DOT"])
def test_dot_has_every_node_and_edge_with_its_attributes(graph, tmp_path: Path, suffix: str):
    text = write_graph(graph, tmp_path / f"g{suffix}").read_text()
    word = r'"((?:[^"\\]|\\.)*)"'
    attributes = rf"(?: \[((?:\w+={word}(?:, )?)*)\])?;"
    nodes = re.findall(rf"^  {word}{attributes}$", text, re.M)
    edges = re.findall(rf"^  {word} -- {word}{attributes}$", text, re.M)
    assert {node[0] for node in nodes} == set(graph)
    assert {frozenset(edge[:2]) for edge in edges} == set(map(frozenset, graph.edges)) and len(edges) == graph.number_of_edges()
    for name, inside, *_ in nodes:
        read = dict(re.findall(rf"(\w+)={word}", inside))
        assert read_json_text(json.loads(read["witness"].replace('\\"', '"'))) == graph.nodes[name]["witness"]
        assert read["risk_constant"] == "false"
    assert text.startswith("graph cells {\n") and text.endswith("}\n")
    assert text.count("\n") == 2 + len(graph.graph) + len(nodes) + len(edges)


def test_unknown_suffixes_and_folders_that_are_files(graph, tmp_path: Path):
    with pytest.raises(es.InputError, match=r"suffix .*got '\.png'; known: \.graphml, \.json, \.dot, \.gv"):
        write_graph(graph, tmp_path / "g.png")
    (tmp_path / "file").write_text("")
    with pytest.raises(es.InputError, match="cannot be written"):
        write_graph(graph, tmp_path / "file" / "g.json")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
