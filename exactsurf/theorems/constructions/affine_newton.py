"""The minimiser of the affine model for a differentiable loss, by Newton's method in balls: a centre for a proof, no proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.effort import Effort
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.balls import from_arb, matrix_to_arb, rounded_matrix, to_arb, working_precision
from exactsurf.exact.bounded_system import FarkasVector, solve_bounded_system
from exactsurf.exact.echelon import echelon
from exactsurf.exact.linear_algebra import Matrix, Vector, from_flint, to_flint
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.analytic_risk import SampleLoss, sample_loss, total_loss
from exactsurf.model.problem import Problem

if TYPE_CHECKING:
    from flint import arb, arb_mat

_BITS, _CENTRE, _KEPT, _ROUNDS, _HALVINGS, _FAR = 160, 60, 100, 60, 30, 1 << 10


@dataclass(frozen=True)
class FreeCoordinates:
    """The coordinates of affine models that are not redundant.

    Attributes: `rows`, every input with 1 behind it; `columns`, those of them that are independent; `held`, every other column
    with its combination of these; `outputs`, how many outputs vary: the last one is held where only differences count.
    """

    rows: Matrix
    columns: tuple[int, ...]
    held: tuple[tuple[int, Vector], ...]
    outputs: int

    @property
    def inputs(self) -> Matrix:
        """The free columns, a row for each sample."""
        return tuple(tuple(row[j] for j in self.columns) for row in self.rows)


def free_coordinates(problem: Problem) -> FreeCoordinates:
    """The independent columns of the inputs, from the left, and what the others are made of. Exactness: exact."""
    rows = tuple((*row, Fraction(1)) for row in problem.data.x)
    form = echelon(rows, "the independent columns of the inputs are looked for")
    held = tuple((j, tuple(form.share(k, c) for k in range(len(form.pivots)))) for c, j in enumerate(form.free))
    return FreeCoordinates(rows, tuple(form.pivots), held, problem.network.widths[-1] - problem.loss.is_of_classes)


@dataclass(frozen=True)
class NewtonLimit:
    """A short rational point near a minimiser of the affine model, with what the proof needs.

    Attributes: `slopes`, `constants`; `inverse`, near that of the Hessian in the free coordinates; `samples`, the loss there.
    """

    slopes: Matrix
    constants: Vector
    inverse: Matrix
    samples: tuple[SampleLoss, ...]


@dataclass(frozen=True)
class Separation:
    """An affine model that ranks no sample wrongly and not all samples equally: rows (A_k, a_k), one per output."""

    model: Matrix


def newton_limit(problem: Problem, free: FreeCoordinates, effort: Effort) -> NewtonLimit | Separation | NotProved:
    """Where Newton's method goes from the zero model, each step halved until the risk falls.

    It ends at a model that ranks every sample rightly, if the risk is lower far out along it: there it seems to go to infinity.
    Exactness: none is claimed, but for separations. Raises: `OutOfTime`. Source: Boyd and Vandenberghe 2004, section 9.5.
    """
    inputs, width = free.inputs, len(free.columns)
    table, point = to_flint(inputs), (Fraction(0),) * (width * free.outputs)
    here = _losses(problem, table, point, free.outputs)
    for _ in range(_ROUNDS):
        effort.check("Newton's method for the affine model had not converged")
        with working_precision(_BITS):
            gradient, hessian = _derivatives(inputs, here, free.outputs)
            try:
                step = from_ball_matrix(hessian.solve(gradient))
            except ZeroDivisionError:
                return NotProved("the Hessian of the affine model is not regular on the way of Newton's method")
        size = max(map(abs, step))
        if size < Fraction(1, 1 << (_CENTRE + 8)):
            return _finished(problem, free, point, hessian)
        for halving in range(_HALVINGS):
            moved = tuple(_short(a - b / (1 << halving), _KEPT) for a, b in zip(point, step, strict=True))
            try:
                there = _losses(problem, table, moved, free.outputs)
            except (InputError, UnsupportedError):
                continue
            if size < Fraction(1, 1 << 20) or _risk(there) < _risk(here):
                point, here = moved, there
                break
        else:
            break
        if has_hard_labels(problem):
            separation = _separation(problem, free, point)
            if separation is not None and _falls_far_out(problem, table, point, free.outputs, here):
                return separation
    return NotProved("Newton's method for the affine model does not converge")


def has_hard_labels(problem: Problem) -> bool:
    """Whether every sample has one right label, −1 or 1, or one right class."""
    if problem.loss.is_of_classes:
        return all(set(row) <= {0, 1} for row in problem.data.y)
    return problem.loss.is_of_labels


def _separation(problem: Problem, free: FreeCoordinates, point: Vector) -> Separation | None:
    """A model of short numbers beside a point, if it ranks every sample rightly."""
    model = _model(problem, free, point)
    size = max(abs(value) for row in model for value in row)
    if not size or not _ranks_rightly(problem, model):
        return None
    for bits in (8, 16, 32):
        unit = Fraction(2) ** (bits - size.numerator.bit_length() + size.denominator.bit_length())
        short = tuple(tuple(Fraction(round(value * unit)) / unit for value in row) for row in model)
        if _ranks_rightly(problem, short):
            return Separation(short)
    return Separation(model)


def _ranks_rightly(problem: Problem, model: Matrix) -> bool:
    predictions = problem.data.inputs.affine_image([row[:-1] for row in model], [row[-1] for row in model])
    rows = zip(*(vector.fractions() for vector in predictions), strict=True)
    for targets, row in zip(problem.data.y, rows, strict=True):
        if len(row) == 1:
            if targets[0] * row[0] <= 0:
                return False
            continue
        right = targets.index(1)
        if any(k != right and value >= row[right] for k, value in enumerate(row)):
            return False
    return True


def _falls_far_out(problem: Problem, table: object, point: Vector, outputs: int, here: Sequence[SampleLoss]) -> bool:
    try:
        return _risk(_losses(problem, table, tuple(_FAR * value for value in point), outputs)) < _risk(here)
    except (InputError, UnsupportedError):
        return False


def separating_model(problem: Problem, effort: Effort) -> Separation | None:
    """An affine model that ranks no sample wrongly and not all samples equally; None if there is none.

    Parameters: `problem` with labels −1 and 1 of one output, or one-hot classes. Exactness: exact. Raises: `OutOfTime`.
    Source: Albert and Anderson 1984; Stiemke's theorem of the alternative.
    """
    outputs, forms = problem.network.widths[-1], []
    for x, targets in zip(problem.data.x, problem.data.y, strict=True):
        row = (*x, Fraction(1))
        if outputs == 1:
            forms.append(tuple(-targets[0] * value for value in row))
            continue
        right = targets.index(max(targets))
        for k in range(outputs):
            if k != right:
                signs = [int(m == k) - int(m == right) for m in range(outputs)]
                forms.append(tuple(sign * value for sign in signs for value in row))
    found = solve_bounded_system(forms, (Fraction(0),) * len(forms[0]), [Fraction(1)] * len(forms), [None] * len(forms), effort)
    if not isinstance(found, FarkasVector):
        return None
    width = problem.network.widths[0] + 1
    return Separation(tuple(found.values[k * width : (k + 1) * width] for k in range(outputs)))


def from_ball_matrix(column: arb_mat) -> Vector:
    """The midpoints of a column, rounded."""
    return tuple(row[0] for row in rounded_matrix(column, _BITS))


def _losses(problem: Problem, table: object, point: Vector, outputs: int) -> tuple[SampleLoss, ...]:
    width = len(point) // outputs
    blocks = [point[k * width : (k + 1) * width] for k in range(outputs)]
    found = from_flint(table * to_flint(list(zip(*blocks, strict=True))))  # type: ignore[operator]
    gauge = (Fraction(0),) * (problem.network.widths[-1] - outputs)
    return tuple(sample_loss(problem, i, (*row, *gauge), _BITS) for i, row in enumerate(found))


def _risk(losses: Sequence[SampleLoss]) -> Fraction:
    return total_loss(losses).midpoint


def _derivatives(inputs: Matrix, losses: Sequence[SampleLoss], outputs: int) -> tuple[arb_mat, arb_mat]:
    from flint import arb_mat

    columns = matrix_to_arb(inputs)
    turned, width = columns.transpose(), len(inputs[0])
    gradient: list[arb] = []
    for k in range(outputs):
        gradient += (turned * arb_mat([[to_arb(loss.gradient[k].midpoint)] for loss in losses])).entries()
    blocks = {}
    for k in range(outputs):
        for m in range(k, outputs):
            weights = [to_arb(loss.hessian[k][m].midpoint) for loss in losses]
            scaled = arb_mat([[w * entry for entry in row] for w, row in zip(weights, columns.table(), strict=True)])
            blocks[k, m] = (turned * scaled).table()
    size = range(outputs * width)
    hessian = [
        [blocks[min(p // width, q // width), max(p // width, q // width)][p % width][q % width] for q in size] for p in size
    ]
    return arb_mat([[value] for value in gradient]), arb_mat(hessian)


def _finished(problem: Problem, free: FreeCoordinates, point: Vector, hessian: arb_mat) -> NewtonLimit | NotProved:
    width = len(free.columns)
    with working_precision(_BITS):
        entries = [from_arb(entry) for entry in hessian.entries()]
        largest = max((abs(ball.midpoint) for ball in entries if ball is not None), default=Fraction(1))
        bits = 24 + (int(largest) * width * free.outputs).bit_length()
        inverse = rounded_matrix(hessian.inv(), bits)
    blocks = _model(problem, free, [_short(value, _CENTRE) for value in point])
    slopes, constants = tuple(block[:-1] for block in blocks), tuple(block[-1] for block in blocks)
    predictions = problem.data.inputs.affine_image(slopes, constants)
    rows = zip(*(vector.fractions() for vector in predictions), strict=True)
    return NewtonLimit(slopes, constants, inverse, tuple(sample_loss(problem, i, row, _BITS) for i, row in enumerate(rows)))


def _model(problem: Problem, free: FreeCoordinates, point: Sequence[Fraction]) -> Matrix:
    """The affine model at values of the free coordinates: rows (A_k, a_k), one per output."""
    width, blocks = len(free.columns), []
    for k in range(free.outputs):
        block = [Fraction(0)] * (problem.network.widths[0] + 1)
        for j, value in zip(free.columns, point[k * width : (k + 1) * width], strict=True):
            block[j] = value
        blocks.append(tuple(block))
    blocks += [(Fraction(0),) * len(blocks[0])] * (problem.network.widths[-1] - free.outputs)
    return tuple(blocks)


def _short(value: Fraction, bits: int) -> Fraction:
    return Fraction(round(value * (1 << bits)), 1 << bits)
