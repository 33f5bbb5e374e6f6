"""Cell graphs as files: GraphML, JSON (node-link) and Graphviz DOT, with numbers as rational strings."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exactsurf.errors import InputError
from exactsurf.exact.number import to_text
from exactsurf.files import as_path, write_file

if TYPE_CHECKING:
    from exactsurf.cells.cell_graph import CellGraph


def check_suffix(path: str | os.PathLike[str]) -> str:
    """The suffix of `path`, in small letters; raises `InputError` unless graphs are written in this format.

    >>> check_suffix("cells.GraphML")
    '.graphml'
    """
    suffix = as_path(path).suffix.lower()
    if suffix not in _WRITERS:
        known = ", ".join(_WRITERS)
        raise InputError("the suffix of a graph file chooses its format", file=str(path), text=suffix, fix=f"known: {known}")
    return suffix


def write_graph(graph: CellGraph, path: str | os.PathLike[str]) -> Path:
    """Write a cell graph to a file; its suffix chooses the format.

    Parameters: `graph`, from `cell_graph`; `path` with the suffix .graphml, .json (node-link, as networkx and D3 read it),
    .dot or .gv. Returns: the path. Exactness: Fractions become rational strings; in GraphML and DOT, which have no lists,
    a list becomes its JSON text. Raises: `InputError` for another suffix, or if the file cannot be written; it appears by
    rename, so it is never half-written. Source: README.md, "The whole surface".

    >>> import exactsurf as es
    >>> import tempfile, networkx
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     es.write_graph(networkx.path_graph(["0", "1"]), folder + "/path.dot").read_text().splitlines()
    ['graph cells {', '  "0";', '  "1";', '  "0" -- "1";', '}']
    """
    return write_file(path, _WRITERS[check_suffix(path)](graph).encode())


def _plain(value: Any) -> Any:
    """A value in JSON's types; rationals as strings."""
    if isinstance(value, Fraction):
        return to_text(value)
    if isinstance(value, (tuple, list)):
        return [_plain(entry) for entry in value]
    return value


def _scalar(value: Any) -> Any:
    """A value in the types of GraphML."""
    plain = _plain(value)
    return json.dumps(plain) if isinstance(plain, list) else plain


def _graphml(graph: CellGraph) -> str:
    import networkx

    flat: CellGraph = networkx.Graph(**{key: _scalar(value) for key, value in graph.graph.items()})
    flat.add_nodes_from((node, {k: _scalar(v) for k, v in data.items()}) for node, data in graph.nodes(data=True))
    flat.add_edges_from((a, b, {k: _scalar(v) for k, v in data.items()}) for a, b, data in graph.edges(data=True))
    return "\n".join(networkx.generate_graphml(flat)) + "\n"


def _node_link(graph: CellGraph) -> str:
    def plain(data: Mapping[str, Any]) -> dict[str, Any]:
        return {key: _plain(value) for key, value in data.items()}

    document = {
        "directed": False,
        "multigraph": False,
        "graph": plain(graph.graph),
        "nodes": [{**plain(data), "id": node} for node, data in graph.nodes(data=True)],
        "edges": [{**plain(data), "source": a, "target": b} for a, b, data in graph.edges(data=True)],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _dot(graph: CellGraph) -> str:
    def listed(data: Mapping[str, Any]) -> str:
        return f" [{', '.join(f'{key}={_quoted(value)}' for key, value in data.items())}]" if data else ""

    lines = ["graph cells {"]
    lines += [f"  {key}={_quoted(value)};" for key, value in graph.graph.items()]
    lines += [f"  {_quoted(node)}{listed(data)};" for node, data in graph.nodes(data=True)]
    lines += [f"  {_quoted(a)} -- {_quoted(b)}{listed(data)};" for a, b, data in graph.edges(data=True)]
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(value: Any) -> str:
    """A DOT string, with its quotation marks and backslashes escaped."""
    plain = _scalar(value)
    text = json.dumps(plain) if isinstance(plain, bool) else str(plain)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_WRITERS = {".graphml": _graphml, ".json": _node_link, ".dot": _dot, ".gv": _dot}
