"""The changelog can be read: versions with dates, headings in order, short entries, and truth of answers under *Soundness*."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import exactsurf

LINES = (Path(__file__).parents[1] / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
HEADINGS = ["Soundness", "Added", "Changed", "Deprecated", "Fixed", "Removed", "Security"]


def _versions() -> list[tuple[str, dict[str, list[list[str]]]]]:
    """Each version's heading with its entries, as lines, by their headings; everything else there is a fault."""
    versions: list[tuple[str, dict[str, list[list[str]]]]] = []
    entries: list[list[str]] | None = None
    for line in LINES[LINES.index(next(line for line in LINES if line.startswith("## "))) :]:
        if line.startswith("## "):
            versions.append((line.removeprefix("## "), {}))
            entries = None
        elif line.startswith("### "):
            heading = line.removeprefix("### ")
            assert heading not in versions[-1][1], f"the heading {heading} stands twice in {versions[-1][0]}"
            entries = versions[-1][1][heading] = []
        elif line.startswith("- "):
            assert entries is not None, f"an entry without a heading: {line}"
            entries.append([line])
        elif line.startswith("  "):
            assert entries, f"a line of no entry: {line}"
            entries[-1].append(line)
        elif line:
            assert entries is None, f"text between entries: {line}"
    return versions


def test_versions_have_dates_and_the_topmost_one_is_that_of_the_package():
    named = [re.fullmatch(r"(\d+\.\d+\.\d+) - (\d{4}-\d\d-\d\d)", heading) for heading, _ in _versions()]
    assert all(named), [heading for heading, _ in _versions()]
    assert named[0][1] == exactsurf.__version__
    numbers = [tuple(map(int, match[1].split("."))) for match in named]
    dates = [datetime.date.fromisoformat(match[2]) for match in named]
    assert numbers == sorted(numbers, reverse=True) and dates == sorted(dates, reverse=True)


def test_headings_stand_in_one_order_and_are_never_empty():
    versions = _versions()
    for k, (version, headings) in enumerate(versions):
        earlier = versions[k + 1][0].rsplit(".", 1)[0] if k + 1 < len(versions) else None
        expected = ([f"Migration notes from {earlier}"] if earlier else []) + HEADINGS
        assert list(headings) == [heading for heading in expected if heading in headings], version
        assert all(headings.values()), version


def test_entries_are_short_and_end():
    for version, headings in _versions():
        for heading, entries in headings.items():
            for entry in entries:
                assert len(entry) <= 2, f"{version}, {heading}: more than two lines: {entry[0]}"
                assert max(map(len, entry)) <= 160, f"{version}, {heading}: a line of more than 160 characters: {entry[0]}"
                assert entry[-1].endswith("."), f"{version}, {heading}: no end: {entry[-1]}"


def test_no_entry_is_given_twice_and_soundness_is_a_heading_only():
    entries = [" ".join(entry) for _, headings in _versions() for found in headings.values() for entry in found]
    beginnings = [entry[:50] for entry in entries]
    assert [beginning for beginning in set(beginnings) if beginnings.count(beginning) > 1] == []
    assert not [entry for entry in entries if re.match(r"- \**soundness\**:", entry, re.IGNORECASE)]
