"""A slice as one HTML page for the classroom: point at a cell and read its pattern, its polynomial and the risk there."""

from __future__ import annotations

import json
from html import escape

from exactsurf.cells.slice import Slice, SliceCell
from exactsurf.errors import check_kind
from exactsurf.exact.number import to_text
from exactsurf.model.parameters import Parameters
from exactsurf.show.pages.svg_picture import Frame
from exactsurf.show.plots.plot_axes import OKABE_ITO, approximately
from exactsurf.show.plots.slice_tints import tint_numbers
from exactsurf.show.text.html_formula import formula
from exactsurf.show.text.html_page import page
from exactsurf.show.text.numeral import numeral

STYLE = """
body { max-width: 64rem; } .slice svg { max-width: 100%; height: auto; touch-action: none; }
.cell { cursor: crosshair; stroke: none; fill-opacity: 0.3; }
.cell:hover, .cell:focus, .cell[aria-pressed=true] { fill-opacity: 0.75; outline: none; }
.wall { stroke: currentColor; stroke-width: 1; } .slice .frame { fill: none; stroke: currentColor; }
.slice .tick { font-size: 8px; fill: currentColor; } .name { font-size: 7px; fill: currentColor; pointer-events: none; }
.point { fill: Canvas; stroke: currentColor; stroke-width: 1.2; pointer-events: none; }
dt { font-weight: bold; } dd { font-family: "DejaVu Sans Mono", Consolas, monospace; overflow-wrap: anywhere; }
"""

# Each script acts on its own page alone: a notebook may hold several.
_SCRIPT = """
{
const root = document.currentScript.closest("main");
const cells = [...root.querySelectorAll(".cell")], part = (role) => root.querySelector(`[data-role=${role}]`);
const window_ = JSON.parse(root.dataset.window), box = JSON.parse(root.dataset.box), drawing = root.querySelector("svg");
function show(cell) {
  for (const other of cells) other.setAttribute("aria-pressed", other === cell);
  part("cell").textContent = cells.indexOf(cell) + 1;
  part("pattern").textContent = cell.dataset.pattern;
  part("risk").textContent = cell.dataset.risk;
}
function follow(event, cell) {
  const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM().inverse());
  const [left, right, bottom, top] = window_, [x1, x2, y1, y2] = box;
  const s = left + (place.x - x1) / (x2 - x1) * (right - left), t = bottom + (y2 - place.y) / (y2 - y1) * (top - bottom);
  const risk = JSON.parse(cell.dataset.terms).reduce((sum, [c, a, b]) => sum + c * s ** a * t ** b, 0);
  part("pointer").textContent = `s \u2248 ${s.toPrecision(4)}, t \u2248 ${t.toPrecision(4)}, risk \u2248 ${risk.toPrecision(5)}`;
}
for (const cell of cells) {
  for (const kind of ["pointerenter", "mouseenter", "focus", "click"]) cell.addEventListener(kind, () => show(cell));
  cell.addEventListener("pointermove", (event) => follow(event, cell));
}
show(cells[Number(new URLSearchParams(location.hash.slice(1)).get("cell") || 0)] || cells[0]);
}
"""


def slice_page(plane: Slice) -> str:
    """A slice as a page that refers to nothing outside itself.

    Its cells are polygons at their true places, numbered from 1, never of the same colour where they touch; the one that the
    mouse or the keyboard points at is described below: its pattern, unit by unit, and its risk as a polynomial in s and t; the
    risk at the pointer is a float. The fragment ``#cell=3`` points at one, counted from 0.
    Parameters: `plane` with at most 10,000 cells. Returns: HTML. Exactness: patterns and polynomials are exact; places are
    rounded for drawing only, and what stands behind ≈ is rounded. Raises: as `Slice.cells`. Source: theory.md, section 1.
    """
    check_kind(plane, Slice, "slice_page", "take es.Slice(problem, origin, first, second)")
    cells = plane.cells()
    left, right, bottom, top = (approximately(value) for value in plane.window)
    frame = Frame(left, right, bottom, top)
    tints = tint_numbers(cells, len(OKABE_ITO) - 2)
    drawn = "".join(_polygon(frame, cell, OKABE_ITO[tints[cell.pattern]]) for cell in cells)
    walls = "".join(
        f'<polyline points="{frame.points((wall.start, wall.end))}" class="wall"><title>{escape(", ".join(map(str, wall.walls)))}'
        "</title></polyline>"
        for wall in plane.walls(cells)
    )
    names = "".join(_number(frame, cell, k) for k, cell in enumerate(cells, start=1))
    x1, x2, y1, y2 = frame.x(left), frame.x(right), frame.y(top), frame.y(bottom)
    ticks = (
        f'<text x="{x1}" y="{y2 + 12}" class="tick" text-anchor="middle">s = {left:.3g}</text>'
        f'<text x="{x2}" y="{y2 + 12}" class="tick" text-anchor="middle">{right:.3g}</text>'
        f'<text x="{x1 - 4}" y="{y2}" class="tick" text-anchor="end">t = {bottom:.3g}</text>'
        f'<text x="{x1 - 4}" y="{y1 + 4}" class="tick" text-anchor="end">{top:.3g}</text>'
    )
    edge = f'<rect x="{x1}" y="{y1}" width="{x2 - x1}" height="{y2 - y1}" class="frame"/>'
    marks, listed = _marks(frame, plane)
    measures = f'data-window="{json.dumps([left, right, bottom, top])}" data-box="{json.dumps([x1, x2, y1, y2])}"'
    body = [
        f"<style>{STYLE}</style>",
        f'<main class="slice" {measures}>',
        "<h1>Cells of a slice</h1>",
        f"<p>{escape(repr(plane.problem))}, on a plane through parameter space: {len(cells)} cells. Point at one.</p>",
        '<svg viewBox="0 0 390 280" width="780" role="group"><title>cells</title>'
        f"{drawn}{walls}{names}{edge}{marks}{ticks}</svg>",
        '<dl><dt>cell</dt><dd data-role="cell"></dd><dt>pattern</dt><dd data-role="pattern"></dd>'
        '<dt>risk in this cell</dt><dd data-role="risk"></dd><dt>at the pointer</dt><dd data-role="pointer"></dd></dl>',
        f"<details><summary>What s and t are</summary>{_meaning(plane)}{listed}</details>",
        f"<script>{_SCRIPT}</script>",
        "</main>",
    ]
    return page("Cells of a slice", body)


def _polygon(frame: Frame, cell: SliceCell, colour: str) -> str:
    layers = [["".join("|" if k is None else str(k) for k in unit) for unit in layer] for layer in cell.pattern.pieces]
    pattern = " ; ".join(" ".join(units) for units in layers)
    terms = json.dumps([[approximately(c), *exponents] for exponents, c in cell.risk.items()])
    return (
        f'<polygon points="{frame.points(cell.polygon.vertices)}" class="cell" tabindex="0" role="button" fill="{colour}" '
        f'data-pattern="{escape(pattern)}" data-risk="{escape(cell.risk.to_text())}" data-terms="{terms}" '
        f'aria-label="cell {escape(pattern)}"/>'
    )


def _number(frame: Frame, cell: SliceCell, number: int) -> str:
    """The number of a cell, if the cell is large enough for it."""
    corners = cell.polygon.vertices
    across = [frame.x(approximately(point[0])) for point in corners]
    upwards = [frame.y(approximately(point[1])) for point in corners]
    if min(max(across) - min(across), max(upwards) - min(upwards)) < 10:
        return ""
    s, t = map(approximately, cell.polygon.inner_point)
    return f'<text x="{frame.x(s):.1f}" y="{frame.y(t) + 2.5:.1f}" class="name" text-anchor="middle">{number}</text>'


def _marks(frame: Frame, plane: Slice) -> tuple[str, str]:
    """The points that the slice marks, in the picture and in a list."""
    left, right, bottom, top = plane.window
    drawn, listed = "", ""
    for name, point in plane.marks:
        s, t = plane.position(point)
        listed += f"<li>{escape(name)}: {formula(f's = {numeral(s)}, t = {numeral(t)}')}, "
        listed += f"risk {formula(numeral(plane.problem.risk(point)))}</li>"
        if left <= s <= right and bottom <= t <= top:
            x, y = frame.x(approximately(s)), frame.y(approximately(t))
            drawn += f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" class="point"><title>{escape(name)}</title></circle>'
            drawn += f'<text x="{x + 5:.1f}" y="{y - 4:.1f}" class="name">{escape(name)}</text>'
    return drawn, f"<p>Marked points:</p><ul>{listed}</ul>" if listed else ""


def _meaning(plane: Slice) -> str:
    family = plane.plane
    rows = []
    for name, values in (("base", family.base), ("first", family.directions[0]), ("second", family.directions[1])):
        rows.append(f"<dt>{name}</dt><dd>{escape(_parameters(values))}</dd>")
    return f"<p>The parameters at (s, t) are base + s · first + t · second.</p><dl>{''.join(rows)}</dl>"


def _parameters(values: Parameters) -> str:
    parts = []
    for name, value in values.items():
        rows = [row if isinstance(row, tuple) else (row,) for row in value]
        parts.append(f"{name} = [{'; '.join(', '.join(map(to_text, row)) for row in rows)}]")
    return ", ".join(parts)
