"""Boursier and Flammarion, "Early Alignment in Two-layer Networks Training is a Two-edged Sword", JMLR 2025."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from exactsurf.cells.extremal_vectors import ExtremalVectors, extremal_vectors
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import HypothesisError, InputError, UnsupportedError
from exactsurf.exact.linear_algebra import Vector, dot, least_squares
from exactsurf.minima.decide import decide
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.arguments import check_problem
from exactsurf.theorems.data_conditions import short
from exactsurf.theorems.hypotheses import NO_OUTPUT_BIAS, ONE_HIDDEN_LAYER, ONE_OUTPUT, SQUARED_LOSS
from exactsurf.theorems.network_conditions import hidden_layers, one_output, relu_activation, squared_loss
from exactsurf.theorems.references import BOURSIER_2025
from exactsurf.theorems.theorem import Check, Hypothesis, SharpnessExample, Theorem


@dataclass(frozen=True)
class Collapse:
    """Where training may stop after all units aligned in one direction: the best linear fit, shared by all units.

    Attributes: `vectors`, all extremal vectors at zero; `weights`, the least squares solution w* on the x̃_i; `parameters`, every
    unit with incoming weights w* and output weight 1/m; `risk` there.
    Exactness: exact. Source: Boursier and Flammarion 2025; proofs/boursier_2025.
    """

    vectors: ExtremalVectors
    weights: Vector
    parameters: Parameters
    risk: Fraction


def _extended(problem: Problem) -> list[Vector]:
    return [(*x, Fraction(1)) if problem.network.biases[0] else tuple(x) for x in problem.data.x]


def _linear_fit(problem: Problem) -> Vector:
    return least_squares(_extended(problem), [y for (y,) in problem.data.y])


def collapse(problem: Problem) -> Collapse:
    """The extremal vectors of a problem, and the point at which all units share the best linear fit.

    Parameters: a `problem` with one hidden ReLU layer, one output and squared loss. Exactness: exact.
    Raises: `HypothesisError` if the best linear fit is not positive on all samples, so that ReLU units do not share it; as
    `extremal_vectors`. Source: Boursier and Flammarion 2025; proofs/boursier_2025.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays(["-3/4", "-1/2", "1/8"], ["11/10", "1/10", "4/5"])
    >>> found = es.papers.boursier_2025.collapse(es.Problem(es.Network([1, 4, 1], biases=[True, False]), data))
    >>> len(found.vectors.vectors), str(found.risk)
    (1, '256/975')
    """
    check_problem(problem)
    for check in (hidden_layers(1, 1), one_output, squared_loss, relu_activation):
        holds, witness, _ = check(problem)
        if not holds:
            raise UnsupportedError(witness, "take one hidden ReLU layer, one output and the squared loss")
    fit = _linear_fit(problem)
    if any(dot(fit, row) <= 0 for row in _extended(problem)):
        raise HypothesisError("regression", "the best linear fit is not positive on all samples", "take other data")
    units = problem.network.widths[1]
    has_bias, share = problem.network.biases, Fraction(1, units)
    named = {"W1": [fit[: problem.network.widths[0]]] * units, "W2": [[share] * units]}
    named |= {"b1": [fit[-1]] * units} if has_bias[0] else {}
    named |= {"b2": [Fraction(0)]} if has_bias[1] else {}
    parameters = problem.parameters(**named)
    return Collapse(extremal_vectors(problem), fit, parameters, problem.rational_risk(parameters))


def _one(problem: Problem) -> Check:
    if not hidden_layers(1, 1)(problem)[0] or not one_output(problem)[0]:
        return None, "extremal vectors are those of one hidden layer and one output", ()
    found = extremal_vectors(problem)
    only = len(found.vectors) == 1 and found.vectors[0].sign == 1 and len(found.vectors[0].active) == len(problem.data)
    told = "; ".join(f"({', '.join(map(short, one.vector))}), active on {len(one.active)}" for one in found.vectors[:4])
    return only, f"{len(found.vectors)} extremal vectors: {told}" if found.vectors else "no extremal vector", (found,)


def _positive(problem: Problem) -> Check:
    if not one_output(problem)[0]:
        return None, "the fit is that of one output", ()
    fit = _linear_fit(problem)
    low = next((i for i, row in enumerate(_extended(problem)) if dot(fit, row) <= 0), None)
    if low is not None:
        return False, f"the best linear fit is not positive on sample {low}", (fit,)
    return True, f"the best linear fit ({', '.join(map(short, fit))}) is positive on all samples", (fit,)


def _misfit(problem: Problem) -> Check:
    if not one_output(problem)[0]:
        return None, "the fit is that of one output", ()
    fit = _linear_fit(problem)
    missed = next((i for i, row in enumerate(_extended(problem)) if dot(fit, row) != problem.data.y[i][0]), None)
    return missed is not None, "it fits" if missed is None else f"it misses the target of sample {missed}", (missed,)


def _conclude(problem: Problem, _: Parameters | None, __: Parameters | None) -> Verdict:
    try:
        found = collapse(problem)
    except (HypothesisError, UnsupportedError, InputError) as error:
        return Verdict(Status.UNDECIDED, str(error))
    verdict = decide(problem, found.parameters, spurious=True)
    if verdict.status is Status.PROVED and verdict.lower_point is None:
        if found.risk == 0:
            return replace(verdict, status=Status.REFUTED, reason="the best linear fit is a global minimum: it fits the data")
        return Verdict(Status.UNDECIDED, verdict.reason, risk=found.risk)
    return verdict


def _examples() -> tuple[SharpnessExample, ...]:
    problem = Problem(Network([1, 2, 1], biases=[True, False]), Data.from_arrays([0, 1], [1, 2]))
    return (SharpnessExample("misfit", "two samples on a line: the shared linear fit is a global minimum", problem),)


spurious_collapse = Theorem(
    key="boursier_2025.spurious_collapse",
    title="Where early alignment leaves one direction, the best linear fit traps all units",
    statement=(
        r"One hidden ReLU layer of any width, one output without bias, the squared loss. Let there be one extremal vector, "
        r"active on all samples, and let the best linear fit $w^*$ on the $\tilde x_i$ be positive on all of them and miss a "
        r"target. Units that start small align with the one direction, and the point at which they share $w^*$ is a spurious "
        r"stationary point, however many they are."
    ),
    reference=BOURSIER_2025,
    hypotheses=(
        ONE_HIDDEN_LAYER,
        ONE_OUTPUT,
        Hypothesis("relu", "ReLU units", relu_activation, setting=True),
        SQUARED_LOSS,
        NO_OUTPUT_BIAS,
        Hypothesis("one", "one extremal vector, active on all samples", _one),
        Hypothesis("regression", "the best linear fit is positive on all samples", _positive),
        Hypothesis("misfit", "the best linear fit misses a target", _misfit),
    ),
    construct=collapse,
    conclude=_conclude,
    examples=_examples,
    without_example=(
        ("one", "it says where training goes, which is not decided; the point is a local minimum without it"),
        ("regression", "ReLU units share the linear fit only where it is positive on all samples"),
    ),
    remarks=(
        "The abstract and the data of the experiment were read; its three samples give one extremal vector (−31/40, 2) and the "
        "risk 256/975. Decided are the extremal vectors and that the shared fit is a spurious local minimum; convergence of "
        "training to it is the paper's."
    ),
)
