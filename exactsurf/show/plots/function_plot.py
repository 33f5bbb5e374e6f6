"""Pictures of what a network computes: its function of one or two inputs, piece by piece, over the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from exactsurf.arrangement.polygon import Point, Polygon, rectangle
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.number import Exact, exact
from exactsurf.model.needed_problem import check_problem
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.show.plots.plot_axes import INK, LINE_STYLES, OKABE_ITO, approximately, axes_or_new, column_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Crease: TypeAlias = tuple[int, int, Fraction]
"""Where the function may bend: (layer, unit, breakpoint)."""

Affine: TypeAlias = tuple[Fraction, ...]
"""Coefficients of the inputs, and behind them the constant."""

_PIECES = 5_000  # pieces, at most, of a picture


@dataclass(frozen=True)
class LinearPiece:
    """A convex piece of the input space on which the network is affine.

    `region`: (left, right) for one input, a polygon for two; its edges know the creases they lie on. `outputs[k]` are the
    coefficients of output k there.
    """

    region: tuple[Fraction, Fraction] | Polygon[Crease]
    outputs: tuple[Affine, ...]


@dataclass(frozen=True)
class FunctionPlotData:
    """The exact numbers of a picture of a function: its affine pieces in the window, and the samples (x, y).

    Exactness: exact. Source: `plot_function_data`.
    """

    pieces: tuple[LinearPiece, ...]
    samples: tuple[tuple[tuple[Fraction, ...], Fraction], ...]
    window: tuple[Fraction, ...]

    @property
    def vertices(self) -> tuple[Point, ...]:
        """For one input and output 0: the points (x, f(x)) between which the graph is straight.

        Raises: `UnsupportedError` for two inputs.
        """
        found: dict[Fraction, Fraction] = {}
        for piece in self.pieces:
            if isinstance(piece.region, Polygon):
                raise UnsupportedError("a function of two inputs has no list of vertices", "read pieces")
            found |= {x: _value(piece.outputs[0], (x,)) for x in piece.region}
        return tuple(found.items())


def plot_function_data(
    problem: Problem, parameters: Parameters, *, window: Sequence[Exact] | None = None, output: int = 0
) -> FunctionPlotData:
    """The exact pieces that `plot_function` draws.

    Parameters: `problem` with one or two inputs, any depth; `parameters`; `window`, (left, right) or (left, right, bottom,
    top), by default the data with a margin; `output`, whose targets are drawn. Exactness: exact.
    Raises: `UnsupportedError` for more inputs or more than 5,000 pieces, `InputError` for an empty window or an output that does
    not exist, `ShapeError` for parameters of another network. Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 1]))
    >>> theta = problem.parameters(W1=[[1]], b1=["-1/3"], W2=[[3]], b2=[0])
    >>> [(str(x), str(f)) for x, f in plot_function_data(problem, theta, window=(0, 2)).vertices]
    [('0', '0'), ('1/3', '0'), ('2', '5')]
    """
    check_problem(problem, "plot_function")
    problem.check_shapes(parameters)
    inputs, outputs = problem.network.widths[0], problem.network.widths[-1]
    if inputs > 2:
        raise UnsupportedError(f"a function of {inputs} inputs has no picture", "take a problem with one or two inputs")
    if not 0 <= output < outputs:
        raise InputError("no such output", text=str(output), fix=f"outputs are counted from 0 to {outputs - 1}")
    bounds = _window(problem, window)
    # One input is the bottom edge of a strip in which the second input does nothing.
    left, right, bottom, top = bounds if inputs == 2 else (*bounds, Fraction(0), Fraction(1))
    region: Polygon[Crease] = rectangle(left, right, bottom, top)
    identity = tuple(tuple(Fraction(int(k == axis)) for k in range(3)) for axis in range(inputs))
    found = _pieces(problem, parameters, region, identity, 1)
    pieces = tuple(LinearPiece(part, forms) if inputs == 2 else _interval(part, forms) for part, forms in found)
    if inputs == 1:
        pieces = tuple(sorted(pieces, key=lambda piece: piece.region[0] if isinstance(piece.region, tuple) else 0))
    samples = tuple((x, y[output]) for x, y in zip(problem.data.x, problem.data.y, strict=True))
    chosen = tuple(LinearPiece(piece.region, (piece.outputs[output],)) for piece in pieces)
    return FunctionPlotData(chosen, samples, bounds)


def _window(problem: Problem, window: Sequence[Exact] | None) -> tuple[Fraction, ...]:
    inputs = problem.network.widths[0]
    if window is not None:
        bounds = tuple(exact(value, f"window[{k}]") for k, value in enumerate(window))
        if len(bounds) != 2 * inputs or any(low >= high for low, high in zip(bounds[::2], bounds[1::2], strict=True)):
            wanted = "(left, right)" if inputs == 1 else "(left, right, bottom, top)"
            raise InputError(f"a window is {wanted}, each lower than the next to it", text=str(tuple(map(str, window))))
        return bounds
    found: list[Fraction] = []
    for column in zip(*problem.data.x, strict=True):
        low, high = min(column), max(column)
        margin = (high - low) / 8 or Fraction(1)
        found += [low - margin, high + margin]
    return tuple(found)


def _pieces(
    problem: Problem, parameters: Parameters, region: Polygon[Crease], below: tuple[Affine, ...], layer: int
) -> list[tuple[Polygon[Crease], tuple[Affine, ...]]]:
    """The region cut along all creases of this layer and those above, with the outputs on every part."""
    found = [(region, below)]
    activation, last = problem.network.activation, problem.network.layers
    for layer in range(1, last + 1):
        following = []
        for part, forms in found:
            z = _layer(parameters, layer, forms)
            if layer == last:
                following.append((part, z))
                continue
            parts = [part]
            for unit, form in enumerate(z):
                for t in activation.breakpoints if any(form[:2]) else ():
                    line = (form[0], form[1], form[2] - t)
                    parts = [piece for old in parts for piece in old.cut(line, (layer, unit, t))]
            for piece in parts:
                lines = [activation.lines[_piece(activation.breakpoints, _value(form, piece.inner_point))] for form in z]
                images = (
                    (slope * form[0], slope * form[1], slope * form[2] + constant)
                    for form, (slope, constant) in zip(z, lines, strict=True)
                )
                following.append((piece, tuple(images)))
        found = following
        if len(found) > _PIECES:
            raise UnsupportedError(f"more than {_PIECES} pieces in the window", "choose a smaller window")
    return found


def _layer(parameters: Parameters, layer: int, forms: tuple[Affine, ...]) -> tuple[Affine, ...]:
    bias = parameters.biases[layer - 1]
    found = []
    for j, row in enumerate(parameters.weights[layer - 1]):
        total = [sum((w * form[k] for w, form in zip(row, forms, strict=True)), Fraction(0)) for k in range(3)]
        total[2] += bias[j] if bias is not None else 0
        found.append(tuple(total))
    return tuple(found)


def _piece(breakpoints: Sequence[Fraction], value: Fraction) -> int:
    return sum(t < value for t in breakpoints)


def _value(form: Affine, point: Sequence[Fraction]) -> Fraction:
    return sum((a * x for a, x in zip(form, point, strict=False)), form[-1])


def _interval(part: Polygon[Crease], forms: tuple[Affine, ...]) -> LinearPiece:
    ends = [x for x, _ in part.vertices]
    return LinearPiece((min(ends), max(ends)), tuple((form[0], form[2]) for form in forms))


def plot_function(
    problem: Problem,
    parameters: Parameters,
    *,
    ax: Axes | None = None,
    window: Sequence[Exact] | None = None,
    output: int = 0,
    label: str | None = None,
) -> Axes:
    """Draw the function that a network computes over the data: a graph for one input, level lines for two.

    Samples are circles; for two inputs they are filled by their target, in the colours of the function, and its creases are
    drawn as lines. On given axes several functions of one input can be drawn on each other, with a `label` each.
    Parameters: as `plot_function_data`; `ax` to draw on. Returns: the axes.
    Exactness: exact numbers (see `plot_function_data`), rounded for drawing only.
    Raises: as `plot_function_data`; `MissingExtraError` without matplotlib. Source: theory.md, section 1.
    """
    data = plot_function_data(problem, parameters, window=window, output=output)
    axes = axes_or_new(ax, (6.4, 4.0) if problem.network.widths[0] == 1 else (6.0, 4.8))
    inputs = [column_label(name) for name in problem.data.input_names]
    predicted = f"prediction of {column_label(problem.data.target_names[output])}"
    if problem.network.widths[0] == 1:
        _draw_graph(axes, data, label)
        axes.set(xlabel=inputs[0], ylabel=predicted)
    else:
        _draw_levels(axes, data, predicted)
        axes.set(xlabel=inputs[0], ylabel=inputs[1])
    return axes


def _draw_graph(axes: Axes, data: FunctionPlotData, label: str | None) -> None:
    drawn = len([line for line in axes.lines if line.get_gid() == "function"])
    colour, style = OKABE_ITO[drawn % 7], LINE_STYLES[drawn % len(LINE_STYLES)]
    points = [(approximately(x), approximately(f)) for x, f in data.vertices]
    axes.plot(*zip(*points, strict=True), color=colour, linestyle=style, linewidth=1.8, label=label, gid="function", zorder=2)
    kinks = [points[k] for k in range(1, len(points) - 1)]
    if kinks:
        axes.plot(*zip(*kinks, strict=True), color=colour, marker="|", markersize=9, linestyle="none", zorder=2)
    samples = [(approximately(x), approximately(y)) for (x,), y in data.samples]
    axes.plot(
        *zip(*samples, strict=True), color="white", marker="o", markeredgecolor=INK, markersize=6, linestyle="none", zorder=3
    )
    axes.set(xlim=tuple(map(approximately, data.window)))
    axes.spines[["top", "right"]].set_visible(False)
    if axes.get_legend_handles_labels()[1]:
        axes.legend(frameon=False, fontsize="small")


def _draw_levels(axes: Axes, data: FunctionPlotData, predicted: str) -> None:
    import numpy as np
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import ListedColormap, Normalize
    from matplotlib.patches import Polygon as Patch

    corners = [
        (piece, [tuple(map(approximately, point)) for point in piece.region.vertices])
        for piece in data.pieces
        if isinstance(piece.region, Polygon)
    ]
    values = [approximately(_value(piece.outputs[0], p)) for piece in data.pieces for p in _vertices(piece)]
    values += [approximately(y) for _, y in data.samples]
    low, high = min(values), max(values)
    if low == high:
        low, high = low - 1, high + 1
    palette = ListedColormap(0.3 + 0.7 * colormaps["cividis"](np.linspace(0, 1, 256)))
    scale, levels = Normalize(low, high), np.linspace(low, high, 13)
    for piece, outline in corners:
        patch = axes.add_patch(Patch(outline, closed=True, facecolor="none", edgecolor="none"))
        a, b, c = (approximately(value) for value in piece.outputs[0])
        (left, bottom), (right, top) = np.min(outline, axis=0), np.max(outline, axis=0)
        x, y = np.meshgrid((left, right), (bottom, top))  # an affine function needs no finer grid
        if a == b == 0:
            patch.set_facecolor(palette(scale(c)))
            continue
        f = a * x + b * y + c
        axes.contourf(
            x, y, f, levels=np.linspace(low, high, 65), cmap=palette, norm=scale, zorder=0, extend="both"
        ).set_clip_path(patch)
        axes.contour(x, y, f, levels=levels, colors=INK, alpha=0.45, linewidths=0.6, zorder=1).set_clip_path(patch)
    for piece in data.pieces:
        for start, end, creases in piece.region.edges() if isinstance(piece.region, Polygon) else ():
            if creases:
                layer = min(crease[0] for crease in creases)
                ends = [[approximately(point[k]) for point in (start, end)] for k in (0, 1)]
                axes.plot(*ends, color=INK, linewidth=1.6 if layer == 1 else 1.0, linestyle="-" if layer == 1 else "--", zorder=2)
    x, y = ([approximately(sample[k]) for sample, _ in data.samples] for k in (0, 1))
    targets = [approximately(target) for _, target in data.samples]
    axes.scatter(x, y, c=targets, cmap=palette, norm=scale, edgecolors="black", linewidths=1.4, s=70, zorder=4)
    left, right, bottom, top = map(approximately, data.window)
    axes.set(xlim=(left, right), ylim=(bottom, top))
    if axes.figure is not None:
        axes.figure.colorbar(ScalarMappable(scale, palette), ax=axes, label=predicted, pad=0.02)


def _vertices(piece: LinearPiece) -> tuple[Point, ...]:
    return piece.region.vertices if isinstance(piece.region, Polygon) else ()
