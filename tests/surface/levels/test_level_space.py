"""Names of spaces: equal for the same problem in another order, and only for equal least values."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from exactsurf.exact.linear_algebra import row_echelon
from exactsurf.surface.levels.conjugate_pairs import LogCosh, Logistic
from exactsurf.surface.levels.level_space import space_name
from exactsurf.surface.levels.terms import PairTerm

F = Fraction


@pytest.mark.parametrize("seed", range(10))
def test_the_order_of_samples_and_the_signs_of_labels_play_no_part(seed: int):
    rnd = random.Random(seed)
    rows = [tuple(F(rnd.randint(-3, 3)) for _ in range(5)) for _ in range(2)]
    terms = [PairTerm(Logistic, F(rnd.randint(1, 2)), rnd.choice([-1, 1]), F(0)) for _ in range(5)]
    order = rnd.sample(range(5), 5)
    flipped = rnd.randrange(5)
    other = [PairTerm(t.pair, t.weight, -t.sign if i == flipped else t.sign, t.shift) for i, t in enumerate(terms)]
    turned = [tuple(-v if i == flipped else v for i, v in enumerate(row)) for row in rows]
    first = space_name(terms, row_echelon(rows))
    assert first == space_name(other, row_echelon(turned))
    assert first == space_name([terms[i] for i in order], row_echelon([tuple(row[i] for i in order) for row in rows])) or len(
        set(first[0])
    ) < len(first[0])


def test_what_differs_has_another_name():
    one = (F(1), F(1), F(1))
    plus, minus = (PairTerm(Logistic, F(1), sign, F(0)) for sign in (1, -1))
    names = {space_name(terms, (one,)) for terms in ([plus, plus, minus], [plus, minus, minus], [minus, plus, plus])}
    assert len(names) == 1
    assert space_name([plus, plus, plus], (one,)) not in names and space_name([plus, minus], (one[:2],)) not in names
    shifted = [PairTerm(LogCosh, F(1), 1, F(k)) for k in (0, 1, 1)]
    assert space_name(shifted, (one,)) != space_name([PairTerm(LogCosh, F(1), 1, F(k)) for k in (0, 0, 1)], (one,))


def test_equal_samples_are_one_with_both_weights():
    plus, double = PairTerm(Logistic, F(1), 1, F(0)), PairTerm(Logistic, F(2), 1, F(0))
    row = (F(1), F(1), F(3))
    assert space_name([plus, plus, plus], (row,)) == space_name([double, plus], ((F(1), F(3)),))
