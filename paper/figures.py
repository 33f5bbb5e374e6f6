"""The figures of the paper, from the code: ``python paper/figures.py [FOLDER]``."""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

import exactsurf as es

ZIGZAG = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))


def landscape() -> Figure:
    """A plane through a spurious minimum, a global one and the pass between them; the disconnectivity graph beside it."""
    land = es.landscape(ZIGZAG)
    spurious = next(valley for valley in land.valleys if valley.is_spurious)
    ends = spurious.parameters, land.global_minimum.parameters
    highest = max(es.lowest_path(land, *ends).points, key=ZIGZAG.risk)
    points = {"spurious": ends[0], "global": ends[1], "pass": highest}
    figure = Figure(figsize=(11, 4.4), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[1.15, 1])
    plane = es.Slice.through(ZIGZAG, *points.values(), window=("-1/4", "3/2", "-1/4", "5/4"))
    es.plots.plot_slice(plane, ax=left, points=points, labels=False)
    es.plots.plot_tree(land, ax=right)
    return figure


FIGURES = {"landscape.png": landscape}

if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
    with mpl.rc_context({"svg.hashsalt": "exactsurf"}):
        for name, draw in FIGURES.items():
            draw().savefig(folder / name, metadata={"Software": None}, facecolor="white", dpi=130)
