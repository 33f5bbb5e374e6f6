"""What the page for the classroom knows of a landscape: exact numbers as texts; the page computes the rest from them, exactly."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import Any

from exactsurf.certificate.encoding import architecture, counted
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.number import integer_text, to_text
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.show.plots.tree_plot import plot_tree_data
from exactsurf.surface.paths import lowest_path
from exactsurf.surface.surface import Landscape

VALLEYS = 10
"""Valleys, at most, that a page shows; walks lead between any two of them."""

_REACHED = 100_000  # signed cells, at most, that the search for a walk reaches
_LISTED_ORBITS = 5_000  # signed cells up to the order of the units whose local minima are listed, at most
_MINIMA = 24  # local minima, at most, that are listed


def landscape_document(land: Landscape, data: str) -> dict[str, Any]:
    """The document of one landscape, ready for JSON.

    Valleys are numbered anew, lowest first; those that are left out are counted.
    Parameters: `land`; `data`, the name of its data. Exactness: exact texts. Raises: nothing. Source: theory.md, theorem B.

    >>> import exactsurf as es
    >>> land = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> document = landscape_document(land, "zigzag")
    >>> document["network"], [valley["risk"] for valley in document["valleys"]], document["walks"]["0-1"]["level"]
    ('1 unit', ['1/3', '3/4', '3/4', '1'], '11/8')
    """
    problem, tree = land.problem, plot_tree_data(land, limit=VALLEYS)
    shown = sorted(branch.valley for branch in tree.branches if branch.valley is not None)
    place_of = {valley: place for place, valley in enumerate(shown)}
    walks, refusal = _walks(land, shown)
    minima, note = _other_minima(land, place_of)
    units = problem.network.widths[1]
    kind = _kind(problem)
    return {
        "data": data,
        "title": f"{data}: {units} hidden {'unit' if units == 1 else 'units'}{kind}",
        "network": f"{units} {'unit' if units == 1 else 'units'}{kind}",
        "about": f"{_about(problem)}:",
        "orbits": integer_text(land.orbits),
        "count": len(land.valleys),
        "leftOut": tree.left_out,
        "others": f"{len(minima)} other sets of local minima" if minima else "no other local minima listed",
        **_problem(problem),
        "valleys": [_valley(land, place) for place in shown],
        "tree": [
            {
                "node": branch.node,
                "valley": None if branch.valley is None else place_of[branch.valley],
                "position": to_text(branch.position),
                "low": to_text(branch.low),
                "high": to_text(branch.high),
                "children": list(branch.children),
            }
            for branch in tree.branches
        ],
        "walks": walks,
        "noWalk": refusal,
        "minima": minima,
        "minimaNote": note,
    }


def _about(problem: Problem) -> str:
    """The network, the data and the loss in a student's words."""
    network = f"{architecture(problem)} network, activation {problem.network.activation!r}"
    return f"{network}, on {counted(len(problem.data), 'sample')}, {problem.loss_in_words}"


def _kind(problem: Problem) -> str:
    """What is not as usual, which are ReLU and the squared loss."""
    h, loss = problem.network.activation, problem.loss
    unusual = [] if _is_relu(problem) else [h.name.replace("_", " ").replace("'", "") or "other units"]
    return "".join(f", {word}" for word in [*unusual, *([] if loss.is_squared else [f"{loss.title} loss"])])


def _is_relu(problem: Problem) -> bool:
    h = problem.network.activation
    return len(h.breakpoints) == 1 and not any(h.lines[0]) and h.lines[1] == (Fraction(1), Fraction(0))


def _problem(problem: Problem) -> dict[str, Any]:
    h, data = problem.network.activation, problem.data
    functions = [problem.term_function(i, 0) for i in range(len(data))]
    return {
        "breakpoints": _texts(h.breakpoints),
        "lines": [_texts(line) for line in h.lines],
        "pieceNames": ["off", "on"] if _is_relu(problem) else [f"slope {to_text(slope)}" for slope in h.slopes],
        "names": {"x": list(data.input_names), "y": data.target_names[0]},
        "samples": [
            {"x": _texts(x), "y": to_text(y[0]), "breakpoints": _texts(f.breakpoints), "pieces": [_texts(p) for p in f.pieces]}
            for x, y, f in zip(data.x, data.y, functions, strict=True)
        ],
    }


def _valley(land: Landscape, place: int) -> dict[str, Any]:
    valley = land.valleys[place]
    return {
        "risk": to_text(valley.risk),
        "barrier": None if valley.barrier is None else to_text(valley.barrier),
        "copies": valley.multiplicity,
        "global": valley.is_global,
        "point": None if valley.parameters is None else _point(valley.parameters),
    }


def _walks(land: Landscape, shown: list[int]) -> tuple[dict[str, Any], str | None]:
    """Lowest walks between all valleys that have a bottom, and why there are none, if there are none."""
    found: dict[str, Any] = {}
    ends = {place: point for place, valley in enumerate(shown) if (point := land.valleys[valley].parameters) is not None}
    for first, second in combinations(ends, 2):
        try:
            path = lowest_path(land, ends[first], ends[second], max_cells=_REACHED)
        except (InputError, UnsupportedError) as error:
            return found, f"Some walks were not found: {error}"
        found[f"{first}-{second}"] = {"level": to_text(path.level), "points": [_point(point) for point in path.points]}
    return found, None if found else "There is only one valley with a bottom, so there is no walk."


def _other_minima(land: Landscape, place_of: dict[int, int]) -> tuple[list[dict[str, Any]], str | None]:
    """Local minima that are no valleys, and what is to be said about the list."""
    if land.orbits > _LISTED_ORBITS:
        return [], "This landscape is too large for a list of the others."
    others = [found for found in land.local_minima if not found.is_valley]
    notes = []
    if not land.has_all_local_minima:
        notes.append("The list may lack minima with an output weight 0.")
    if len(others) > _MINIMA:
        notes.append(f"{len(others) - _MINIMA} more are not listed.")
    listed = [
        {
            "risk": to_text(found.risk),
            "dimension": found.dimension,
            "copies": found.multiplicity,
            "valleys": [place_of[valley] for valley in found.valleys if valley in place_of],
            "notShown": sum(valley not in place_of for valley in found.valleys),
            "point": _point(found.parameters),
        }
        for found in others[:_MINIMA]
    ]
    return listed, " ".join(notes) or None


def _point(parameters: Parameters) -> dict[str, Any]:
    hidden, output = parameters.biases
    return {
        "w": [_texts(row) for row in parameters.weights[0]],
        "b": None if hidden is None else _texts(hidden),
        "v": _texts(parameters.weights[1][0]),
        "c": None if output is None else to_text(output[0]),
    }


def _texts(values: tuple[Fraction, ...]) -> list[str]:
    return [to_text(value) for value in values]
