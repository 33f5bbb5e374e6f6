"""A cell of parameter space: an open pattern region, on which outputs and squared risk are exact polynomials."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Literal

from exactsurf import display
from exactsurf.cells.activation_pattern import (
    ActivationPattern,
    activation_pattern,
    boundary_text,
    checked_pattern,
    pattern_along,
)
from exactsurf.cells.cell_polynomials import (
    LossPieces,
    check_size,
    count_terms_bound,
    loss_pieces,
    pre_activation_polynomials,
    risk_polynomial,
)
from exactsurf.cells.coordinates import coordinates, layer_names, weight_names
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.polynomial import Polynomial
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem


@dataclass(frozen=True)
class PatternWall:
    """One inequality of a cell: side · polynomial > 0 with polynomial = pre-activation − breakpoint and side = ±1.

    Not every wall touches the cell in a facet. Layers count from 1, units and samples from 0.
    """

    layer: int
    unit: int
    sample: int
    breakpoint: Fraction
    side: int
    polynomial: Polynomial

    def restricted(self, polynomial: Polynomial) -> Polynomial:
        """A polynomial on the wall: one variable is left out, the others determine it there.

        Parameters: a `polynomial` in the cell's variables, such as its risk. Returns: a polynomial in the variables that
        are left; two of them agree on the wall if and only if these are equal. Exactness: exact.
        Raises: `UnsupportedError` if the wall is no graph over the other variables: above the first hidden layer, in a layer
        without bias. Source: standard.
        """
        for name, slope in zip(reversed(self.polynomial.variables), reversed(self.polynomial.gradient()), strict=True):
            if slope.is_constant and not slope.is_zero:
                constant = slope.value(dict.fromkeys(slope.variables, 0))
                (variable,) = Polynomial.generators([name])
                rest = (variable - self.polynomial * (1 / constant)).restricted({name: 0})
                return polynomial.composed({name: rest})
        raise UnsupportedError(
            f"the wall of layer {self.layer}, unit {self.unit}, sample {self.sample} determines no variable by the others",
            "use polynomial.quotient(wall.polynomial) of the difference of two polynomials to compare them on the wall",
        )


@dataclass(frozen=True)
class Cell:
    """The open pattern region of parameter space with an activation pattern.

    Parameters: `problem`; `pattern`, interior; `point`, parameters in the closure of the cell if they are known (the pieces
    of losses other than the squared one are read off there). Usually built with `cell_of`. A pattern that was chosen
    rather than found at a point may belong to no point at all; its polynomials are defined all the same.
    Attributes: `names` of the variables (``W1_0_1`` is W1[0, 1], ``b1_0`` is b1[0]), and the properties below; polynomials
    are computed on first use and kept. Two cells are equal if problem and pattern are.
    Exactness: exact. Raises: as `checked_pattern`. Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([-1, 2], [0, 1]))
    >>> cell = cell_of(problem, problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0]))
    >>> cell, cell.outputs[1]
    (Cell(ActivationPattern(01), 1 active pair), (Polynomial(2*W1_0_0*W2_0_0 + b1_0*W2_0_0 + b2_0),))
    >>> cell.risk
    Polynomial(10 terms in 4 variables, degree 4)
    """

    problem: Problem
    pattern: ActivationPattern
    point: Parameters | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pattern", checked_pattern(self.problem, self.pattern))
        if self.point is not None:
            self.problem.check_shapes(self.point)

    @property
    def names(self) -> tuple[str, ...]:
        """The variables of the polynomials: all weights and biases, W1 by rows, then b1, W2, …"""
        return weight_names(self.problem.network)

    def coordinates(self, parameters: Parameters) -> dict[str, Fraction]:
        """The values of the variables at `parameters`; raises `ShapeError` for parameters of another network."""
        self.problem.check_shapes(parameters)
        return coordinates(parameters)

    @cached_property
    def _layers(self) -> tuple[tuple[tuple[Polynomial, ...], ...], ...]:
        return pre_activation_polynomials(self.problem, self.pattern)

    @cached_property
    def outputs(self) -> tuple[tuple[Polynomial, ...], ...]:
        """The outputs on the cell, N rows of d_y polynomials, each of degree ≤ 1 in the weights of every layer."""
        return tuple(zip(*self._layers[-1], strict=True))

    @cached_property
    def loss_pieces(self) -> LossPieces | None:
        """The pieces of the loss at `point`, by output and sample (None if it has one piece); see `risk`."""
        if self.problem.loss.is_quadratic:
            return None
        if self.point is None:
            raise UnsupportedError(
                f"the {self.problem.loss.title} risk is piecewise on a cell, and no point says on which piece",
                "build the cell from a point: cell_of(problem, parameters)",
            )
        return loss_pieces(self.problem, self.point)

    @cached_property
    def risk(self) -> Polynomial:
        """The risk on the cell.

        For losses of several pieces the risk is piecewise on the cell: this is the polynomial of the piece that
        holds `point`, equal to the risk where `has_polynomial_at` says so.
        Exactness: exact. Raises: `UnsupportedError` naming the sample if `point` sits at a kink of the loss (or is not
        known), and if the polynomial may have more than 2,000,000 terms. Source: theory.md, section 1.
        """
        pieces = self.loss_pieces
        check_size(self.problem, self.pattern)
        return risk_polynomial(self.problem, self._layers[-1], pieces)

    @property
    def risk_terms_bound(self) -> int:
        """At least as many terms as `risk` has; nothing is expanded."""
        return count_terms_bound(self.problem, self.pattern)

    @cached_property
    def walls(self) -> tuple[PatternWall, ...]:
        """The inequalities that define the cell; pre-activations that are zero on all of it have none."""
        breakpoints, found = self.problem.network.activation.breakpoints, []
        for layer, (units, patterns) in enumerate(zip(self._layers[:-1], self.pattern.pieces, strict=True), start=1):
            for j, (unit, pieces) in enumerate(zip(units, patterns, strict=True)):
                for i, (z, piece) in enumerate(zip(unit, pieces, strict=True)):
                    if z.is_zero or piece is None:
                        continue
                    if piece > 0:
                        t = breakpoints[piece - 1]
                        found.append(PatternWall(layer, j, i, t, 1, z - t))
                    if piece < len(breakpoints):
                        t = breakpoints[piece]
                        found.append(PatternWall(layer, j, i, t, -1, z - t))
        return tuple(found)

    def contains(self, parameters: Parameters) -> bool:
        """Whether `parameters` lie in the open cell; raises `ShapeError` for parameters of another network."""
        there = activation_pattern(self.problem, parameters)
        return there.is_interior and there.pieces == self.pattern.pieces

    def has_polynomial_at(self, parameters: Parameters) -> bool:
        """Whether `risk` is the risk near `parameters`: they lie in the cell, and in the same pieces of the loss."""
        if not self.contains(parameters):
            return False
        try:
            return loss_pieces(self.problem, parameters) == self.loss_pieces
        except UnsupportedError:
            return False

    @property
    def active_pairs(self) -> int:
        """The number of pairs of a hidden unit and a sample on a piece of the activation with a slope other than 0."""
        slopes = self.problem.network.activation.slopes
        return sum(slopes[k or 0] != 0 for layer in self.pattern.pieces for unit in layer for k in unit)

    @cached_property
    def is_risk_constant(self) -> bool:
        """Whether the risk is constant on the cell (near `point`, for other losses than the squared one)."""
        if self.problem.loss.is_quadratic:  # a sum of squares is constant only if every summand is
            return all(f.is_constant for row in self.outputs for f in row)
        return self.risk.is_constant

    def is_multilinear_by_layer(self) -> bool:
        """Whether every output has degree ≤ 1 in the weights of every layer (proved for all cells; this checks it)."""
        layers = layer_names(self.problem.network)
        return all(f.degree_in(names) <= 1 for row in self.outputs for f in row for names in layers)

    def __repr__(self) -> str:
        count = self.active_pairs
        return f"Cell({self.pattern!r}, {count} active {'pair' if count == 1 else 'pairs'})"

    def _repr_html_(self) -> str:
        return display.cell_html(self)


def cell_of(
    problem: Problem,
    parameters: Parameters,
    *,
    side: Parameters | Literal["left", "right"] | None = None,
    pattern: ActivationPattern | None = None,
) -> Cell:
    """The cell that holds a point, or for a boundary point one of the cells whose closure may hold it.

    Parameters: `parameters` of the problem's network. At a boundary point one of these chooses: `side`, a direction (of
    the type `Parameters`): the cell that is entered from the point in this direction, never empty; ``"left"`` or
    ``"right"``: the left or right piece for every boundary pair, which may be a pattern of no point at all; `pattern`: any
    pattern that agrees with the point up to its boundary pairs.
    Exactness: exact. Raises: `ShapeError` for parameters of another network; `InputError` listing the boundary pairs if
    nothing chooses, or those that the direction does not leave, or where `pattern` contradicts the point.
    Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 1]))
    >>> theta = problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])
    >>> cell_of(problem, theta)
    Traceback (most recent call last):
        ...
    exactsurf.errors.InputError: the parameters lie in no open cell: layer 1, unit 0, sample 0 (breakpoint 0); choose a \
cell with side= or pattern=
    >>> cell_of(problem, theta, side=problem.parameters(W1=[[0]], b1=[-1], W2=[[0]], b2=[0]))
    Cell(ActivationPattern(01), 1 active pair)
    """
    here = activation_pattern(problem, parameters)
    if side is not None and pattern is not None:
        raise InputError("side and pattern are given both", fix="one of them chooses the cell")
    if pattern is not None:
        chosen = checked_pattern(problem, pattern)
        _check_agreement(problem, here, chosen)
        return Cell(problem, chosen, parameters)
    if isinstance(side, Parameters):
        chosen = pattern_along(problem, parameters, side)
        if chosen.boundary:
            raise InputError(f"the direction stays on walls: {boundary_text(chosen)}", fix="choose another direction")
        return Cell(problem, chosen, parameters)
    if side not in (None, "left", "right"):
        raise InputError("side is 'left', 'right' or a direction (parameters)", text=repr(side))
    if side is None and here.boundary:
        raise InputError(f"the parameters lie in no open cell: {boundary_text(here)}", fix="choose a cell with side= or pattern=")
    return Cell(problem, _one_sided(problem, here, side == "right"), parameters)


def _one_sided(problem: Problem, here: ActivationPattern, right: bool) -> ActivationPattern:
    breakpoints = problem.network.activation.breakpoints
    pieces = [[list(unit) for unit in layer] for layer in here.pieces]
    for pair in here.boundary:
        pieces[pair.layer - 1][pair.unit][pair.sample] = breakpoints.index(pair.breakpoint) + right
    return ActivationPattern(tuple(tuple(map(tuple, layer)) for layer in pieces))


def _check_agreement(problem: Problem, here: ActivationPattern, chosen: ActivationPattern) -> None:
    breakpoints = problem.network.activation.breakpoints
    free = {(p.layer, p.unit, p.sample): breakpoints.index(p.breakpoint) for p in here.boundary}
    for layer, units in enumerate(chosen.pieces, start=1):
        for j, unit in enumerate(units):
            for i, piece in enumerate(unit):
                left = free.get((layer, j, i))
                actual = here.pieces[layer - 1][j][i]
                if piece != actual if left is None else piece not in (left, left + 1):
                    got = f"{left} or {left + 1}" if left is not None else str(actual)
                    raise InputError(
                        f"the pattern contradicts the point: layer {layer}, unit {j}, sample {i} is on piece {got}, not {piece}"
                    )
