"""The bundled data are the published ones: sums, means and slopes from the literature."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import pytest

from exactsurf.errors import InputError
from exactsurf.model.bundled_data import BUNDLED, bundled_path
from tests.model.csv_files.csv_text import read


def total(numbers: Iterable[Fraction]) -> Fraction:
    return sum(numbers, Fraction(0))


def columns(name: str, drop: tuple[str, ...] = ()) -> dict[str, list[Fraction]]:
    table = read(bundled_path(name), drop=drop)
    width = len(table.columns)
    return {table.names[c]: [Fraction(v) for v in table.values[k::width]] for k, c in enumerate(table.columns)}


def records(name: str) -> list[list[str]]:
    with bundled_path(name).open(newline="") as stream:
        return list(csv.reader(stream))


def near(value: Fraction, published: str) -> bool:
    """Whether `value` rounds to the decimal `published`."""
    unit = Fraction(1, 10 ** len(published.partition(".")[2]))
    return abs(value - Fraction(published)) <= unit / 2


def slope_and_intercept(x: list[Fraction], y: list[Fraction]) -> tuple[Fraction, Fraction]:
    n, sx, sy, sxy = len(x), total(x), total(y), total(a * b for a, b in zip(x, y, strict=True))
    slope = (n * sxy - sx * sy) / (n * total(a * a for a in x) - sx * sx)
    return slope, (sy - slope * sx) / n


def test_iris_is_fishers() -> None:
    iris = columns("iris", ("species",))
    # R: colSums(iris[, 1:4]). The UCI copy has 458.1 and 179.8 in the columns with errors.
    assert [sum(column) for column in iris.values()] == [Fraction(s) for s in ("876.5", "458.6", "563.7", "179.9")]
    means = {  # Fisher (1936), table II
        "setosa": ("5.006", "3.428", "1.462", "0.246"),
        "versicolor": ("5.936", "2.770", "4.260", "1.326"),
        "virginica": ("6.588", "2.974", "5.552", "2.026"),
    }
    species = [row[4] for row in records("iris")[1:]]
    assert species == [name for name in means for _ in range(50)]
    for name, expected in means.items():
        first = species.index(name)
        assert [sum(column[first : first + 50]) / 50 for column in iris.values()] == [Fraction(m) for m in expected]


def test_iris_has_not_the_errors_of_the_uci_copy() -> None:
    rows = records("iris")
    assert rows[0] == ["sepal_length", "sepal_width", "petal_length", "petal_width", "species"]
    assert rows[35] == ["4.9", "3.1", "1.5", "0.2", "setosa"]
    assert rows[38] == ["4.9", "3.6", "1.4", "0.1", "setosa"]
    assert all(re.fullmatch(r"\d\.\d", cell) for row in rows[1:] for cell in row[:4])


@pytest.mark.parametrize(  # R: lm(y1 ~ x1, anscombe) and so on; var(y)
    ("number", "mean", "variance", "slope", "intercept"),
    [
        (1, "7.500909", "4.127269", "0.5000909", "3.0000909"),
        (2, "7.500909", "4.127629", "0.500000", "3.000909"),
        (3, "7.500000", "4.122620", "0.4997273", "3.0024545"),
        (4, "7.500909", "4.123249", "0.4999091", "3.0017273"),
    ],
)
def test_anscombes_quartet(number: int, mean: str, variance: str, slope: str, intercept: str) -> None:
    quartet = columns("anscombe")
    x, y = quartet[f"x{number}"], quartet[f"y{number}"]
    assert len(x) == 11
    assert sum(x) / 11 == 9
    assert sum((a - 9) ** 2 for a in x) == 110
    assert near(total(y) / 11, mean)
    assert near(total((b - total(y) / 11) ** 2 for b in y) / 10, variance)
    found = slope_and_intercept(x, y)
    assert near(found[0], slope) and near(found[1], intercept)


def test_the_pictures_of_anscombes_quartet() -> None:
    quartet = columns("anscombe")
    assert quartet["x1"] == quartet["x2"] == quartet["x3"] == [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
    assert sorted(quartet["x4"]) == [8] * 10 + [19]
    assert max(quartet["y3"]) == Fraction("12.74")  # the outlier in a line


def test_xor() -> None:
    xor = columns("xor")
    assert [(int(a) ^ int(b)) == c for a, b, c in zip(*xor.values(), strict=True)] == [True] * 4
    assert len({*zip(xor["x1"], xor["x2"], strict=True)}) == 4


def test_diabetes_is_raw() -> None:
    diabetes = columns("diabetes")
    names = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6", "progression"]
    assert list(diabetes) == names
    assert {len(column) for column in diabetes.values()} == {442}
    rows = list(zip(*diabetes.values(), strict=True))
    # The first row at the source, https://www4.stat.ncsu.edu/~boos/var.select/diabetes.tab.txt
    first = ["59", "2", "32.1", "101", "157", "93.2", "38", "4", "4.8598", "87", "151"]
    assert list(rows[0]) == [Fraction(text) for text in first]
    assert set(diabetes["sex"]) == {1, 2}
    assert near(total(diabetes["progression"]) / 442, "152.133484")  # the intercept in every tutorial
    assert [min(diabetes["progression"]), max(diabetes["progression"])] == [25, 346]
    assert [min(diabetes["age"]), max(diabetes["age"])] == [19, 79]
    assert all(value.denominator <= 10**4 for row in rows for value in row)
    slope, _ = slope_and_intercept(diabetes["bmi"], diabetes["progression"])
    deviations = total((b - total(diabetes["bmi"]) / 442) ** 2 for b in diabetes["bmi"])
    # scikit-learn's scaled bmi has coefficient 949.43526 (simple regression): slope times the root of the deviations
    assert Fraction("949.43525") ** 2 < slope**2 * deviations < Fraction("949.43527") ** 2


def test_files_are_as_the_sources_say() -> None:
    notes = (bundled_path("iris").parent / "SOURCES.md").read_text()
    assert {path.stem for path in bundled_path("iris").parent.glob("*.csv")} == set(BUNDLED)
    for name in BUNDLED:
        data = bundled_path(name).read_bytes()
        assert hashlib.sha256(data).hexdigest() in notes
        assert f"## {name}.csv" in notes
        assert data.isascii() and data.endswith(b"\n") and b"\r" not in data and b" " not in data


def test_names() -> None:
    assert isinstance(bundled_path("iris"), Path)
    assert all("\n" not in line for line in BUNDLED.values())
    with pytest.raises(InputError, match=r"did you mean 'iris'.*anscombe, diabetes, iris, iris_two, xor"):
        bundled_path("Iris ")
    for name in ("", "../secret", "iris.csv.gz", "SOURCES"):
        with pytest.raises(InputError, match="there are: anscombe"):
            bundled_path(name)
