"""A landscape as one HTML page for the classroom: choose a valley, see its network and its function, walk over a barrier."""

from __future__ import annotations

import json
from fractions import Fraction
from html import escape

from exactsurf.exact.number import to_text
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.show.pages.network_svg import has_network_svg, network_svg
from exactsurf.show.pages.svg_picture import function_svg, tree_svg
from exactsurf.show.plots.plot_axes import approximately
from exactsurf.show.plots.tree_plot import plot_tree_data
from exactsurf.show.text.html_formula import formula
from exactsurf.show.text.html_page import page
from exactsurf.show.text.numeral import numeral, rounded
from exactsurf.surface.low_path import LowPath
from exactsurf.surface.surface import Landscape

_VALLEYS = 40  # valleys, at most, that can be chosen
_FRAMES = 120  # points of a path, at most, that the slider stops at

STYLE = """
body { max-width: 72rem; font-family: system-ui, "DejaVu Sans", sans-serif; }
.columns { display: flex; flex-wrap: wrap; gap: 1.5rem 3rem; align-items: flex-start; }
svg { max-width: 100%; background: white; } svg text.tick { font-size: 12px; fill: #222; }
.branch { stroke: #222; stroke-width: 1.4; } .frame { fill: none; stroke: #555; }
.graph { fill: none; stroke: #0072b2; stroke-width: 2.5; } .region { stroke: #222; stroke-width: 1; }
svg text.weight { font-size: 12px; stroke: white; stroke-width: 4; paint-order: stroke; fill: #222; }
svg text.unit { font-size: 14px; }
.sample { stroke: black; stroke-width: 1.6; } .profile { fill: none; stroke: #222; stroke-width: 1.6; }
.valley { cursor: pointer; } .valley > :first-of-type { stroke-width: 2; }
.valley:focus { outline: none; } .valley:focus circle, .valley:focus polygon { stroke: black; stroke-width: 3; }
.valley[aria-pressed=true] circle, .valley[aria-pressed=true] polygon { stroke: black; stroke-width: 3.5; }
input[type=range] { width: 360px; max-width: 100%; } [hidden] { display: none; }
"""

_SCRIPT = """
const marks = [...document.querySelectorAll("[data-valley]")];
function choose(valley) {
  for (const mark of marks) mark.setAttribute("aria-pressed", mark.dataset.valley === valley);
  for (const panel of document.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== valley;
}
for (const mark of marks) {
  mark.addEventListener("click", () => choose(mark.dataset.valley));
  mark.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(mark.dataset.valley); }
  });
}
const slider = document.getElementById("slider");
function walk(step) {
  const frames = JSON.parse(document.getElementById("frames").textContent);
  const frame = frames[Math.max(0, Math.min(frames.length - 1, step))];
  slider.value = step;
  document.getElementById("risk").textContent = frame.risk;
  document.getElementById("walker").setAttribute("cx", frame.x);
  document.getElementById("walker").setAttribute("cy", frame.y);
  document.getElementById("function").innerHTML = frame.picture;
}
if (slider) slider.addEventListener("input", () => walk(Number(slider.value)));
const wanted = new URLSearchParams(location.hash.slice(1));
choose(wanted.get("valley") || "0");
if (slider) walk(Number(wanted.get("step") || 0));
"""


def landscape_page(land: Landscape, path: LowPath | None = None) -> str:
    """A landscape as a page that refers to nothing outside itself.

    In the disconnectivity graph a valley is chosen by mouse or keyboard; its risk, barrier, network, weights and (for one or
    two inputs) its function are shown. A slider walks along `path`. The fragment ``#valley=2&step=10`` chooses both.
    Parameters: `land`; `path` from `lowest_path`. Returns: HTML. Exactness: numbers without ≈ are exact; pictures are drawn from
    exact numbers. Raises: nothing. Source: theory.md, theorem B.
    """
    problem = land.problem
    shown = sorted(b.valley for b in plot_tree_data(land, limit=_VALLEYS).branches if b.valley is not None)
    panels = "\n".join(_panel(land, place) for place in shown)
    left_out = len(land.valleys) - len(shown)
    more = f"<p>{left_out} more valleys are not shown.</p>" if left_out > 0 else ""
    body = [
        "<h1>The loss landscape</h1>",
        f"<p>{escape(repr(problem))}</p>",
        f"<p>{land.cells} signed cells, or {land.orbits} up to the order of the units; up to it there are {len(land.valleys)} "
        "valleys. Circles are global minima, triangles are spurious valleys. Choose one.</p>",
        f'<div class="columns"><div>{tree_svg(land, limit=_VALLEYS)}{more}</div><div>{panels}</div></div>',
        *([] if path is None else [_walk(problem, path)]),
        f"<script>{_SCRIPT}</script>",
    ]
    return page("The loss landscape", [f"<style>{STYLE}</style>", *body])


def _panel(land: Landscape, place: int) -> str:
    valley = land.valleys[place]
    kind = "a global minimum" if valley.is_global else "a spurious valley"
    barrier = "" if valley.barrier is None else f", barrier {formula(numeral(valley.barrier))}"
    copies = f" ({valley.multiplicity} copies, by the order of the units)" if valley.multiplicity > 1 else ""
    parts = [f"<h2>Valley {place}: {kind}{copies}</h2>", f"<p>risk {formula(numeral(valley.risk))}{barrier}</p>"]
    if valley.parameters is None:
        parts.append("<p>The risk is approached, but not attained.</p>")
    else:
        if has_network_svg(land.problem):
            parts.append(f"<div>{network_svg(land.problem, valley.parameters)}</div>")
        parts.append(_weights(valley.parameters))
        if _has_picture(land.problem):
            parts.append(function_svg(land.problem, valley.parameters, name=f"v{place}"))
    return f'<section data-panel="{place}"{"" if place == 0 else " hidden"}>{"".join(parts)}</section>'


def _has_picture(problem: Problem) -> bool:
    return problem.network.widths[0] <= 2


def _weights(parameters: Parameters) -> str:
    parts = []
    for name, value in parameters.items():
        rows = [row if isinstance(row, tuple) else (row,) for row in value]
        body = "".join("<tr>" + "".join(f"<td>{formula(numeral(v))}</td>" for v in row) + "</tr>" for row in rows)
        parts.append(f'<div class="matrix">{formula(f"{name[0]}_{{{name[1:]}}}")} = <table>{body}</table></div>')
    return f'<div class="matrices">{"".join(parts)}</div>'


def _walk(problem: Problem, path: LowPath) -> str:
    """The slider, with the risk along the path and the function at every stop."""
    steps = max(1, len(path.points) - 1)
    between = max(2, _FRAMES // steps)
    points = [path.points[0]]
    for step in range(len(path.points) - 1):
        points += [path.at(step, Fraction(k, between)) for k in range(1, between + 1)]
    risks = [problem.risk(point) for point in points]
    low, high = min(risks), max(risks)
    span = high - low or Fraction(1)
    across = [20 + 340 * k / max(1, len(points) - 1) for k in range(len(points))]
    places = [(x, 130 - 110 * approximately((risk - low) / span)) for x, risk in zip(across, risks, strict=True)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    frames = [
        {
            "risk": _risk(risk),
            "x": round(x, 1),
            "y": round(y, 1),
            "picture": function_svg(problem, point, name=f"f{k}") if _has_picture(problem) else "",
        }
        for k, (point, risk, (x, y)) in enumerate(zip(points, risks, places, strict=True))
    ]
    data = json.dumps(frames, ensure_ascii=False).replace("<", "\\u003c")
    ends = f"from risk {formula(numeral(risks[0]))} to risk {formula(numeral(risks[-1]))}"
    (x, y), last = places[0], len(points) - 1
    return (
        f"<h2>A walk over the barrier</h2><p>A path {ends} that rises to {formula(numeral(path.level))} and no higher.</p>"
        '<div class="columns"><div><svg viewBox="0 0 380 150" width="380" height="150" role="img">'
        f'<title>risk along the path</title><polyline points="{line}" class="profile"/>'
        f'<circle id="walker" r="6" cx="{x:.1f}" cy="{y:.1f}" fill="#d55e00"/></svg>'
        f'<div><input type="range" id="slider" min="0" max="{last}" value="0" aria-label="position on the path"></div>'
        f'<p>risk <output id="risk">{_risk(risks[0])}</output></p></div><div id="function"></div></div>'
        f'<script type="application/json" id="frames">{data}</script>'
    )


def _risk(value: Fraction) -> str:
    text = to_text(value)
    return text if len(text) <= 12 else f"≈ {rounded(value)}"
