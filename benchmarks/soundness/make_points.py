"""Makes the points of the benchmark: draws, decides, verifies, and writes points.jsonl.gz and models.zip.

    python benchmarks/soundness/make_points.py [FOLDER]

The same bytes every time: the draws are seeded by the names of the families.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import struct
import sys
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

from families import FAMILIES
from planting import Planted

import exactsurf as es
from exactsurf.interop.problem_writer import problem_text
from exactsurf.model.activation_names import activation_from
from exactsurf.model.parameter_vector import vector_of

HERE = Path(__file__).parent
ANSWERS = {es.Status.PROVED: "local minimum", es.Status.REFUTED: "not a local minimum"}
EPOCH = (1980, 1, 1, 0, 0, 0)
ATTEMPTS = 200
"""Draws for each point that is kept, at most."""


def numbers_of(planted: Planted) -> list[Fraction]:
    """All numbers of a point: data and parameters."""
    data = planted.problem.data
    return [*(value for rows in (data.x, data.y) for row in rows for value in row), *vector_of(planted.parameters)]


def precision(numbers: list[Fraction]) -> str | None:
    """The shortest of binary32 and binary64 that holds all of these numbers; None if neither does."""
    for name, code in (("binary32", "<f"), ("binary64", "<d")):
        try:
            if all(Fraction(*struct.unpack(code, struct.pack(code, float(v)))[0].as_integer_ratio()) == v for v in numbers):
                return name
        except OverflowError:
            continue
    return None


def record_of(name: str, planted: Planted, verdict: es.Verdict) -> dict[str, Any]:
    """One line of the file."""
    assert verdict.certificate is not None
    return {
        "id": name,
        "family": name.rpartition(" ")[0],
        "answer": ANSWERS[verdict.status],
        "order": planted.order,
        "exact_in": precision(numbers_of(planted)),
        "problem": json.loads(problem_text(planted.problem, planted.parameters)),
        "certificate": verdict.certificate.document(),
    }


def points_of(family: str, count: int | None = None) -> list[dict[str, Any]]:
    """The records of a family, in order; or the first `count` of them."""
    plant, wanted, number = FAMILIES[family]
    rnd, found = random.Random(family), []
    number = number if count is None else min(count, number)
    for _ in range(ATTEMPTS * number):
        if len(found) == number:
            return found
        planted = plant(rnd)
        if planted is None:
            continue
        verdict = es.decide(planted.problem, planted.parameters, effort=es.Effort(seconds=None))
        if planted.expected is not None and verdict.status not in (planted.expected, es.Status.UNDECIDED):
            if family.startswith("1e-30 beside"):
                continue  # moved along a flat direction
            raise SystemExit(f"{family}: {verdict!r} at a point that was planted as {planted.expected}")
        if verdict.status is wanted:
            found.append(record_of(f"{family} {len(found) + 1:03d}", planted, verdict))
    raise SystemExit(f"{family}: {len(found)} of {number} points after all attempts")


def in_floats(value: Any) -> Any:
    """Nested lists of numbers as floats."""
    return [in_floats(entry) for entry in value] if isinstance(value, list) else float(Fraction(value))


def model_bytes(record: dict[str, Any]) -> bytes:
    """The network of a record as an ONNX model of doubles, with operators Gemm, Relu, LeakyRelu and Abs."""
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    problem = record["problem"]
    widths, named, h = problem["widths"], problem["parameters"], activation_from(problem["activation"])
    nodes, constants, current = [], [], "x"
    for layer in range(1, len(widths)):
        names = [f"W{layer}"] + ([f"b{layer}"] if f"b{layer}" in named else [])
        for name in names:
            constants.append(numpy_helper.from_array(np.array(in_floats(named[name])), name))
        nodes.append(helper.make_node("Gemm", [current, *names], [f"z{layer}"], transB=1))
        current = f"z{layer}"
        if layer < len(widths) - 1 and not h.is_linear:
            below, _ = h.slopes
            operator = {0: "Relu", -1: "Abs"}.get(int(below), "LeakyRelu") if below.denominator == 1 else "LeakyRelu"
            options = {"alpha": float(below)} if operator == "LeakyRelu" else {}
            nodes.append(helper.make_node(operator, [current], [f"a{layer}"], **options))
            current = f"a{layer}"
    x = helper.make_tensor_value_info("x", TensorProto.DOUBLE, ["N", widths[0]])
    y = helper.make_tensor_value_info(current, TensorProto.DOUBLE, ["N", 1])
    graph = helper.make_graph(nodes, record["id"], [x], [y], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 16)], ir_version=8)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))


def table_text(record: dict[str, Any]) -> str:
    """The data of a record as CSV, the target last."""
    data = record["problem"]["data"]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*(f"x{k + 1}" for k in range(len(data["x"][0]))), "y"])
    for inputs, targets in zip(data["x"], data["y"], strict=True):
        writer.writerow([repr(float(Fraction(value))) for value in (*inputs, *targets)])
    return text.getvalue()


def write(records: list[dict[str, Any]], folder: Path) -> None:
    """The two files."""
    lines = "".join(json.dumps(record, separators=(",", ":"), ensure_ascii=False) + "\n" for record in records)
    (folder / "points.jsonl.gz").write_bytes(gzip.compress(lines.encode(), 9, mtime=0))
    with zipfile.ZipFile(folder / "models.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for record in records:
            if record["exact_in"] is not None:
                stem = record["id"].replace(" ", "_").replace(",", "")
                archive.writestr(zipfile.ZipInfo(f"{stem}.onnx", EPOCH), model_bytes(record), zipfile.ZIP_DEFLATED)
                archive.writestr(zipfile.ZipInfo(f"{stem}.csv", EPOCH), table_text(record), zipfile.ZIP_DEFLATED)


def main() -> None:
    """Write the files into the folder that is named, or beside this script."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    records = [record for family in FAMILIES for record in points_of(family)]
    write(records, folder)
    print(f"{len(records)} points, {sum(r['exact_in'] is not None for r in records)} of them as ONNX and CSV")


if __name__ == "__main__":
    main()
