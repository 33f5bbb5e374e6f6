"""Pictures of networks: units, connections, and their exact weights and biases."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from exactsurf.errors import UnsupportedError
from exactsurf.exact.number import approximate, to_text
from exactsurf.model.needed_problem import check_problem
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.show.plots.plot_axes import INK, OKABE_ITO, approximately, axes_or_new, column_label, unit_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDEST = 16  # units of a layer, at most, that are drawn
_LABELLED = 40  # connections, at most, with their weight written on them
_LONGEST = 9  # letters, at most, of a number that is written exactly
_SIGNS: dict[int, tuple[str, dict[str, Any]]] = {
    1: ("positive weight", {"color": OKABE_ITO[0], "linestyle": "-", "linewidth": 1.6}),
    -1: ("negative weight", {"color": OKABE_ITO[1], "linestyle": (0, (4, 1.5)), "linewidth": 1.6}),
    0: ("weight 0", {"color": "#999999", "linestyle": (0, (1, 3)), "linewidth": 0.9}),
}


@dataclass(frozen=True)
class Unit:
    """A unit: `layer` 0 for inputs; `bias` None where there is none."""

    layer: int
    number: int
    bias: Fraction | None


@dataclass(frozen=True)
class Connection:
    """The weight from unit `source` of layer `layer` − 1 to unit `target` of layer `layer`."""

    layer: int
    source: int
    target: int
    weight: Fraction


@dataclass(frozen=True)
class NetworkPlotData:
    """What a picture of a network shows, exactly.

    Exactness: exact. Source: `plot_network_data`.
    """

    units: tuple[Unit, ...]
    connections: tuple[Connection, ...]


def plot_network_data(problem: Problem, parameters: Parameters) -> NetworkPlotData:
    """The exact weights that `plot_network` draws.

    Parameters: `parameters` of the network of `problem`. Exactness: exact. Raises: `ShapeError` for parameters of another
    network. Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 1]))
    >>> plot_network_data(problem, problem.parameters(W1=[[2]], b1=[0], W2=[["1/2"]], b2=[1])).connections[1]
    Connection(layer=2, source=0, target=0, weight=Fraction(1, 2))
    """
    check_problem(problem, "plot_network")
    problem.check_shapes(parameters)
    units = [Unit(0, number, None) for number in range(problem.network.widths[0])]
    connections = []
    for layer, (matrix, bias) in enumerate(zip(parameters.weights, parameters.biases, strict=True), start=1):
        units += [Unit(layer, j, None if bias is None else bias[j]) for j in range(len(matrix))]
        connections += [Connection(layer, i, j, weight) for j, row in enumerate(matrix) for i, weight in enumerate(row)]
    return NetworkPlotData(tuple(units), tuple(connections))


def plot_network(problem: Problem, parameters: Parameters, *, ax: Axes | None = None) -> Axes:
    """Draw a network with its weights: solid lines for positive ones, dashed for negative ones, dotted for zeros.

    Lines are the wider the larger the weight is in its layer; the bias stands under the unit. Numbers that are too long are
    rounded and marked with ≈.
    Parameters: `parameters` of the network of `problem`; `ax` to draw on. Returns: the axes.
    Exactness: what stands without ≈ is exact. Raises: as `plot_network_data`; `UnsupportedError` for layers of more than 16
    units; `MissingExtraError` without matplotlib. Source: theory.md, section 1.
    """
    data = plot_network_data(problem, parameters)
    widths = problem.network.widths
    if max(widths) > _WIDEST:
        raise UnsupportedError(f"a layer of {max(widths)} units is too wide for a picture (at most {_WIDEST})")
    axes = axes_or_new(ax, (1.6 + 2.0 * (len(widths) - 1), 0.9 + 1.05 * max(widths)))
    from matplotlib.lines import Line2D
    from matplotlib.patheffects import withStroke

    halo = [withStroke(linewidth=3, foreground="white")]
    labelled = len(data.connections) <= _LABELLED
    drawn = set()
    for line in data.connections:
        x, y = zip(_place(widths, line.layer - 1, line.source), _place(widths, line.layer, line.target), strict=True)
        largest = max(abs(other.weight) for other in data.connections if other.layer == line.layer)
        share = approximately(abs(line.weight) / largest) if largest else 0.0
        sign = (line.weight > 0) - (line.weight < 0)
        drawn.add(sign)
        style = {**_SIGNS[sign][1], **({"linewidth": 0.8 + 2.4 * share} if sign else {})}
        axes.plot(x, y, zorder=1, **style)
        if labelled:
            along = label_place(widths, line)
            at = (x[0] + along * (x[1] - x[0]), y[0] + along * (y[1] - y[0]))
            axes.text(
                *at, short_number(line.weight), ha="center", va="center", fontsize=8, color=INK, path_effects=halo, zorder=4
            )
    for unit in data.units:
        place = _place(widths, unit.layer, unit.number)
        axes.plot(*[[value] for value in place], marker="o", markersize=23, color="white", markeredgecolor=INK, zorder=3)
        axes.text(*place, _name(unit, problem), ha="center", va="center", fontsize=9, zorder=5)
        if unit.bias is not None:
            text = f"{'+' if unit.bias >= 0 else '−'} {short_number(abs(unit.bias))}"
            axes.annotate(
                text, place, (0, -14), textcoords="offset points", ha="center", va="top", fontsize=8, path_effects=halo, zorder=5
            )
    axes.set(xlim=(-0.35, len(widths) - 0.65), ylim=(-0.5 * max(widths) - 0.15, 0.5 * max(widths)))
    axes.set_axis_off()
    entries = [_SIGNS[sign] for sign in (1, -1, 0) if sign in drawn]
    axes.legend(
        [Line2D([], [], **style) for _, style in entries], [name for name, _ in entries], loc="lower center",
        bbox_to_anchor=(0.5, 1), ncols=3, frameon=False, fontsize="small", handlelength=3,
    )  # fmt: skip
    return axes


def _place(widths: tuple[int, ...], layer: int, number: int) -> tuple[float, float]:
    return layer, (widths[layer] - 1) / 2 - number


def _name(unit: Unit, problem: Problem) -> str:
    layers = problem.network.layers
    if 0 < unit.layer < layers:
        return unit_label(unit.layer, unit.number, layers)
    if unit.layer == 0 and len(problem.data.input_names[unit.number]) <= 3:
        return column_label(problem.data.input_names[unit.number])
    letter = "x" if unit.layer == 0 else "f"
    return f"${letter}$" if problem.network.widths[unit.layer] == 1 else f"${letter}_{{{unit.number + 1}}}$"


def label_place(widths: tuple[int, ...], connection: Connection) -> float:
    """How far along a connection its weight is written, between 0 and 1.

    Labels of lines to different units stand at different distances, so that they cannot meet.
    """
    count = widths[connection.layer]
    return 0.22 + 0.4 * connection.target / (count - 1) if count > 1 and widths[connection.layer - 1] > 1 else 0.42


def short_number(value: Fraction) -> str:
    """A weight as it is written in pictures: exactly if it is short, else rounded behind ≈.

    >>> short_number(Fraction(-1, 3)), short_number(Fraction(10**9, 7))
    ('−1/3', '≈ 1.43e8')
    """
    text = to_text(value)
    return (text if len(text) <= _LONGEST else f"≈ {approximate(value, 3)}").replace("-", "−")
