"""Second order where only the first layer has kinks: the risk's quadratic form on every face of critical directions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod

from exactsurf.arrangement.arrangement import Arrangement
from exactsurf.arrangement.least_count import count_up_to
from exactsurf.effort import RAISE_FAN, UNBOUNDED, Effort
from exactsurf.errors import UnsupportedError
from exactsurf.exact.copositivity import FormOnCone, Sign, decide_form_on_cone
from exactsurf.exact.linear_algebra import Matrix, Vector, identity
from exactsurf.minima.local.coordinate_vector import row_positions
from exactsurf.minima.local.curvature import Squares
from exactsurf.minima.local.curvature import curvatures as loss_curvatures
from exactsurf.minima.local.decay_descent import add_decay
from exactsurf.minima.local.first_layer_form import FirstLayerForm
from exactsurf.minima.local.local_form import LocalForm
from exactsurf.minima.local.second_order_form import Accumulator, PointForms
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.point import Point


@dataclass(frozen=True)
class CriticalFace:
    """Directions of one unit with F_j = 0 in one cone: span(lines) + {Σ λ_k ρ_k : λ ≥ 0}, ρ_k being the `rays`.

    `signs` says for every boundary sample of the unit on which side of its wall the cone lies.
    """

    lines: Matrix
    rays: tuple[Vector, ...]
    signs: tuple[tuple[int, int], ...]


def critical_faces(point: Point, unit: int, form: LocalForm, *, effort: Effort) -> tuple[CriticalFace, ...]:
    """The maximal faces of {δ : F_j(δ) = 0}, one cone for each, for a unit of the first layer with F_j ≥ 0.

    Parameters: `form`, F_j; `effort`, whose `fan` bounds the cones of the unit's local arrangement.
    Exactness: exact; every cone is listed with its generators. Raises: `UnsupportedError` naming the number of cones if it
    is larger. Source: theory.md, section 6.
    """
    problem, forward = point.problem, point.forward
    width, has_bias = problem.network.widths[0], problem.network.biases[0]
    pieces = problem.network.activation.pieces(forward.pre_activations[0][unit])
    walls = {}
    for i, (left, right) in enumerate(pieces):
        normal = problem.data.inputs.row(i) + ((Fraction(1),) if has_bias else ())
        if left != right and any(normal):
            walls[i] = normal
    size = width + has_bias
    if not walls:
        return (CriticalFace(identity(size), (), ()),)
    count = count_up_to(list(walls.values()), effort.fan, effort)
    if count > effort.fan:
        raise UnsupportedError(f"unit {unit} of layer 1 has at least {count} tangent cones, more than {effort.fan}", RAISE_FAN)
    arrangement = Arrangement(list(walls.values()))
    found: dict[frozenset[Vector], CriticalFace] = {}
    for cell in arrangement.cells():
        effort.check()
        generators = arrangement.generators(cell)
        rays = tuple(ray for ray in generators.rays if form(ray) == 0)
        found.setdefault(frozenset(rays), CriticalFace(generators.lineality, rays, tuple(zip(walls, cell.signs, strict=True))))
    return tuple(face for rays, face in found.items() if not any(rays < other for other in found))


def second_derivatives(point: Point) -> list[list[Fraction]] | NotProved:
    """[term][sample]: the second derivative of the loss at the predictions, with the full scale, or where there is none.

    Exactness: exact; 0 at kinks, whose slopes are another matter. Raises: nothing. Source: the definitions of the losses.
    """
    plain = point.undecayed
    for row in plain.problem.terms_at(plain.forward.outputs):
        for i, (function, value) in enumerate(row):
            if value not in function.kinks and len(set(function.curvatures(value))) > 1:
                loss = plain.problem.loss.title
                return NotProved(f"the second derivative of the {loss} loss jumps at the prediction of sample {i}")
    return list(map(list, loss_curvatures(plain)))


def squares_of(point: Point, curvatures: Sequence[Sequence[Fraction]]) -> Squares:
    """What `second_derivatives` gives as squares of outputs, sample by sample. Exactness: exact. Raises: nothing."""
    samples = range(len(point.problem.data))
    outputs = point.problem.term_outputs
    return [[(outputs(i, k), column[i]) for k, column in enumerate(curvatures) if column[i]] for i in samples]


def hessian_on(
    forms: PointForms,
    curvatures: Sequence[Sequence[Fraction]],
    signs: Mapping[tuple[int, int], int],
    effort: Effort = UNBOUNDED,
) -> Matrix:
    """The Hessian, at the point, of the polynomial that the risk is on the cells with these signs of (unit, sample).

    Parameters: `curvatures` as of `second_derivatives`; `signs` for boundary pairs of layer 1, others count as left.
    Exactness: exact. Raises: nothing. Source: theory.md, section 6.
    """
    return _hessian(forms, squares_of(forms.point, curvatures), signs, effort)


def _hessian(forms: PointForms, squares: Squares, signs: Mapping[tuple[int, int], int], effort: Effort) -> Matrix:
    from flint import fmpq

    point, problem = forms.point, forms.point.problem
    h, depth, total = problem.network.activation, problem.network.layers, Accumulator(forms.size)
    slopes = [low.fractions() for low, _ in point.undecayed.subdifferentials]
    sides = [[h.pieces(z) for z in layer] for layer in point.forward.pre_activations]
    for i in range(len(problem.data)):
        effort.check()
        chosen = tuple(
            tuple(unit[i][layer == 0 and signs.get((j, i), -1) > 0] for j, unit in enumerate(units))
            for layer, units in enumerate(sides)
        )
        form = forms.sample(i, chosen)
        sources = {(depth, k): fmpq(slope[i].numerator, slope[i].denominator) for k, slope in enumerate(slopes)}
        for outputs, curvature in squares[i]:
            effort.check()
            gradient = form.sum_gradient(depth, outputs)
            total.add_square(gradient, fmpq(curvature.numerator, curvature.denominator))
        form.add_hessian(total, sources)
    if problem.decay is not None:
        add_decay(total, point, problem.decay)
    return total.hessian()


def decide_second_order(
    point: Point, form: FirstLayerForm, *, effort: Effort, squares: Squares | None = None
) -> FormOnCone | NotProved:
    """The sign of the second-order coefficient of the risk over all critical directions, where the first order is ≥ 0.

    Parameters: `form`, the first-order form, with G = 0 and all F_j ≥ 0 (the caller's duty); `effort`, whose `fan` bounds the
    cones of a unit and the products of faces; `squares`, second derivatives that stand for those of the loss. Returns: the least
    sign met, with a critical direction for it (a vector of `vector_of`); or in words why nothing is said.
    Exactness: exact; a critical direction stays in the closure of the cone's cells, so their polynomial is the risk on it.
    Raises: `UnsupportedError` for more cones, or for too many flat rays (see `decide_copositive`).
    Source: theory.md, section 6; Yun, Sra and Jadbabaie, "Efficiently testing local optimality", 2019.
    """
    if squares is None:
        curvatures = second_derivatives(point)
        if isinstance(curvatures, NotProved):
            return curvatures
        squares = squares_of(point, curvatures)
    positions = row_positions(point.problem.network)
    first = positions[0] if form.units else ()
    forms = PointForms(point)
    faces = [critical_faces(point, j, unit, effort=effort) for j, unit in enumerate(form.units)]
    count = prod(map(len, faces))
    if count > effort.fan:
        raise UnsupportedError(f"{count} faces of critical directions to examine (at most {effort.fan})", RAISE_FAN)

    def placed(row: Sequence[int], vector: Sequence[Fraction]) -> Vector:
        entries = dict(zip(row, vector, strict=True))
        return tuple(entries.get(p, Fraction(0)) for p in range(forms.size))

    moving = {p for row in first for p in row}
    above = [placed([p], [Fraction(1)]) for p in range(forms.size) if p not in moving]
    answer = FormOnCone(Sign.POSITIVE, None)
    for chosen in product(*faces):
        effort.check()
        signs = {(j, i): sign for j, face in enumerate(chosen) for i, sign in face.signs}
        free = above + [placed(row, line) for row, face in zip(first, chosen, strict=True) for line in face.lines]
        rays = [placed(row, ray) for row, face in zip(first, chosen, strict=True) for ray in face.rays]
        found = decide_form_on_cone(_hessian(forms, squares, signs, effort), free, rays)
        if found.sign is Sign.NEGATIVE:
            return found
        if answer.sign is Sign.POSITIVE:
            answer = found
    return answer
