"""Dual vectors found lately: one that holds on a cone is found, and those not asked for longest are forgotten."""

from __future__ import annotations

import random

from exactsurf.surface.recent_duals import RecentDuals


def test_what_is_found_holds_on_the_cone_and_the_oldest_is_forgotten() -> None:
    source = random.Random(1)
    duals, model = RecentDuals[int](4), []
    for number in range(300):
        mask = source.getrandbits(6) & source.getrandbits(6)
        found = duals.bounding(mask)
        fitting = [entry for entry in model if not mask & ~entry[0]]
        assert found == (fitting[0][1] if fitting else None)
        if fitting:
            model.remove(fitting[0])
            model.insert(0, fitting[0])
        else:
            allowed = mask | source.getrandbits(6)
            duals.add(allowed, number)
            model = [(allowed, number), *model][:4]
