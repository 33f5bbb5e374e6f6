"""A slice as one HTML page for the classroom: point at a cell and read its pattern and its polynomial."""

from __future__ import annotations

from html import escape

from exactsurf.cells.slice import Slice, SliceCell
from exactsurf.show.pages.svg_picture import Frame
from exactsurf.show.plots.plot_axes import OKABE_ITO, approximately
from exactsurf.show.text.html_page import page

STYLE = """
body { max-width: 64rem; } svg { max-width: 100%; height: auto; background: white; }
.cell { cursor: pointer; stroke: none; } .cell:hover, .cell:focus, .cell[aria-pressed=true] { fill-opacity: 0.75; outline: none; }
.wall { stroke: #222; stroke-width: 1; } .tick { font-size: 8px; fill: #222; } .frame { fill: none; stroke: #222; }
dt { font-weight: bold; } dd { font-family: "DejaVu Sans Mono", Consolas, monospace; overflow-wrap: anywhere; }
"""

_SCRIPT = """
const cells = [...document.querySelectorAll(".cell")];
function show(cell) {
  for (const other of cells) other.setAttribute("aria-pressed", other === cell);
  document.getElementById("pattern").textContent = cell.dataset.pattern;
  document.getElementById("risk").textContent = cell.dataset.risk;
}
for (const cell of cells) for (const kind of ["mouseenter", "focus", "click"]) cell.addEventListener(kind, () => show(cell));
show(cells[Number(new URLSearchParams(location.hash.slice(1)).get("cell") || 0)]);
"""


def slice_page(plane: Slice) -> str:
    """A slice as a page that refers to nothing outside itself.

    Its cells are polygons at their true places; the one that the mouse or the keyboard points at is described below: its
    pattern, unit by unit, and its risk as a polynomial in s and t. The fragment ``#cell=3`` points at one.
    Parameters: `plane` with at most 10,000 cells. Returns: HTML. Exactness: patterns and polynomials are exact; places are
    rounded for drawing only. Raises: as `Slice.cells`. Source: theory.md, section 1.
    """
    cells = plane.cells()
    left, right, bottom, top = (approximately(value) for value in plane.window)
    frame = Frame(left, right, bottom, top)
    drawn = "".join(_polygon(frame, cell, k) for k, cell in enumerate(cells))
    walls = "".join(
        f'<polyline points="{frame.points((wall.start, wall.end))}" class="wall"><title>{escape(", ".join(map(str, wall.walls)))}'
        "</title></polyline>"
        for wall in plane.walls(cells)
    )
    box = frame.points(((plane.window[0], plane.window[2]), (plane.window[1], plane.window[3]))).replace(",", " ").split()
    x1, y2, x2, y1 = map(float, box)
    ticks = (
        f'<text x="{x1}" y="{y2 + 12}" class="tick" text-anchor="middle">s = {left:.3g}</text>'
        f'<text x="{x2}" y="{y2 + 12}" class="tick" text-anchor="middle">{right:.3g}</text>'
        f'<text x="{x1 - 4}" y="{y2}" class="tick" text-anchor="end">t = {bottom:.3g}</text>'
        f'<text x="{x1 - 4}" y="{y1 + 4}" class="tick" text-anchor="end">{top:.3g}</text>'
    )
    edge = f'<rect x="{x1}" y="{y1}" width="{x2 - x1}" height="{y2 - y1}" class="frame"/>'
    body = [
        f"<style>{STYLE}</style>",
        "<h1>Cells of a slice</h1>",
        f"<p>{escape(repr(plane.problem))}, on a plane through parameter space: {len(cells)} cells. Point at one.</p>",
        f'<svg viewBox="0 0 390 280" width="780" role="group"><title>cells</title>{drawn}{walls}{edge}{ticks}</svg>',
        '<dl><dt>pattern</dt><dd id="pattern"></dd><dt>risk in this cell</dt><dd id="risk"></dd></dl>',
        f"<script>{_SCRIPT}</script>",
    ]
    return page("Cells of a slice", body)


def _polygon(frame: Frame, cell: SliceCell, number: int) -> str:
    layers = [["".join("|" if k is None else str(k) for k in unit) for unit in layer] for layer in cell.pattern.pieces]
    pattern = " ; ".join(" ".join(units) for units in layers)
    risk = repr(cell.risk).removeprefix("Polynomial(").removesuffix(")")
    colours = OKABE_ITO[:6]
    return (
        f'<polygon points="{frame.points(cell.polygon.vertices)}" class="cell" tabindex="0" role="button" '
        f'fill="{colours[number % len(colours)]}" fill-opacity="0.3" '
        f'data-pattern="{escape(pattern)}" data-risk="{escape(risk)}" aria-label="cell {escape(pattern)}"/>'
    )
