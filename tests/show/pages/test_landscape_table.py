"""The LaTeX table of valleys says what the landscape says, and LaTeX takes it."""

from __future__ import annotations

import re
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.errors import InputError
from exactsurf.show.pages.landscape_table import valley_table
from exactsurf.surface.rows import local_minimum_rows, valley_rows
from exactsurf.surface.surface import Landscape, landscape
from tests.show.latex_source import assert_well_formed, number


@pytest.fixture(scope="module")
def land() -> Landscape:
    return landscape(es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 4, 5], [0, 3, -1, 2, 2])))


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.removesuffix(r"\\").split("&")]


def test_the_table_is_the_list_of_valleys(land: Landscape):
    source = valley_table(land)
    assert_well_formed(source)
    body = [cells(line) for line in source.splitlines() if re.match(r"\d+ &", line)]
    assert len(body) == len(land.valleys) > 3
    for place, (line, valley) in enumerate(zip(body, land.valleys, strict=True)):
        assert int(line[0]) == place and number(line[1]) == valley.risk
        if valley.is_global:
            assert line[2:4] == ["", ""]
        else:
            assert number(line[2]) == valley.barrier and number(line[3]) == valley.barrier - valley.risk > 0
        assert int(line[4]) == valley.multiplicity and line[5] == ("global" if valley.is_global else "spurious")


def test_what_is_left_out_is_counted(land: Landscape):
    source = valley_table(land, limit=2)
    assert f"{len(land.valleys) - 2} valleys more" in source
    assert "1 valley more" in valley_table(land, limit=len(land.valleys) - 1)
    assert valley_table(land, limit=10**6) == valley_table(land)
    with pytest.raises(InputError, match="at least one row"):
        valley_table(land, limit=0)


def test_long_numbers_are_rounded_and_marked():
    long = landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, "1/1009", 2, 3], [0, "10007/7919", 0, 2])))
    source = valley_table(long)
    assert_well_formed(source)
    assert r"\approx" in source


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_latex_takes_it(land: Landscape, tmp_path: Path):
    source = valley_table(land, standalone=True)
    assert_well_formed(source)
    (tmp_path / "table.tex").write_text(source)
    run = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "table.tex"], cwd=tmp_path, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout[-2000:]
    assert (tmp_path / "table.pdf").exists()


def test_rows_are_plain_tables(land: Landscape):
    rows = valley_rows(land)
    assert rows == land.to_rows()
    assert [row["risk"] for row in rows] == sorted(row["risk"] for row in rows)
    for row in rows:
        assert row["parameters"] is None or land.problem.risk(row["parameters"]) == row["risk"]
        assert (row["barrier"] is None) == row["global"] != row["spurious"]
        assert row["persistence"] is None or row["persistence"] == row["barrier"] - row["risk"]
    minima = local_minimum_rows(land)
    assert len(minima) == len(land.local_minima) >= len(rows)
    assert all(isinstance(row["risk"], Fraction) and land.problem.risk(row["parameters"]) == row["risk"] for row in minima)
    assert len({tuple(row) for row in rows}) == len({tuple(row) for row in minima}) == 1
