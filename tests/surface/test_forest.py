"""Components and copies against a breadth-first search of all orders of the units."""

from __future__ import annotations

import random
from itertools import permutations

import pytest

from exactsurf.surface.forest import Forest, sorting


@pytest.mark.parametrize("seed", range(60))
def test_copies_are_the_components_of_the_covering(seed: int):
    rnd = random.Random(seed)
    units, count = rnd.choice([1, 2, 3]), 6
    orbits = [tuple(sorted(rnd.randrange(4) for _ in range(units))) for _ in range(count)]
    forest = Forest(units, count)
    for node, orbit in enumerate(orbits):
        forest.add(node, orbit)
    links: dict[tuple[int, tuple[int, ...]], set] = {}
    orders = list(permutations(range(units)))
    # Over each orbit stand all orders of its units; equal units are exchanged without moving.
    for node, orbit in enumerate(orbits):
        for order in orders:
            links.setdefault((node, order), set())
            for k in range(1, units):
                if orbit[k] == orbit[k - 1]:
                    swap = {k: k - 1, k - 1: k}
                    links[node, order].add((node, tuple(swap.get(i, i) for i in order)))
    for _ in range(rnd.randrange(9)):
        first, second, sigma = rnd.randrange(count), rnd.randrange(count), rnd.choice(orders)
        settled = forest.is_settled(first, second)
        changed = forest.join(first, second, sigma)[2]
        assert not (settled and changed)
        for order in orders:
            beyond = (second, tuple(sigma[i] for i in order))
            links[first, order].add(beyond)
            links[beyond].add((first, order))
        seen: dict[tuple[int, tuple[int, ...]], int] = {}
        for start in links:
            if start in seen:
                continue
            walk = [start]
            while walk:
                here = walk.pop()
                if here not in seen:
                    seen[here] = len(seen) if here == start else seen[start]
                    walk += links[here]
        for node in range(count):
            root = forest.root(node)[0]
            assert forest.groups[root].index == len({seen[node, order] for order in orders})
            for other in range(count):
                together = bool({seen[node, order] for order in orders} & {seen[other, order] for order in orders})
                assert together == (forest.root(other)[0] == root)


def test_a_crossing_sorts_the_orbit_beyond():
    forest = Forest(4, 1)
    for orbit in ((0, 0, 2, 5), (1, 2, 2, 2), (3, 4, 5, 6)):
        for place in range(4):
            for beyond in range(orbit[place] + 1, 8):
                if place == 0 or orbit[place - 1] != orbit[place]:
                    expected = sorting([*orbit[:place], beyond, *orbit[place + 1 :]])
                    assert forest.crossing(orbit, place, beyond) == expected
