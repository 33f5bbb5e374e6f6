"""The memory for an enumeration: whatever it is, blocks have the same cells in the same order."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

import exactsurf as es
from exactsurf.arrangement import cell_table
from exactsurf.arrangement.sign_key import division, shared_lengths
from exactsurf.arrangement.working_memory import available_memory, cells_at_once, cells_in_memory
from tests.arrangement.test_arrangement import resonance, threshold


@pytest.mark.parametrize("room", [1, 30, 300, 10**7])
@pytest.mark.parametrize("block", [1, 7, 60, 500])
@pytest.mark.parametrize("arrangement", [threshold(3), resonance(4)], ids=["threshold 3", "resonance 4"])
def test_blocks_do_not_depend_on_the_memory(monkeypatch, arrangement, block, room):
    monkeypatch.setattr(cell_table, "cells_at_once", lambda dimension, hyperplanes: 1)
    expected = [table.signs.tolist() for table in arrangement.cell_tables(block)]
    monkeypatch.setattr(cell_table, "cells_at_once", lambda dimension, hyperplanes: room)
    tables = list(arrangement.cell_tables(block))
    assert [table.signs.tolist() for table in tables] == expected
    for table in tables:
        for cell in table:
            assert arrangement.signs_at(cell.witness) == cell.signs


@pytest.mark.parametrize("words", [1, 2, 3])
def test_divisions_of_keys(words):
    source = np.random.default_rng(words)
    keys = source.integers(0, 2**64, (400, words), dtype=np.uint64)
    keys[::3, 0] = 5  # many long prefixes in common
    keys[::6, -1] &= np.uint64(0xFF)
    text = sorted({"".join(format(int(word), "064b") for word in row) for row in keys})
    keys = np.array([[int(row[64 * k : 64 * k + 64], 2) for k in range(words)] for row in text], dtype=np.uint64)

    def common(first, second):
        return next(k for k in range(64 * words) if first[k] != second[k])

    assert shared_lengths(keys).tolist() == [common(a, b) for a, b in pairwise(text)]
    for limit, level in [(1, 1), (9, 1), (60, 3), (200, 7), (1000, 1)]:
        sizes = {k: len({row[:k] for row in text}) for k in range(level + 1, 64 * words + 1)}
        expected = next((k for k, size in sizes.items() if size > limit), None)
        found = division(keys, limit, level, 64 * words)
        if expected is None:
            assert found is None
        else:
            begins = [0, *(k for k in range(1, len(text)) if text[k][:expected] != text[k - 1][:expected])]
            assert found is not None and found[0] == expected and found[1].tolist() == begins


def test_room():
    assert available_memory() > 0 and cells_in_memory(7, 1) >= 1 and cells_in_memory(3, 1, available=0) == 1
    assert cells_in_memory(7, 1, available=1 << 40) == cells_in_memory(7, 1, available=1 << 50) > 7_514_067


def test_few_cells_are_worked_on_together_whatever_the_memory(monkeypatch):
    monkeypatch.setattr("exactsurf.arrangement.working_memory.available_memory", lambda: 0)
    generic = es.Arrangement([[1, k, k**2, k**3] for k in range(9)])
    assert cells_at_once(4, 9) == len(list(generic.cells())) // 2
    assert cells_at_once(7, 64) == 1
