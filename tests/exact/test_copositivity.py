"""Signs of quadratic forms on cones against sampled vectors, closed criteria for small sizes, and the Horn matrix."""

import random
from fractions import Fraction
from itertools import product

import pytest

from exactsurf.errors import UnsupportedError
from exactsurf.exact.copositivity import Sign, decide_copositive, decide_form_on_cone

F = Fraction


def value(rows, x) -> Fraction:
    return sum((a * p * q for row, p in zip(rows, x, strict=True) for a, q in zip(row, x, strict=True)), F(0))


def random_symmetric(rnd: random.Random, size: int, reach: int = 3) -> list[list[Fraction]]:
    rows = [[F(rnd.randint(-reach, reach)) for _ in range(size)] for _ in range(size)]
    return [[rows[min(i, j)][max(i, j)] + (F(reach) if i == j else 0) for j in range(size)] for i in range(size)]


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_against_all_small_integer_vectors(size: int):
    rnd = random.Random(size)
    seen = set()
    for _ in range(120 if size < 4 else 50):
        rows = random_symmetric(rnd, size)
        answer = decide_copositive(rows)
        seen.add(answer.sign)
        values = [value(rows, x) for x in product(range(5 if size < 4 else 4), repeat=size) if any(x)]
        if min(values) < 0:
            assert answer.sign is Sign.NEGATIVE
        elif 0 in values:
            assert answer.sign is not Sign.POSITIVE
        if answer.witness is None:
            assert answer.sign is Sign.POSITIVE
        else:
            assert min(answer.witness) >= 0 and any(answer.witness)
            there = value(rows, answer.witness)
            assert there < 0 if answer.sign is Sign.NEGATIVE else there == 0
    assert len(seen) == 3 or size == 1


def test_two_by_two_with_square_diagonals():
    """a ≥ 0, c ≥ 0 and b ≥ −√(ac) (strict throughout for positive)."""
    for p, q, b in product(range(4), range(4), range(-10, 5)):
        sign = decide_copositive([[F(p * p), F(b)], [F(b), F(q * q)]]).sign
        if b < -p * q:
            assert sign is Sign.NEGATIVE
        elif b == -p * q or p == 0 or q == 0:
            assert sign is Sign.NONNEGATIVE
        else:
            assert sign is Sign.POSITIVE


def test_horn_matrix_and_its_neighbours():
    horn = [[1 if (i - j) % 5 in (0, 2, 3) else -1 for j in range(5)] for i in range(5)]
    for shift, sign in ((F(0), Sign.NONNEGATIVE), (F(1, 10**30), Sign.POSITIVE), (F(-1, 10**30), Sign.NEGATIVE)):
        rows = [[F(v) + (shift if i == j else 0) for j, v in enumerate(row)] for i, row in enumerate(horn)]
        assert decide_copositive(rows).sign is sign


def test_many_rays_are_refused():
    with pytest.raises(UnsupportedError, match="at most 3 rows"):
        decide_copositive([[F(1 if i == j else -1) for j in range(4)] for i in range(4)], max_rays=3)


@pytest.mark.parametrize("seed", range(40))
def test_cones_with_lines_against_samples(seed: int):
    rnd = random.Random(seed)
    size, lines, count = 4, rnd.randint(0, 2), rnd.randint(0, 2)
    base = random_symmetric(rnd, size, 2)
    axes = [tuple(F(int(i == j)) for j in range(size)) for i in range(size)]
    free = axes[:lines]
    rays = [tuple(a + F(rnd.randint(-1, 1)) * (p < lines) for p, a in enumerate(axes[lines + k])) for k in range(count)]
    answer = decide_form_on_cone(base, free, rays)
    values = []
    for weights in product(range(-3, 4), repeat=lines):
        for lengths in product(range(4), repeat=count):
            x = [sum((w * v[p] for w, v in zip((*weights, *lengths), (*free, *rays), strict=True)), F(0)) for p in range(size)]
            if any(x):
                values.append(value(base, x))
    if values and min(values) < 0:
        assert answer.sign is Sign.NEGATIVE
    if 0 in values:
        assert answer.sign is not Sign.POSITIVE
    if answer.witness is not None:
        there = value(base, answer.witness)
        assert there < 0 if answer.sign is Sign.NEGATIVE else there == 0
        # The last coordinates say with which weights the rays come in.
        assert all(answer.witness[lines + k] >= 0 for k in range(count)) and not any(answer.witness[lines + count :])
