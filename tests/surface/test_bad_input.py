"""What a landscape refuses: with a clear error, before long work, and with nothing lost."""

from __future__ import annotations

import re
import time
from math import comb
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.surface.surface import landscape
from exactsurf.surface.workload import workload


def problem(widths=(1, 2, 1), x=(0, 1, 2, 4), y=(0, 3, -1, 2), activation=es.relu, loss="squared", **options) -> es.Problem:
    return es.Problem(es.Network(list(widths), activation, **options), es.Data.from_arrays(list(x), list(y)), loss)


@pytest.mark.parametrize(
    ("widths", "y", "words"),
    [
        ((1, 2, 2, 1), (0, 3, -1, 2), "needs one hidden layer"),
        ((1, 2, 2), [[0, 1], [3, 0], [1, 1], [2, 5]], "needs scalar output"),
    ],
)
def test_depth_and_vector_outputs(widths, y, words: str):
    with pytest.raises(UnsupportedError, match=words) as caught:
        landscape(problem(widths, y=y))
    text = str(caught.value)
    assert "theorem B" in text and "decide(problem, parameters)" in text and "problem.cell(parameters)" in text


def test_losses_without_a_method():
    mixed = es.losses.piecewise_quadratic("difference", [0], [(1, -1, 0), (1, 1, 0)])
    with pytest.raises(UnsupportedError, match="kinks and curved pieces") as caught:
        landscape(problem(loss=mixed))
    assert "decide(problem, parameters)" in str(caught.value)


def test_an_activation_without_breakpoints():
    with pytest.raises((InputError, UnsupportedError), match=r"breakpoint|linear"):
        landscape(problem(activation=es.linear))


def test_too_many_orbits():
    # 13 samples in general position in the plane give 2·(1 + 12 + 66) cells of a unit, each with two signs.
    points = [[k, k**3 % 101] for k in range(13)]
    instance = problem((2, 5, 1), points, range(13))
    kinds = 2 * len(workload(instance).minima.table.cells)
    assert kinds == 316
    began = time.process_time()
    with pytest.raises(InputError, match="more than the limit of 1000000 orbits") as caught:
        landscape(instance)
    assert time.process_time() - began < 10
    text = str(caught.value)
    assert f"{comb(kinds + 4, 5)} orbits" in text and "--max-cells" in text and "--resume" in text
    seconds = re.search(r"about (\d+) s", text)
    assert seconds is not None and int(seconds[1]) > 3600


@pytest.mark.parametrize(
    ("loss", "decay", "advised"),
    [
        ("squared", None, es.certify_global_minimum),
        ("squared", "1/10", es.certify_near_global_minimum),
        ("logistic", None, es.certify_near_global_minimum),
    ],
)
def test_what_is_advised_for_a_large_landscape_finds_the_least_risk_and_what_lies_below_a_level(loss, decay, advised):
    data = es.Data.from_arrays([0, 1, 2, 3], [-1, 1, 1, -1])
    instance = es.Problem(es.Network([1, 2, 1]), data, loss, weight_decay=decay)
    whole = es.landscape if loss == "squared" and decay is None else es.enclosed_landscape
    with pytest.raises(InputError, match=rf"orbits of signed cells.*; below=… \(--below\).*es\.{advised.__name__}\)"):
        whole(instance, max_cells=10)
    least = advised(instance)
    assert es.verify(least).kind == least.kind
    assert whole(instance, below=1, max_cells=10**6).valleys


def test_what_is_advised_for_several_outputs_encloses_the_least_risk():
    instance = problem((1, 2, 2), y=[[0, 1], [3, 0], [1, 1], [2, 5]])
    with pytest.raises(UnsupportedError, match=r"es\.BoundSearch \(--global-only\)"):
        landscape(instance)
    search = es.BoundSearch(instance)
    assert 0 <= search.lower <= search.upper == instance.risk(search.point)


@pytest.mark.parametrize(("widths", "samples"), [((7, 2, 1), 60), ((50, 2, 1), 60), ((2, 100, 1), 60), ((2, 3, 1), 3_000)])
def test_far_too_many_orbits_are_refused_before_cells_are_listed(widths: tuple[int, ...], samples: int):
    # Moment curves are in general position: even their number of cells of one unit can be out of reach.
    points = [[(k + 1) ** (j + 1) % 10_007 for j in range(widths[0])] for k in range(samples)]
    instance = problem(widths, points, range(samples))
    began = time.process_time()
    with pytest.raises(InputError, match=r"at least .* orbits of signed cells, more than the limit of 1000000 orbits"):
        landscape(instance)
    assert time.process_time() - began < 10


def test_what_is_no_problem():
    with pytest.raises(InputError, match="landscape needs a Problem; got '3'"):
        landscape(3)  # type: ignore[call-overload,arg-type]


def test_the_limit_is_exact():
    instance = problem()
    count = workload(instance).orbits.count
    assert landscape(instance, max_cells=count).orbits == count
    with pytest.raises(InputError, match=rf"{count} orbits .*limit of {count - 1} orbits"):
        landscape(instance, max_cells=count - 1)


def test_a_checkpoint_of_another_problem_is_kept(tmp_path: Path):
    first = landscape(problem(), checkpoint=tmp_path / "run")
    kept = (tmp_path / "run").read_bytes()
    with pytest.raises(InputError, match="another problem"):
        landscape(problem(y=(0, 3, -1, 3)), checkpoint=tmp_path / "run")
    assert (tmp_path / "run").read_bytes() == kept
    again = landscape(problem(), checkpoint=tmp_path / "run")
    for name in ("risks", "fits", "residuals", "merges", "valleys", "local_minima"):
        assert getattr(again, name) == getattr(first, name)


def test_a_damaged_checkpoint_is_kept(tmp_path: Path):
    file = tmp_path / "run"
    landscape(problem(), checkpoint=file)
    content = bytearray(file.read_bytes())
    content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
    file.write_bytes(content)
    with pytest.raises(InputError, match="damaged") as caught:
        landscape(problem(), checkpoint=file)
    assert str(file) in str(caught.value) and "left as it is" in str(caught.value)
    assert file.read_bytes() == content


def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import sqlite3

    real = sqlite3.connect

    def small(*args, **options):
        connection = real(*args, **options)
        connection.execute("PRAGMA max_page_count = 5")
        return connection

    monkeypatch.setattr("exactsurf.surface.run.run._LONGEST", 1)
    monkeypatch.setattr(sqlite3, "connect", small)
    with pytest.raises(InputError, match="disk is full"):
        landscape(problem(), checkpoint=tmp_path / "run")
    monkeypatch.undo()
    begun = []
    land = landscape(problem(), checkpoint=tmp_path / "run", progress=lambda done, total: begun.append(done))
    assert 0 < begun[0] < land.orbits
    assert land.merges == landscape(problem()).merges


def test_other_options_that_cannot_be():
    with pytest.raises(InputError, match="positive integer"):
        landscape(problem(), workers=-1)
    with pytest.raises(InputError, match="exclude each other"):
        landscape(problem(), workers=2, dask="tcp://127.0.0.1:1")
