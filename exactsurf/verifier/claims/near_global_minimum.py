"""The claim `near global minimum`: a risk with weight decay, bounded at all parameters (FORMAT.md, section 19)."""

from __future__ import annotations

from fractions import Fraction

from ..arithmetic.document import Field, at
from ..arithmetic.effort import spend
from ..arithmetic.rational import Rational, display
from ..arithmetic.region_count import Effort, Row
from ..arithmetic.table import common_denominator, numerators, weighted_sums
from ..cell_list import UnitProblem
from ..dual_bounds import MAX_DUALS, Bound, bound_by_pieces, check_cover
from ..problem import read_point
from ..submission import Submission, check_sentence, counted, samples_text
from ..unit_cells import central_rays, check_shape, read_all_cells
from ..weight_decay import WeightDecay


def check_near_global_minimum(submission: Submission) -> tuple[str, Rational]:
    """Check the claim and its evidence; its sentence and its risk."""
    names = ("format", "claim", "problem", "parameters", "evidence")
    _, claim, problem_field, parameters, evidence = submission.root.fields(*names)
    _, sentence_field, stated, bound_field = claim.fields("kind", "sentence", "risk", "bound")
    problem = submission.problem(problem_field, may_decay=True)
    if problem.decay is None:
        raise problem_field.reject("this claim needs weight decay")
    check_central(problem, problem_field)
    point, bound = read_point(problem, parameters, stated), bound_field.number()
    sentence = check_sentence(
        sentence_field,
        f"The given parameters have the risk {stated.text()}, and no parameters have a lower {problem.decay.phrase} than "
        f"{bound_field.text()}, for the {problem.architecture} network on {samples_text(problem)}.",
    )
    submission.done(f"risk recomputed: {display(point.risk.numerator, point.risk.denominator)}")
    cells_field, duals_field = evidence.fields("cells", "duals")
    cells = read_all_cells(problem, cells_field, submission.done)
    masks = DecayDuals(problem, problem.decay, bound_by_pieces(problem), problem_field, cells, bound).read(duals_field)
    check_cover(masks, len(duals_field.items()), problem, duals_field, Effort())
    submission.done(
        f"{counted(len(duals_field.items()), 'dual vector')} bound the risk by {bound_field.text()} on all signed cells"
    )
    return sentence, point.risk


def check_central(problem: UnitProblem, field: Field) -> None:
    """Reject a problem whose unit cells are no cones on which h is linear."""
    check_shape(problem, field)
    h = problem.activation
    if list(h.breakpoints) != [0] or any(h.intercepts):
        raise field.child("activation").reject("this claim needs the single breakpoint 0 and h(0) = 0")


class DecayDuals:
    """The dual vectors of a certificate, and the rays along which they are asked."""

    def __init__(
        self, problem: UnitProblem, decay: WeightDecay, bound_of: Bound, field: Field, cells: list[list[int]], bound: Rational
    ) -> None:
        self.problem, self.decay, self.bound_of, self.cells, self.bound = problem, decay, bound_of, cells, bound
        with at(field.place):
            rays = central_rays(problem, Effort())
        if rays is None:
            raise field.child("data").reject("the inputs (with a bias, if there is one) do not span their space")
        self.rays = rays
        one = (1,) if problem.biases[0] else ()
        samples = [(*row, *one) for row in problem.x.rows]
        spend(len(rays) * len(samples) >> 2)
        self.sides = [weighted_sums(samples, ray) for ray in rays]
        self.members = [[k for k, z in enumerate(self.sides) if _is_in(z, cell)] for cell in cells]
        spend(len(cells) * len(rays) * (1 + len(samples) >> 2))

    def read(self, field: Field) -> list[int]:
        """For every signed unit cell the dual vectors that hold on it, as bits."""
        entries = field.items()
        if len(entries) > MAX_DUALS:
            raise field.refuse(f"more than {MAX_DUALS} dual vectors are beyond the limits of this verifier")
        masks = [0] * (2 * len(self.cells))
        for number, entry in enumerate(entries):
            vector_field, slopes_field = entry.fields("vector", "slopes")
            gains = self._gains(vector_field)
            seen = set()
            for slope in slopes_field.items():
                kind_field, q_field = slope.items(2)
                kind = kind_field.index(len(masks))
                if kind in seen:
                    raise kind_field.reject("occurs twice in this list")
                seen.add(kind)
                self._check_slope(kind, q_field, gains)
                masks[kind] |= 1 << number
        return masks

    def _gains(self, field: Field) -> list[Fraction]:
        """Σ r_i h(u·x̃_i) along every ray, after the bound of the dual vector was checked."""
        problem, decay = self.problem, self.decay
        vector = field.vector(problem.samples)
        with at(field.place):
            common = common_denominator(vector, len(vector))
            r = numerators(vector, common)
            spend(len(self.rays) * len(r))
        bound, total = self.bound_of(field, vector), Fraction(sum(r), common)
        if problem.biases[1] and total:
            if not decay.biases:
                raise field.reject("the sum of all r_i is not 0, and the output has a bias that is not penalised")
            bound -= Fraction(total * total, 2 * decay.factor)
        if bound < self.bound:
            shown, needed = (display(value.numerator, value.denominator) for value in (bound, self.bound))
            raise field.reject(f"its bound is {shown}, less than {needed}")
        low, high = (Fraction(slope, common) for slope in problem.activation.slopes)
        gains = []
        for sides in self.sides:
            below = sum(a * z for a, z in zip(r, sides, strict=True) if z < 0)
            above = sum(a * z for a, z in zip(r, sides, strict=True) if z > 0)
            gains.append(low * below + high * above)
        return gains

    def _check_slope(self, kind: int, field: Field, gains: list[Fraction]) -> None:
        problem, decay = self.problem, self.decay
        q = list(map(Fraction, field.vector(len(problem.x.denominators) + problem.biases[0])))
        spend(1 + len(q) * (1 + len(self.members[kind // 2])))
        if sum((value * value for value in q), Fraction(0)) > Fraction(decay.factor) ** 2:
            raise field.reject("longer than the factor of the weight decay")
        if problem.biases[0] and not decay.biases and q[-1]:
            raise field.reject("its last entry belongs to a bias that is not penalised, and is not 0")
        scaled = [value * d for value, d in zip(q, problem.x.denominators, strict=False)]
        scaled += q[len(scaled) :]
        sign = -1 if kind % 2 else 1
        for k in self.members[kind // 2]:
            if _product(scaled, self.rays[k]) + sign * gains[k] < 0:
                raise field.reject(f"does not bound the dual vector on cell {kind // 2}")


def _product(q: list[Fraction], ray: Row) -> Fraction:
    return sum((a * u for a, u in zip(q, ray, strict=True)), Fraction(0))


def _is_in(sides: list[int], cell: list[int]) -> bool:
    """Whether a ray lies in a closed cell, by the signs of its pre-activations and the pieces of the cell."""
    return all(z >= 0 if piece else z <= 0 for z, piece in zip(sides, cell, strict=True))
