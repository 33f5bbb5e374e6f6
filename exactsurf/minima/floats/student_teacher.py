"""Critical points of a ReLU student of an orthonormal ReLU teacher on normal inputs, in floats: for proposals only."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

from exactsurf.exact.linear_algebra import Matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]

_GRID, _STEPS, _STEP = 1 << 52, 30, 1e-6

# Near the critical points for k = 6 and k = 8: W_ii, W_ij, W_ik for i, j < k, then W_ki, W_kk, and those of a further unit.
_AS_MANY = (6, (0.98670, -0.05041, 0.30801, 0.22452, -0.60151))
_ONE_MORE = (8, (0.984, -0.03, 0.23, 0.126, -0.189, 0.069, -0.486))


def symmetric_critical_point(k: int, *, one_more: bool = False) -> Matrix:
    """Rows near a critical point of the risk against the teachers e_1, …, e_k, whose first k − 1 units are alike.

    Newton's method among points of this symmetry, from what is known for small k on to k.
    Parameters: `k`, at least 6; `one_more`, whether there are k + 1 students (then k is at least 8), else k.
    Returns: the rows. Exactness: none, doubles; a proposal. Raises: nothing. Source: papers.md, A5; found by descent.

    >>> [round(float(value), 4) for value in symmetric_critical_point(6)[0][:2]]
    [0.9867, -0.0504]
    """
    import numpy as np

    first, start = _ONE_MORE if one_more else _AS_MANY
    entries = np.array(start)
    for size in range(first, k + 1):
        entries = _newton(partial(_reduced_gradient, size), entries)
    return tuple(tuple(Fraction(round(value * _GRID), _GRID) for value in row) for row in _rows(entries, k).tolist())


def _rows(entries: Floats, k: int) -> Floats:
    """The students with these entries."""
    import numpy as np

    a, b, c, *ends = entries
    rows = np.full((k - 1 + len(ends) // 2, k), b)
    rows[range(k - 1), range(k - 1)] = a
    rows[: k - 1, k - 1] = c
    for place, (d, e) in enumerate(zip(ends[::2], ends[1::2], strict=True), k - 1):
        rows[place] = d
        rows[place, k - 1] = e
    return rows


def _reduced_gradient(k: int, entries: Floats) -> Floats:
    """The means of the gradient over entries that are alike."""
    import numpy as np

    found, inner = gradient(_rows(entries, k), np.eye(k)), np.eye(k - 1, dtype=bool)
    block = found[: k - 1, : k - 1]
    ends = [value for row in found[k - 1 :] for value in (row[: k - 1].mean(), row[k - 1])]
    return np.array([block[inner].mean(), block[~inner].mean(), found[: k - 1, k - 1].mean(), *ends])


def gradient(students: Floats, teachers: Floats) -> Floats:
    """The gradient of ½ E (Σ relu(w_i·x) − Σ relu(v_j·x))² by the rows w_i.

    Parameters: `students` (n × d), `teachers` (k × d). Exactness: none, doubles. Raises: nothing. Source: Cho and Saul 2009.

    >>> import numpy as np
    >>> bool(abs(gradient(np.eye(2), np.eye(2))).max() < 1e-15)
    True
    """
    import numpy as np

    long, other = np.linalg.norm(students, axis=1), np.linalg.norm(teachers, axis=1)

    def sines(rows: Floats, lengths: Floats) -> tuple[Floats, Floats]:
        angle = np.arccos(np.clip(students @ rows.T / np.outer(long, lengths), -1, 1))
        return np.sin(angle), np.pi - angle

    (own, rest), (across, goal) = sines(students, long), sines(teachers, other)
    own[range(len(own)), range(len(own))], rest[range(len(own)), range(len(own))] = 0, np.pi
    factor = (own @ long - across @ other) / long
    found: Floats = (factor[:, None] * students + rest @ students - goal @ teachers) / (2 * np.pi)
    return found


def _newton(function: Callable[[Floats], Floats], point: Floats) -> Floats:
    """A zero near a point, with difference quotients."""
    import numpy as np

    for _ in range(_STEPS):
        moves = _STEP * np.eye(len(point))
        slopes = np.array([(function(point + move) - function(point - move)) / (2 * _STEP) for move in moves]).T
        step = np.linalg.solve(slopes, function(point))
        point = point - step
        if abs(step).max() < 1e-15:
            break
    return point
