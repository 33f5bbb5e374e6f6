"""A search below a level that is stopped goes on from its file, with the same answer; other files are refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.errors import InputError
from exactsurf.surface.region_checkpoint import RegionCheckpoint
from exactsurf.surface.sublevel_search import SublevelSearch

PROBLEM = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3, 4], [0, 1, 0, 2, -1]))
LEVEL = Fraction(3, 2)


@pytest.mark.parametrize("stops", [1, 7, 30])
def test_a_stopped_search_goes_on(stops: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    whole = es.landscape(PROBLEM, below=LEVEL)
    path, looked_at = tmp_path / "search", iter(range(10**6))
    look = SublevelSearch.looked_at

    def stopping(self: SublevelSearch, regions, start):
        if next(looked_at) % (stops + 1) == stops:
            raise KeyboardInterrupt
        return look(self, regions, start)

    monkeypatch.setattr(SublevelSearch, "looked_at", stopping)
    runs = 0
    while True:
        runs += 1
        try:
            low = es.landscape(PROBLEM, below=LEVEL, checkpoint=path)
            break
        except KeyboardInterrupt:
            assert path.exists() and runs < 1000
    assert runs > 2 and low == whole
    # Where fits are not unique, where one begins decides where regions are cut; not what is found.
    found, wanted = ([orbit for _, _, orbit in land.search.leaves() if orbit] for land in (low, whole))
    assert sorted(found) == sorted(wanted)
    assert es.certify_valleys_below(low).points == es.certify_valleys_below(whole).points
    # A search that has ended is not done again.
    assert es.landscape(PROBLEM, below=LEVEL, checkpoint=path) == whole


def test_it_is_written_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    low = es.landscape(PROBLEM, below=LEVEL)
    clock = iter(range(0, 10**13, 20 * 10**9))
    monkeypatch.setattr("exactsurf.surface.region_checkpoint.monotonic_ns", lambda: next(clock))
    path = tmp_path / "search"
    file = RegionCheckpoint(path, low.search)
    content = path.read_bytes()
    path.unlink()
    file.note()
    assert not path.exists()
    file.note()
    assert path.read_bytes() == content


def test_files_of_others_are_refused(tmp_path: Path):
    path = tmp_path / "search"
    es.landscape(PROBLEM, below=LEVEL, checkpoint=path)
    content = path.read_bytes()
    with pytest.raises(InputError, match="another level"):
        es.landscape(PROBLEM, below=1, checkpoint=path)
    other = es.Problem(PROBLEM.network, es.Data.from_arrays([0, 1, 2, 3, 4], [0, 1, 0, 2, 1]))
    with pytest.raises(InputError, match="another problem"):
        es.landscape(other, below=LEVEL, checkpoint=path)
    for broken in (
        b"",
        b"abc",
        b"\xff\xfe",
        content[:-20],
        content.replace(b'"cell"', b'"celm"', 1),
        content.replace(b"1", b"2", 1),
    ):
        path.write_bytes(broken)
        with pytest.raises(InputError, match="damaged"):
            es.landscape(PROBLEM, below=LEVEL, checkpoint=path)
        assert path.read_bytes() == broken
