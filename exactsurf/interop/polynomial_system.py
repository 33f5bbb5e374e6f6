"""Critical points on a cell as a polynomial system, for msolve and HomotopyContinuation.jl."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.cells.cell import Cell
from exactsurf.cells.restricted_cell import RestrictedCell
from exactsurf.errors import InputError, UnsupportedError, check_kind
from exactsurf.exact.number import Exact
from exactsurf.exact.polynomial import Polynomial

_MOST_BITS = 13_000


@dataclass(frozen=True)
class CriticalSystem:
    """The equations ∂risk/∂w = 0 on a cell, with integer coefficients without a common factor.

    Attributes: `variables`; `equations`; `walls`, polynomials that are positive inside the cell. Solutions are critical points
    of the risk where all walls are positive; elsewhere the polynomial of the cell is not the risk.
    Exactness: exact. Source: theory.md, section 1.
    """

    variables: tuple[str, ...]
    equations: tuple[Polynomial, ...]
    walls: tuple[Polynomial, ...]


def critical_system(cell: Cell | RestrictedCell, *, fixed: Mapping[str, Exact] | None = None) -> CriticalSystem:
    """The critical equations of the risk on a cell.

    Parameters: `cell`, also a `RestrictedCell`; `fixed`, values for some of its variables (``{"W2_0_0": 1}``). A ReLU unit can
    be rescaled without changing the risk, so critical points come in curves; fixing one weight of every unit at 1 or −1 leaves
    one point of each curve on which that weight has this sign. The equations of the fixed variables are kept, so that every
    solution is a critical point of the whole risk.
    Exactness: exact. Raises: `InputError` for unknown names, `UnsupportedError` if the risk is constant on the cell.
    Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> from exactsurf.cells.cell import cell_of
    >>> problem = es.Problem(es.Network([1, 1, 1], biases=False), es.Data.from_arrays([1, 2], [1, 1]))
    >>> cell = cell_of(problem, problem.parameters(W1=[[1]], W2=[[1]]))
    >>> critical_system(cell, fixed={"W2_0_0": 1}).equations
    (Polynomial(5*W1_0_0 - 3), Polynomial(5*W1_0_0^2 - 3*W1_0_0))
    """
    if cell.is_risk_constant:
        raise UnsupportedError("the risk is constant on this cell", "every point of it is critical")
    values = dict(fixed or {})
    equations = [_primitive(derivative.restricted(values)) for derivative in cell.risk.gradient()]
    walls = [_primitive((wall.polynomial * wall.side).restricted(values)) for wall in cell.walls]
    variables = tuple(name for name in cell.names if name not in values)
    if not variables:
        raise InputError("all variables are fixed", fix="leave at least one of them free")
    kept = tuple(dict.fromkeys(equation for equation in equations if not equation.is_zero))
    if not kept:
        raise UnsupportedError("all critical equations vanish where these values are fixed", "every point there is critical")
    return CriticalSystem(variables, kept, tuple(dict.fromkeys(walls)))


def to_msolve(cell: Cell | RestrictedCell, *, fixed: Mapping[str, Exact] | None = None) -> str:
    """The critical equations of the risk on a cell as an input file of msolve.

    Parameters: as `critical_system`. Returns: the text of the file: variables, characteristic 0, one equation a line.
    Exactness: exact, with integer coefficients. Raises: as `critical_system`. Source: msolve's manual, "Input file format".

    >>> import exactsurf as es
    >>> from exactsurf.cells.cell import cell_of
    >>> problem = es.Problem(es.Network([1, 1, 1], biases=False), es.Data.from_arrays([1, 2], [1, 1]))
    >>> cell = cell_of(problem, problem.parameters(W1=[[1]], W2=[[1]]))
    >>> print(es.to_msolve(cell, fixed={"W2_0_0": 1}), end="")
    W1_0_0
    0
    5*W1_0_0-3,
    5*W1_0_0^2-3*W1_0_0
    """
    check_kind(cell, (Cell, RestrictedCell), "to_msolve", "take problem.cell(parameters)")
    system = critical_system(cell, fixed=fixed)
    equations = ",\n".join(_text(equation) for equation in system.equations)
    return f"{','.join(system.variables)}\n0\n{equations}\n"


def to_homotopy_continuation(cell: Cell | RestrictedCell, *, fixed: Mapping[str, Exact] | None = None) -> str:
    """The critical equations of the risk on a cell as a Julia script for HomotopyContinuation.jl.

    Parameters: as `critical_system`. Returns: the text of the script, which solves the system and keeps the real solutions
    inside the cell. Exactness: the equations are exact; what the script computes is numerical.
    Raises: as `critical_system`. Source: Breiding and Timme, "HomotopyContinuation.jl", ICMS 2018.

    >>> import exactsurf as es
    >>> from exactsurf.cells.cell import cell_of
    >>> problem = es.Problem(es.Network([1, 1, 1], biases=False), es.Data.from_arrays([1, 2], [1, 1]))
    >>> cell = cell_of(problem, problem.parameters(W1=[[1]], W2=[[1]]))
    >>> es.to_homotopy_continuation(cell, fixed={"W2_0_0": 1}).splitlines()[2:7]
    ['@var W1_0_0', 'variables = [W1_0_0]', '', 'equations = Expression[', '    5*W1_0_0-3,']
    """
    check_kind(cell, (Cell, RestrictedCell), "to_homotopy_continuation", "take problem.cell(parameters)")
    system = critical_system(cell, fixed=fixed)
    listed = {
        name: "".join(f"    {_text(polynomial)},\n" for polynomial in polynomials)
        for name, polynomials in (("equations", system.equations), ("walls", system.walls))
    }
    return (
        "using HomotopyContinuation\n\n"
        f"@var {' '.join(system.variables)}\n"
        f"variables = [{', '.join(system.variables)}]\n\n"
        f"equations = Expression[\n{listed['equations']}]\n\n"
        "# positive inside the cell\n"
        f"walls = Expression[\n{listed['walls']}]\n\n"
        "result = solve(System(equations; variables = variables))\n"
        "inside(point) = all(wall -> evaluate(wall, variables => point) > 0, walls)\n"
        "foreach(println, filter(inside, real_solutions(result)))\n"
    )


def _primitive(polynomial: Polynomial) -> Polynomial:
    """A positive multiple with integer coefficients that have no common factor."""
    coefficients = [coefficient for _, coefficient in polynomial.items()]
    if not coefficients:
        return polynomial
    top = math.gcd(*(c.numerator for c in coefficients))
    bottom = math.lcm(*(c.denominator for c in coefficients))
    return polynomial * Fraction(bottom, top)


def _text(polynomial: Polynomial) -> str:
    parts: list[str] = []
    for exponents, coefficient in polynomial.items():
        if coefficient.numerator.bit_length() > _MOST_BITS:
            raise UnsupportedError("a coefficient is too long for a polynomial system file", "use data with shorter numbers")
        powers = [
            name if e == 1 else f"{name}^{e}" for name, e in zip(polynomial.variables, exponents, strict=True) if e
        ]  # fmt: skip
        size = abs(coefficient.numerator)
        factors = [str(size), *powers] if size != 1 or not powers else powers
        parts.append(("-" if coefficient < 0 else "+" if parts else "") + "*".join(factors))
    return "".join(parts) or "0"
