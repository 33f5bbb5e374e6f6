"""The least risk over cones of predictions against the conditions of Kuhn and Tucker."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.surface.bounds.term_fits import TermFits


@pytest.mark.parametrize(("loss", "classes"), [("squared", False), ("absolute", False), ("huber(1/3)", False), ("hinge", True)])
def test_the_dual_vector_proves_the_least_risk(loss: str, classes: bool) -> None:
    source = random.Random(loss)
    for _ in range(5):
        rows = [[int(k == c) for k in range(2)] for c in (source.randrange(2) for _ in range(3))]
        if not classes:
            rows = [[source.randint(-3, 3), source.randint(-3, 3)] for _ in range(3)]
        problem = es.Problem(es.Network([1, 1, 2], biases=False), es.Data.from_arrays([0, 1, 2], rows), loss)
        columns = [tuple(source.randint(-2, 2) for _ in range(6)) for _ in range(4)]
        fit = TermFits(problem).minimum(columns)
        assert all(amount > 0 for amount in fit.amounts.values())
        f = [sum((amount * column[p] for column, amount in fit.amounts.items()), Fraction(0)) for p in range(6)]
        risk = sum(
            (
                problem.term_function(i, k).value(sum((sign * f[2 * i + o] for o, sign in parts), Fraction(0)))
                for i in range(3)
                for k in range(2)
                if (parts := problem.term_outputs(i, k))
            ),
            Fraction(0),
        )
        assert risk == fit.value
        # The dual vector is not negative along any column, and 0 along those that are used.
        for column in columns:
            slope = sum(r * c for r, c in zip(fit.gradient, column, strict=True))
            assert slope == 0 if column in fit.amounts else slope >= 0
