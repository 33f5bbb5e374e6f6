"""A network as a small SVG picture for HTML pages: units, connections, and their exact weights."""

from __future__ import annotations

from html import escape
from itertools import pairwise

from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.show.plots.network_plot import Connection, label_place, plot_network_data, short_number
from exactsurf.show.plots.plot_axes import OKABE_ITO, approximately

_ACROSS, _DOWN, _EDGE, _RADIUS = 150, 74, 34, 16  # pixels
_WIDEST, _CONNECTIONS = 8, 40  # at most, in a picture


def has_network_svg(problem: Problem) -> bool:
    """Whether a network is small enough for a picture of this kind."""
    widths = problem.network.widths
    return max(widths) <= _WIDEST and sum(a * b for a, b in pairwise(widths)) <= _CONNECTIONS


def network_svg(problem: Problem, parameters: Parameters) -> str:
    """A network with its weights: solid lines for positive ones, dashed for negative ones, dotted for zeros.

    Parameters: `parameters` of the network of `problem`. Returns: an ``svg`` element. Exactness: what stands without ≈ is exact.
    Raises: `ShapeError` for parameters of another network. Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 1]))
    >>> network_svg(problem, problem.parameters(W1=[[2]], b1=[0], W2=[["1/2"]], b2=[1])).count(">1/2</text>")
    1
    """
    data, widths = plot_network_data(problem, parameters), problem.network.widths
    height = 2 * _EDGE + _DOWN * max(widths)

    def place(layer: int, number: int) -> tuple[float, float]:
        return _EDGE + _ACROSS * layer, height / 2 - 8 + _DOWN * (number - (widths[layer] - 1) / 2)

    lines, labels = [], []
    for connection in data.connections:
        ends = place(connection.layer - 1, connection.source), place(connection.layer, connection.target)
        (x1, y1), (x2, y2) = ends
        lines.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {_style(connection, data.connections)}/>')
        along = label_place(widths, connection)
        text = short_number(connection.weight)
        labels.append(_label(x1 + along * (x2 - x1), y1 + along * (y2 - y1) + 4, text, "weight"))
    units = []
    for unit in data.units:
        x, y = place(unit.layer, unit.number)
        units.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_RADIUS}" class="unit-disc"/>')
        units.append(_label(x, y + 4, _name(unit.layer, unit.number, widths), "unit"))
        if unit.bias is not None:
            sign = "+" if unit.bias >= 0 else "−"
            units.append(_label(x, y + _RADIUS + 14, f"{sign} {short_number(abs(unit.bias))}", "weight"))
    width = 2 * _EDGE + _ACROSS * (len(widths) - 1)
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    title = "the network: solid lines are positive weights, dashed ones negative, dotted ones zero"
    return f'<svg {size} role="img"><title>{title}</title>{"".join(lines + labels + units)}</svg>'


def _style(connection: Connection, connections: tuple[Connection, ...]) -> str:
    if not connection.weight:
        return 'stroke="#999999" stroke-dasharray="1 4"'
    largest = max(abs(other.weight) for other in connections if other.layer == connection.layer)
    width = 1 + 2.5 * approximately(abs(connection.weight) / largest)
    if connection.weight > 0:
        return f'stroke="{OKABE_ITO[0]}" stroke-width="{width:.1f}"'
    return f'stroke="{OKABE_ITO[1]}" stroke-width="{width:.1f}" stroke-dasharray="8 4"'


def _name(layer: int, number: int, widths: tuple[int, ...]) -> str:
    letter = "h" if 0 < layer < len(widths) - 1 else "x" if layer == 0 else "f"
    alone = widths[layer] == 1 and letter != "h"
    return letter if alone else letter + str(number + 1).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def _label(x: float, y: float, text: str, kind: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="middle">{escape(text)}</text>'
