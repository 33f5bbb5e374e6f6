"""Which patterns of the first layer are empty: against the list of all cells, and by multipliers that anyone can check."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.cells.activation_pattern import ActivationPattern
from exactsurf.cells.patterns.pattern_decision import decide_pattern
from exactsurf.cells.patterns.pattern_text import pattern_text, read_pattern
from exactsurf.cells.patterns.unit_contradiction import UnitContradiction, UnitInequality, find_unit_contradiction
from exactsurf.cells.unit_cells import enumerate_unit_cells
from exactsurf.errors import InputError, ShapeError

STEPS = es.piecewise_linear([-1, "1/2"], [0, 1, "1/3"])
ZERO_AND_ONE = es.piecewise_linear([0, 1], [0, 1, 0])


def problem(x: list[Any], *, biases: bool, activation: Any, units: int = 1) -> es.Problem:
    network = es.Network([len(x[0]), units, 1], activation=activation, biases=[biases, True])
    return es.Problem(network, es.Data.from_arrays(x, [0] * len(x)))


def contradicts(instance: es.Problem, found: UnitContradiction) -> bool:
    """The definition in plain fractions: each inequality is asked for, and their weighted sum is c > 0 for a c ≤ 0."""
    breakpoints = instance.network.activation.breakpoints
    one = (Fraction(1),) if instance.network.biases[0] else ()
    inputs = [(*row, *one) for row in instance.data.inputs]
    sums = [Fraction(0)] * len(inputs[0])
    constant = Fraction(0)
    for wall, value in found.multipliers:
        piece = found.pieces[wall.sample]
        # Above a breakpoint: it is one of the first `piece`; below it: it is one of the others.
        assert (breakpoints.index(wall.breakpoint) < piece) is (wall.sign > 0) and value > 0
        sums = [total + value * wall.sign * entry for total, entry in zip(sums, inputs[wall.sample], strict=True)]
        constant -= value * wall.sign * wall.breakpoint
    return bool(found.multipliers) and not any(sums) and constant <= 0


number = st.sampled_from([0, 0, 1, -1, 2, "1/2", -3])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_pattern_is_listed_or_contradicted(data: st.DataObject) -> None:
    inputs, samples = data.draw(st.integers(1, 2)), data.draw(st.integers(1, 4))
    activation = data.draw(st.sampled_from([es.relu, STEPS, ZERO_AND_ONE]))
    row = st.lists(number, min_size=inputs, max_size=inputs)
    x = data.draw(st.lists(row, min_size=samples, max_size=samples))
    instance = problem(x, biases=data.draw(st.booleans()), activation=activation)
    listed = {cell.pieces for cell in enumerate_unit_cells(instance)}
    for pieces in product(range(len(activation.slopes)), repeat=samples):
        found = find_unit_contradiction(instance, ActivationPattern(((pieces,),)))
        assert (found is None) is (pieces in listed)
        if found is not None:
            assert found.unit == 0 and found.pieces == pieces and contradicts(instance, found) and found.holds(instance)


def test_xor() -> None:
    instance = problem([[0, 0], [0, 1], [1, 0], [1, 1]], biases=True, activation=es.relu, units=2)
    found = find_unit_contradiction(instance, read_pattern(instance, "0111 0110"))
    assert found is not None and found.unit == 1 and {value for _, value in found.multipliers} == {1}
    possible = decide_pattern(instance, read_pattern(instance, "0111 1100"))
    assert possible.is_possible is True and possible.witness is not None


def test_wrong_multipliers_do_not_hold() -> None:
    instance = problem([[0], [1], [2]], biases=True, activation=es.relu)
    found = find_unit_contradiction(instance, read_pattern(instance, "010"))
    assert found is not None and found.holds(instance)
    (first, one), *rest = found.multipliers
    swapped = UnitInequality(first.sample, first.breakpoint, -first.sign)
    for wrong in (
        (),
        ((first, one + 1), *rest),
        ((first, -one), *rest),
        ((swapped, one), *rest),
        tuple(rest),
    ):
        assert not UnitContradiction(found.unit, found.pieces, tuple(wrong)).holds(instance)
    assert not UnitContradiction(found.unit, (0, 1, 1), found.multipliers).holds(instance)


def test_breakpoints_beside_zero_can_be_the_reason() -> None:
    """w > 1 and 2w < 1 contradict each other, 2w > 1 and w < 1 do not."""
    instance = problem([[1], [2]], biases=False, activation=es.piecewise_linear([1], [0, 1]))
    found = find_unit_contradiction(instance, read_pattern(instance, "10"))
    assert found is not None and contradicts(instance, found)
    assert find_unit_contradiction(instance, read_pattern(instance, "01")) is None


def test_reading_patterns() -> None:
    instance = problem([[0], [1], [2]], biases=True, activation=STEPS, units=2)
    pattern = read_pattern(instance, "  012   222 ")
    assert pattern.pieces == (((0, 1, 2), (2, 2, 2)),) and pattern_text(instance, pattern) == ["012", "222"]
    for text, error in (
        ("012", ShapeError),
        ("012 22", ShapeError),
        ("012 222; 012 222", ShapeError),
        ("", ShapeError),
        ("012 223", InputError),
        ("01a 222", InputError),
        ("01² 222", InputError),
        ("0.1.2 222", InputError),
        ("-12 222", InputError),
    ):
        with pytest.raises(error):
            read_pattern(instance, text)
    many = problem([[0], [1]], biases=True, activation=es.piecewise_linear(list(range(11)), list(range(12))))
    assert pattern_text(many, read_pattern(many, "3.11")) == ["3.11"]
    with pytest.raises(ShapeError):
        read_pattern(many, "311")
    deep = es.Problem(es.Network([1, 2, 1, 1]), es.Data.from_arrays([0, 1], [0, 1]))
    assert read_pattern(deep, "01 11; 10").pieces == (((0, 1), (1, 1)), ((1, 0),))
