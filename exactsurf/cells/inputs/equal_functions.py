"""Whether two points of parameter space are the same function: on data, or of all inputs."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsurf.cells.inputs.affine_network import constants, outputs_on, pieces_at
from exactsurf.cells.inputs.input_tree import InputRegion, input_tree
from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.equal_functions import EqualFunctions
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.effort import AnyEffort, Effort, keeps_effort, look
from exactsurf.exact.linear_algebra import Vector, dot
from exactsurf.exact.number import to_text
from exactsurf.exact.simplest import simplest_between
from exactsurf.model.needed_problem import piecewise_linear_network
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters, check_parameters
from exactsurf.model.problem import Problem


@keeps_effort()
def equal_functions(
    problem: Problem | Network, parameters: Parameters, other: Parameters, *, effort: AnyEffort = None
) -> Verdict:
    """Whether a network computes the same at two points: on the data of a problem, or, for a network, on all inputs.

    Over all inputs: on each of the finitely many regions on which the network is affine at both points, two affine functions
    are compared; together these regions are dense, and both functions are continuous.

    Parameters: `problem`, or a network alone; `parameters` and `other` of it; `effort`, which bounds the time.
    Returns: PROVED, or REFUTED with the certificate of an input (its `witness`) on which the outputs differ.
    Exactness: exact. Raises: `InputError` for smooth activations, `ShapeError` for parameters of another network, `OutOfTime`.
    Source: proofs/claims/equal_functions.md.

    >>> import exactsurf as es
    >>> network = es.Network([1, 2, 1])
    >>> theta = es.Parameters(W1=[[1], [1]], b1=[0, -1], W2=[[1, -1]], b2=[0])
    >>> other = es.Parameters(W1=[["1/2"], [-1]], b1=[0, 1], W2=[[2, -1]], b2=[0])
    >>> es.equal_functions(network, theta, other)
    Verdict(REFUTED: the outputs differ at the input (-1): 0 and -2)
    >>> turned = es.Parameters(W1=[[-1], [-3]], b1=[1, 0], W2=[[-1, "1/3"]], b2=[1])
    >>> es.equal_functions(network, theta, turned).status
    <Status.PROVED: 'PROVED'>
    """
    running = Effort.of(effort)
    network = piecewise_linear_network(problem, "equal_functions")
    for point in (parameters, other):
        check_parameters(network, point)
    if isinstance(problem, Problem):
        inputs = problem.data.x
        for x in inputs:
            look("outputs are compared")
            if outputs_at(network, parameters, x) != outputs_at(network, other, x):
                return _differ(network, parameters, other, x)
        same = EqualFunctions(network, parameters, other, inputs=inputs)
        return Verdict(Status.PROVED, f"the outputs are equal on all {len(inputs)} samples", confirmed(same))
    tree = input_tree([(network, parameters), (network, other)], running)
    for region in tree.regions:
        if region.outputs[0] != region.outputs[1]:
            return _differ(network, parameters, other, _different_input(region))
    same = EqualFunctions(network, parameters, other, tree=tree.entries)
    return Verdict(Status.PROVED, f"the outputs are equal on all {len(tree.regions)} regions of inputs", confirmed(same))


def outputs_at(network: Network, parameters: Parameters, x: Sequence[Fraction]) -> Vector:
    """The outputs on one input.

    Parameters: `x`, n₀ numbers. Exactness: exact. Raises: nothing for what fits. Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> outputs_at(es.Network([1, 1, 1]), es.Parameters(W1=[[1]], b1=[1], W2=[[3]], b2=[0]), [Fraction(1)])
    (Fraction(6, 1),)
    """
    pieces, _ = pieces_at(network, parameters, x)
    return tuple(value for (value,) in outputs_on(network, parameters, pieces, constants(x))[-1])


def _different_input(region: InputRegion) -> Vector:
    """An input of the region at which two affine functions differ that are not the same, of short numbers."""
    first, second = next(pair for pair in zip(*region.outputs, strict=True) if pair[0] != pair[1])
    gap = tuple(a - b for a, b in zip(first, second, strict=True))
    x = list(region.witness)
    if not dot(gap[:-1], x) + gap[-1]:
        k = next(k for k, slope in enumerate(gap[:-1]) if slope)
        x[k] += _room(region, x, k, 1) / 2
    for k in range(len(x)):
        old, x[k] = x[k], _simplest(x[k] - _room(region, x, k, -1) / 2, x[k] + _room(region, x, k, 1) / 2)
        if not dot(gap[:-1], x) + gap[-1]:
            x[k] = old
    return tuple(x)


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    if low > 0:
        return simplest_between(low, high)
    return -simplest_between(-high, -low) if high < 0 else Fraction(0)


def _room(region: InputRegion, x: Sequence[Fraction], k: int, sign: int) -> Fraction:
    """How far one input may move before it leaves the region, at most 2."""
    rows = [row for row in region.inequalities if row[k] * sign < 0]
    return min([Fraction(2), *((dot(row[:-1], x) + row[-1]) / abs(row[k]) for row in rows)])


def _differ(network: Network, parameters: Parameters, other: Parameters, x: Vector) -> Verdict:
    here, there = (", ".join(map(to_text, outputs_at(network, point, x))) for point in (parameters, other))
    place = ", ".join(map(to_text, x))
    reason = f"the outputs differ at the input ({place}): {here} and {there}"
    return Verdict(Status.REFUTED, reason, confirmed(EqualFunctions(network, parameters, other, witness=x)))
