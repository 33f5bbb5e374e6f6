"""Proposals for dual vectors of corners: what they are where the answer is known by hand."""

from __future__ import annotations

import exactsurf as es
from exactsurf.model.floats.loss_values import LossValues
from exactsurf.surface.bounds.floats.joint_proposal import Piece, propose_duals

PROBLEM = es.Problem(es.Network([1, 1, 2], biases=False), es.Data.from_arrays([1, 2], [[1, 0], [0, 1]]))


def test_without_directions_the_slopes_are_those_at_0() -> None:
    found = propose_duals(LossValues(PROBLEM), [], 2, False)
    assert found is not None and found.amounts == ()
    assert [list(map(float, row)) for row in found.targets] == [[-1, 0, 0, -1]] * 2


def test_a_bias_makes_slopes_add_up_to_0() -> None:
    found = propose_duals(LossValues(PROBLEM), [], 1, True)
    assert found is not None
    (row,) = found.targets
    assert max(abs(float(row[0] + row[2])), abs(float(row[1] + row[3]))) < 1e-9


def test_a_direction_that_reaches_the_targets_leaves_no_slope_there() -> None:
    pieces = [Piece((0, 0), [(1, 0), (1, 0)], (1, 0)), Piece((0, 0), [(0, 1), (0, 1)], (0, 1))]
    found = propose_duals(LossValues(PROBLEM), pieces, 1, False)
    assert found is not None and [round(float(x), 9) for x in found.amounts] == [1, 1]
    assert max(abs(float(value)) for row in found.targets for value in row) < 1e-6


def test_numbers_beyond_doubles_give_no_proposal() -> None:
    assert propose_duals(LossValues(PROBLEM), [Piece((0, 0), [(10**400, 0)] * 2, (1, 0))], 1, False) is None
