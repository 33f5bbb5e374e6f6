"""The page of landscapes prepared for a class: ``python docs/classroom/build.py classroom.html`` (or ``make classroom``)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import exactsurf as es
from exactsurf.files import write_file

ZIGZAG = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
HILL = es.Data.from_arrays([0, 1, 2, 3, 4, 5], [0, 1, 3, 3, 1, 0])
PLANE = es.Data.from_arrays([[0, 0], [1, 0], [0, 1], [1, 1], [2, 1], [1, 2]], [0, 1, 0, 2, 1, 3])
XOR = es.Data.bundled("xor", target="y")
CURVE, OUTLIER = (es.Data.bundled("anscombe", target=f"y{k}", inputs=[f"x{k}"]) for k in (2, 3))


def problems() -> Iterator[tuple[str, es.Problem]]:
    """What the page shows, by the name of the data."""
    for units in (2, 1, 3):
        yield "Zigzag, four points", es.Problem(es.Network([1, units, 1]), ZIGZAG)
    yield "Zigzag, four points", es.Problem(es.Network([1, 2, 1]), ZIGZAG, es.absolute)
    for units in (2, 1):
        yield "A hill of six points", es.Problem(es.Network([1, units, 1]), HILL)
    yield "A hill of six points", es.Problem(es.Network([1, 2, 1], es.leaky_relu("1/10")), HILL)
    for units in (2, 3):
        yield "Exclusive or", es.Problem(es.Network([2, units, 1]), XOR)
    yield "Six points in the plane", es.Problem(es.Network([2, 1, 1]), PLANE)
    yield "Anscombe II, a curve", es.Problem(es.Network([1, 2, 1]), CURVE)
    for units in (1, 2):
        yield "Anscombe III, an outlier", es.Problem(es.Network([1, units, 1]), OUTLIER)
    yield "Anscombe III, an outlier", es.Problem(es.Network([1, 1, 1]), OUTLIER, es.absolute)


def prepared_page() -> str:
    """The page, as HTML."""
    lands: dict[str, list[es.Landscape]] = {}
    for name, problem in problems():
        lands.setdefault(name, []).append(es.landscape(problem, workers=1))
    return es.classroom_page(lands)


if __name__ == "__main__":
    goal = write_file(sys.argv[1], prepared_page().encode())
    print(f"{goal}: {Path(goal).stat().st_size // 1000} kB")
