"""Orders of permutation groups against SymPy and against listing."""

from __future__ import annotations

import random
from itertools import permutations

import pytest
from sympy.combinatorics import Permutation
from sympy.combinatorics.perm_groups import PermutationGroup as SympyGroup

from exactsurf.surface.permutation_group import PermutationGroup, composed, inverse


@pytest.mark.parametrize("degree", [1, 2, 3, 4, 5, 6, 7])
def test_order_and_membership(degree):
    rnd = random.Random(degree)
    for _ in range(12):
        generators = []
        for _ in range(rnd.randint(0, 3)):
            # Small cycles, so that proper subgroups occur.
            points = rnd.sample(range(degree), rnd.randint(1, min(degree, 4)))
            image = list(range(degree))
            for a, b in zip(points, points[1:] + points[:1], strict=True):
                image[a] = b
            generators.append(tuple(image))
        group = PermutationGroup(degree)
        for generator in generators:
            group.add(generator)
        expected = SympyGroup([Permutation(list(g)) for g in generators] or [Permutation(list(range(degree)))])
        assert group.order == expected.order()
        assert group.index * group.order == PermutationGroup(degree).index
        assert group.is_full == (group.index == 1)
        if degree <= 5:
            assert sum(p in group for p in permutations(range(degree))) == group.order
        assert all(g in group and inverse(g) in group for g in generators)


def test_composition():
    assert composed((1, 2, 0), (0, 2, 1)) == (1, 0, 2)
    assert composed((1, 2, 0), inverse((1, 2, 0))) == (0, 1, 2)
