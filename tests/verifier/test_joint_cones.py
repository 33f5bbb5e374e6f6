"""Chains of generators and their edges, against couplings that are found one unit after the other and random means."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise, product
from math import factorial, prod
from typing import Any

import pytest

from exactsurf.verifier import Rejected
from exactsurf.verifier.arithmetic.document import Field
from exactsurf.verifier.joint_cones import bisected, chains


def of(value: Any) -> Field:
    return Field(value, "tree")


def unit_vectors(count: int) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(int(k == axis) for k in range(count)) for axis in range(count))


def number_of_chains(sizes: tuple[int, ...]) -> int:
    return factorial(sum(sizes) - len(sizes)) // prod(factorial(size - 1) for size in sizes)


@pytest.mark.parametrize("sizes", [(1,), (3,), (2, 2), (2, 3), (3, 3), (2, 2, 2), (1, 2, 1)])
def test_all_chains_rise_are_different_and_in_order(sizes: tuple[int, ...]) -> None:
    cones = [unit_vectors(size) for size in sizes]
    count = number_of_chains(sizes)
    found = chains(of(list(range(1, count + 1))), cones)
    assert [child.index(count + 1) for child, _ in found] == list(range(1, count + 1))
    lists = []
    for _, corners in found:
        tuples = [tuple(v.index(1) for v in corner) for corner in zip(*corners, strict=True)]
        assert tuples[0] == (0,) * len(sizes) and tuples[-1] == tuple(size - 1 for size in sizes)
        assert all(sum(b) - sum(a) == 1 and all(x <= y for x, y in zip(a, b, strict=True)) for a, b in pairwise(tuples))
        lists.append(tuples)
    assert lists == sorted(lists) and len({tuple(own) for own in lists}) == count
    # Brute force: all lists of that length that rise.
    places = list(product(*(range(size) for size in sizes)))
    rising = [[places[0]]]
    for _ in range(sum(sizes) - len(sizes)):
        rising = [[*own, b] for own in rising for b in places if sum(b) - sum(own[-1]) == 1 and all(map(int.__le__, own[-1], b))]
    assert sorted(rising) == lists


@pytest.mark.parametrize("sizes", [(2, 2), (2, 3), (2, 2, 2)])
def test_the_chains_cover_all_shares(sizes: tuple[int, ...]) -> None:
    source = random.Random(str(sizes))
    cones = [unit_vectors(size) for size in sizes]
    known = [set(zip(*corners, strict=True)) for _, corners in chains(of(list(range(number_of_chains(sizes)))), cones)]
    for _ in range(50):
        shares = []
        for size in sizes:
            cuts = sorted(Fraction(source.randint(0, 12), 12) for _ in range(size - 1))
            shares.append([b - a for a, b in zip([Fraction(0), *cuts], [*cuts, Fraction(1)], strict=True)])
        # The corner rule of transport problems: take as much as is left in all, and go on where nothing is.
        left, here = [list(own) for own in shares], [0] * len(sizes)
        used: dict[tuple[int, ...], Fraction] = {}
        while True:
            step = min(own[place] for own, place in zip(left, here, strict=True))
            if step:
                used[tuple(here)] = used.get(tuple(here), Fraction(0)) + step
            for own, place in zip(left, here, strict=True):
                own[place] -= step
            empty = [j for j, (own, place) in enumerate(zip(left, here, strict=True)) if not own[place] and place + 1 < len(own)]
            if not empty:
                break
            here[empty[0]] += 1
        for j, own in enumerate(shares):
            for place, share in enumerate(own):
                assert sum(amount for corner, amount in used.items() if corner[j] == place) == share
        corners = {tuple(unit_vectors(size)[place] for size, place in zip(sizes, corner, strict=True)) for corner in used}
        assert any(corners <= own for own in known)


def test_generators_0_are_left_out_unless_there_are_no_others() -> None:
    cones = [((1, 0), (0, 0), (0, 1)), ((0, 0), (0, 0))]
    ((_, corners),) = chains(of([1]), cones)
    assert corners == (((1, 0), (0, 1)), ((0, 0), (0, 0)))


@pytest.mark.parametrize("count", [0, 1, 3, 7])
def test_as_many_children_as_chains(count: int) -> None:
    with pytest.raises(Rejected, match="child"):
        chains(of(list(range(count))), [unit_vectors(2), unit_vectors(2)])


def test_so_many_chains_that_nobody_could_list_them_are_rejected_at_once() -> None:
    with pytest.raises(Rejected, match="more than 3"):
        chains(of([1, 2, 3]), [unit_vectors(2)] * 400)


def test_both_parts_of_an_edge_cover_it() -> None:
    source = random.Random(1)
    cones = tuple(tuple(tuple(source.randint(-3, 3) for _ in range(2)) for _ in range(3)) for _ in range(2))
    first, second = bisected(of([0, 2]), cones)
    for _ in range(50):
        shares = [Fraction(source.randint(0, 5)) for _ in range(3)]
        own, less = (first, shares[2]) if shares[0] >= shares[2] else (second, shares[0])
        moved = [shares[0] - less, shares[1], shares[2] - less]
        moved[2 if own is first else 0] = 2 * less
        for cone, part in zip(cones, own, strict=True):
            for k in range(2):
                assert 2 * sum(a * v[k] for a, v in zip(shares, cone, strict=True)) == sum(
                    a * v[k] for a, v in zip(moved, part, strict=True)
                )
