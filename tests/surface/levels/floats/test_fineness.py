"""How fine proposals have to be: finer for narrower enclosures, within ends."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.surface.levels.floats.fineness import FINE, fineness


def test_narrower_enclosures_ask_for_finer_proposals_up_to_what_floats_have():
    found = [fineness(Fraction(1, 10**k)) for k in range(1, 14)]
    assert found == sorted(found, reverse=True) and found[-1] == FINE
    # Far finer than the enclosure, so that ends of proposals do not use its width up.
    assert all(own * 10**4 < float(Fraction(1, 10**k)) for k, own in enumerate(found[:7], start=1))
