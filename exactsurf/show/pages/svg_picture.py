"""Small SVG pictures for HTML pages: the function of a network over the data, and the disconnectivity graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape

from exactsurf.arrangement.polygon import Polygon
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.show.pages.level_html import level_text, level_ticks
from exactsurf.show.plots.function_plot import Affine, LinearPiece, plot_function_data
from exactsurf.show.plots.plot_axes import OKABE_ITO, approximately, number_texts
from exactsurf.show.plots.tree_plot import plot_tree_data, spaced_levels
from exactsurf.surface.levels.enclosed_landscape import EnclosedLandscape
from exactsurf.surface.restricted.restricted_landscape import RestrictedLandscape
from exactsurf.surface.surface import Landscape

_DARK, _LIGHT = (0, 34, 78), (254, 232, 56)  # the ends of the colour map cividis
_WIDTH, _HEIGHT, _EDGE = 390, 280, 44  # pixels


@dataclass(frozen=True)
class Frame:
    """The window of a picture in the plane, and its place in pixels."""

    left: float
    right: float
    bottom: float
    top: float

    def x(self, value: float) -> float:
        """Pixels from the left."""
        return _EDGE + (value - self.left) / (self.right - self.left) * (_WIDTH - 2 * _EDGE)

    def y(self, value: float) -> float:
        """Pixels from the top."""
        return _HEIGHT - _EDGE - (value - self.bottom) / (self.top - self.bottom) * (_HEIGHT - 2 * _EDGE)

    def points(self, vertices: Sequence[Sequence[Fraction]]) -> str:
        """Vertices for the attribute ``points``."""
        return " ".join(f"{self.x(approximately(x)):.1f},{self.y(approximately(y)):.1f}" for x, y in vertices)


def function_svg(problem: Problem, parameters: Parameters, *, name: str) -> str:
    """The function of a network of one or two inputs over the data, as SVG.

    Parameters: `problem` with one output; `name`, a word that no other picture of the page has. Returns: an ``svg`` element.
    Exactness: exact numbers (`plot_function_data`), rounded for drawing only. Raises: as `plot_function_data`.
    Source: theory.md, section 1.
    """
    data = plot_function_data(problem, parameters)
    window = [approximately(value) for value in data.window]
    targets = [approximately(y) for _, y in data.samples]
    low, high = min(targets), max(targets)
    margin = (high - low) / 4 or 1.0
    low, high = low - margin, high + margin
    if problem.network.widths[0] == 1:
        frame = Frame(window[0], window[1], low, high)
        drawn = [f'<polyline points="{frame.points(data.vertices)}" class="graph"/>']
        drawn += [_dot(frame, approximately(x), approximately(y), "white") for (x,), y in data.samples]
    else:
        frame = Frame(*window)
        drawn = [_region(frame, piece, low, high, f"{name}-{k}") for k, piece in enumerate(data.pieces)]
        drawn += [
            _dot(frame, approximately(x[0]), approximately(x[1]), _colour((approximately(y) - low) / (high - low)))
            for x, y in data.samples
        ]
    return _svg(drawn, "the function of the network, and the samples as circles", frame)


def _region(frame: Frame, piece: LinearPiece, low: float, high: float, name: str) -> str:
    """A polygon whose filling is the affine function itself: a linear gradient."""
    assert isinstance(piece.region, Polygon)
    outline = frame.points(piece.region.vertices)
    form: Affine = piece.outputs[0]
    a, b, c = (approximately(value) for value in form)
    # In pixels the function is A·X + B·Y + C.
    across, upwards = (frame.right - frame.left) / (_WIDTH - 2 * _EDGE), (frame.top - frame.bottom) / (_HEIGHT - 2 * _EDGE)
    slope_x, slope_y = a * across, -b * upwards
    constant = a * (frame.left - _EDGE * across) + b * (frame.bottom + (_HEIGHT - _EDGE) * upwards) + c
    square = slope_x**2 + slope_y**2
    if square < 1e-12 * (high - low) ** 2:
        value = (constant - low) / (high - low)
        return f'<polygon points="{outline}" class="region" fill="{_colour(value)}"/>'
    ends = [((v - constant) * slope_x / square, (v - constant) * slope_y / square) for v in (low, high)]
    stops = f'<stop offset="0" stop-color="{_colour(0)}"/><stop offset="1" stop-color="{_colour(1)}"/>'
    (x1, y1), (x2, y2) = ends
    where = f'x1="{x1:.2f}" y1="{y1:.2f}" x2="{x2:.2f}" y2="{y2:.2f}"'
    gradient = f'<linearGradient id="{name}" gradientUnits="userSpaceOnUse" {where}>{stops}</linearGradient>'
    return f'<defs>{gradient}</defs><polygon points="{outline}" class="region" style="fill: url(#{name})"/>'


def _colour(share: float) -> str:
    inside = min(1.0, max(0.0, share))
    return "#" + "".join(f"{round(a + inside * (b - a)):02x}" for a, b in zip(_DARK, _LIGHT, strict=True))


def _dot(frame: Frame, x: float, y: float, fill: str) -> str:
    place = f'cx="{frame.x(x):.1f}" cy="{frame.y(y):.1f}"'
    return f'<circle {place} r="7" fill="Canvas"/><circle {place} r="5" fill="{fill}" class="sample"/>'


def _svg(drawn: Sequence[str], title: str, frame: Frame) -> str:
    width, height = _WIDTH - 2 * _EDGE, _HEIGHT - 2 * _EDGE
    place = f'x="{_EDGE}" y="{_EDGE}" width="{width}" height="{height}"'
    # An svg inside the svg cuts off what leaves the window.
    inner = f'<svg {place} viewBox="{_EDGE} {_EDGE} {width} {height}">{"".join(drawn)}</svg><rect {place} class="frame"/>'
    below = [
        f'<text x="{frame.x(v):.1f}" y="{_HEIGHT - _EDGE + 18}" class="tick" text-anchor="middle">{v:.3g}</text>'
        for v in (frame.left, frame.right)
    ]
    beside = [
        f'<text x="{_EDGE - 5}" y="{frame.y(v) + 4:.1f}" class="tick" text-anchor="end">{v:.3g}</text>'
        for v in (frame.bottom, frame.top)
    ]
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}"'
    return f'<svg {size} role="img"><title>{escape(title)}</title>{inner}{"".join(below + beside)}</svg>'


def tree_svg(land: Landscape | EnclosedLandscape | RestrictedLandscape, *, limit: int = 40) -> str:
    """The disconnectivity graph as SVG whose valleys can be chosen: elements with ``data-valley``.

    Parameters: `land`, whose levels may be enclosed: then where some are not told apart a band is drawn; `limit` as in
    `plot_tree_data`. Returns: an ``svg`` element. Exactness: exact numbers, rounded for drawing only; levels are written
    exactly where they are short. Raises: as `plot_tree_data`. Source: theory.md, theorem B.
    """
    data = plot_tree_data(land, limit=limit)
    leaves = sum(branch.valley is not None for branch in data.branches)
    width, height, left, top, bottom = max(360, 90 + 44 * leaves), 300, 90, 16, 36
    low = min(approximately(branch.low) for branch in data.branches)
    high = max(approximately(branch.high) for branch in data.branches)

    def x(position: Fraction) -> float:
        return left + 22 + 44 * approximately(position)

    def y(level: Fraction) -> float:
        return height - bottom - (approximately(level) - low) / (high - low) * (height - top - bottom)

    known = {branch.node: branch for branch in data.branches}
    lines, marks = [], []
    for branch in data.branches:
        here, level = x(branch.position), y(branch.low)
        lines.append(f'<line x1="{here:.1f}" y1="{level:.1f}" x2="{here:.1f}" y2="{y(branch.high):.1f}" class="branch"/>')
        if branch.children:
            first, last = (x(known[child].position) for child in (branch.children[0], branch.children[-1]))
            lines.append(f'<line x1="{first:.1f}" y1="{level:.1f}" x2="{last:.1f}" y2="{level:.1f}" class="branch"/>')
        if branch.valley is not None:
            marks.append(_mark(land, branch.valley, here, level))
    levels = spaced_levels(data, 16)
    texts = level_ticks(land, levels) if isinstance(land, EnclosedLandscape) else number_texts(levels, 10)
    if isinstance(land, EnclosedLandscape):
        for tie in land.ties:
            top_end = max(0.0, y(min(tie.high, data.branches[-1].high)) - 2)
            size_of = max(4.0, y(tie.low) + 2 - top_end)
            place = f'x="{left}" y="{top_end:.1f}" width="{width - left}" height="{size_of:.1f}"'
            lines.append(f'<rect {place} class="tie"><title>levels that are not told apart</title></rect>')
    ticks = "".join(
        f'<text x="{left - 8}" y="{y(level) + 4:.1f}" class="tick" text-anchor="end">{text}</text>'
        for level, text in zip(levels, texts, strict=True)
    )
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    title = "<title>disconnectivity graph: choose a valley</title>"
    return f'<svg {size} role="group">{title}{"".join(lines)}{ticks}{"".join(marks)}</svg>'


def _mark(land: Landscape | EnclosedLandscape | RestrictedLandscape, place: int, x: float, y: float) -> str:
    valley = land.valleys[place]
    colour = OKABE_ITO[0] if valley.is_global else OKABE_ITO[1]
    fill = colour if valley.is_attained else "white"
    if valley.is_global:
        shape = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="{fill}" stroke="{colour}"/>'
    else:
        points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in ((-9, -7), (9, -7), (0, 9)))
        shape = f'<polygon points="{points}" fill="{fill}" stroke="{colour}"/>'
    kind = "global minimum" if valley.is_global else "spurious valley"
    label = f"valley {place}, {kind}, risk {level_text(valley.risk)}"
    number = f'<text x="{x:.1f}" y="{y + 26:.1f}" class="tick" text-anchor="middle">{place}</text>'
    return (
        f'<g class="valley" data-valley="{place}" tabindex="0" role="button" aria-label="{escape(label)}">'
        f"<title>{escape(label)}</title>{shape}{number}</g>"
    )
