"""Pesme and Flammarion, "Saddle-to-Saddle Dynamics in Diagonal Linear Networks", NeurIPS 2023: the critical points.

The abstract was read; what is stated here is proved in proofs/pesme_2023.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from math import prod

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import HypothesisError
from exactsurf.exact.linear_algebra import Vector, dot, least_squares
from exactsurf.minima.decide import decide
from exactsurf.minima.local.directional import selected_gradient
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.activation import linear
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.model.restriction import Restriction
from exactsurf.model.restrictions import diagonal
from exactsurf.theorems.hypotheses import WHOLE_DIFFERENTIABLE_LOSS
from exactsurf.theorems.network_conditions import differentiable_loss, linear_network
from exactsurf.theorems.outcome import nothing_claimed
from exactsurf.theorems.references import PESME_2023
from exactsurf.theorems.restricted_conditions import critical_among_free, of_restricted, of_whole, same_subspace
from exactsurf.theorems.theorem import ABOUT_CRITICAL_POINTS, Check, Hypothesis, PointHypothesis, SharpnessExample, Theorem

__all__ = ["critical_values", "depth_of", "predictor", "saddles"]

_MOST_INPUTS = 12


def depth_of(restriction: Restriction, *, shared: bool = False) -> int | NotProved:
    """The depth L of a diagonal linear network f(x) = Σ_j w_j^(1) ⋯ w_j^(L) x_j, if a restriction is one, else why not.

    Parameters: `restriction`; `shared`, whether all layers are to have the same weights, and not each its own.
    Exactness: exact. Raises: nothing. Source: `es.diagonal`.

    >>> import exactsurf as es
    >>> depth_of(es.diagonal(3)), depth_of(es.diagonal(2, 4, shared=True), shared=True)
    (2, 4)
    >>> depth_of(es.residual(1, 1)).reason
    'the restriction is not that of a diagonal network with free weights in every layer'
    """
    network = restriction.network
    inputs, layers = network.widths[0], network.layers
    is_chain = layers > 1 and network == Network([*[inputs] * layers, 1], linear, biases=False)
    if is_chain and same_subspace(restriction, diagonal(inputs, layers, shared=shared)):
        return layers
    return NotProved("the restriction is not that of a diagonal network with free weights in every layer")


def predictor(parameters: Parameters) -> Vector:
    """The row β of the linear predictor β·x that a diagonal network is: β_j is the product of the weights at j.

    Exactness: exact. Raises: nothing. Source: the definition.

    >>> import exactsurf as es
    >>> [str(value) for value in predictor(es.diagonal(2).at([2, 3, "1/2", -1]))]
    ['1', '-3']
    """
    *below, last = parameters.weights
    return tuple(prod([rows[j][j] for rows in below], start=value) for j, value in enumerate(last[0]))


def critical_values(problem: RestrictedProblem) -> tuple[Fraction, ...]:
    """The risks of all critical points of a diagonal network of depth 2: one for each set of coordinates, the different ones.

    Parameters: `problem`, squared loss, at most 12 inputs. Exactness: exact. Raises: `HypothesisError` for other problems.
    Source: proofs/pesme_2023; at most 2^inputs least squares.

    >>> import exactsurf as es
    >>> problem = es.RestrictedProblem(es.diagonal(2), es.Data.from_arrays([[1, 1], [0, 1]], [3, 1]))
    >>> [str(value) for value in critical_values(problem)]
    ['5', '1/2', '1', '0']
    """
    inner, size = problem.unrestricted, problem.restriction.network.widths[0]
    if depth_of(problem.restriction) != 2 or not inner.is_least_squares or size > _MOST_INPUTS:
        fix = f"take es.diagonal of depth 2 on at most {_MOST_INPUTS} inputs, the squared loss and samples of equal weights"
        raise HypothesisError("setting", "the critical values are known for another setting", fix)
    goal, found = [y for (y,) in inner.data.y], dict[Fraction, None]()
    for count in range(size + 1):
        for places in combinations(range(size), count):
            columns = [[x[j] for j in places] for x in inner.data.x]
            row = least_squares(columns, goal) if places else ()
            misfit = [dot(row, x) - y for x, y in zip(columns, goal, strict=True)]
            found[inner.common_scale * dot(misfit, misfit)] = None
    return tuple(found)


def _is_diagonal(problem: RestrictedProblem) -> Check:
    found = depth_of(problem.restriction)
    if isinstance(found, NotProved):
        return False, found.reason, ()
    return True, f"a diagonal network of depth {found} with free weights", (found,)


def _slopes(problem: RestrictedProblem, row: Vector) -> Vector:
    """The derivatives of the loss by the row β."""
    inner = problem.unrestricted
    one = Problem(Network([len(row), 1], linear, biases=False), inner.data, inner.loss)
    return selected_gradient(Point(one, one.parameters(W1=[row]))).weights[0][0]


def _conclude(problem: RestrictedProblem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    """A global minimum if the predictor is one among all linear predictors, else no local minimum."""
    assert parameters is not None
    for check in (of_whole(linear_network), of_whole(differentiable_loss), of_restricted(_is_some_diagonal)):
        holds, witness, _data = check(problem)
        if not holds:
            return Verdict(Status.UNDECIDED, witness)
    critical, witness, _data = critical_among_free(problem, parameters)
    if critical is None:
        return Verdict(Status.UNDECIDED, witness)
    if not critical:
        return nothing_claimed(Verdict(Status.UNDECIDED, ""), f"nothing is claimed about this point: {witness}")
    is_best = not any(_slopes(problem, predictor(parameters)))
    verdict = decide(problem, parameters, spurious=False)
    if is_best:
        if verdict.status is Status.PROVED:
            return replace(verdict, reason="a global minimum: no linear predictor has a lower risk")
        return Verdict(Status.UNDECIDED, f"no linear predictor does better, but no rule certifies the point: {verdict.reason}")
    if verdict.status is Status.REFUTED:
        return replace(verdict, status=Status.PROVED, reason=f"no local minimum: {verdict.reason}")
    if verdict.status is Status.PROVED:
        why = "a local minimum, and some linear predictor has a lower risk"
        return replace(verdict, status=Status.REFUTED, reason=why)
    return verdict


def _is_some_diagonal(problem: RestrictedProblem) -> Check:
    own, shared = depth_of(problem.restriction), depth_of(problem.restriction, shared=True)
    if isinstance(own, NotProved) and isinstance(shared, NotProved):
        return False, own.reason, ()
    return True, "a diagonal network", ()


def shared_weights() -> tuple[RestrictedProblem, Parameters]:
    """f(x) = w² x on x = 1, y = −1: w = 0 is a local minimum of risk ½, and −x fits.

    Exactness: exact. Source: proofs/pesme_2023.

    >>> import exactsurf as es
    >>> problem, point = shared_weights()
    >>> problem.risk(point), es.decide(problem, point).status
    (Fraction(1, 2), <Status.PROVED: 'PROVED'>)
    """
    problem = RestrictedProblem(diagonal(1, shared=True), Data.from_arrays([1], [-1]))
    return problem, problem.parameters(w_0=0)


def _examples() -> tuple[SharpnessExample, ...]:
    problem, point = shared_weights()
    return (SharpnessExample("diagonal", "both layers have the same weights: squares are not negative", problem, point),)


saddles = Theorem(
    key="pesme_2023.saddles",
    title="Diagonal linear networks: critical points are global minima or saddles, least on a set of coordinates",
    statement=(
        r"Let $f(x) = \sum_j u_j v_j x_j$ with free $u$, $v$ and a convex differentiable loss $L(\beta)$, $\beta = u \odot v$. A "
        r"critical point is a global minimum or a saddle, and $\beta$ is least among all rows that are $0$ where $\beta$ is."
    ),
    reference=PESME_2023,
    hypotheses=(
        Hypothesis("activation", "no activation, h(z) = z", of_whole(linear_network), True),
        WHOLE_DIFFERENTIABLE_LOSS,
        Hypothesis("diagonal", "a diagonal network with free weights in every layer", of_restricted(_is_diagonal)),
        PointHypothesis("critical", "the derivatives by the free weights are 0", of_restricted(critical_among_free)),
    ),
    construct=critical_values,
    conclude=_conclude,
    examples=_examples,
    without_example=(("critical", ABOUT_CRITICAL_POINTS),),
    has_restriction=True,
    remarks=(
        "The abstract was read: the flow visits saddles, each the minimiser of the loss on an active set. The statement is "
        "recalled, and proved here for every depth. construct(problem) gives the risks of all critical points for depth 2."
    ),
)
