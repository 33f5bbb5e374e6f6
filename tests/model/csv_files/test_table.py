"""CSV files are read exactly, and what is no number is refused at its place."""

from __future__ import annotations

import csv
import hashlib
import io
import os
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsurf.errors import InputError
from exactsurf.model.csv_files.table import CsvTable, find_column
from tests.model.csv_files.csv_text import parse, read, refused


def test_everything_that_a_table_tells(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf\r\n height ; name ;w\r\n1.50;x;-2\r\n;;\r\n3;y;4e2\r\n"
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    table = read(path, drop=["name"])
    assert table == CsvTable(
        names=("height", "name", "w"), has_header=True, delimiter=";", skip_rows=1, rows=2, columns=(0, 2),
        values=(Fraction(3, 2), -2, 3, Fraction(400)), sha256=hashlib.sha256(content).hexdigest(), file="people.csv",
    )  # fmt: skip
    assert [type(value) for value in table.values] == [Fraction, int, int, Fraction]
    assert "values" not in repr(table)
    assert read(str(path), drop=[2]) == table


@pytest.mark.parametrize(
    ("text", "top", "bottom"),
    [
        ("0", 0, 1), ("-0", 0, 1), ("+7", 7, 1), ("007", 7, 1), ("5.1", 51, 10),
        ("5.", 5, 1), (".5", 1, 2), ("-.25", -1, 4),
        ("1e3", 1000, 1), ("1E-3", 1, 1000), ("+1.5e+2", 150, 1), ("2.e1", 20, 1), (".1e1", 1, 1), ("-3/7", -3, 7),
        ("6/4", 3, 2), ("0/5", 0, 1), (" \t 4 \t", 4, 1),
        ("0.1000000000000000055511151231257827", 1000000000000000055511151231257827, 10**34),
        ("1e4000", 10**4000, 1), ("1e-4000", 1, 10**4000), ("9" * 4000, 10**4000 - 1, 1),
        ("1/" + "0" * 3997 + "2", 1, 2),
    ],
)  # fmt: skip
def test_cells_are_read_exactly(text: str, top: int, bottom: int) -> None:
    for cell in (text, f'"{text}"'):
        assert parse(f"v;w\n{cell};1\n", delimiter=";").values == (Fraction(top, bottom), 1)


@pytest.mark.parametrize(
    "text",
    [
        "1_000", "٣", "²", "1²", "0x1f", "0X1F", "-0x1f/0x3", "inf", "-Infinity", "1e", "e5", "1e1.5", "--1", "+",
        "1 2", "1.2.3",
        "1/2/3", "1 / 2", "1/-2", "1/2.5", "1/0", "1.5/2", "5%", "$5", "five", "1e4001",
        "1e-4001", "1e99999999999", "9" * 4001,
        "1" * 100_000, "1" * 200_000, "\xa05", "5\x0b", "−5", "True", "max", "1+2j", "'5'", "1/", "/2", "e", "0b1",
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused_at_its_place(text: str) -> None:
    error = refused(f"id;v\n1;2\n\n3;{text}\n", delimiter=";")
    assert error.fields["line"] == 4
    assert len(str(error)) < 400
    if len(text) < 150_000:  # csv itself refuses longer cells, without telling the column
        assert error.fields["column"] == "v"
        assert error.fields["text"] == text
        assert "drop=['v']" in str(error)


@pytest.mark.parametrize("text", ["", "  ", "NA", "nan", "NaN", "?", "null", "None", "N/A", "-", '""'])
def test_missing_cells_are_called_missing(text: str) -> None:
    error = refused(f"id,blood pressure\n1,2\n3,{text}\n4,5\n")
    assert "missing" in error.problem
    assert (error.fields["line"], error.fields["column"]) == (3, "blood pressure")
    assert "drop=['blood pressure']" in error.fields["fix"]


@pytest.mark.parametrize("text", ["1,5", "-0,25", "1.234,5", "1,234.5", "1,5e3"])
def test_decimal_commas_have_their_own_hint(text: str) -> None:
    error = refused(f"a;b\n1;{text}\n")
    assert "comma" in error.problem and "decimal point" in error.fields["fix"]
    assert refused(f'a,b\n1,"{text}"\n').problem == error.problem


def test_headers_are_found() -> None:
    assert parse("1,2\n3,4\n").names == ("x1", "x2")
    assert parse("1,2\n3,4\n").skip_rows == 0
    assert parse("a,2\n3,4\n").names == ("a", "2")
    assert parse("a,2\n3,4\n", drop=["a"]).values == (4,)  # a name was used: there are names
    assert parse("5.1,setosa\n4.9,setosa\n", drop=[2]).rows == 2
    assert parse("5.1,setosa\n4.9,setosa\n", columns=["x1"]).rows == 2
    assert parse("1990,1991\n3,4\n", header=True).names == ("1990", "1991")
    assert parse(",b\n3,4\n").names == ("x1", "b")
    assert refused("a,b\n3,4\n", header=False).fields["line"] == 1


@pytest.mark.parametrize("first", ["?,1", "1 000,2", "$5,2", "inf,2", ",1990", "1_000,2", '"1,5",2', "1" * 5000 + ",2"])
def test_a_first_sample_is_never_mistaken_for_a_header(first: str) -> None:
    text = first + "\n3,4\n"
    error = refused(text)
    assert error.fields["line"] == 1 and "header=True" in error.fields["fix"]
    assert "header=True" not in refused(text, header=False).fields["fix"]
    assert parse(text, header=True).skip_rows == 1


def test_columns_are_chosen_by_name_or_number() -> None:
    text = "a,b,2,b\n1,two,3,4\n5,six,7,8\n"
    assert parse(text, columns=["2", "a"]).columns == (0, 2)  # the name "2" goes before the number 2; file order
    assert parse(text, columns=[4, 1]).values == (1, 4, 5, 8)
    assert parse(text, columns=["a", "4"], drop=["a"]).columns == (3,)
    assert "2 or 4" in refused(text, columns=["b"]).fields["fix"]
    assert "2 columns have this name" in refused(text).problem
    assert parse(text, columns=["a"]).names == ("a", "b", "2", "b")
    assert "no column" in refused("a,b\n1,2\n", drop=["a", 2]).problem


@pytest.mark.parametrize("wanted", ["0", "4", 4, -1, "-1", "1.0", "", "²", "10000000000", True])
def test_unknown_columns_are_refused(wanted: Any) -> None:
    names = ["sepal_length", "Species", "petal width"]
    with pytest.raises(InputError, match=r"columns are sepal_length, Species, petal width; or .* from 1 to 3"):
        find_column(names, wanted, "t.csv")


def test_the_nearest_name_is_suggested() -> None:
    names = ["sepal_length", "Species", "petal width"]
    for wanted, near in (("sepal_lenght", "sepal_length"), ("species", "Species"), ("petal_width", "petal width")):
        with pytest.raises(InputError, match=f"did you mean '{near}'"):
            find_column(names, wanted, "t.csv")
    with pytest.raises(InputError) as caught:
        find_column([f"pixel number {i}" for i in range(784)], "label", "t.csv")
    assert "…" in str(caught.value) and len(str(caught.value)) < 700
    assert find_column(names, " petal width ", "t.csv") == 2
    assert find_column(names, 3, "t.csv") == find_column(names, "3", "t.csv") == 2


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "wine.csv").write_text("1,2\n")
    for path, said in (
        (tmp_path / "wien.csv", "did you mean 'wine.csv'"),
        (tmp_path / "no" / "wine.csv", "there is no folder"),
        (tmp_path, "folder, not a CSV file"),
        (tmp_path / "wine.csv" / "x", "wine.csv"),
        ("a\0b", "cannot be read"),
    ):
        with pytest.raises(InputError, match=said) as caught:
            read(path)
        assert caught.value.fields["file"] == os.fspath(path)


def test_repeated_texts_share_one_number_and_many_different_ones_do_not_matter() -> None:
    table = parse("".join("5.25,700\n" for _ in range(50)))
    assert len({id(value) for value in table.values}) == 2
    many = parse("".join(f"0.{i}\n" for i in range(100_000, 180_000)))
    assert sum(many.values) == Fraction(sum(range(100_000, 180_000)), 10**6)


def test_progress_hears_the_rows() -> None:
    for rows, heard in ((2500, [1000, 2000, 2500]), (2000, [1000, 2000]), (3, [3])):
        calls: list[int] = []
        parse("1,2\n" * rows, progress=calls.append)
        assert calls == heard


decimals = st.decimals(allow_nan=False, allow_infinity=False, places=4) | st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent), st.integers(-(10**6), 10**6), st.integers(-30, 30)
)
cells = st.one_of(st.integers(), decimals, st.fractions(max_denominator=10**6))
texts = st.text(st.sampled_from("ab ,;|\t\"\n'é5.-"), max_size=8)


@settings(max_examples=150, deadline=None)
@given(
    width=st.integers(1, 5),
    data=st.data(),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    named=st.booleans(),
)
def test_tables_come_back_exactly(
    width: int,
    data: st.DataObject,
    delimiter: str,
    end: str,
    quoting: Any,
    named: bool,
) -> None:
    rows = data.draw(st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=6))
    comments = data.draw(st.lists(texts, min_size=len(rows), max_size=len(rows)))
    out = io.StringIO(newline="")
    if end == "\r":  # before Python 3.13 the writer would leave "\n" without quotes then, which is another table
        quoting = csv.QUOTE_ALL
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    if named:
        writer.writerow([f"c{i}" for i in range(width)] + ["comment"])
    writer.writerows([*map(str, row), comment] for row, comment in zip(rows, comments, strict=True))
    table = parse(out.getvalue(), delimiter=delimiter, header=named, drop=[width + 1])
    assert list(table.values) == [Fraction(str(cell)) for row in rows for cell in row]
    assert (table.rows, table.columns) == (len(rows), tuple(range(width)))
    # A comment like "5" under or over a text says that there is a header, or none; first rows like 0, 1, 2 can be names.
    unclear = any(set(comment) & set(",;|\t 5.-") for comment in comments) or (
        width > 1 and not named and rows[0][:2] in ([0, 1], [1, 2])
    )
    if len(rows) > 1 and not unclear:
        assert parse(out.getvalue(), drop=[width + 1]) == table  # delimiter and header are found


def test_a_column_without_a_name_does_not_take_that_of_another():
    """As a data frame with columns x1, x2 and y is written, its row numbers first."""
    table = parse(",x1,x2,y\n0,5,3,1\n1,7,8,2\n")
    assert table.names == ("column 1", "x1", "x2", "y")
