"""The proved checker's reader of data files against the verifier's, which is another algorithm."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exactsurf.formal import Verdict, judge
from exactsurf.formal.data_file import inline_data
from exactsurf.verifier.arithmetic.data_file import read_csv
from exactsurf.verifier.arithmetic.document import Field, Rejected
from tests.verifier.oracle import number
from tests.verifier.verdicts import GOLDEN

CERTIFICATE = (GOLDEN / "accept" / "example_a_csv.json").read_bytes()


def source(raw: bytes, delimiter: str, skip: int, samples: int, x: list[int], y: list[int]) -> dict[str, Any]:
    sha256 = hashlib.sha256(raw).hexdigest()
    return {"file": "d.csv", "sha256": sha256, "delimiter": delimiter, "skip_rows": skip, "samples": samples, "x": x, "y": y}


def by_formal(given: dict[str, Any], folder: Path) -> Any:
    try:
        return [[[number(v) for v in row] for row in part] for part in inline_data(given, folder)]
    except ValueError:
        return None


def by_verifier(given: dict[str, Any], folder: Path) -> Any:
    try:
        tables = read_csv(Field(given, "csv"), len(given["x"]), len(given["y"]), folder)
    except Rejected:
        return None
    return [[[Fraction(n, d) for n, d in zip(row, t.denominators, strict=True)] for row in t.rows] for t in tables]


def compare(raw: bytes, folder: Path, delimiter: str = ",", skip: int = 0, samples: int = 2, x: Any = (0,), y: Any = (1,)) -> Any:
    folder.joinpath("d.csv").write_bytes(raw)
    given = source(raw, delimiter, skip, samples, list(x), list(y))
    found = by_formal(given, folder)
    assert found == by_verifier(given, folder), raw
    return found


@pytest.mark.parametrize(
    ("raw", "options", "readable"),
    [
        (b"1,2\n3,4\n", {}, True),
        (b"\xef\xbb\xbf1,2\r3,4", {}, True),
        (b'"1","2"\r\n\r\n , \n3, 4\t', {}, True),
        (b'a,"b\n""c"\n1,2\n3,4', {"skip": 1}, True),
        (b"  1\t 2 \n3 4  ", {"delimiter": " "}, True),
        (b'"1" "2"\n3 ""4', {"delimiter": " "}, False),
        (b'1,2\n3,"4" ', {}, False),
        (b'1,2\n3,4"', {}, False),
        (b'1,2\n3,"4', {}, False),
        (b"1,2\n3,4,", {}, False),
        (b"1,2,\n3,4,", {}, True),
        (b"1,2\n3,4\n5,6", {}, False),
        (b"1/3,.5\n+1.,-2e-3", {}, True),
        (b"1/0,.5\n+1.,-2e-3", {}, False),
        (b"1,.\n3,4", {}, False),
        (b"1,e1\n3,4", {}, False),
        (b"1,1e4001\n3,4", {}, False),
        (b"1,1e4000\n3,1e-4000", {}, True),
        ("1,٣\n3,4".encode(), {}, False),
        (b"1,\xff\n3,4", {}, False),
        (b"1;2\n3;4", {"delimiter": ";", "x": [1], "y": [1]}, False),
        (b"1;2\n3;4", {"delimiter": ";", "x": [2], "y": [1]}, False),
        (b"", {}, False),
    ],
    ids=range(23),
)
def test_files(raw: bytes, options: dict[str, Any], readable: bool, tmp_path: Path) -> None:
    assert (compare(raw, tmp_path, **options) is not None) is readable


@settings(max_examples=600, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(alphabet='12,; \t"\n\r.', max_size=14), delimiter=st.sampled_from(",; \t"), samples=st.integers(1, 3))
def test_any_text(text: str, delimiter: str, samples: int, tmp_path: Path) -> None:
    compare(text.encode(), tmp_path, delimiter, 0, samples)


def test_certificate_with_a_data_file(tmp_path: Path) -> None:
    assert judge(CERTIFICATE, GOLDEN / "accept") is Verdict.ACCEPTED
    assert judge(CERTIFICATE) is Verdict.UNKNOWN
    with pytest.raises(OSError, match="example_a"):
        judge(CERTIFICATE, tmp_path)
    tmp_path.joinpath("example_a.csv").write_bytes(b"another")
    assert judge(CERTIFICATE, tmp_path) is Verdict.REJECTED


@pytest.mark.parametrize("field", ["file", "sha256", "delimiter", "skip_rows", "samples", "x", "y"])
def test_fields(field: str) -> None:
    values: tuple[Any, ...] = (None, "", "..", "a/b", -1, True, [], [0], [True], [-1], [99], {}, 1.5, 10**9, "\n", "0" * 64)
    for value in values:
        document = json.loads(CERTIFICATE)
        if document["problem"]["data"]["csv"][field] == value:
            continue
        document["problem"]["data"]["csv"][field] = value
        try:
            verdict = judge(json.dumps(document).encode(), GOLDEN / "accept")
        except OSError:
            continue
        assert verdict is Verdict.REJECTED, value
