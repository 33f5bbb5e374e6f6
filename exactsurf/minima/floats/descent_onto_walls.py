"""Where a descent of the risk comes to rest on walls: an active set method in floats proposes the point and its walls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from exactsurf.effort import Effort
from exactsurf.errors import ExactsurfError
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.floats.risk_on_walls import RiskInFloats, WallsInFloats
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.problem import Problem
from exactsurf.model.wall import Wall

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[Any]

_STEPS = 400
"""Most steps of the descent."""
_TRUST = 1.0
"""Longest step in any coordinate."""
_REST = 1e-9
_PATIENCE = 1e4
"""A wall is left where the risk is so much flatter along the walls than across it: else descents zigzag."""
_OFF = 1e-7
"""How far from a wall a point is set that leaves it."""
_MOST = 100_000_000
"""Most floats in the second derivatives of a layer on one sample."""
_FLAT = 1e-9
"""Curvatures below this share of the largest one count as it."""


@dataclass(frozen=True)
class OnWalls:
    """Where a descent rests: the point, the walls on which it lies, in order, and their multipliers: floats, as exact numbers."""

    vector: Vector
    walls: tuple[Wall, ...]
    multipliers: Vector

    @classmethod
    def of(cls, point: Floats, walls: Sequence[Wall], multipliers: Floats) -> OnWalls:
        """From floats, and walls in any order."""
        order = sorted(range(len(walls)), key=walls.__getitem__)
        pulls = tuple(Fraction(float(multipliers[n])) for n in order)
        return cls(tuple(Fraction(float(v)) for v in point), tuple(walls[n] for n in order), pulls)


def descent_onto_walls(problem: Problem, start: Vector, effort: Effort) -> OnWalls | NotProved:
    """A point near `start` at which a descent of the risk rests, and the walls on which it does.

    Parameters: `problem` with a piecewise linear network; `start`, in the order of `vector_of`. Returns: the point, walls
    and multipliers, or why the descent does not end. Exactness: none, doubles; whoever uses the point proves what it is.
    Raises: `OutOfTime`. Source: active set methods, Nocedal and Wright, "Numerical Optimization", 2006, chapter 18.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([0, 1, 2], [0, 2, 1])
    >>> problem = es.Problem(es.Network([1, 1, 1]), data, weight_decay="1/100")
    >>> descent_onto_walls(problem, (Fraction(1), Fraction(1, 5), Fraction(1), Fraction(1, 10)), Effort().started()).walls
    ()
    """
    try:
        return _descended(problem, start, effort)
    except ExactsurfError:
        raise
    except (OverflowError, ValueError):  # numbers beyond doubles, or none; also LinAlgError
        return NotProved("the descent in floats meets numbers beyond doubles; scale the data or the parameters")


def _descended(problem: Problem, start: Vector, effort: Effort) -> OnWalls | NotProved:
    import numpy as np

    widest = max(problem.network.widths)
    if widest * len(start) ** 2 > _MOST:
        return NotProved(f"{len(start)} parameters are too many for a descent with second derivatives")
    model = RiskInFloats(problem)
    point, held, left = np.array([float(v) for v in start]), list[Wall](), list[Wall]()
    with np.errstate(all="ignore"):
        for _ in range(_STEPS):
            effort.check("the descent onto walls")
            here = model.at(point, held)
            sides = here.sides[:, : len(point)]
            pulls = np.linalg.lstsq(sides.T, -here.gradient[: len(point)], rcond=None)[0] if held else np.zeros(0)
            slope = here.gradient[: len(point)] + sides.T @ pulls
            rises = here.gradient[len(point) :] + here.sides[:, len(point) :].T @ pulls
            excess = np.maximum(-pulls, pulls - rises)
            rest = float(np.abs(slope).max())
            if held and float(excess.max()) > _PATIENCE * rest:
                n = int(excess.argmax())
                side = 1 if excess[n] == pulls[n] - rises[n] else -1
                # Off the wall, to the side on which the risk falls, and along the others.
                point = point + side * _OFF * np.linalg.pinv(sides)[:, n]
                left.append(held.pop(n))
                continue
            scale = 1 + float(np.abs(point).max())
            if rest < _REST * scale and float(np.abs(here.heights).max(initial=0)) < _REST * scale:
                met = model.touched(point, [*held, *left])
                if met is not None and _are_independent(model, point, [*held, met]):
                    held.append(met)
                    continue
                loose = np.minimum(pulls, rises - pulls)
                if not held or float(loose.min()) > _REST * scale:
                    return OnWalls.of(point, held, pulls)
                # The end of a flat piece, on which a shift of the bias changes nothing: go on inside.
                wall = held.pop(int(loose.argmin()))
                left.append(wall)
                point = model.shifted(point, wall, 1 if float(loose.min()) < float(pulls[int(loose.argmin())]) else -1)
                continue
            step = _step(here, slope, pulls, len(point))
            if step is None:
                break
            point, met = model.searched(point, step, held, here.risk)
            if met is not None and _are_independent(model, point, [*held, met]):
                held.append(met)
    return NotProved("a descent of the risk onto walls does not come to rest near the floats")


def _step(here: WallsInFloats, slope: Floats, pulls: Floats, size: int) -> Floats | None:
    """Newton's step for the Lagrangian, its curvatures along the walls made positive."""
    import numpy as np

    sides = here.sides[:, :size]
    hessian = (here.hessian + np.tensordot(pulls, here.bends, axes=1))[:size, :size]
    if not np.isfinite(hessian).all():
        return None
    step = np.zeros(size)
    basis = np.eye(size)
    if len(sides):
        step = np.linalg.lstsq(sides, -here.heights, rcond=None)[0]
        basis = np.linalg.svd(sides)[2][np.linalg.matrix_rank(sides) :].T
    if basis.shape[1]:
        values, vectors = np.linalg.eigh(basis.T @ hessian @ basis)
        least = max(float(np.abs(values).max()) * _FLAT, _FLAT)
        parts = vectors.T @ (basis.T @ (slope + hessian @ step)) / np.maximum(np.abs(values), least)
        step = step - basis @ (vectors @ parts)
    longest = float(np.abs(step).max())
    return step * min(1.0, _TRUST / longest) if longest else step


def _are_independent(model: RiskInFloats, point: Floats, walls: list[Wall]) -> bool:
    """Whether the walls have independent gradients."""
    import numpy as np

    sides = model.at(point, walls).sides[:, : len(point)]
    return bool(np.linalg.matrix_rank(sides, tol=1e-9 * (1 + float(np.abs(sides).max()))) == len(walls))
