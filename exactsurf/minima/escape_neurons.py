"""Escape neurons: units with output weight 0 along which a stationary point can be left."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from exactsurf.errors import UnsupportedError
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.local.local_form import local_form
from exactsurf.minima.rules.dead_unit import nonzero_direction
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem


@dataclass(frozen=True)
class EscapeNeuron:
    """A hidden unit with output weight 0 whose φ(w) = Σ_i r_i h(w·x̃_i) changes to first order along `direction`.

    Attributes: `unit`, from 0; `direction` δ of its incoming weights (and bias); `slope`, the one-sided derivative of φ along
    δ, not 0. Moving w by εδ and v by a small number of the sign of −slope lowers the risk.
    Exactness: exact. Source: Wu, Simsek and Ged 2025; proofs/wu_2025.
    """

    unit: int
    direction: Vector
    slope: Fraction


def escape_neurons(problem: Problem, parameters: Parameters) -> tuple[EscapeNeuron, ...]:
    """The escape neurons at a point: at a stationary point it is a local minimum if and only if there are none.

    Parameters: a `problem` with one hidden layer, one output, a piecewise linear activation and a loss that is differentiable
    at the predictions; exact `parameters`. Returns: one for every unit that is one, with a direction.
    Exactness: exact: the local form of a unit is zero or it is not. Raises: `UnsupportedError` for other problems,
    `ShapeError`. Source: Wu, Simsek and Ged 2025, abstract; proofs/wu_2025; proofs/rules/unitwise.md, lemma 3.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    >>> theta = problem.parameters(W1=[["1/2"], [1]], b1=[1, -3], W2=[[1, 0]], b2=[-1])
    >>> [(one.unit, str(one.slope)) for one in es.escape_neurons(problem, theta)]
    [(1, '-5/4')]
    """
    check_piecewise_linear(problem, "escape_neurons")
    problem.check_no_decay()
    if problem.network.layers != 2 or problem.network.widths[-1] != 1:
        raise UnsupportedError("escape neurons are those of one hidden layer and one output", f"this is {problem.network!r}")
    problem.check_shapes(parameters)
    point = Point(problem, parameters)
    ((low, high),) = point.subdifferentials
    if low.fractions() != high.fractions():
        raise UnsupportedError("the loss has a kink at a prediction", "take a differentiable loss")
    found = []
    for unit, (z, weight) in enumerate(zip(point.forward.pre_activations[0], parameters.weights[1][0], strict=True)):
        if weight:
            continue
        form = local_form(problem, z, low)
        if not form.is_zero:
            direction = nonzero_direction(form)
            found.append(EscapeNeuron(unit, direction, form(direction)))
    return tuple(found)
