"""Porcupine networks with several units on a line: where those used both ways span, local minima are global.

Feizi et al. (2018) tell regions of weights where bad local optima may exist from those where there are none. The statement here
is ours: it holds for every law of the inputs, and is decided on samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import lcm

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import InputError
from exactsurf.exact.cone_least_squares import ConeLeastSquares
from exactsurf.exact.linear_algebra import Vector, dot, rank
from exactsurf.exact.number import to_text
from exactsurf.minima.decide import decide
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.model.restrictions import restriction
from exactsurf.theorems.data_conditions import short
from exactsurf.theorems.hypotheses import NO_BIASES, ONE_HIDDEN_LAYER, ONE_OUTPUT, RELU, SQUARED_LOSS
from exactsurf.theorems.network_conditions import hidden_layers, no_biases, one_output, relu_activation, squared_loss
from exactsurf.theorems.outcome import NothingClaimed
from exactsurf.theorems.references import FEIZI_2018
from exactsurf.theorems.theorem import Check, PointHypothesis, SharpnessExample, Theorem

_MAX_SINGLE = 12
_ONE_LAYER = NotProved("the family has one hidden layer")


@dataclass(frozen=True)
class UnitsOnLines:
    """The units of a point by the lines that their weights span.

    Attributes: `directions`, one vector u for every line; `units`, for every unit the index of its line and its length t: its
    weights are t·u. Exactness: exact. Source: proofs/feizi_2018.
    """

    directions: tuple[Vector, ...]
    units: tuple[tuple[int, Fraction], ...]

    @property
    def one_sided(self) -> tuple[int, ...]:
        """The lines of which only one direction is used."""
        used = {(line, length > 0) for line, length in self.units}
        return tuple(line for line in range(len(self.directions)) if len({(line, True), (line, False)} & used) < 2)

    @property
    def beyond(self) -> tuple[int, ...]:
        """The lines that are no linear combinations of those of which both directions are used."""
        both = [u for line, u in enumerate(self.directions) if line not in self.one_sided]
        known = rank(both) if both else 0
        return tuple(line for line in self.one_sided if rank([*both, self.directions[line]]) > known)


def units_on_lines(parameters: Parameters) -> UnitsOnLines | NotProved:
    """The lines of the hidden units, if all output weights are 1 and no unit has weight 0; else why not.

    Parameters: `parameters` of a network with one hidden layer and one output. Exactness: exact. Raises: nothing.
    Source: proofs/feizi_2018.

    >>> found = units_on_lines(Parameters((((Fraction(1),), (Fraction(-2),)), ((Fraction(1),) * 2,)), (None, None)))
    >>> [(line, str(length)) for line, length in found.units], found.one_sided
    ([(0, '1'), (0, '-2')], ())
    """
    first, last = parameters.weights
    for j, v in enumerate(last[0]):
        if v != 1:
            return NotProved(f"the output weight of unit {j} is {v}, not 1")
    directions: list[Vector] = []
    units = []
    for j, row in enumerate(first):
        if not any(row):
            return NotProved(f"unit {j} has weight 0, which lies on every line")
        line = next((k for k, u in enumerate(directions) if rank([u, row]) < 2), len(directions))
        if line == len(directions):
            directions.append(row)
        place = next(p for p, value in enumerate(row) if value)
        units.append((line, row[place] / directions[line][place]))
    return UnitsOnLines(tuple(directions), tuple(units))


def _on_lines(problem: Problem, parameters: Parameters) -> Check:
    if problem.network.layers != 2:
        return None, _ONE_LAYER.reason, ()
    found = units_on_lines(parameters)
    if isinstance(found, NotProved):
        # A weight 0 lies on every line: whether this is the family depends on which one is meant.
        return (None if all(v == 1 for v in parameters.weights[-1][0]) else False), found.reason, ()
    return True, f"{len(found.units)} units on {len(found.directions)} lines, with output weights 1", found.directions


def _both_directions(problem: Problem, parameters: Parameters) -> Check:
    found = units_on_lines(parameters) if problem.network.layers == 2 else _ONE_LAYER
    if isinstance(found, NotProved):
        return None, found.reason, ()
    if found.beyond:
        which = f"all units on the line of {_text(found.directions[found.beyond[0]])} look one way"
        spanned = len(found.one_sided) < len(found.directions)
        return False, f"{which}, and it is not in the span of the other lines" if spanned else which, found.beyond
    if found.one_sided:
        return True, "the lines on which some unit looks one way and some the other span all lines", found.one_sided
    return True, "on every line some unit looks one way and some the other", ()


def _is_minimum(problem: Problem, parameters: Parameters) -> Check:
    """All derivatives by the lengths are 0: near the point the family is linear in them, so the risk is convex."""
    found = units_on_lines(parameters) if problem.network.layers == 2 else _ONE_LAYER
    if isinstance(found, NotProved):
        return None, found.reason, ()
    if not problem.is_least_squares:
        return None, "the loss is not the squared loss", ()
    residuals = [f - y for (f,), (y,) in zip(_predictions(problem, parameters), problem.data.y, strict=True)]
    for j, (line, length) in enumerate(found.units):
        slope = dot(residuals, _ray(problem.data, found.directions[line], length > 0))
        if slope:
            return False, f"the derivative by the length of unit {j} is not 0", (j, slope)
    return True, "all derivatives by the lengths are 0", ()


def _predictions(problem: Problem, parameters: Parameters) -> list[tuple[Fraction, ...]]:
    return list(zip(*(output.fractions() for output in problem.forward(parameters).outputs), strict=True))


def _ray(data: Data, direction: Vector, positive: bool) -> Vector:
    return tuple(max(Fraction(0), dot(direction, x) if positive else -dot(direction, x)) for x in data.x)


def best_on_the_lines(problem: Problem, parameters: Parameters) -> Parameters:
    """A point of least risk among those whose units stay on their lines, with output weights 1.

    A line with several units has both directions to offer, a line with one unit one of them: cone least squares for every choice.
    Parameters: a ReLU `problem` with the squared loss; `parameters`, which name the lines. Exactness: exact.
    Raises: `InputError` where the parameters are not on lines. Source: proofs/feizi_2018.
    """
    found = units_on_lines(parameters)
    if isinstance(found, NotProved):
        raise InputError(found.reason, fix="give units with weights that are not 0, and output weights 1")
    count, data = len(found.directions), problem.data
    members = [[j for j, (line, _) in enumerate(found.units) if line == k] for k in range(count)]
    rays = [_ray(data, u, positive) for u in found.directions for positive in (True, False)]
    goal = [y for (y,) in data.y]
    scale = lcm(*(value.denominator for row in (*rays, goal) for value in row))
    used = [p for p, ray in enumerate(rays) if any(ray)]
    cones = ConeLeastSquares([[int(v * scale) for v in rays[p]] for p in used], [int(v * scale) for v in goal])
    choices = [((0, 1),) if len(units) > 1 else ((0,), (1,)) for units in members]
    fits = []
    for choice in product(*choices):
        allowed = {2 * k + side for k, sides in enumerate(choice) for side in sides}
        fits.append(cones.minimum(sum(1 << b for b, p in enumerate(used) if p in allowed)))
    best = min(fits, key=lambda fit: fit.value)
    rows = [(Fraction(0),) * len(found.directions[0])] * len(found.units)
    for b, value in best.coefficients.items():
        line, side = divmod(used[b], 2)
        units = members[line]
        rows[units[side] if len(units) > 1 else units[0]] = tuple((1 - 2 * side) * value * u for u in found.directions[line])
    return problem.parameters(W1=[list(row) for row in rows], W2=[[1] * len(rows)])


def _conclude(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    """Whether the point, if it is a local minimum of the family, is a global one of it."""
    assert parameters is not None
    for check in (hidden_layers(1, 1), relu_activation, no_biases, one_output, squared_loss):
        holds, witness, _data = check(problem)
        if not holds:
            return Verdict(Status.UNDECIDED, witness)
    minimum, witness, _data = _is_minimum(problem, parameters)
    risk = problem.rational_risk(parameters)
    if minimum is None:
        return Verdict(Status.UNDECIDED, witness, risk=risk)
    if not minimum:
        return NothingClaimed(Status.PROVED, f"the conclusion is about local minima of the family: {witness}", risk=risk)
    found = units_on_lines(parameters)
    if isinstance(found, NotProved) or len(found.directions) > _MAX_SINGLE:
        return Verdict(Status.UNDECIDED, f"more than {_MAX_SINGLE} lines", risk=risk)
    best = best_on_the_lines(problem, parameters)
    least = problem.rational_risk(best)
    certificate = decide(held_on_lines(problem, found), parameters, lower=[best] if least < risk else []).certificate
    if least < risk:
        return Verdict(
            Status.REFUTED, f"the least risk on these lines is {short(least)}, less than {short(risk)}", certificate, best, risk
        )
    return Verdict(Status.PROVED, f"no point on these lines has a lower risk than {short(risk)}", certificate, risk=risk)


def held_on_lines(problem: Problem, found: UnitsOnLines) -> RestrictedProblem:
    """The family of a point as a restricted problem: free lengths t0, t1, …, directions and output weights as they are.

    Parameters: the `problem`; what `units_on_lines` says of the point. Exactness: exact. Raises: nothing.
    Source: proofs/feizi_2018.
    """
    weights = [[f"{to_text(u)}*t{j}" for u in found.directions[line]] for j, (line, _) in enumerate(found.units)]
    return RestrictedProblem.of(restriction(problem.network, W1=weights, W2=[[1] * len(found.units)]), problem)


def _text(row: Vector) -> str:
    return f"({', '.join(map(short, row))})"


def matched_sample() -> tuple[Problem, Parameters, Parameters]:
    """Three samples of a degree-one teacher, and on its own lines a local minimum of the family that is not global.

    Returns: the problem, the local minimum (risk 8/5) and the teacher (risk 0).
    Exactness: exact. Raises: nothing. Source: found by search among small integers; proofs/feizi_2018.

    >>> problem, local, teacher = matched_sample()
    >>> problem.risk(local), problem.risk(teacher)
    (Fraction(8, 5), Fraction(0, 1))
    >>> from exactsurf.papers.feizi_2018 import porcupine_optimum
    >>> found = porcupine_optimum(problem.data, [[2, -1], [2, -2]], ["4/3", "-11/5"])
    >>> found.is_local_minimum, found.is_global_minimum, found.best
    (True, False, (Fraction(-2, 1), Fraction(1, 1)))
    """
    problem = Problem(Network([2, 2, 1], biases=False), Data.from_arrays([[-2, 0], [-2, -1], [2, -2]], [8, 6, 8]))
    local = problem.parameters(W1=[["8/3", "-4/3"], ["-22/5", "22/5"]], W2=[[1, 1]])
    return problem, local, problem.parameters(W1=[[-4, 2], [2, -2]], W2=[[1, 1]])


def _examples() -> tuple[SharpnessExample, ...]:
    problem, local, _ = matched_sample()
    title = "one unit on each of two lines; the teacher looks the other way"
    return (SharpnessExample("both directions", title, problem, local),)


SETTING = (ONE_HIDDEN_LAYER, RELU, NO_BIASES, ONE_OUTPUT, SQUARED_LOSS)

non_degenerate = Theorem(
    key="feizi_2018.non_degenerate",
    title="Hidden weights on lines, both ways used on lines that span: local minima are global",
    statement=(
        r"For $f(x) = \sum_j [w_j \cdot x]_+$ with every $w_j \neq 0$ held on its line, let the lines on which some unit looks "
        r"one way and some the other span all lines. Then a local minimum of $\frac12\mathbb{E}(f(x) - y)^2$ in the family is a "
        r"global one, for every law of the samples."
    ),
    reference=FEIZI_2018,
    hypotheses=(
        *SETTING,
        PointHypothesis("lines", "no unit has weight 0, and all output weights are 1", _on_lines),
        PointHypothesis(
            "both directions", "the lines on which some unit looks one way and some the other span all lines", _both_directions
        ),
        PointHypothesis("minimum", "the point is a local minimum of the family", _is_minimum),
    ),
    construct=best_on_the_lines,
    conclude=_conclude,
    examples=_examples,
    without_example=(
        ("lines", "the family is that of units on lines"),
        ("minimum", "the conclusion is about local minima of the family: at other points it claims nothing"),
    ),
    remarks=(
        "Ours, after the distinction of the paper, of which the abstract was read; proofs/feizi_2018. Where the conclusion fails "
        "a point of lower risk on the same lines is given, and the certificate says that the point is a spurious local minimum "
        "of the risk restricted to them."
    ),
)
