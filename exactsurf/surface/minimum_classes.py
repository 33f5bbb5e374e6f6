"""The quotient space of local minima: connected sets of local minima of equal risk as classes, in one cell or on the surface."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from exactsurf.cells.cell import Cell
from exactsurf.errors import InputError
from exactsurf.exact.linear_algebra import Vector, rank
from exactsurf.exact.number import brief
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.surface.in_cell_components import SignVector, in_cell_components
from exactsurf.surface.surface import Landscape


@dataclass(frozen=True)
class MinimumClass:
    """One class of the quotient space: a connected set of local minima, all with the risk `risk`.

    Attributes: `parameters`, a point of it; `dimension`, in product variables (and the output bias); `multiplicity`, how many
    such sets there are up to the order of the units (1 in a cell); `parameter_dimension`, of the set in parameter space, and
    `signs`, those of the output weights on it (both in a cell only); `is_global` and `is_valley`, whether it is a global
    minimum, the bottom of a valley (both on the whole surface only).
    Exactness: exact. Source: theory.md, section 4; proofs/he_2020.
    """

    risk: Fraction
    parameters: Parameters
    dimension: int
    multiplicity: int = 1
    parameter_dimension: int | None = None
    signs: tuple[SignVector, ...] = ()
    is_global: bool | None = None
    is_valley: bool | None = None


@dataclass(frozen=True)
class QuotientSpace:
    """The local minima modulo "joined by a path of local minima of constant risk": one point a class, lowest first.

    Attributes: `problem`; `classes`; `is_complete`, whether no local minimum is missing; `cell`, None for the whole surface.
    Exactness: exact. Source: He, Wang and Tao 2020; proofs/he_2020.
    """

    problem: Problem
    classes: tuple[MinimumClass, ...]
    is_complete: bool
    cell: Cell | None = None

    @property
    def number(self) -> int:
        """How many classes there are in parameter space, with their multiplicities."""
        return sum(one.multiplicity for one in self.classes)

    @property
    def risks(self) -> tuple[Fraction, ...]:
        """The different risks of the classes, lowest first."""
        return tuple(sorted({one.risk for one in self.classes}))

    def __repr__(self) -> str:
        where = "on the surface" if self.cell is None else "in a cell"
        levels = ", ".join(map(brief, self.risks[:4])) + (", …" if len(self.risks) > 4 else "")
        classes = "class" if self.number == 1 else "classes"
        return f"QuotientSpace({self.number} {classes} of local minima {where}{f', at risk {levels}' if levels else ''})"


def quotient_in_cell(problem: Problem, cell: Cell) -> QuotientSpace:
    """The classes of the local minima in one open cell.

    Parameters: `cell`, of a problem with one hidden layer, one output and squared loss. Returns: a `QuotientSpace`, empty if
    the cell has no local minimum; its classes have one risk and one vector of predictions. Exactness: exact.
    Raises: as `in_cell_components`. Source: theory.md, section 4, end; proofs/he_2020 (dimensions).

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([2, 2, 1], biases=False), es.Data.from_arrays([[1, 0], [0, 1]], [1, -1]))
    >>> found = quotient_in_cell(problem, problem.cell(problem.parameters(W1=[[2, 1], [1, 2]], W2=[[1, -1]])))
    >>> found, [(one.dimension, one.parameter_dimension) for one in found.classes]
    (QuotientSpace(2 classes of local minima in a cell, at risk 0), [(2, 4), (2, 4)])
    """
    found = in_cell_components(problem, cell)
    classes = []
    for component in found.components:
        dimensions = [_dimensions(cell, signs) for signs in component.signs]
        classes.append(
            MinimumClass(
                found.risk,
                component.parameters,
                max(product for product, _ in dimensions),
                parameter_dimension=max(own for _, own in dimensions),
                signs=component.signs,
            )
        )
    return QuotientSpace(problem, tuple(classes), True, cell)


def quotient_of_surface(land: Landscape) -> QuotientSpace:
    """The classes of all local minima of a landscape.

    Parameters: `land`. Returns: a `QuotientSpace`. Exactness: exact; complete where `land.has_all_local_minima`.
    Raises: as `Landscape.local_minima`. Source: theory.md, theorem B′.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    >>> quotient_of_surface(es.landscape(problem))
    QuotientSpace(5 classes of local minima on the surface, at risk 1/3, 3/4, 1, 11/8)
    """
    if not isinstance(land, Landscape):
        raise InputError("not a landscape", text=repr(land), fix="quotient_of_surface(es.landscape(problem))")
    classes = tuple(
        MinimumClass(one.risk, one.parameters, one.dimension, one.multiplicity, is_global=one.is_global, is_valley=one.is_valley)
        for one in land.local_minima
    )
    return QuotientSpace(land.problem, classes, land.has_all_local_minima)


def _dimensions(cell: Cell, signs: SignVector) -> tuple[int, int]:
    """The dimensions, in product variables and in parameter space, of the minimisers with these signs of output weights."""
    problem = cell.problem
    lines, homogeneous = problem.network.activation.lines, problem.network.activation.degree == 1
    biased, output_bias = problem.network.biases
    rows: list[Vector] = []
    for i, x in enumerate(problem.data.x):
        inputs = (*x, Fraction(1)) if biased else x
        row: list[Fraction] = []
        for unit, sign in enumerate(signs):
            if sign:
                piece = cell.pattern.pieces[0][unit][i]
                slope, shift = (Fraction(0), problem.network.activation.value_at_0) if piece is None else lines[piece]
                row += [slope * value for value in inputs]
                row += [] if homogeneous else [shift]
        rows.append((*row, *([Fraction(1)] if output_bias else [])))
    on, width = sum(map(bool, signs)), len(problem.data.x[0]) + biased
    free = len(rows[0]) - (rank(rows) if rows[0] else 0)
    # An output weight 0 leaves the weights of its unit free; a homogeneous unit that is on can be rescaled.
    return free, free + (on if homogeneous else 0) + (len(signs) - on) * width
