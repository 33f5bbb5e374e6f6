"""Venturi, Bandeira and Bruna, "Spurious Valleys in One-hidden-layer Neural Network Optimization Landscapes", JMLR 2019.

The abstract was read: finite intrinsic dimension and enough units exclude spurious valleys. For the risk of a finite sample
the statement is proved in proofs/venturi_2019, and the dimension is a rank.
"""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations_with_replacement
from math import prod
from typing import Any

from exactsurf.certificate.claims.spurious_valley import SpuriousValley
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import HypothesisError, InputError, UnsupportedError
from exactsurf.exact.balls import Ball
from exactsurf.exact.linear_algebra import Matrix, Vector, dot, rank
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.surface.paths import certify_spurious_valley
from exactsurf.surface.surface import Landscape, landscape
from exactsurf.surface.valley_list import certify_all_valleys
from exactsurf.theorems.arguments import check_problem
from exactsurf.theorems.constructions.risk_floor import has_small_landscape
from exactsurf.theorems.data_conditions import short
from exactsurf.theorems.hypotheses import ONE_HIDDEN_LAYER
from exactsurf.theorems.references import VENTURI_2019
from exactsurf.theorems.smooth_conditions import BITS, has_full_row_rank
from exactsurf.theorems.theorem import Check, Hypothesis, SharpnessExample, Theorem

_MAX_CELLS, _DRAWS = 20_000, 12


def feature_table(problem: Problem) -> Matrix:
    """A matrix whose column space is spanned by the features (h(w·x̃_i))_i of all hidden units, w arbitrary.

    Parameters: a `problem` with one hidden layer. Row i has the coordinates of w ↦ h(w·x̃_i) in linearly independent functions
    of w: the entries of w, the constant, and |n·w − t|, one for every hyperplane on which some sample changes its piece.
    Exactness: exact. Raises: `UnsupportedError` for other depths. Source: proofs/venturi_2019.
    """
    if problem.network.layers != 2:
        raise UnsupportedError(f"the features are those of one hidden layer; this is {problem.network!r}")
    h, bias = problem.network.activation, problem.network.biases[0]
    # h(z) = z (first slope + last slope)/2 + constant + Σ_k (jump of the slope at t_k)/2 · |z − t_k|
    linear = (h.slopes[0] + h.slopes[-1]) / 2
    jumps = [(t, (right - left) / 2) for t, left, right in zip(h.breakpoints, h.slopes, h.slopes[1:], strict=False)]
    constant = h.value_at_0 - sum((jump * abs(t) for t, jump in jumps), Fraction(0))
    places: dict[tuple[Vector, Fraction], int] = {}
    rows: list[tuple[list[Fraction], dict[int, Fraction]]] = []
    for x in problem.data.x:
        point = (*x, Fraction(1)) if bias else x
        lead = next((value for value in point if value), None)
        if lead is None:
            rows.append(([*(Fraction(0) for _ in point), h.value_at_0], {}))
            continue
        normal = tuple(value / lead for value in point)
        kinks = {places.setdefault((normal, t / lead), len(places)): jump * abs(lead) for t, jump in jumps}
        rows.append(([*(linear * value for value in point), constant], kinks))
    return tuple((*smooth, *(kinks.get(k, Fraction(0)) for k in range(len(places)))) for smooth, kinks in rows)


def intrinsic_dimension(problem: Problem) -> int:
    """The dimension of what hidden units can compute on the samples, modulo constants if the output layer has a bias.

    Parameters: a `problem` with one hidden layer. Exactness: exact, a rank. Raises: `UnsupportedError` for other depths.
    Source: Venturi, Bandeira and Bruna 2019 (upper intrinsic dimension, here of the empirical law); proofs/venturi_2019.

    >>> import exactsurf as es
    >>> intrinsic_dimension(es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    3
    """
    table = feature_table(problem)
    if not problem.network.biases[1]:
        return rank(table)
    return rank([(*row, Fraction(1)) for row in table]) - 1


def spurious_valley(problem: Problem) -> SpuriousValley:
    """The lowest spurious valley of a problem, with its barrier, as a certificate that the verifier accepted.

    Parameters: `problem`, as for `landscape`. Exactness: exact. Raises: `HypothesisError` if there is no spurious valley,
    otherwise as `landscape`. Source: theory.md, theorem B.

    >>> import exactsurf as es
    >>> found = spurious_valley(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> str(found.level), str(found.problem.risk(found.points[0]))
    ('11/8', '3/4')
    """
    check_problem(problem)
    land = landscape(problem, workers=1, max_cells=_MAX_CELLS)
    for valley in land.valleys:
        if valley.is_spurious and valley.parameters is not None:
            return certify_spurious_valley(land, valley.parameters)
    raise HypothesisError("spurious valley", "no valley with a lowest point is spurious")


def surveyed(problem: Problem) -> Landscape | Verdict:
    """The landscape of a problem, or why it is not asked for (UNDECIDED). Exactness: exact. Raises: nothing."""
    if not has_small_landscape(problem):
        return Verdict(Status.UNDECIDED, "the landscape is large, or that of a network with other than one hidden layer")
    try:
        return landscape(problem, workers=1, max_cells=_MAX_CELLS)
    except (UnsupportedError, InputError) as error:
        return Verdict(Status.UNDECIDED, str(error))


def _conclude(problem: Problem, _: Parameters | None, __: Parameters | None) -> Verdict:
    if not problem.network.is_piecewise_linear:
        return Verdict(Status.UNDECIDED, "the whole surface is known for piecewise linear activations only")
    land = surveyed(problem)
    if isinstance(land, Verdict):
        return land
    best = land.global_minimum
    spurious = [valley for valley in land.valleys if valley.is_spurious and valley.is_attained]
    try:
        if spurious:
            bottom, risk = spurious[0].parameters, spurious[0].risk
            assert bottom is not None and spurious[0].barrier is not None
            rises = certify_spurious_valley(land, bottom)
            reason = f"a spurious valley: risk {short(risk)} behind a barrier of {short(spurious[0].barrier)}"
            return Verdict(Status.REFUTED, f"{reason}; the lowest risk is {short(best.risk)}", rises, best.parameters, risk)
        if not all(valley.is_attained for valley in land.valleys):
            return Verdict(Status.UNDECIDED, "the lowest risk of some valley is only approached")
        listed = certify_all_valleys(land)
    except (UnsupportedError, InputError) as error:
        return Verdict(Status.UNDECIDED, f"the verifier was given no certificate: {error}")
    return Verdict(Status.PROVED, f"every valley reaches the lowest risk, {short(best.risk)}", listed, risk=best.risk)


def _enough_units(problem: Problem) -> Check:
    if problem.network.layers != 2:
        return None, "the features are those of one hidden layer", ()
    if not problem.network.is_piecewise_linear:
        return _enough_smooth_units(problem)
    found, width = intrinsic_dimension(problem), problem.network.widths[1]
    return width >= found, f"{width} units, intrinsic dimension {found}", (width, found)


def _enough_smooth_units(problem: Problem) -> Check:
    """The dimension is at most the number of different inputs; that it is larger than the width is shown by features in balls."""
    width, bias, output_bias = problem.network.widths[1], *problem.network.biases
    inputs = list(dict.fromkeys((*x, Fraction(1)) if bias else x for x in problem.data.x))
    most = len(inputs) - output_bias
    if width >= most:
        return True, f"{width} units, {len(inputs)} different inputs: the intrinsic dimension is at most {most}", (width, most)
    degree, h = problem.network.activation.degree, problem.network.activation
    if degree is not None and h.is_analytic and h.enclosure(Fraction(1)).sign in (1, -1):
        # h(z) = c zⁿ, and the powers (w·x)ⁿ span all forms of degree n.
        forms = [[prod(chosen, start=Fraction(1)) for chosen in combinations_with_replacement(x, degree)] for x in inputs]
        found = rank([[*row, Fraction(1)] for row in forms]) - 1 if output_bias else rank(forms)
        return width >= found, f"{width} units, intrinsic dimension {found} (forms of degree {degree})", (width, found)
    source = random.Random(0)
    for _ in range(_DRAWS):
        weights = [[Fraction(source.randint(-8, 8), 4) for _ in inputs[0]] for _ in range(width + 1)]
        columns = [[h.enclosure(dot(w, x), BITS) for x in inputs] for w in weights]
        columns += [[Ball(Fraction(1))] * len(inputs)] if output_bias else []
        if has_full_row_rank(columns):
            return False, f"{width} units, and {width + 1} independent features", (width, tuple(map(tuple, weights)))
    return None, "no features that are independent by balls were found", ()


def _examples() -> tuple[SharpnessExample, ...]:
    data = Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    title = "two units, intrinsic dimension 3: spurious valleys"
    return (SharpnessExample("units", title, Problem(Network([1, 2, 1]), data)),)


def _construct(problem: Problem, **options: Any) -> SpuriousValley:
    return spurious_valley(problem, **options)


no_spurious_valleys = Theorem(
    key="venturi_2019.no_spurious_valleys",
    title="As many units as the intrinsic dimension leave no spurious valley",
    statement=(
        r"A spurious valley is a connected component of a sublevel set that contains no global minimum. One hidden layer, a "
        r"convex loss, and at least as many hidden units as $\dim \mathrm{span}\{x \mapsto h(w \cdot x) : w\}$: the risk has no "
        r"spurious valley. (Here for the risk of a finite sample, where the dimension is the rank of a matrix.)"
    ),
    reference=VENTURI_2019,
    hypotheses=(
        ONE_HIDDEN_LAYER,
        Hypothesis("units", "at least as many hidden units as the intrinsic dimension", _enough_units),
    ),
    construct=_construct,
    conclude=_conclude,
    examples=_examples,
    is_about_smooth=True,
    remarks=(
        "The abstract was read; for a finite sample the statement is proved in proofs/venturi_2019, for every convex loss "
        "whose minimum over affine images of the features is attained (all losses of exactsurf). construct gives the spurious "
        "valley of a problem that has one, with a certificate. The converse (infinite intrinsic dimension: some law of the data "
        "has spurious valleys) and the statement that valleys are low with high probability are about laws and are not "
        "decided on an instance. Any continuous activation is taken; for smooth ones the hypothesis is decided (forms for "
        "powers, independent features by balls), and the conclusion is not."
    ),
)
