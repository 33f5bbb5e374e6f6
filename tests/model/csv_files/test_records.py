"""Bytes become records in one way only: encodings, line ends, quotes, delimiters, and the same as in the verifier."""

from __future__ import annotations

import hashlib
import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsurf.errors import InputError
from exactsurf.verifier.arithmetic.data_file import read_csv as read_as_verifier
from exactsurf.verifier.arithmetic.document import Field, Rejected
from tests.model.csv_files.csv_text import parse, refused


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_byte_order_marks_and_blank_lines(end: str, last: bool, mark: str) -> None:
    text = mark + end.join(["", "a,b", "  ", "1,2", ",", '"",', "3,4"]) + (end + end if last else "")
    table = parse(text)
    assert (table.names, table.values, table.skip_rows) == (("a", "b"), (1, 2, 3, 4), 1)
    assert refused(text.replace("3,4", "3,x")).fields["line"] == 7


def test_lines_are_physical_lines_where_the_record_starts() -> None:
    error = refused('a,b\n1,"x\n\ny"\n2,"z\nz"\n"oops\n",3\n', drop=["b"])
    assert (error.fields["line"], error.fields["column"]) == (7, "a")


def test_quoted_cells() -> None:
    table = parse('"a, ""b""","c\nd"\n"1","2.5"\n" 3 ",4\n')
    assert table.names == ('a, "b"', "c\nd")
    assert table.values == (1, Fraction(5, 2), 3, 4)
    assert parse('x|t\n1|"a|""b\n|"\n', drop=["t"]).values == (1,)


@pytest.mark.parametrize(
    "text", ['a,b\n1,"2\n', 'a,b\n1,"2"3\n', 'a,b\n1, "2"\n', 'a,t\n1,3.5" disk\n', 'a,b\n"1" ,2\n', 'a b\n1 2"3"\n']
)
def test_quotes_that_can_be_understood_in_two_ways_are_refused(text: str) -> None:
    error = refused(text, columns=["a"])
    assert error.fields["line"] == 2 and "quot" in str(error)


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\n1,2\n", ","), ("a;b\n1;2\n", ";"), ("a\tb\n1\t2\n", "\t"), ("a|b\n1|2\n", "|"), ("a b\n1 2\n", " "),
        ("1, 2\n3, 4\n", ","), ("  1   2\n 3\t \t4 \n", " "), ("a, in m;b, in s\n1;2\n", ";"), ("a b,c d\n1,2\n", ","),
        ("2;1\n3;4\n", ";"), ("1\t 2\n3\t 4\n", "\t"), ("a|b;c\n1|2\n", "|"), ("1 ;2\n3 ;4", ";"),
        ("t;v;w\n'a,b';1;2\n'c,d';3;4\n", ";"),
        ('"a;b;c",d\n1,2\n', ","), ('"1"\t"2"\n', "\t"), ("3\n4\n5\n", ","), ("my value\n4\n5\n", ","),
        ("1/2 3/4\n", " "),
    ],
)  # fmt: skip
def test_delimiters_are_found(text: str, delimiter: str) -> None:
    found = parse(text, drop=["t"] if text.startswith("t") else [])
    assert found.delimiter == delimiter
    assert parse(text, delimiter=delimiter, drop=["t"] if text.startswith("t") else []) == found


def test_delimiters_can_be_told() -> None:
    assert parse("1;2\n3;4\n", delimiter=";").columns == (0, 1)
    assert parse("1\t2\n", delimiter="tab") == parse("1\t2\n", delimiter="\t") == parse("1\t2\n", delimiter="\\t")
    assert parse("1  2\n", delimiter="space").values == (1, 2)
    assert refused("1,2\n", delimiter=":").fields["text"] == ":"
    assert refused("1,2\n", delimiter="").fields["fix"]


def test_columns_aligned_with_spaces_and_a_quoted_text() -> None:
    text = '18.0   8   307.0\t"chevrolet chevelle malibu"\n15.0   8   350.0\t"buick ""skylark"" 320"\n'
    table = parse(text, drop=[4])
    assert (table.delimiter, table.has_header, table.rows) == (" ", False, 2)
    assert table.values == (18, 8, 307, 15, 8, 350)


@pytest.mark.parametrize("body", ["1,2\n3\n", "1,2\n3,4,5\n", "1,2\n\n3,4,\n"])
def test_ragged_records_are_refused(body: str) -> None:
    error = refused("a,b\n" + body, columns=["a"])
    last = body.splitlines()[-1]
    assert error.fields["line"] == len(body.splitlines()) + 1
    assert f"{last.count(',') + 1} cells, expected 2 as in line 1" in error.problem


def test_a_header_of_another_length_is_refused() -> None:
    assert refused("a b\n1 2 3\n4 5 6\n").fields["line"] == 2


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b" \r\n\t", b",,\n,,\n", b'""\n'])
def test_empty_files(data: bytes) -> None:
    assert "empty" in refused(data).problem


def test_a_header_alone_is_refused() -> None:
    assert "no data" in refused("a,b\n\n,\n").problem


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a,b\n1,\xff2\n", "byte 6 .0xff. is not UTF-8"), ("a,b\r\né,1\r\n".encode("latin-1"), "line 2.*UTF-8"),
        ("a,b\n1,2\n".encode("utf-16"), "UTF-16"), ("a,b\n1,2\n".encode("utf-16-le"), "byte 1 is zero"),
        (b"PK\x03\x04rest", "Excel"), (b"\x1f\x8b\x08", "gzip"), (b"1,2\n3,4\0\n", "byte 7 is zero"),
        (b"\xed\xa0\x80", "UTF-8"),
    ],
)  # fmt: skip
def test_binary_files_are_refused(data: bytes, said: str) -> None:
    assert re.search(said, str(refused(data)))


messy = st.lists(
    st.sampled_from(["1", "3/4", "1e2", ".5", '"6"', '"', '""', '"a,b"', '"\n"', "a", "?", " ", "\t", "x1", "é"])
    | st.sampled_from([",", ";", "|", "\n", "\r\n", "\r"]),
    max_size=30,
).map("".join)
plain = st.sampled_from(["1", "-2.5", '"6"', " 7", '"8 "', "9\t", '"a""b"', "", "c"])
grids = st.builds(
    lambda rows, delimiter, end: "".join(delimiter.join(row) + end for row in rows),
    st.lists(st.lists(plain, min_size=3, max_size=3)),
    st.sampled_from([",", ";", "|", "\t", " ", "  ", " \t"]),
    st.sampled_from(["\n", "\r\n", "\r", " \n", "\t\n", "\n\n"]),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables")


@settings(max_examples=400, deadline=None)
@given(messy | grids, st.none() | st.lists(st.integers(1, 3), min_size=1), st.none() | st.booleans())
def test_the_verifier_reads_the_same_numbers(
    folder: Path,
    text: str,
    columns: list[int] | None,
    header: bool | None,
) -> None:
    try:
        table = parse(text, columns=columns, header=header)
    except InputError:
        return
    (folder / "t.csv").write_bytes(text.encode())
    reference = {"file": table.file, "sha256": table.sha256, "delimiter": table.delimiter, "skip_rows": table.skip_rows}
    reference |= {"samples": table.rows, "x": list(table.columns), "y": []}
    read, _ = read_as_verifier(Field(reference, "csv"), len(table.columns), 0, folder)
    numbers = [Fraction(top, bottom) for row in read.rows for top, bottom in zip(row, read.denominators, strict=True)]
    assert numbers == list(table.values)


@pytest.mark.parametrize(
    "cell",
    ["1_0", "0x1", "٣", "1,5", "inf", "NA", "", "1/0", "1e4001", "9" * 4001, '"5', '5"', ' "5"', '"5\n"', "\xa05"],
)
def test_what_is_refused_here_the_verifier_refuses_too(tmp_path: Path, cell: str) -> None:
    data = f"a;b\n1;{cell}\n".encode()
    refused(data, delimiter=";")
    (tmp_path / "t.csv").write_bytes(data)
    reference = {"file": "t.csv", "sha256": hashlib.sha256(data).hexdigest(), "delimiter": ";", "skip_rows": 1}
    with pytest.raises(Rejected):
        read_as_verifier(Field(reference | {"samples": 1, "x": [0], "y": [1]}, "csv"), 1, 1, tmp_path)
