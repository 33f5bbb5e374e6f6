"""SOSP-CHECK of Yun, Sra and Jadbabaie made exact: its three outputs beside the decision of exactsurf at the same point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import product
from typing import Literal

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.effort import AnyEffort, Effort, OutOfTime, look
from exactsurf.errors import HypothesisError, InternalError, UnsupportedError
from exactsurf.exact.bounded_system import FarkasVector, solve_bounded_system
from exactsurf.exact.copositivity import Sign, decide_form_on_cone
from exactsurf.exact.linear_algebra import Matrix, Vector, combination, dot, identity, kernel, rank, solve
from exactsurf.minima.decide import decide
from exactsurf.minima.local.coordinate_vector import single_entry, unit_direction
from exactsurf.minima.local.critical_faces import second_derivatives
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.senses.senses import aligned
from exactsurf.model.forward import ForwardPass
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem


class SospOutput(StrEnum):
    """The three outputs of the algorithm. Exactness: exact. Source: `sosp_check`."""

    LOCAL_MINIMUM = "local minimum"
    SOSP = "second-order stationary point"
    DESCENT = "descent direction"


@dataclass(frozen=True)
class FlatRays:
    """A boundary sample of a unit with a flat ray: `sides` are the signs of x̃·v on which the derivative along it is 0."""

    unit: int
    sample: int
    sides: tuple[int, ...]


@dataclass(frozen=True)
class QuadraticProgram:
    """One program: `signs` of the flat pairs (0 in the program with equalities only), and the form's sign on its cone.

    The paper's T1, T2, T3 are POSITIVE, NONNEGATIVE and NEGATIVE.
    """

    signs: tuple[int, ...]
    sign: Sign


@dataclass(frozen=True)
class SospCheck:
    """What SOSP-CHECK says at a point, and beside it what `decide` says there.

    Attributes: `output`, or UNDECIDED if the time was over; `direction`, for a descent direction (of first order, or of second
    order with derivative 0); `step`, the step of the algorithm that ended it; `boundary`, the numbers of boundary samples M_k;
    `flat`, all flat rays; `programs`; `decision`, the verdict of `decide`.
    Exactness: exact. Source: papers.md, section 3 (Yun, Sra and Jadbabaie 2019).
    """

    output: SospOutput | Literal[Status.UNDECIDED]
    step: str
    direction: Parameters | None
    boundary: tuple[int, ...]
    flat: tuple[FlatRays, ...]
    programs: tuple[QuadraticProgram, ...]
    decision: Verdict

    def rows(self) -> list[tuple[str, str, str]]:
        """(who, answer, reason) for both."""
        return [("SOSP-CHECK", self.output.value, self.step), ("decide", self.decision.status.value, self.decision.reason)]

    def __str__(self) -> str:
        return aligned(self.rows())


def sosp_check(problem: Problem, parameters: Parameters, *, effort: AnyEffort = None) -> SospCheck:
    """Run SOSP-CHECK in exact arithmetic, and `decide` at the same point.

    Each convex program for a unit's subgradients becomes a linear system, whose solution is unique; each test of two
    opposite rays becomes the sign of (s₊ − s₋) a_i; each quadratic program is decided exactly by copositivity.

    Parameters: exact `parameters` of a network with one hidden layer and an activation h_{s₊,s₋}, any number of outputs;
    `effort`, seconds (60) or an `Effort`, whose `programs` bound the 2^K quadratic programs.
    Returns: a `SospCheck`. Exactness: exact.
    Raises: `HypothesisError` if the loss is not twice differentiable at the predictions (A1), or the boundary samples of a
    unit are linearly dependent (A2 excludes it, unless all weights of the unit are 0); `UnsupportedError` for other networks
    and for more programs; `ShapeError`.
    Source: Yun, Sra and Jadbabaie, "Efficiently testing local optimality and escaping saddles for ReLU networks", ICLR 2019.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([-1, 0, 1, 2], [1, -2, 3, 1]))
    >>> answer = es.sosp_check(problem, problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0]))
    >>> answer.output, answer.decision.status
    (<SospOutput.LOCAL_MINIMUM: 'local minimum'>, <Status.PROVED: 'PROVED'>)
    """
    check_piecewise_linear(problem, "sosp_check")
    problem.check_no_decay()
    running = Effort.of(effort).started()
    run: _Run | None = None
    output: SospOutput | Literal[Status.UNDECIDED]
    direction: Parameters | None = None
    programs: tuple[QuadraticProgram, ...] = ()
    try:
        with running.governs():
            run = _Run(problem, parameters, running)
            output, step, direction = run.first_order()
            if output is not SospOutput.DESCENT:
                output, step, direction, programs = run.second_order()
    except OutOfTime as over:
        output, step = Status.UNDECIDED, str(over)
    counts, flat = ((), ()) if run is None else (tuple(map(len, run.boundary)), tuple(run.flat))
    return SospCheck(output, step, direction, counts, flat, programs, decide(problem, parameters, effort=running))


class _Run:
    """The quantities of the algorithm at one point, in the names of the paper."""

    def __init__(self, problem: Problem, parameters: Parameters, effort: Effort) -> None:
        slopes = problem.network.activation.two_slopes
        if problem.network.layers != 2 or slopes is None:
            raise UnsupportedError(
                f"SOSP-CHECK needs one hidden layer and an activation with two slopes, not {problem.network!r}",
                "stationarity(problem, parameters) takes any network",
            )
        self.problem, self.parameters, self.effort = problem, parameters, effort
        self.plus, self.minus = slopes
        point = Point(problem, parameters)
        self.forward: ForwardPass = point.forward
        if problem.right_outputs is not None:
            raise UnsupportedError(
                f"SOSP-CHECK is about losses of single outputs, not about the {problem.loss.title} loss of several classes",
                "stationarity(problem, parameters) takes any loss",
            )
        curvatures = second_derivatives(point)
        if isinstance(curvatures, NotProved) or point.kink is not None:
            reason = curvatures.reason if isinstance(curvatures, NotProved) else "the loss has a kink at a prediction"
            raise HypothesisError("A1: the loss is twice differentiable", reason)
        self.curvatures = curvatures
        self.residuals: list[Vector] = [low.fractions() for low, _ in point.subdifferentials]
        one = (Fraction(1),) if problem.network.biases[0] else ()
        self.points: list[Vector] = [(*row, *one) for row in problem.data.x]
        bias = parameters.biases[0]
        self.rows: list[Vector] = [
            (*row, *((bias[k],) if bias is not None else ())) for k, row in enumerate(parameters.weights[0])
        ]
        self.out: list[Vector] = list(zip(*parameters.weights[1], strict=True))
        self.boundary = [[i for i, value in enumerate(z.numerators) if value == 0] for z in self.forward.pre_activations[0]]
        self.flat: list[FlatRays] = []
        for k, chosen in enumerate(self.boundary):
            found = rank([self.points[i] for i in chosen]) if chosen else 0
            if found < len(chosen):
                raise HypothesisError(
                    "A2: the boundary samples of a unit are linearly independent",
                    f"unit {k}: rank {found} of {len(chosen)} samples {chosen}",
                )

    def weight(self, k: int, i: int) -> Fraction:
        """a_i = [W2]_kᵀ ∇ℓ_i."""
        return dot(self.out[k], [residual[i] for residual in self.residuals])

    def slope(self, k: int, i: int) -> Fraction:
        """h′ of unit k on a sample that is not on its boundary."""
        return self.plus if self.forward.pre_activations[0][k].numerators[i] > 0 else self.minus

    def first_order(self) -> tuple[SospOutput, str, Parameters | None]:
        """Steps 1 to 4: the output layer, each unit's subgradients, and the rays."""
        descent = SospOutput.DESCENT
        readings = [z.fractions() for z in self.forward.activations[0]]
        entries: dict[str, dict[tuple[int, ...], Fraction]] = {"W2": {}, "b2": {}}
        for k, residual in enumerate(self.residuals):
            look("the slopes of the output layer")
            entries["W2"].update({(k, j): -dot(residual, reading) for j, reading in enumerate(readings)})
            if self.problem.network.biases[1]:
                entries["b2"][(k,)] = -sum(residual, Fraction(0))
        if any(value for part in entries.values() for value in part.values()):
            return descent, "the gradient in the output layer is not 0", single_entry(self.problem, entries)
        for k, chosen in enumerate(self.boundary):
            direction = self._unit(k, chosen)
            if direction is not None:
                reason = "an extreme ray descends" if chosen else "the gradient is not 0"
                return descent, f"unit {k}: {reason}", unit_direction(self.problem, k, direction)
        return SospOutput.SOSP, "first order", None

    def _unit(self, k: int, chosen: list[int]) -> Vector | None:
        """A descent direction in the weights of unit k, or None; its flat rays are recorded."""
        size = len(self.rows[k])
        others = [(self.slope(k, i) * self.weight(k, i), self.points[i]) for i in range(len(self.points)) if i not in set(chosen)]
        gradient = [sum((c * x[p] for c, x in others), Fraction(0)) for p in range(size)]
        weights = {i: self.weight(k, i) for i in chosen}
        active = [i for i in chosen if weights[i]]
        low, high = min(self.plus, self.minus), max(self.plus, self.minus)
        vectors = [[weights[i] * value for value in self.points[i]] for i in active]
        answer = solve_bounded_system(vectors, [-value for value in gradient], [low] * len(active), [high] * len(active))
        if isinstance(answer, FarkasVector):
            return answer.values
        subgradient = dict(zip(active, answer.values, strict=True))
        for i, ray in zip(chosen, self.rays(k), strict=True):
            star = subgradient.get(i)
            if star is None:
                self.flat.append(FlatRays(k, i, (1, -1)))
                continue
            if (self.plus - self.minus) * weights[i] < 0:
                side = 1 if (self.plus - star) * weights[i] < 0 else -1
                return tuple(side * value for value in ray)
            sides = tuple(side for side, bound in ((1, self.plus), (-1, self.minus)) if star == bound)
            if sides:
                self.flat.append(FlatRays(k, i, sides))
        return None

    def rays(self, k: int) -> Matrix:
        """v̂_i in the span of the boundary samples, orthogonal to all but x̃_i, with x̃_i·v̂_i = 1."""
        points = [self.points[i] for i in self.boundary[k]]
        gram = [[dot(a, b) for b in points] for a in points]
        found = []
        for i in range(len(points)):
            weights = solve(gram, [Fraction(int(i == j)) for j in range(len(points))])
            found.append(combination(weights, points))
        return tuple(found)

    def second_order(self) -> tuple[SospOutput, str, Parameters | None, tuple[QuadraticProgram, ...]]:
        """Step 5: the programs, first the one with equalities only."""
        double = [n for n, pair in enumerate(self.flat) if len(pair.sides) == 2]
        if 2 ** len(double) > self.effort.programs:
            raise UnsupportedError(
                f"2^{len(double)} quadratic programs (at most {self.effort.programs})", "raise Effort(programs=…)"
            )
        rays = {(k, i): ray for k, chosen in enumerate(self.boundary) for i, ray in zip(chosen, self.rays(k), strict=True)}
        free = self._free_motions()
        cases: list[tuple[int, ...]] = [(0,) * len(self.flat)]
        if self.flat:
            cases += list(product(*(pair.sides for pair in self.flat)))
        programs: list[QuadraticProgram] = []
        for signs in cases:
            self.effort.check("quadratic programs of SOSP-CHECK")
            chosen = [(pair.unit, pair.sample, side) for pair, side in zip(self.flat, signs, strict=True) if side]
            moving = [unit_direction(self.problem, k, [side * value for value in rays[k, i]]) for k, i, side in chosen]
            sides = {(k, i): side for k, i, side in chosen}
            generators = [*free, *moving]
            form = self._form(generators, sides)
            axes = list(identity(len(generators)))
            answer = decide_form_on_cone(form, axes[: len(free)], axes[len(free) :])
            programs.append(QuadraticProgram(signs, answer.sign))
            if answer.sign is Sign.NEGATIVE:
                direction = self._combined(generators, answer.witness or ())
                return SospOutput.DESCENT, "a flat direction of negative curvature", direction, tuple(programs)
        if all(program.sign is Sign.POSITIVE for program in programs):
            return SospOutput.LOCAL_MINIMUM, "every quadratic program is positive definite", None, tuple(programs)
        return SospOutput.SOSP, "a quadratic program is only semidefinite", None, tuple(programs)

    def _free_motions(self) -> list[Parameters]:
        """A basis of the motions that keep all boundary samples on their walls, transverse to the scalings of the units."""
        problem, size = self.problem, len(self.rows[0])
        units: list[Parameters] = []
        constraints: list[list[Fraction]] = [[] for _ in self.rows]
        for k, chosen in enumerate(self.boundary):
            axes: Matrix = identity(size)
            for line in kernel([self.points[i] for i in chosen]) if chosen else axes:
                units.append(unit_direction(problem, k, line))
                for row, constraint in enumerate(constraints):
                    constraint.append(-dot(self.rows[k], line) if row == k else Fraction(0))
        for o in range(len(self.residuals)):
            for k in range(len(self.rows)):
                units.append(single_entry(problem, {"W2": {(o, k): Fraction(1)}}))
                for row, constraint in enumerate(constraints):
                    constraint.append(self.out[k][o] if row == k else Fraction(0))
            if problem.network.biases[1]:
                units.append(single_entry(problem, {"b2": {(o,): Fraction(1)}}))
                for constraint in constraints:
                    constraint.append(Fraction(0))
        return [self._combined(units, weights) for weights in kernel(constraints)]

    def _combined(self, motions: Sequence[Parameters], weights: Sequence[Fraction]) -> Parameters:
        if not motions:
            raise InternalError("a combination of no motions")
        total = motions[0].moved(motions[0], Fraction(-1))
        for motion, weight in zip(motions, weights, strict=True):
            total = total.moved(motion, weight) if weight else total
        return total

    def _form(self, motions: Sequence[Parameters], sides: dict[tuple[int, int], int]) -> Matrix:
        """ηᵀHη on the motions: Σ ∇ℓ·dY₂ twice, and Σ ‖dY₁‖² in the curvature of the loss, polarised."""
        size = len(motions)
        total = [[Fraction(0)] * size for _ in range(size)]
        for i, point in enumerate(self.points):
            images, outer, first = [], [], []
            for motion in motions:
                shift, lift = motion.biases[0], motion.biases[1]
                image = []
                for k, row in enumerate(motion.weights[0]):
                    slope = self._side(k, i, sides)
                    image.append(slope * dot((*row, *((shift[k],) if shift is not None else ())), point))
                images.append(image)
                outer.append([dot(column, [r[i] for r in self.residuals]) for column in zip(*motion.weights[1], strict=True)])
                first.append(
                    [
                        dot(row, [a[i] for a in self.forward.activations[0]])
                        + dot(weights, image)
                        + (lift[o] if lift is not None else 0)
                        for o, (row, weights) in enumerate(zip(motion.weights[1], self.parameters.weights[1], strict=True))
                    ]
                )
            for p in range(size):
                for q in range(size):
                    total[p][q] += dot(outer[p], images[q]) + dot(outer[q], images[p])
                    total[p][q] += sum(
                        (c[i] * a * b for c, a, b in zip(self.curvatures, first[p], first[q], strict=True)), Fraction(0)
                    )
        return tuple(map(tuple, total))

    def _side(self, k: int, i: int, sides: dict[tuple[int, int], int]) -> Fraction:
        if self.forward.pre_activations[0][k].numerators[i]:
            return self.slope(k, i)
        # Samples without a side stay on their wall, so that either slope will do.
        return self.plus if sides.get((k, i), 1) > 0 else self.minus
