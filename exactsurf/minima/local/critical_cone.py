"""A quadratic form on a cone {y : A y ≥ 0}: is it positive, is it negative somewhere, or is that open? Exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.errors import UnsupportedError
from exactsurf.exact.copositivity import Sign, decide_form_on_cone
from exactsurf.exact.ldlt import ldlt
from exactsurf.exact.linear_algebra import Matrix, Vector, combination, dot, from_flint, kernel, rank, to_flint

if TYPE_CHECKING:
    from flint import fmpq_mat

_ZERO = Fraction(0)


@dataclass(frozen=True)
class Positive:
    """yᵀQy > Σ ν (a_p·y)(a_q·y) for all y ≠ 0: `products` lists (p, q, ν ≥ 0) with p < q."""

    products: tuple[tuple[int, int, Fraction], ...] = ()


@dataclass(frozen=True)
class Negative:
    """A y in the cone with yᵀQy < 0."""

    direction: Vector


@dataclass(frozen=True)
class Unknown:
    """Nothing was proved. `directions` are those along which the form was found to vanish, or to be negative outside the cone."""

    directions: Matrix


def decide_on_cone(form: Matrix, walls: Sequence[Vector]) -> Positive | Negative | Unknown:
    """Whether yᵀQy > 0 for all y ≠ 0 with a_p·y ≥ 0 for all p (strict copositivity on a cone).

    Parameters: `form`, the symmetric n × n matrix Q; `walls`, the vectors a_p, none zero.
    Returns: `Positive` or `Negative`, each with its reason, or `Unknown`. Complete for at most two walls that are
    independent, and whenever the form is definite or negative on the lines in the cone; `Negative` is complete for up to 14
    independent walls.
    Exactness: exact. Raises: nothing for fitting shapes. Source: theory.md, section 6; Diananda 1962 (sums of
    semidefinite and non-negative matrices).

    >>> one, zero = Fraction(1), Fraction(0)
    >>> saddle = ((zero, one), (one, zero))
    >>> decide_on_cone(((one, 2 * one), (2 * one, one)), [(one, zero), (zero, one)])
    Positive(products=((0, 1, Fraction(4, 1)),))
    >>> decide_on_cone(saddle, [(one, zero), (zero, -one)])
    Negative(direction=(Fraction(1, 1), Fraction(-1, 1)))
    """
    if not form:
        return Positive()
    factors = ldlt(form)
    if factors.is_positive_definite:
        return Positive()
    negative = factors.negative_direction
    if not walls:
        return Negative(negative) if negative is not None else Unknown(kernel(form))
    for sign in (1, -1):
        if negative is not None and all(sign * dot(wall, negative) >= 0 for wall in walls):
            return Negative(tuple(sign * value for value in negative))
    left_open = Unknown((negative,) if negative is not None else kernel(form))
    lines = kernel(walls)
    if lines:
        inner = ldlt(_congruent(form, lines))
        if (downhill := inner.negative_direction) is not None:
            return Negative(combination(downhill, lines))
        if not inner.is_positive_definite:
            return _negative_somewhere(form, walls, lines) or left_open
    if rank(walls) < len(walls):
        return left_open
    rays = _rays(form, walls, lines)
    small = _congruent(form, rays)
    found = _negative_combination(small)
    if found is not None:
        return Negative(combination(found, rays))
    size = len(small)
    shift = [[max(small[p][q], _ZERO) if p != q else _ZERO for q in range(size)] for p in range(size)]
    if ldlt([[a - b for a, b in zip(*rows, strict=True)] for rows in zip(small, shift, strict=True)]).is_positive_definite:
        return Positive(tuple((p, q, 2 * shift[p][q]) for p in range(size) for q in range(p + 1, size) if shift[p][q]))
    return _negative_somewhere(form, walls, lines) or left_open


def _negative_somewhere(form: Matrix, walls: Sequence[Vector], lines: Matrix) -> Negative | None:
    """A vector of the cone on which the form is negative, if there is one; independent walls, not too many."""
    if rank(walls) < len(walls) or ldlt(form).negative_direction is None:
        return None
    table = to_flint(walls)
    rays = from_flint((table * table.transpose()).inv() * table)
    try:
        answer = decide_form_on_cone(form, lines, rays)
    except UnsupportedError:
        return None
    return Negative(answer.witness) if answer.sign is Sign.NEGATIVE and answer.witness is not None else None


def _rays(form: Matrix, walls: Sequence[Vector], lines: Matrix) -> Matrix:
    """Vectors ρ_p with a_q·ρ_p = [p = q], each with the least form among those that differ by lines of the cone."""
    table = to_flint(walls)
    rays = table.transpose() * (table * table.transpose()).inv()
    if lines:
        basis, matrix = to_flint(lines).transpose(), to_flint(form)
        inner = basis.transpose() * matrix
        rays = rays - basis * (inner * basis).solve(inner * rays)
    return from_flint(rays.transpose())


def _negative_combination(small: Matrix) -> Vector | None:
    """A y ≥ 0 with yᵀMy < 0: one entry, two entries, or a negative direction without signs; None if none of these is."""
    size = len(small)
    for p in range(size):
        if small[p][p] < 0:
            return tuple(Fraction(int(k == p)) for k in range(size))
    for p in range(size):
        for q in range(size):
            a, b, c = small[p][p], small[p][q], small[q][q]
            if p != q and b < 0 and a * c < b * b:
                weights = {p: -b, q: a} if a else {p: c / (-2 * b) + 1, q: Fraction(1)}
                return tuple(weights.get(k, _ZERO) for k in range(size))
    direction = ldlt(small).negative_direction
    if direction is None:
        return None
    for sign in (1, -1):
        if all(sign * value >= 0 for value in direction):
            return tuple(sign * value for value in direction)
    return None


def _congruent(form: Matrix, basis: Matrix) -> Matrix:
    rows = to_flint(basis)
    return from_flint(rows * to_flint(form) * rows.transpose())


def restricted(matrix: fmpq_mat, basis: Matrix) -> Matrix:
    """The form on the span of `basis`: B·matrix·Bᵀ. Exactness: exact. Raises: nothing. Source: standard."""
    rows = to_flint(basis)
    return from_flint(rows * matrix * rows.transpose())
