"""Files as they are: tables from spreadsheets, R, pandas and instruments, each with its right value (tests/model/field)."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from exactsurf.errors import InputError
from exactsurf.model.data import Data

FIELD = Path(__file__).parent / "field"
F = Fraction
LINE = ([[0], [1], [2]], [[1], [3], [2]])  # x = 0, 1, 2 and y = 1, 3, 2, which most of the files hold

READ: dict[str, tuple[dict[str, Any], Any]] = {
    "bom.csv": ({"target": "y"}, LINE),
    "excel_sep.csv": ({"target": "y"}, LINE),
    "trailing_comma.csv": ({"target": "y"}, LINE),
    "utf16.csv": ({"target": "y", "encoding": "utf-16"}, LINE),
    "latin1.csv": ({"target": "y", "encoding": "latin-1"}, LINE),
    "single_quotes.csv": ({"target": "y", "quote": "'"}, LINE),
    "footer.csv": ({"target": "y", "skip": 5}, LINE),
    "units_row.csv": ({"target": "y", "skip": [2]}, LINE),
    "nbsp.csv": ({"target": "y", "typographic": True}, LINE),
    "minus.csv": ({"target": "y", "typographic": True}, (LINE[0], [[-1], [3], [2]])),
    "hash_comments.csv": ({"target": "v"}, ([[0], [1], [2], [3]], [[F(3, 2)], [F(5, 2)], [1], [4]])),
    "booleans.csv": ({"target": "passed", "booleans": True}, ([[0], [1], [2], [3]], [[1], [0], [1], [0]])),
    "percent.csv": ({"target": "share", "percent": True}, (LINE[0], [[F(12, 100)], [F(15, 100)], [F(7, 100)]])),
    "currency.csv": ({"target": "y", "currency": "$"}, ([[F(3, 2)], [F(9, 4)], [3]], LINE[1])),
    "thousands.csv": ({"target": "y", "thousands": ","}, ([[1234], [2000], [900]], [[5], [7], [1]])),
    "thin_thousands.csv": ({"target": "y", "thousands": "space"}, ([[1234], [2000], [900]], [[5], [7], [1]])),
    "r_write_table.txt": ({"target": "y"}, ([[F(3, 2), 20], [F(5, 2), 31], [F(1, 2), 44], [3, 25]], [[3], [1], [2], [5]])),
    "decimal_comma.csv": (
        {"target": "RH", "drop": ["Date", "Time"], "decimal": ","},
        (
            [[F(13, 5), F(68, 5)], [2, F(133, 10)], [F(11, 5), F(119, 10)], [-200, 11]],
            [[F(489, 10)], [F(477, 10)], [54], [60]],
        ),
    ),
    "iris_noheader.data": (
        {"target": 4, "drop": [5], "inputs": None},
        (
            [
                ["5.1", "3.5", "1.4"],
                ["4.9", "3.0", "1.4"],
                ["7.0", "3.2", "4.7"],
                ["6.4", "3.2", "4.5"],
                ["6.3", "3.3", "6.0"],
                ["5.8", "2.7", "5.1"],
            ],
            [["0.2"], ["0.2"], ["1.4"], ["1.5"], ["2.5"], ["1.9"]],
        ),
    ),
    "pandas_index.csv": (
        {"target": "2", "drop": "x1"},
        (
            [["1.5", "2.5"], ["2.25", "3.5"], ["0.5", "1.25"], [4, 2], [3, "0.75"]],
            [["0.5"], ["1.5"], [3], [1], [2]],
        ),
    ),
    "long_name.csv": ({"target": "rate", "drop": "id", "skip": 3}, ([[F(3, 2)], [F(5, 2)], [3]], [[1], [0], [4]])),
}
REFUSED = {
    "arff.arff": ("y", "ARFF"),
    "date_only.csv": ("y", "a date or a time is no number"),
    "time.csv": ("y", "a date or a time is no number"),
    "utf16.csv": ("y", "say encoding='utf-16'"),
    "latin1.csv": ("y", "say encoding='latin-1'"),
    "single_quotes.csv": ("y", 'say quote="\'"'),
    "minus.csv": ("y", "typographic=True"),
    "nbsp.csv": ("y", "typographic=True"),
    "footer.csv": ("y", r"skip=\[5\]"),
    "units_row.csv": ("y", r"skip=\[2\]"),
    "percent.csv": ("share", "percent=True reads 12% as 3/25"),
    "currency.csv": ("y", r"currency='\$' reads \$1.50 as 3/2"),
    "booleans.csv": ("passed", "booleans=True reads True as 1"),
    "thousands.csv": ("y", "thousands=',' reads 1,234 as 1234"),
    "thin_thousands.csv": ("y", "thousands='space' reads 1 234 as 1234"),
    "decimal_comma.csv": ("T", "date"),
    "long_name.csv": ("rate", r"drop=\['id'\]"),
}


def test_every_file_has_a_right_value() -> None:
    assert {path.name for path in FIELD.iterdir()} == {*READ, *REFUSED}


@pytest.mark.parametrize("name", READ)
def test_the_right_value(name: str) -> None:
    options, (x, y) = READ[name]
    options = dict(options)
    data = Data.from_csv(FIELD / name, options.pop("target"), **options)
    expected = Data.from_arrays(x, y)
    assert (data.x, data.y) == (expected.x, expected.y)
    assert data.report is not None and data.report.rows == len(x)
    # Whatever format 1 cannot say is restated in certificates, and is told.
    assert (data.source is None) == bool(set(options) - {"drop", "inputs"} or name in ("hash_comments.csv", "excel_sep.csv"))


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_names_the_way(name: str) -> None:
    target, said = REFUSED[name]
    with pytest.raises(InputError, match=said):
        Data.from_csv(FIELD / name, target)


def test_the_header_does_not_depend_on_what_is_dropped(tmp_path: Path) -> None:
    text = (FIELD / "iris_noheader.data").read_text()
    for drop in ([5], ["#5"], [5, 1]):
        data = Data.from_csv(FIELD / "iris_noheader.data", 4, drop=drop)
        assert data.report is not None and not data.report.has_header and len(data) == 6
    with pytest.raises(InputError, match="no such column"):
        Data.from_csv(FIELD / "iris_noheader.data", 4, drop="Iris-setosa")
    (tmp_path / "many.csv").write_text("\n".join(sorted(text.split(), reverse=True)))
    assert len(Data.from_csv(tmp_path / "many.csv", 4, drop=5)) == 6


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0,1,2\n1.5,2.5,0.5\n2.25,3.5,1.5\n", "could be names or numbers"),
        ("1990,1991\n3.2,4.5\n3.3,4.8\n", "could be years"),
        ("country,1990,1991\nA,5,6\nB,7,8\n", "could be years"),
        ("unknown,5.1,3.2\n4.3,4.9,3.0\n4.4,2.9,1.4\n", "stands over numbers, but in column 2 '5.1' is no name"),
        (",5\n0,1\n1,2\n2,5\n", "numbers of rows"),
    ],
)
def test_where_the_first_record_could_be_either_it_is_asked(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "t.csv"
    file.write_text(text)
    with pytest.raises(InputError, match=said) as caught:
        Data.from_csv(file, "#2")
    assert "say header=True if it holds names, header=False if it is a sample" in str(caught.value)
    rows = text.count("\n")
    inputs = ["#1"] if text.splitlines()[0].count(",") == 1 else ["#3"]
    assert len(Data.from_csv(file, "#2", header=True, inputs=inputs)) == rows - 1
    if text[0] in "01":
        assert len(Data.from_csv(file, 2, header=False)) == rows


def test_a_number_that_is_the_name_of_another_column(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("2,1,y\n5,6,7\n8,9,1\n3,4,4\n")
    with pytest.raises(InputError, match=r"name of column 2 and the number of another; say '#2' .*, or '#1' for column 1"):
        Data.from_csv(file, 1)
    assert Data.from_csv(file, "#1").target_names == ("2",)
    assert Data.from_csv(file, "#2").target_names == ("1",)
    assert Data.from_csv(file, "1").target_names == ("1",)  # a text is the name
    assert Data.from_csv(file, 3).target_names == ("y",)
