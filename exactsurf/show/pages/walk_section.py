"""A walk along a path below a level, for the page of a landscape: a slider, the risk, and the function at every stop."""

from __future__ import annotations

import json
from fractions import Fraction

from exactsurf.exact.number import to_text
from exactsurf.model.parameters import Parameters
from exactsurf.show.pages.svg_picture import function_svg
from exactsurf.show.plots.plot_axes import approximately
from exactsurf.show.text.html_formula import formula
from exactsurf.show.text.numeral import numeral, rounded
from exactsurf.surface.low_path import LowPath
from exactsurf.surface.restricted.free_paths import LowFreePath
from exactsurf.surface.restricted.restricted_landscape import RestrictedLandscape
from exactsurf.surface.surface import Landscape


def walk_section(
    land: Landscape | RestrictedLandscape, path: LowPath | LowFreePath, name: str, *, frames: int = 120, hidden: bool = False
) -> str:
    """A walk, with the valleys that it joins in its heading.

    Parameters: `land`; a `path` of its problem; `name`, a word that no other picture of the page has; `frames`, how many points
    the slider stops at, about; `hidden`, until it is chosen. Returns: a section. Exactness: numbers without ≈ are exact.
    Raises: nothing. Source: theory.md, theorem B.
    """
    problem = land.problem if isinstance(land, Landscape) else land.problem.unrestricted
    stops, steps = path.points if isinstance(path, LowPath) else path.stops, max(1, len(path.points) - 1)
    between = max(2, frames // steps)
    points = [stops[0]]
    for step in range(len(path.points) - 1):
        points += [path.at(step, Fraction(k, between)) for k in range(1, between + 1)]
    risks = [problem.rational_risk(point) for point in points]
    low, high = min(risks), max(risks)
    span = high - low or Fraction(1)
    across = [20 + 340 * k / max(1, len(points) - 1) for k in range(len(points))]
    places = [(x, 130 - 110 * approximately((risk - low) / span)) for x, risk in zip(across, risks, strict=True)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    has_picture = problem.network.widths[0] <= 2 and problem.network.widths[-1] == 1
    shown = [
        {
            "risk": _risk(risk),
            "x": round(x, 1),
            "y": round(y, 1),
            "picture": function_svg(problem, point, name=f"{name}f{k}") if has_picture else "",
        }
        for k, (point, risk, (x, y)) in enumerate(zip(points, risks, places, strict=True))
    ]
    data = json.dumps(shown, ensure_ascii=False).replace("<", "\\u003c")
    start, end = (_valley(land, point) for point in (stops[0], stops[-1]))
    words = [
        f"{preposition} {'a point' if valley is None else f'valley {valley}'} of risk {formula(numeral(risk))}"
        for preposition, valley, risk in (("from", start, risks[0]), ("to", end, risks[-1]))
    ]
    (x, y), last = places[0], len(points) - 1
    return (
        f'<section data-walk="{"" if start is None else start}"{" hidden" if hidden else ""}>'
        f"<h2>A walk {' '.join(words)}</h2><p>It rises to {formula(numeral(path.level))} and no higher.</p>"
        '<div class="columns"><div><svg viewBox="0 0 380 150" width="380" height="150" role="img">'
        f'<title>risk along the path</title><polyline points="{line}" class="profile"/>'
        f'<circle data-role="walker" r="6" cx="{x:.1f}" cy="{y:.1f}" fill="#d55e00"/></svg>'
        f'<div><input type="range" data-role="slider" min="0" max="{last}" value="0" aria-label="position on the path"></div>'
        f'<p>risk <output data-role="risk">{_risk(risks[0])}</output></p></div><div data-role="function"></div></div>'
        f'<script type="application/json" data-role="frames">{data}</script></section>'
    )


def _valley(land: Landscape | RestrictedLandscape, point: Parameters) -> int | None:
    """The place of the valley that a point is known to lie in: as its representative."""
    return next((place for place, valley in enumerate(land.valleys) if valley.parameters == point), None)


def _risk(value: Fraction) -> str:
    text = to_text(value)
    return text if len(text) <= 12 else f"≈ {rounded(value)}"
