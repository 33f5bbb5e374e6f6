"""Claims about a local minimum that lies on walls, in a box (FORMAT.md, section 32)."""

from __future__ import annotations

from collections.abc import Sequence

from ..arithmetic.document import at
from ..arithmetic.effort import price
from ..arithmetic.effort import spend as spend_steps
from ..arithmetic.interval import Interval, enclose
from ..arithmetic.interval_matrix import bad_pivot
from ..arithmetic.rational import display
from ..network import read_parameters, vector_of
from ..risk_jet import Jet, derivatives_on, hessian_entry
from ..smooth_problem import SmoothProblem, read_smooth_problem
from ..submission import Submission, check_sentence, counted
from ..walls import Walls, check_shifted, read_shifted, read_walls
from .critical_box import check_contraction, check_lower_point, check_risk, read_bits, read_held, spend

ENDINGS = {"local minimum on walls": "", "spurious local minimum on walls": ", and it is spurious"}


def check_minimum_on_walls(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    kind, done, root = submission.kind, submission.done, submission.root
    format_field, claim, problem_field, parameters_field, evidence = root.fields(
        "format", "claim", "problem", "parameters", "evidence"
    )
    submission.check_second_format(format_field)
    _, sentence_field, radius_field, held_field, shifted_field, walls_field, risk_field = claim.fields(
        "kind", "sentence", "radius", "held", "shifted", "walls", "risk"
    )
    spurious = kind.startswith("spurious")
    bits_field, multipliers_field, inverse_field, weight_field, *lower_field = evidence.fields(
        "bits", "multipliers", "inverse", "weight", *(["lower_point"] if spurious else [])
    )
    problem = read_smooth_problem(problem_field, submission.data_folder, True, submission.version, every_loss=True)
    if problem.activation.piecewise is None:
        raise problem_field.child("activation").reject("this claim is about piecewise linear activations")
    done(f"problem: {counted(problem.samples, 'sample')}, {problem.architecture} network of piecewise linear units")
    parameters = read_parameters(parameters_field, problem.widths, problem.biases)
    vector, bits = vector_of(parameters), read_bits(bits_field)
    held = read_held(problem, parameters, held_field)
    shifted = read_shifted(shifted_field, problem)
    walls = read_walls(walls_field, problem, len(vector))
    walls.seen.update({unit: [] for unit in shifted})
    free = _free(problem, len(vector), {*held, *(problem.places[layer - 1][unit][-1] for layer, unit in shifted)})
    count = len(walls.entries)
    sentence = check_sentence(sentence_field, _sentence(kind, problem, bool(held), bool(shifted), count))
    multipliers = multipliers_field.vector(count)
    radius, weight = radius_field.positive(), enclose(weight_field.positive(), bits)
    with at(problem_field.place):
        spend(problem, len(vector) + count, bits)
    with at(parameters_field.place):
        centre = _Lagrangian.of(problem, [enclose(v, bits) for v in vector], [enclose(m, bits) for m in multipliers], walls)
        walls.heights.clear()
        for values in walls.seen.values():
            values.clear()
        chosen = {*free}
        sides = [enclose(v, bits, radius if p in chosen else 0) for p, v in enumerate(vector)]
        around = _Lagrangian.of(problem, sides, [enclose(m, bits, radius) for m in multipliers], walls)
    with at(walls_field.place):
        check_shifted(shifted_field, problem, walls)
    inverse = inverse_field.matrix(len(free) + count, len(free) + count)
    with at(inverse_field.place):
        check_contraction(inverse, centre.slopes(free), around.system(free), enclose(radius, bits), inverse_field)
    done(f"one point of the box on {counted(count, 'wall')} with multipliers (Krawczyk, {len(free)} coordinates, {bits} bits)")
    for item, multiplier, rise in zip(multipliers_field.items(), around.multipliers, around.rises(), strict=True):
        if not multiplier.low > 0 or not multiplier.high < rise.low:
            raise item.reject("the multiplier may not lie strictly between the two one-sided slopes, as far as these bits tell")
    done("the risk rises on both sides of every wall")
    pivot = bad_pivot(around.penalised(free, weight))
    if pivot is not None:
        raise weight_field.reject(f"the Hessian may not be positive definite along the walls (pivot {pivot})")
    done("the Hessian of the Lagrangian is positive definite along the walls")
    low, high = check_risk(risk_field, around.risk.value)
    shown = [display(value.numerator, value.denominator) for value in (low, high)]
    done(f"the risk of the local minimum is from {shown[0]} to {shown[1]}")
    if spurious:
        check_lower_point(problem, lower_field[0], low, bits)
        done("the lower point has a risk below that")
    return sentence, None


class _Lagrangian:
    """The risk, followed from the left of the walls, and Σ μ (z − t), on a box of parameters and multipliers."""

    def __init__(self, risk: Jet, heights: list[Jet], multipliers: list[Interval], first: int) -> None:
        self.risk = risk
        self.heights = heights
        self.multipliers = multipliers
        self._first = first
        self._zero = Interval(0, 0, risk.value.bits)
        self._total = Jet(risk.value, dict(risk.gradient), dict(risk.hessian))
        for multiplier, height in zip(multipliers, heights, strict=True):
            self._total.add(height, multiplier)

    @classmethod
    def of(cls, problem: SmoothProblem, point: list[Interval], multipliers: list[Interval], walls: Walls) -> _Lagrangian:
        """Computed on a box; ValueError where something that is on no wall may be at a corner."""
        risk = derivatives_on(problem, point, point[0].bits, walls)
        return cls(risk, [walls.heights[n] for n in range(len(walls.entries))], multipliers, walls.first)

    def slopes(self, free: Sequence[int]) -> list[Interval]:
        """The gradient: by the free coordinates, then by the multipliers."""
        return [self._total.gradient.get(p, self._zero) for p in free] + [height.value for height in self.heights]

    def system(self, free: Sequence[int]) -> list[list[Interval]]:
        """The columns of the Hessian by the free coordinates and the multipliers."""
        zero = self._zero
        sides = [[height.gradient.get(p, zero) for p in free] for height in self.heights]
        columns = [
            [*(hessian_entry(self._total, p, q, zero) for p in free), *(side[n] for side in sides)] for n, q in enumerate(free)
        ]
        return columns + [[*side, *([zero] * len(sides))] for side in sides]

    def rises(self) -> list[Interval]:
        """The derivatives by how far the point is on the right of each wall."""
        return [self._total.gradient.get(self._first + n, self._zero) for n in range(len(self.heights))]

    def penalised(self, free: Sequence[int], weight: Interval) -> list[list[Interval]]:
        """The Hessian by the free coordinates, plus `weight` times the squares of the gradients of the walls."""
        zero = self._zero
        rows = [[hessian_entry(self._total, p, q, zero) for q in free] for p in free]
        for height in self.heights:
            side = [height.gradient.get(p, zero) for p in free]
            spend_steps(2 * len(free) ** 2 * price(zero.bits))
            for i, value in enumerate(side):
                scaled = weight * value
                for j, other in enumerate(side):
                    rows[i][j] = rows[i][j] + (weight * value.square() if i == j else scaled * other)
        return rows


def _free(problem: SmoothProblem, size: int, held: set[int]) -> list[int]:
    return [p for p in range(size) if p not in {*held, *problem.common}]


def _sentence(kind: str, problem: SmoothProblem, rescaled: bool, shifted: bool, walls: int) -> str:
    ways = ["the scale of its hidden units"] if rescaled else []
    ways += ["shifts of its biases"] if shifted else []
    if problem.common:
        ways.append("one function added to all outputs" if problem.decay is None else "one number added to all outputs")
    listed = " and ".join([", ".join(ways[:-1]), ways[-1]] if len(ways) > 2 else ways)
    where = f"Up to {listed} the" if ways else "The"
    return (
        f"{where} box holds a strict local minimum of the {problem.risk_name} of the {problem.architecture} network of piecewise"
        f" linear units on {counted(problem.samples, 'sample')}, on {counted(walls, 'wall')}{ENDINGS[kind]}."
    )
