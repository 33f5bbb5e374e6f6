"""Rates methods that say whether a point is a local minimum, against proved answers.

    python benchmarks/soundness/score.py                  the methods of methods.py, as a table
    python benchmarks/soundness/score.py answers.csv      any other: lines `id,answer`
    python benchmarks/soundness/score.py --write          the table into README.md

An answer is `local minimum`, `not a local minimum`, or anything else for "unknown"; points without an answer are unknown.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from methods import METHODS, MINIMUM, NONE

import exactsurf as es

HERE = Path(__file__).parent
START, END = "<!-- table: made by score.py -->", "<!-- end of table -->"


def records() -> list[dict[str, Any]]:
    """All points of the benchmark."""
    with gzip.open(HERE / "points.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def loaded(record: Mapping[str, Any]) -> tuple[es.Problem, es.Parameters]:
    """The problem and the exact point of a record."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "point.json")
        path.write_text(json.dumps(record["problem"]), encoding="utf-8")
        problem, parameters = es.read_problem(path)
    assert parameters is not None
    return problem, parameters


def answers_of(method: Callable[[es.Problem, es.Parameters], str], points: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What a method says, by the names of the points."""
    return {point["id"]: method(*loaded(point)) for point in points}


def cells(answers: Mapping[str, str], points: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """For every family how many answers are wrong, and how many are lacking (+), and for all points behind."""
    families = list(dict.fromkeys(point["family"] for point in points))
    found = {}
    for family in [*families, None]:
        own = [point for point in points if family in (None, point["family"])]
        given = [(answers.get(point["id"], ""), point["answer"]) for point in own]
        wrong = sum(answer in (MINIMUM, NONE) and answer != truth for answer, truth in given)
        unknown = sum(answer not in (MINIMUM, NONE) for answer, _ in given)
        found[family or "all"] = f"{wrong}" + (f" + {unknown}" if unknown else "")
    return found


def table(columns: Mapping[str, Mapping[str, str]], points: Sequence[Mapping[str, Any]]) -> str:
    """Families in rows, methods in columns."""
    rows = list(dict.fromkeys(point["family"] for point in points))
    truth = {point["family"]: point["answer"] for point in points}
    lines = ["| family | points | proved | " + " | ".join(columns) + " |", "|---|---|---|" + "---|" * len(columns)]
    for row in rows:
        number = sum(point["family"] == row for point in points)
        lines.append(f"| {row} | {number} | {truth[row]} | " + " | ".join(found[row] for found in columns.values()) + " |")
    lines.append(f"| **all** | {len(points)} | | " + " | ".join(found["all"] for found in columns.values()) + " |")
    return "\n".join(lines)


def read_answers(path: Path) -> dict[str, str]:
    """The answers in a CSV file."""
    with path.open(newline="", encoding="utf-8") as file:
        return {row[0]: row[1].strip() for row in csv.reader(file) if len(row) == 2}


def main() -> None:
    """Print or write the table."""
    points, arguments = records(), sys.argv[1:]
    if arguments and arguments[0] != "--write":
        path = Path(arguments[0])
        given = read_answers(path)
        strangers = sorted(set(given) - {point["id"] for point in points} - {"id"})
        if strangers:
            sys.exit(f"{path}: no point of the benchmark is named {strangers[0]!r}")
        print(table({path.stem: cells(given, points)}, points))
        return
    found = table({name: cells(answers_of(method, points), points) for name, method in METHODS.items()}, points)
    if not arguments:
        print(found)
        return
    page = HERE / "README.md"
    head, _, rest = page.read_text(encoding="utf-8").partition(START)
    page.write_text(f"{head}{START}\n{found}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
