"""Petzka and Sminchisescu 2021: a hidden unit is split into two, and the function that is computed does not change."""

from __future__ import annotations

from exactsurf.errors import InputError
from exactsurf.exact.number import Exact, exact
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.arguments import check_problem


def split_unit(problem: Problem, parameters: Parameters, layer: int, unit: int, share: Exact) -> tuple[Problem, Parameters]:
    """The network with a copy of one unit: λ of its outgoing weights goes to the copy (appended), 1 − λ stays.

    Parameters: `layer` from 1, `unit` from 0, `share` λ, any rational. Returns: the wider problem and its parameters.
    Exactness: exact; the function that is computed does not change, and critical points stay critical.
    Raises: `InputError` for a layer or unit that does not exist, errors of `exact`.
    Source: papers.md, section 4 (Petzka and Sminchisescu, the embedding γ_λ).

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([5, 4, 3, 1, -1], [2, 1, 0, -3, 3]))
    >>> wide, theta = split_unit(problem, problem.parameters(W1=[[1]], b1=[-3], W2=[[1]], b2=[0]), 1, 0, "1/3")
    >>> theta, wide.risk(theta)
    (Parameters(W1=[[1], [1]], b1=[-3, -3], W2=[['2/3', '1/3']], b2=[0]), Fraction(9, 1))
    """
    check_problem(problem)
    network, value = problem.network, exact(share, "share")
    problem.check_shapes(parameters)
    if not 1 <= layer < network.layers or not 0 <= unit < network.widths[layer]:
        raise InputError(f"{network!r} has no unit {unit} in hidden layer {layer}", fix="layers count from 1, units from 0")
    widths = [width + (k == layer) for k, width in enumerate(network.widths)]
    weights, biases = list(parameters.weights), list(parameters.biases)
    weights[layer - 1] = (*weights[layer - 1], weights[layer - 1][unit])
    weights[layer] = tuple(
        (*((1 - value) * v if j == unit else v for j, v in enumerate(row)), value * row[unit]) for row in weights[layer]
    )
    shift = biases[layer - 1]
    biases[layer - 1] = None if shift is None else (*shift, shift[unit])
    wide = Problem(Network(widths, network.activation, biases=network.biases), problem.data, problem.loss)
    return wide, Parameters(tuple(weights), tuple(biases))
