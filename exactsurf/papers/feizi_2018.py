"""Feizi, Javadi, Zhang and Tse, "Porcupine Neural Networks", 2018: hidden weights on finitely many lines.

The abstract was read: most local optima are global. Its statements are about the population risk on normal inputs, which
`porcupine_population` and `porcupine_minima` decide pattern by pattern, with certificates. Decided here is the degree-one family
on a finite sample, f(x) = Σ_j relu(t_j u_j·x) with one length t_j for every line u_j.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from math import lcm

from exactsurf.certificate.claims.restricted_point import RestrictedPoint
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import InputError, InternalError, ShapeError
from exactsurf.exact.cone_least_squares import ConeLeastSquares
from exactsurf.exact.linear_algebra import Vector, rank
from exactsurf.exact.number import Exact, to_text
from exactsurf.minima.decide import decide
from exactsurf.model.activation import relu
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.model.restrictions import restriction
from exactsurf.papers.feizi_lines import SETTING, UnitsOnLines, best_on_the_lines, matched_sample, non_degenerate, units_on_lines
from exactsurf.papers.feizi_population import PorcupineMinima, opposite_pattern, porcupine_minima, porcupine_population
from exactsurf.theorems.arguments import number_list, number_table
from exactsurf.theorems.references import FEIZI_2018
from exactsurf.theorems.theorem import Check, PointHypothesis, Theorem

__all__ = [
    "PorcupineMinima",
    "PorcupineOptimum",
    "UnitsOnLines",
    "best_on_the_lines",
    "matched_sample",
    "non_degenerate",
    "on_lines",
    "opposite_pattern",
    "porcupine",
    "porcupine_minima",
    "porcupine_optimum",
    "porcupine_population",
    "units_on_lines",
]

_MAX_LINES = 12


@dataclass(frozen=True)
class PorcupineOptimum:
    """A point of the degree-one family: `lengths`, its `risk`, `is_local_minimum` and `is_global_minimum` of the family.

    `best` are lengths of least risk in the family, of `least` risk. All risks are ½ Σ (f − y)².
    `restricted`, the family as a restricted problem; `certificate` of a local minimum of its risk, a spurious one or none,
    accepted by the verifier (None where none was found in time).
    Exactness: decided exactly, about the family alone. Source: proofs/feizi_2018.
    """

    lengths: Vector
    risk: Fraction
    is_local_minimum: bool
    is_global_minimum: bool
    best: Vector
    least: Fraction
    restricted: RestrictedProblem
    certificate: RestrictedPoint | None


def porcupine_optimum(data: Data, lines: Sequence[Sequence[Exact]], lengths: Sequence[Exact]) -> PorcupineOptimum:
    """Whether lengths on given lines are a local and a global minimum of the degree-one family, with the squared risk.

    On an orthant of lengths the family is linear, so the risk is convex there: a point is a local minimum if and only if all
    one-sided derivatives in the lengths are ≥ 0, and the global minimum is the best of 2^k cone least squares problems.
    Parameters: `data` with one target; `lines` u_j, no two of them parallel, at most 12; `lengths` t_j.
    Exactness: exact. Raises: `InputError` for parallel, zero or too many lines, `ShapeError`, errors of `exact`.
    Source: proofs/feizi_2018.

    >>> import exactsurf as es
    >>> found = porcupine_optimum(es.Data.from_arrays([1, -1], [1, 2]), [[1]], [1])
    >>> found.is_local_minimum, found.is_global_minimum, found.risk, found.best, found.least
    (True, False, Fraction(2, 1), (Fraction(-2, 1),), Fraction(1, 2))
    """
    rows, point = _lines(data, lines), tuple(number_list(lengths, "the lengths"))
    if len(point) != len(rows):
        raise ShapeError("the lengths", (len(rows),), (len(point),))
    rays = {(j, sign): _ray(data, u, sign) for j, u in enumerate(rows) for sign in (1, -1)}
    goal = [y for (y,) in data.y]
    residual = [-y for y in goal]
    for j, t in enumerate(point):
        residual = [r + abs(t) * value for r, value in zip(residual, rays[j, 1 if t > 0 else -1], strict=True)]
    slopes = {place: sum((r * v for r, v in zip(residual, ray, strict=True)), Fraction(0)) for place, ray in rays.items()}
    local = all(slopes[j, 1 if t > 0 else -1] == 0 if t else min(slopes[j, 1], slopes[j, -1]) >= 0 for j, t in enumerate(point))
    risk = sum((r * r for r in residual), Fraction(0)) / 2
    best, least = _best(rays, goal, len(rows))
    family = on_lines(data, rows)
    lower = [family.restriction.at(best)] if local and least < risk else []
    verdict = decide(family, family.restriction.at(point), lower=lower)
    certificate = verdict.certificate
    if (verdict.status is Status.PROVED) != local and verdict.status is not Status.UNDECIDED:
        raise InternalError("the one-sided derivatives by the lengths and the decision on the restriction differ")
    assert certificate is None or isinstance(certificate, RestrictedPoint)
    return PorcupineOptimum(point, risk, local, risk == least, best, least, family, certificate)


def on_lines(data: Data, lines: Sequence[Sequence[Exact]]) -> RestrictedProblem:
    """The degree-one family on a sample as a restricted problem: unit j has the weights t_j u_j and the output weight 1.

    Parameters: as those of `porcupine_optimum`; the free parameters are called t0, t1, …. Exactness: exact.
    Raises: as there. Source: proofs/feizi_2018.

    >>> import exactsurf as es
    >>> on_lines(es.Data.from_arrays([[1, 0], [0, 1]], [1, 2]), [[1, 0], [1, -1]]).restriction.expressions()
    {'W1': [['t0', '0'], ['t1', '-t1']], 'W2': [['1', '1']]}
    """
    rows = _lines(data, lines)
    network = Network([data.inputs.columns, len(rows), 1], relu, biases=False)
    weights = [[f"{to_text(u)}*t{j}" for u in row] for j, row in enumerate(rows)]
    return RestrictedProblem(restriction(network, W1=weights, W2=[[1] * len(rows)]), data)


def _lines(data: Data, lines: Sequence[Sequence[Exact]]) -> tuple[Vector, ...]:
    if not isinstance(data, Data):
        raise InputError("not data", text=repr(data), fix="build them with es.Data.from_arrays(x, y)")
    rows = tuple(map(tuple, number_table(lines, "the lines")))
    if data.targets.columns != 1:
        raise ShapeError("the table of targets", (len(data), 1), (len(data), data.targets.columns))
    if any(len(row) != data.inputs.columns for row in rows):
        raise ShapeError("the lines", (len(rows), data.inputs.columns), (len(rows), max(map(len, rows))))
    if not rows or len(rows) > _MAX_LINES or not all(map(any, rows)):
        raise InputError(f"from 1 to {_MAX_LINES} lines, none of them 0", text=f"{len(rows)} lines")
    for j, k in combinations(range(len(rows)), 2):
        if rank([rows[j], rows[k]]) < 2:
            raise InputError(f"lines {j} and {k} are parallel", fix="give every line once")
    return rows


def _ray(data: Data, line: Vector, sign: int) -> Vector:
    """relu(±u·x_i) on all samples."""
    values = (sign * sum((u * v for u, v in zip(line, x, strict=True)), Fraction(0)) for x in data.x)
    return tuple(max(value, Fraction(0)) for value in values)


def _best(rays: dict[tuple[int, int], Vector], goal: Sequence[Fraction], count: int) -> tuple[Vector, Fraction]:
    """The least risk over all orthants, and lengths that have it."""
    scale = lcm(*(value.denominator for row in (*rays.values(), goal) for value in row))
    used = [place for place, ray in rays.items() if any(ray)]
    columns = [[int(value * scale) for value in rays[place]] for place in used]
    problem = ConeLeastSquares(columns, [int(value * scale) for value in goal])
    found: tuple[Vector, Fraction] | None = None
    for signs in product((1, -1), repeat=count):
        mask = sum(1 << k for k, (j, sign) in enumerate(used) if signs[j] == sign)
        fit = problem.minimum(mask)
        risk = fit.value / scale**2 / 2
        if found is None or risk < found[1]:
            chosen = {used[k][0]: used[k][1] * value for k, value in fit.coefficients.items()}
            found = tuple(chosen.get(j, Fraction(0)) for j in range(count)), risk
    assert found is not None
    return found


def _on_lines(problem: Problem, parameters: Parameters) -> Check:
    """Output weights 1, hidden weights not 0 and pairwise not parallel: every unit has a line of its own."""
    if problem.network.layers != 2:
        return None, "the family has one hidden layer", ()
    first, second = parameters.weights
    for j, v in enumerate(second[0]):
        if v != 1:
            return False, f"the output weight of unit {j} is {v}, not 1", (j, v)
    for j, row in enumerate(first):
        if not any(row):
            return None, f"unit {j} has weight 0, which lies on every line", (j,)
    for j, k in combinations(range(len(first)), 2):
        if rank([first[j], first[k]]) < 2:
            return False, f"units {j} and {k} lie on one line", (j, k)
    return True, "every unit has a line of its own, and output weight 1", first


def _conclude(problem: Problem, _: Parameters | None, __: Parameters | None) -> Verdict:
    return Verdict(
        Status.UNDECIDED,
        "'most' is about a law on the problems; "
        "porcupine_minima(lines, teachers) decides all its local minima, with certificates, and porcupine_optimum(data, lines, "
        "lengths) those of the family on a finite sample",
    )


def _construct(problem: Problem, lines: Sequence[Sequence[Exact]]) -> PorcupineOptimum:
    """The global minimum of the family on the problem's samples."""
    return porcupine_optimum(problem.data, lines, porcupine_optimum(problem.data, lines, [0] * len(lines)).best)


porcupine = Theorem(
    key="feizi_2018.porcupine",
    title="Hidden weights on finitely many lines: most local optima are global",
    statement=(
        r"For two-layer ReLU networks $\sum_j [w_j \cdot x]_+$ whose weight vectors are constrained to finitely many lines, "
        r"most local optima of the population risk on normal inputs are global optima; the regions where bad local optima "
        r"may exist are characterised."
    ),
    reference=FEIZI_2018,
    hypotheses=(
        *SETTING,
        PointHypothesis("lines", "every unit has a line of its own, and output weight 1", _on_lines),
    ),
    construct=_construct,
    conclude=_conclude,
    without_example=(("lines", "the conclusion is about the population risk and is not decided on samples"),),
    remarks=(
        "The abstract was read; its theorems are recalled too uncertainly to state. 'Most' is about a law. On a finite sample "
        "the degree-one family is decided exactly: porcupine_optimum; three samples of a teacher on the same two lines have a "
        "local minimum of the family that is not global (matched_sample), certified as one of a restricted risk. "
        "construct(problem, lines) gives the global minimum of the family."
    ),
)
