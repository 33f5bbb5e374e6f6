"""Draws the pictures of README and guides: ``make pictures``."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

import exactsurf as es

FOLDER = Path(__file__).parent
ZIGZAG = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
XOR = es.Problem(es.Network([2, 2, 1]), es.Data.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]))


def zigzag() -> Figure:
    """A plane through a spurious minimum, a global one and the pass between them, and the whole landscape beside it."""
    land = es.landscape(ZIGZAG)
    spurious = next(valley for valley in land.valleys if valley.is_spurious)
    ends = spurious.parameters, land.global_minimum.parameters
    highest = max(es.lowest_path(land, *ends).points, key=ZIGZAG.risk)
    figure = Figure(figsize=(11, 4.6), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[1.15, 1])
    points = {f"spurious, {spurious.risk}": ends[0], f"global, {land.global_minimum.risk}": ends[1],
              f"pass, {ZIGZAG.risk(highest)}": highest}  # fmt: skip
    plane = es.Slice.through(ZIGZAG, *points.values(), window=("-1/4", "3/2", "-1/4", "5/4"))
    es.plots.plot_slice(plane, ax=left, points=points, labels=False)
    for areas in left.collections:
        areas.set_rasterized(True)  # a tenth of the size; walls and letters stay lines
    es.plots.plot_tree(land, ax=right)
    return figure


def surface() -> Figure:
    """The surface between a spurious minimum and a global one, in perspective and from above."""
    land = es.landscape(ZIGZAG)
    plane = land.slice(2, 0)
    figure = Figure(figsize=(11, 4.8), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[1.15, 1])
    es.plots.plot_surface(plane, ax=left, turn=12, grid=32)
    es.plots.plot_slice(plane, ax=right, levels=18, labels=False)
    for axes in (left, right):
        for areas in axes.collections:
            areas.set_rasterized(True)
    return figure


def xor() -> Figure:
    """The disconnectivity graph of exclusive or with two units."""
    figure = Figure(figsize=(7, 3.6), layout="constrained")
    es.plots.plot_tree(es.landscape(XOR), ax=figure.subplots())
    return figure


if __name__ == "__main__":
    with mpl.rc_context({"svg.hashsalt": "exactsurf"}):
        for draw, dots in ((zigzag, 200), (surface, 110), (xor, 200)):
            draw().savefig(FOLDER / f"{draw.__name__}.svg", metadata={"Date": None}, facecolor="white", dpi=dots)
