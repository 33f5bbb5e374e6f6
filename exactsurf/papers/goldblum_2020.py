"""Goldblum et al., "Truth or Backpropaganda?", ICLR 2020: local minima of the affine model give local minima of the network."""

from __future__ import annotations

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import HypothesisError, UnsupportedError
from exactsurf.minima.decide import decide
from exactsurf.model.activation import piecewise_linear
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.papers.he_family import AffineFamily, affine_families
from exactsurf.theorems.arguments import check_problem
from exactsurf.theorems.constructions.affine_minimum import check_has_affine_minimum
from exactsurf.theorems.constructions.affine_network import list_anchors
from exactsurf.theorems.constructions.lifted_box import lifted_box_of
from exactsurf.theorems.constructions.risk_floor import affine_fit_is_out_of_reach
from exactsurf.theorems.hypotheses import AFFINE_MINIMUM, BIASES_EVERYWHERE, SOME_HIDDEN_LAYER
from exactsurf.theorems.network_conditions import reaches_any_rank
from exactsurf.theorems.references import GOLDBLUM_2020
from exactsurf.theorems.theorem import Check, Hypothesis, SharpnessExample, Theorem


def _has_sloped_piece(problem: Problem) -> Check:
    h = problem.network.activation
    anchors = list_anchors(h)
    if not anchors:
        return False, f"the activation is {h!r}", (h,)
    return True, f"the slope beside {anchors[0].point} is {anchors[0].slope}", (anchors[0],)


def construct(problem: Problem) -> tuple[Parameters, Verdict]:
    """The network that computes the best affine model, and the verdict that it is a local minimum.

    Parameters: `problem` with a convex loss by pieces, biases, hidden layers at least as wide as the output layer.
    Exactness: exact; the certificate was accepted by the verifier. Raises: `HypothesisError`, `UnsupportedError`.
    Source: papers.md, section 4 (Goldblum et al.), ML1.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    >>> construct(problem)[1].status, construct(problem)[1].risk
    (<Status.PROVED: 'PROVED'>, Fraction(3, 4))
    """
    check_problem(problem)
    check_has_affine_minimum(problem)
    family: AffineFamily = next(affine_families(problem))
    parameters = family.point()
    return parameters, decide(problem, parameters)


def _conclude(problem: Problem, _: Parameters | None, __: Parameters | None) -> Verdict:
    try:
        if not problem.loss.is_piecewise_quadratic:
            return lifted_box_of(problem).verdict
        return construct(problem)[1]
    except (HypothesisError, UnsupportedError) as error:
        beyond = affine_fit_is_out_of_reach(problem) if problem.is_least_squares else None
        if beyond is not None:
            return Verdict(Status.REFUTED, f"no point has the risk of the best affine model: {beyond}")
        return Verdict(Status.UNDECIDED, str(error))


def _examples() -> tuple[SharpnessExample, ...]:
    plane = Data.from_arrays([[0, 0], [1, 0], [0, 1]], [[0, 0], [1, 0], [0, 1]])
    constant = Network([1, 1, 1], piecewise_linear([], [0]))
    bent = Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    return (
        SharpnessExample("widths", "one unit, two outputs: the best affine map has rank 2", Problem(Network([2, 1, 2]), plane)),
        SharpnessExample("activation", "a constant activation: the network is constant", Problem(constant, bent)),
    )


affine_minima = Theorem(
    key="goldblum_2020.affine_minima",
    title="Every local minimum of the affine model gives local minima of the network",
    statement=(
        r"Let $s$ be the least layer width of a ReLU network. Every local minimiser $x \mapsto Ax + b$ of the risk over the "
        r"affine maps of rank at most $s$ yields local minima of the network with the same risk."
    ),
    reference=GOLDBLUM_2020,
    hypotheses=(
        SOME_HIDDEN_LAYER,
        *AFFINE_MINIMUM,
        BIASES_EVERYWHERE,
        Hypothesis("activation", "a breakpoint with a slope other than 0 on one side", _has_sloped_piece),
        Hypothesis("widths", "every hidden layer is at least as wide as the output (so the rank is free)", reaches_any_rank),
    ),
    construct=construct,
    conclude=_conclude,
    examples=_examples,
    without_example=(("attained", "the conclusion names the risk of a best affine model: without one nothing is claimed"),),
    remarks=(
        "The theorem is recalled, not read; what is built is proved by its certificate. With a bottleneck narrower than the "
        "output, the best affine map of that rank is irrational in general, and nothing is built."
    ),
)
