"""He, Wang and Tao, "Piecewise linear activations substantially shape the loss surfaces of neural networks", ICLR 2020.

The abstract was read, not the body: the hypotheses below are those under which the statements were proved here (proofs/
he_2020), in the abstract's order. What holds in a cell is in `he_cells`.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import HypothesisError, InputError, UnsupportedError
from exactsurf.model.activation import linear
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.papers.he_cells import equivalence_classes, global_in_the_cell, linear_collapse, multilinear_partition
from exactsurf.papers.he_family import AffineFamily, affine_families
from exactsurf.papers.he_valleys import one_valley
from exactsurf.papers.yun_2019 import SpuriousMinimum, of_lift
from exactsurf.surface.minimum_classes import MinimumClass, QuotientSpace, quotient_in_cell, quotient_of_surface
from exactsurf.theorems.arguments import check_problem
from exactsurf.theorems.constructions.affine_lift import lift_affine_minimum
from exactsurf.theorems.constructions.affine_minimum import affine_minimum, check_has_affine_minimum
from exactsurf.theorems.constructions.affine_network import check_room, find_anchor
from exactsurf.theorems.constructions.lifted_box import lifted_box_of
from exactsurf.theorems.constructions.risk_floor import affine_fit_is_optimal, risk_floor
from exactsurf.theorems.data_conditions import distinct_inputs, not_affine
from exactsurf.theorems.hypotheses import AFFINE_MINIMUM, BIASES_EVERYWHERE, SOME_HIDDEN_LAYER
from exactsurf.theorems.network_conditions import (
    not_linear,
    wider_than_output,
)
from exactsurf.theorems.references import HE_2020
from exactsurf.theorems.theorem import Hypothesis, SharpnessExample, Theorem

__all__ = [
    "AffineFamily",
    "MinimumClass",
    "QuotientSpace",
    "affine_families",
    "construct",
    "construct_inequivalent",
    "equivalence_classes",
    "global_in_the_cell",
    "infinitely_many",
    "linear_collapse",
    "multilinear_partition",
    "one_valley",
    "quotient_in_cell",
    "quotient_of_surface",
]


def construct(
    problem: Problem,
    *,
    family: AffineFamily | None = None,
    floors: tuple[Fraction, ...] | None = None,
    scale: Fraction | None = None,
    idle: Fraction | None = None,
    note: Callable[[str], None] | None = None,
) -> SpuriousMinimum:
    """A certified spurious local minimum at any depth, for any piecewise linear activation and any number of outputs.

    Parameters: `problem` with a convex loss by pieces; `family` from `affine_families` (by default the first), and its free
    parameters `floors`, `scale`, `idle` from the intervals of the family; `note` is told the stages.
    Returns: a `SpuriousMinimum`, PROVED only after the verifier has accepted the certificate's bytes.
    Exactness: exact.
    Raises: `HypothesisError` if a hypothesis of the construction fails (with its witness), `InputError` for a free parameter
    outside its interval, `UnsupportedError` for losses by expression. Source: papers.md, section 2; proofs/he_2020.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2, 2, 1], "hard_tanh"), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    >>> found = construct(problem, scale=Fraction(1, 100))
    >>> found.verdict.status, found.risk, found.lower_risk
    (<Status.PROVED: 'PROVED'>, Fraction(3, 4), Fraction(2, 3))
    """
    check_problem(problem)
    tell = note or (lambda _: None)
    check_has_affine_minimum(problem)
    anchor = find_anchor(problem.network.activation)
    chosen = family if family is not None else next(affine_families(problem))
    assert anchor is not None
    best = affine_minimum(problem)
    if best.is_perfect:
        exact = "an affine model fits the data exactly"
        other = "the best affine model has the least loss on every sample"
        raise HypothesisError("A1", exact if problem.is_least_squares else other, "the affine point is a global minimum")
    check_room(problem, with_hinge=True)
    report = infinitely_many.check(problem)
    found = lift_affine_minimum(problem, best, anchor, chosen.point(floors, scale, idle), note=tell)
    if problem.is_least_squares and found.parameters is None:
        raise HypothesisError(
            "A2", "the affine fit is the mean of the targets at every distinct input", "no function does better"
        )
    return of_lift(problem, report, found)


def construct_inequivalent(problem: Problem, limit: int = 4) -> list[SpuriousMinimum]:
    """Certified spurious local minima in different cells, which no permutation and no rescaling of units maps to each other.

    Parameters: as `construct`; at most `limit` of them. Exactness: exact. Raises: as `construct`.
    Source: papers.md, section 2.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 3, 1], "hard_tanh"), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    >>> len({found.parameters for found in construct_inequivalent(problem)})
    3
    """
    check_problem(problem)
    found: list[SpuriousMinimum] = []
    for family in affine_families(problem):
        if len(found) == limit:
            break
        found.append(construct(problem, family=family))
    return found


def _conclude(problem: Problem, _: Parameters | None, __: Parameters | None) -> Verdict:
    if not problem.is_least_squares:
        try:
            return construct(problem).verdict if problem.loss.is_piecewise_quadratic else lifted_box_of(problem).verdict
        except (HypothesisError, InputError, UnsupportedError) as error:
            return Verdict(Status.UNDECIDED, str(error))
    floor, why = risk_floor(problem)
    fit = problem.data.affine_fit
    if problem.risk_of(fit.predictions) <= floor:
        return Verdict(Status.REFUTED, f"no local minimum with the risk of affine least squares is spurious: {why}")
    try:
        return construct(problem).verdict
    except (HypothesisError, InputError) as error:
        optimal = affine_fit_is_optimal(problem)
        if optimal is None:
            return Verdict(Status.UNDECIDED, str(error))
        return Verdict(Status.REFUTED, f"no local minimum with the risk of affine least squares is spurious: {optimal}")


def _examples() -> tuple[SharpnessExample, ...]:
    line = Data.from_arrays([0, 1, 2], [0, 1, 2])
    twins = Data.from_arrays([0, 0, 1, 1], [0, 1, 0, 3])
    bent = Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    zigzag = Data.from_arrays([0, 1, 2, 3], [-1, 3, 5, 9])
    deep = Network([1, 2, 2, 1])
    return (
        SharpnessExample("A1", "data on a line: the affine points are global minima", Problem(deep, line)),
        SharpnessExample("A2", "twins with different targets: their means are affine", Problem(deep, twins)),
        SharpnessExample("A3", "one unit: none of its hinges helps on this zigzag", Problem(Network([1, 1, 1]), zigzag)),
        SharpnessExample("A4", "a linear activation", Problem(Network([1, 2, 2, 1], linear), bent)),
    )


infinitely_many = Theorem(
    key="he_2020.infinitely_many",
    title="Infinitely many spurious local minima, at any depth and for any piecewise linear activation",
    statement=(
        r"Let the data not be fitted by an affine model (A1), the inputs be distinct (A2), every hidden layer be wider than "
        r"the output layer (A3) and the activation be continuous piecewise linear with a turning point (A4). Then the risk "
        r"has infinitely many spurious local minima, connected within a cell by paths of constant risk, whose risk is that of "
        r"the best affine model."
    ),
    reference=HE_2020,
    hypotheses=(
        Hypothesis("A1", "no affine model fits the data exactly", not_affine),
        Hypothesis("A2", "the inputs are distinct", distinct_inputs),
        Hypothesis("A3", "every hidden layer is wider than the output layer", wider_than_output),
        Hypothesis("A4", "the activation is piecewise linear and not linear", not_linear),
        SOME_HIDDEN_LAYER,
        *AFFINE_MINIMUM,
        BIASES_EVERYWHERE,
    ),
    construct=construct,
    conclude=_conclude,
    examples=_examples,
    without_example=(("attained", "the conclusion names the risk of a best affine model: without one nothing is claimed"),),
    remarks=(
        "The abstract says 'most loss functions in practice'; the affine minimiser must then exist (it does not for the "
        "logistic loss on separable data). It is computed for every convex loss by pieces, "
        "and enclosed for differentiable losses by an expression (find_lifted_box). "
        "Layer 1 of width d_y + 1 and further layers of width d_y suffice. The free "
        "parameters of the construction and their exact intervals: affine_families(problem)."
    ),
)
