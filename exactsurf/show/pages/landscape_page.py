"""A landscape as one HTML page for the classroom: choose a valley, see its network and its function, walk over a barrier."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from html import escape
from typing import TypeAlias

from exactsurf.errors import InputError, check_kind
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.show.pages.level_html import level_axis, level_html
from exactsurf.show.pages.network_svg import has_network_svg, network_svg
from exactsurf.show.pages.svg_picture import function_svg, tree_svg
from exactsurf.show.pages.training_section import training_section
from exactsurf.show.pages.walk_section import walk_section
from exactsurf.show.plots.tree_plot import plot_tree_data
from exactsurf.show.text.html_formula import formula
from exactsurf.show.text.html_page import page
from exactsurf.show.text.numeral import numeral
from exactsurf.surface.levels.enclosed_landscape import EnclosedLandscape
from exactsurf.surface.levels.enclosed_valley import EnclosedValley
from exactsurf.surface.low_path import LowPath
from exactsurf.surface.restricted.free_paths import LowFreePath
from exactsurf.surface.restricted.restricted_landscape import RestrictedLandscape
from exactsurf.surface.surface import Landscape
from exactsurf.surface.training.valley_counts import TrainingValleys

AnyLandscape: TypeAlias = Landscape | EnclosedLandscape | RestrictedLandscape

MARK = '<meta name="generator" content="exactsurf landscape">'
"""Stands in every page of a landscape, so that a program can tell that it may replace it."""

_FRAMES = 120  # stops of the sliders of all walks together, about
_VALLEYS = 40  # valleys, at most, that can be chosen

STYLE = """
body { max-width: 72rem; font-family: system-ui, "DejaVu Sans", sans-serif; }
.columns { display: flex; flex-wrap: wrap; gap: 1.5rem 3rem; align-items: flex-start; }
svg { max-width: 100%; } svg text.tick { font-size: 12px; fill: currentColor; }
.branch { stroke: currentColor; stroke-width: 1.4; } .frame { fill: none; stroke: currentColor; }
.graph { fill: none; stroke: #0072b2; stroke-width: 2.5; } .region { stroke: #222; stroke-width: 1; }
.tie { fill: #e69f00; fill-opacity: 0.35; } .link { stroke: currentColor; } .unit-disc { fill: Canvas; stroke: currentColor; }
svg text.weight { font-size: 12px; stroke: Canvas; stroke-width: 4; paint-order: stroke; fill: CanvasText; }
svg text.unit { font-size: 14px; fill: CanvasText; }
.sample { stroke: black; stroke-width: 1.6; } .profile { fill: none; stroke: currentColor; stroke-width: 1.6; }
.valley { cursor: pointer; } .valley > :first-of-type { stroke-width: 2; }
.valley:focus { outline: none; } .valley:focus circle, .valley:focus polygon { stroke: currentColor; stroke-width: 3; }
.valley[aria-pressed=true] circle, .valley[aria-pressed=true] polygon { stroke: currentColor; stroke-width: 3.5; }
input[type=range] { width: 360px; max-width: 100%; } [hidden] { display: none; }
@media print { input[type=range] { display: none; } .columns { break-inside: avoid; } }
"""

# Each script acts on its own page alone: a notebook may hold several.
_SCRIPT = """
{
const root = document.currentScript.closest("main");
const marks = [...root.querySelectorAll("[data-valley]")], walks = [...root.querySelectorAll("[data-walk]")];
const part = (place, role) => place.querySelector(`[data-role=${role}]`);
const frames = walks.map((place) => JSON.parse(part(place, "frames").textContent));
function step(place, number) {
  const all = frames[walks.indexOf(place)], frame = all[Math.max(0, Math.min(all.length - 1, number))];
  part(place, "slider").value = number;
  part(place, "risk").textContent = frame.risk;
  part(place, "walker").setAttribute("cx", frame.x);
  part(place, "walker").setAttribute("cy", frame.y);
  part(place, "function").innerHTML = frame.picture;
}
function walk(valley) {
  const wanted = walks.find((place) => place.dataset.walk === valley) || walks.find((place) => !place.hidden) || walks[0];
  for (const place of walks) place.hidden = place !== wanted;
}
function choose(valley) {
  for (const mark of marks) mark.setAttribute("aria-pressed", mark.dataset.valley === valley);
  for (const panel of root.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== valley;
  walk(valley);
}
for (const mark of marks) {
  mark.addEventListener("click", () => choose(mark.dataset.valley));
  mark.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(mark.dataset.valley); }
  });
}
const wanted = new URLSearchParams(location.hash.slice(1));
for (const place of walks) {
  const slider = part(place, "slider");
  slider.addEventListener("input", () => step(place, Number(slider.value)));
  step(place, Number(wanted.get("step") || 0));
}
choose(wanted.get("valley") || "0");
}
"""


def landscape_page(
    land: AnyLandscape,
    path: LowPath | LowFreePath | Sequence[LowPath | LowFreePath] | None = None,
    *,
    local_minima: bool = False,
    training: TrainingValleys | None = None,
) -> str:
    """A landscape as a page that refers to nothing outside itself.

    In the disconnectivity graph a valley is chosen by mouse or keyboard; its risk, barrier, network, weights and (for one or
    two inputs) its function are shown. A slider walks along a path; of several paths the one that begins in the chosen valley is
    shown, if there is one. The fragment ``#valley=2&step=10`` chooses both.
    Of a restricted landscape the values of the free parameters stand beside the weights.
    Of a landscape with enclosed levels the axis of all levels is shown too, and which of them are not told apart.
    Parameters: `land`; `path` from `lowest_path`, or several; `local_minima`, whether the local minima that are no bottoms of
    valleys are listed, which takes as long as `land.local_minima`; levels that are enclosed have neither; `training`, from
    `training_valleys(land, …)`, is shown as a histogram against the list of valleys. Returns: HTML.
    Exactness: numbers without ≈ are exact; pictures are drawn from exact numbers. Raises: as `land.local_minima`, if they are
    asked for; `InputError` for training on another landscape. Source: theory.md, theorem B; proofs/enclosed_levels.md.
    """
    check_kind(land, (Landscape, EnclosedLandscape, RestrictedLandscape), "landscape_page", "take es.landscape(problem)")
    if training is not None and training.land != land:
        raise InputError(
            "the training is not one on this landscape", text=repr(training), fix="take es.training_valleys(land, …)"
        )
    problem, paths = _plain(land), [] if path is None else [path] if isinstance(path, LowPath | LowFreePath) else list(path)
    # Names of gradients are shared by everything that a notebook shows.
    mark = sha256(repr((problem, problem.data.x, problem.data.y)).encode()).hexdigest()[:8]
    shown = sorted(b.valley for b in plot_tree_data(land, limit=_VALLEYS).branches if b.valley is not None)
    panels = "\n".join(_panel(land, place, mark) for place in shown)
    left_out = len(land.valleys) - len(shown)
    more = f"<p>{left_out} more valleys are not shown.</p>" if left_out > 0 else ""
    body = [
        "<main>",
        "<h1>The loss landscape</h1>",
        f"<p>{escape(repr(land.problem))}</p>",
        f"<p>{_counts(land)} valleys. Circles are global minima, triangles are spurious valleys. Choose one.</p>",
        f'<div class="columns"><div>{tree_svg(land, limit=_VALLEYS)}{more}</div><div>{panels}</div></div>',
        *(
            walk_section(land, one, f"{mark}w{k}", frames=_FRAMES // len(paths), hidden=k > 0)
            for k, one in enumerate(paths)
            if not isinstance(land, EnclosedLandscape)
        ),
        *([] if training is None else [training_section(training)]),
        *([_other_minima(land)] if local_minima and not isinstance(land, EnclosedLandscape) else []),
        *([_levels(land)] if isinstance(land, EnclosedLandscape) else []),
        f"<script>{_SCRIPT}</script>",
        "</main>",
    ]
    return page("The loss landscape", [f"<style>{STYLE}</style>", *body], MARK)


def _plain(land: AnyLandscape) -> Problem:
    return land.problem.unrestricted if isinstance(land, RestrictedLandscape) else land.problem


def _counts(land: AnyLandscape) -> str:
    valleys = len(land.valleys)
    if isinstance(land, RestrictedLandscape):
        names = land.problem.restriction.names
        return f"{land.cells} cells of {len(names)} free parameter{'s' * (len(names) != 1)}; there are {valleys}"
    return f"{land.cells} signed cells, or {land.orbits} up to the order of the units; up to it there are {valleys}"


def _other_minima(land: Landscape | RestrictedLandscape) -> str:
    """The local minima that are no bottoms of valleys: from them a way leads down without going up first."""
    others = [found for found in land.local_minima if not found.is_valley]
    what = "a scale" if isinstance(land, RestrictedLandscape) else "an output weight"
    complete = "" if land.has_all_local_minima else f" The list may lack minima with {what} 0."
    if not others:
        return f"<h2>Other local minima</h2><p>Every local minimum is the bottom of a valley.{complete}</p>"
    rows = "".join(
        f"<tr><td>{formula(numeral(found.risk))}</td><td>{found.dimension}</td><td>{found.multiplicity}</td>"
        f"<td>{', '.join(map(str, found.valleys))}</td></tr>"
        for found in others
    )
    return (
        "<h2>Other local minima</h2><p>Sets of local minima that are no bottoms of valleys: a plateau leads down from them "
        f"without going up first.{complete}</p>"
        '<div class="table"><table><thead><tr><th>risk</th><th>dimension</th><th>copies</th><th>leads to valleys</th></tr>'
        f"</thead><tbody>{rows}</tbody></table></div>"
    )


def _panel(land: AnyLandscape, place: int, mark: str) -> str:
    valley = land.valleys[place]
    kind = "a global minimum" if valley.is_global else "a spurious valley"
    barrier = "" if valley.barrier is None else f", barrier {level_html(valley.barrier)}"
    copies = f" ({valley.multiplicity} copies, by the order of the units)" if valley.multiplicity > 1 else ""
    parts = [f"<h2>Valley {place}: {kind}{copies}</h2>", f"<p>risk {level_html(valley.risk)}{barrier}</p>"]
    if isinstance(valley, EnclosedValley):
        parts += [f"<p>{text}</p>" for text in _remarks(valley)]
    if valley.parameters is None:
        parts.append("<p>The risk is approached, but not attained.</p>")
    else:
        problem = _plain(land)
        if isinstance(land, RestrictedLandscape):
            named = zip(land.problem.restriction.names, land.problem.values(valley.parameters), strict=True)
            parts.append(f"<p>{', '.join(f'{escape(name)} = {formula(numeral(value))}' for name, value in named)}</p>")
        if has_network_svg(problem):
            parts.append(f"<div>{network_svg(problem, valley.parameters)}</div>")
        parts.append(_weights(valley.parameters))
        if problem.network.widths[0] <= 2 and problem.network.widths[-1] == 1:
            parts.append(function_svg(problem, valley.parameters, name=f"{mark}v{place}"))
    return f'<section data-panel="{place}"{"" if place == 0 else " hidden"}>{"".join(parts)}</section>'


def _remarks(valley: EnclosedValley) -> list[str]:
    found = []
    if not valley.is_attained:
        which = "is approached" if valley.is_attained is False else "is perhaps approached only"
        found.append(f"The least risk {which}, not attained: the network below is far away, with a risk within the enclosure.")
    elif not valley.risk.is_exact:
        found.append("The network below has rational weights and a risk near the least one.")
    if valley.is_tied:
        found.append("Other levels are so near that they are not told apart: the valley may be several, or part of another one.")
    return found


def _levels(land: EnclosedLandscape) -> str:
    ties = len(land.ties)
    told = "All of them are told apart." if not ties else f"In {ties} place{'s' * (ties > 1)} some are not told apart (⁓)."
    return (
        f"<h2>Levels</h2><p>Levels are enclosed: each lies between two rational numbers, of which the middle and half the "
        f"distance are written; without ≈ they are exact. Their order is proved. {told}</p>{level_axis(land)}"
    )


def _weights(parameters: Parameters) -> str:
    parts = []
    for name, value in parameters.items():
        rows = [row if isinstance(row, tuple) else (row,) for row in value]
        body = "".join("<tr>" + "".join(f"<td>{formula(numeral(v))}</td>" for v in row) + "</tr>" for row in rows)
        parts.append(f'<div class="matrix">{formula(f"{name[0]}_{{{name[1:]}}}")} = <table>{body}</table></div>')
    return f'<div class="matrices">{"".join(parts)}</div>'
