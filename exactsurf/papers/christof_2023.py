"""Christof and Kowalczyk, "On the omnipresence of spurious local minima…", 2023: a continuum of spurious local minima."""

from __future__ import annotations

from exactsurf.cells.cell import cell_of
from exactsurf.certificate.verdict import Verdict
from exactsurf.exact.linear_algebra import rank
from exactsurf.model.activation import linear
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.papers.he_2020 import construct, infinitely_many
from exactsurf.theorems.constructions.affine_segment import affine_segment, lift_into_segment
from exactsurf.theorems.data_conditions import not_affine, short, target_is_function
from exactsurf.theorems.hypotheses import AFFINE_MINIMUM, BIASES_EVERYWHERE, ONE_OUTPUT, SOME_HIDDEN_LAYER
from exactsurf.theorems.network_conditions import (
    not_linear,
)
from exactsurf.theorems.references import CHRISTOF_2023
from exactsurf.theorems.theorem import Check, Hypothesis, SharpnessExample, Theorem


def continuum_dimension(problem: Problem, parameters: Parameters) -> int:
    """The dimension of the manifold of points near `parameters` with the same predictions, and so with the same risk.

    Parameters: `problem`; `parameters` in an open cell at which the predictions have maximal rank near the point (for
    the affine construction: rank d + 1). Exactness: exact: the number of parameters less the rank of the derivative of the
    predictions. Raises: `InputError` on a wall, `UnsupportedError` for outputs with too many terms.
    Source: papers.md, section 4 (Christof and Kowalczyk).

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    >>> continuum_dimension(problem, construct(problem).parameters)
    5
    """
    cell = cell_of(problem, parameters)
    point = cell.coordinates(parameters)
    return len(cell.names) - rank([output.gradient_at(point) for row in cell.outputs for output in row])


def _two_units(problem: Problem) -> Check:
    widths = problem.network.widths[1:-1]
    return min(widths, default=0) >= 2, f"hidden widths {', '.join(map(str, widths))}", widths


def _has_sloped_segment(problem: Problem) -> Check:
    h = problem.network.activation
    if problem.network.is_piecewise_linear:
        holds, witness, data = not_linear(problem)
        if holds and not any(h.slopes):
            return False, "every slope is 0", (h,)
        return holds, witness, data
    if h.is_analytic:
        return False, f"{h!r} is analytic: linear on an interval, it would be linear everywhere", (h,)
    found = affine_segment(h)
    if found is None:
        return None, f"no interval on which {h!r} is linear with a slope that is not 0 is known", (h,)
    return True, f"h(t) = {short(found[1])}·t for t near {short(found[0])}, and h is no polynomial", found


def _conclude(problem: Problem, parameters: Parameters | None, other: Parameters | None) -> Verdict:
    if problem.network.is_piecewise_linear:
        return infinitely_many.conclusion(problem)
    return lift_into_segment(problem)


def _examples() -> tuple[SharpnessExample, ...]:
    line, bent = Data.from_arrays([0, 1, 2], [0, 1, 2]), Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    zigzag = Data.from_arrays([0, 1, 2, 3], [-1, 3, 5, 9])
    twins = Data.from_arrays([0, 0, 1, 1], [0, 1, 0, 3])
    return (
        SharpnessExample("widths", "one unit: none of its hinges helps on this zigzag", Problem(Network([1, 1, 1]), zigzag)),
        SharpnessExample("function", "twins with different targets: their means are affine", Problem(Network([1, 2, 1]), twins)),
        SharpnessExample("not affine", "data on a line", Problem(Network([1, 2, 1]), line)),
        SharpnessExample("activation", "a linear activation", Problem(Network([1, 2, 1], linear), bent)),
    )


continuum = Theorem(
    key="christof_2023.continuum",
    title="A continuum of spurious local minima with the risk of the best affine function",
    statement=(
        r"One output, hidden widths at least 2, activations with an open interval of non-zero constant slope that are not "
        r"polynomial, a differentiable loss, a target that is not affine: there is a continuum of spurious local minima whose "
        r"value is the minimum over affine functions."
    ),
    reference=CHRISTOF_2023,
    hypotheses=(
        SOME_HIDDEN_LAYER,
        ONE_OUTPUT,
        *AFFINE_MINIMUM,
        BIASES_EVERYWHERE,
        Hypothesis("widths", "every hidden layer has at least two units", _two_units),
        Hypothesis("activation", "an interval of constant slope other than 0, and not polynomial", _has_sloped_segment),
        Hypothesis("not affine", "no affine model fits the data", not_affine),
        Hypothesis("function", "the target is a function of the inputs", target_is_function),
    ),
    construct=construct,
    conclude=_conclude,
    is_about_smooth=True,
    examples=_examples,
    without_example=(("attained", "the conclusion names the risk of a best affine model: without one nothing is claimed"),),
    remarks=(
        "The dimension of the continuum at a point: continuum_dimension(problem, parameters), number of parameters less d + 1 "
        "for the construction. The paper is for any differentiable loss and infinite data; recalled, not read. "
        "ELU and SELU are taken: the units work where h is linear (one hidden layer, squared loss). "
        "Differentiable losses by an expression: find_lifted_box(problem)."
    ),
)
