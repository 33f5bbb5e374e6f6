"""The search for garbage is off inside, and afterwards what it was before."""

from __future__ import annotations

import gc

import pytest

from exactsurf.exact.uncollected import uncollected


def test_it_comes_back_also_after_an_error():
    assert gc.isenabled()
    inside = []

    def failing() -> None:
        with uncollected():
            inside.append(gc.isenabled())
            raise ValueError

    with pytest.raises(ValueError):
        failing()
    assert inside == [False]
    assert gc.isenabled()


def test_what_was_off_stays_off():
    gc.disable()
    try:
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
