"""The risk, walls and what is met on a step, in floats: for proposals only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from exactsurf.effort import look
from exactsurf.exact.balls import to_arb
from exactsurf.exact.floats.doubles import doubles
from exactsurf.minima.local.coordinate_vector import row_positions
from exactsurf.minima.smooth.smooth_derivatives import penalised_positions
from exactsurf.model.loss_jet import loss_jet
from exactsurf.model.problem import Problem
from exactsurf.model.wall import Wall

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[Any]

_AT_ONCE = 2_000_000
"""Most floats in the Hessians of the units of one layer."""
_HALVINGS = 40
_BEHIND = 1e-3
"""The share of the way to the next wall at which it is asked whether the risk rises behind one."""
_SHIFT = 1 / 16
_TOUCH = 1e-9
_NEAR = 1e-5
"""Steps so short are taken where floats see no lower risk: Newton's method ends there."""
_TINY = 1e-6
"""The share of a step by which speeds are measured."""


@dataclass
class Jets:
    """Values, gradients and Hessians of some numbers for every sample: shapes (N, n), (N, n, P) and (N, n, P, P)."""

    values: Floats
    gradients: Floats
    hessians: Floats


@dataclass(frozen=True)
class WallsInFloats:
    """Risk and walls at a point, every wall followed from its left side: derivatives by the parameters, then by the rises."""

    risk: float
    gradient: Floats
    hessian: Floats
    heights: Floats
    sides: Floats
    bends: Floats


@dataclass(frozen=True)
class RiskInFloats:
    """The risk in floats."""

    problem: Problem

    @cached_property
    def positions(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """The coordinates of every unit, layer by layer."""
        return row_positions(self.problem.network)

    @cached_property
    def inputs(self) -> Floats:
        """The inputs, sample by sample."""
        return doubles(self.problem.data.inputs)

    @cached_property
    def lines(self) -> Floats:
        """Slope and intercept of every piece of the activation."""
        import numpy as np

        return np.array(self.problem.network.activation.lines, dtype=float)

    @cached_property
    def breakpoints(self) -> Floats:
        """The breakpoints of the activation."""
        import numpy as np

        return np.array(self.problem.network.activation.breakpoints, dtype=float)

    @cached_property
    def penalised(self) -> list[int]:
        """The coordinates that weight decay penalises."""
        return penalised_positions(self.problem)

    @cached_property
    def factor(self) -> float:
        """The factor of weight decay."""
        return 0.0 if self.problem.decay is None else float(self.problem.decay.factor)

    def heights(self, point: Floats) -> list[Floats]:
        """The pre-activations of every layer, then the predictions: shape (N, n) each."""
        import numpy as np

        below, found = self.inputs, []
        for layer, units in enumerate(self.positions, start=1):
            taken = point[np.array(units)]
            z = below @ taken[:, : below.shape[1]].T + (taken[:, -1] if taken.shape[1] > below.shape[1] else 0)
            found.append(z)
            if layer < len(self.positions):
                piece = np.searchsorted(self.breakpoints, z)
                below = self.lines[piece, 0] * z + self.lines[piece, 1]
        return found

    def risk(self, point: Floats) -> float:
        """The risk."""
        look("the descent onto walls")
        total = sum(self._loss(i, row, {})[0] for i, row in enumerate(self.heights(point)[-1]))
        return float(total + self.factor / 2 * sum(point[p] ** 2 for p in self.penalised))

    @cached_property
    def terms(self) -> list[list[tuple[int, list[int], list[int], int, float]]]:
        """By samples the terms of a loss by pieces: the term, its outputs with their signs, and its gap as a line."""
        base, found = self.problem.without_decay, list[list[tuple[int, list[int], list[int], int, float]]]()
        for i, targets in enumerate(base.data.y):
            found.append([])
            for k in range(len(targets) if base.loss.is_piecewise_quadratic else 0):
                parts = base.term_outputs(i, k)
                if parts:
                    slope, shift = base.loss.gap_line(targets[k] if base.right_outputs is None else Fraction(-1))
                    found[-1].append((k, [a for a, _ in parts], [sign for _, sign in parts], int(slope), float(shift)))
        return found

    @cached_property
    def kinks(self) -> Floats:
        """The breakpoints of a loss by pieces."""
        import numpy as np

        loss = self.problem.without_decay.loss
        return np.array(loss.function.breakpoints if loss.is_piecewise_quadratic else (), dtype=float)

    def gaps(self, sample: int, outputs: Floats) -> dict[int, float]:
        """The gaps of the terms of a loss by pieces."""
        return {k: s * float(outputs[a] @ signs) + t for k, a, signs, s, t in self.terms[sample]}

    def _loss(
        self, sample: int, outputs: Floats, on_walls: Mapping[int, int]
    ) -> tuple[float, list[float], dict[tuple[int, int], float]]:
        import numpy as np

        pieces = {k: on_walls.get(k, int(np.searchsorted(self.kinks, u))) for k, u in self.gaps(sample, outputs).items()}
        found = loss_jet(self.problem, sample, [to_arb(Fraction(float(f))) for f in outputs], pieces)
        if found is None:
            return float("nan"), [0.0] * len(outputs), {}
        value, slopes, curvatures = found
        return float(value), [float(s) for s in slopes], {pair: float(c) for pair, c in curvatures.items()}

    def at(self, point: Floats, walls: Sequence[Wall]) -> WallsInFloats:
        """Everything at a point, each wall followed from its left side."""
        import numpy as np

        size = len(point) + len(walls)
        found = WallsInFloats(
            0.0, np.zeros(size), np.zeros((size, size)), *(np.zeros((len(walls), *([size] * k))) for k in range(3))
        )
        # The Hessians of all units on all samples together would fill the memory, and hold the clock.
        most = max(1, _AT_ONCE // (max(self.problem.network.widths) * size * size))
        for first in range(0, len(self.inputs), most):
            look("the descent onto walls")
            found = self._with_samples(found, range(first, min(first + most, len(self.inputs))), point, walls)
        risk, gradient, hessian = found.risk, found.gradient, found.hessian
        for p in self.penalised:
            risk += self.factor / 2 * point[p] ** 2
            gradient[p] += self.factor * point[p]
            hessian[p, p] += self.factor
        return replace(found, risk=risk)

    def _with_samples(self, before: WallsInFloats, samples: range, point: Floats, walls: Sequence[Wall]) -> WallsInFloats:
        """What is known, and what these samples add to it; `before` is changed."""
        import numpy as np

        size, inputs = len(point) + len(walls), self.inputs[samples.start : samples.stop]
        a = Jets(inputs, np.zeros((*inputs.shape, size)), np.zeros((*inputs.shape, size, size)))
        risk, gradient, hessian = before.risk, before.gradient, before.hessian
        heights, sides, bends = before.heights, before.sides, before.bends
        for layer, units in enumerate(self.positions, start=1):
            z = self._affine(point, units, a)
            if layer == len(self.positions):
                a = z
                break
            piece = np.searchsorted(self.breakpoints, z.values)
            rises = np.zeros((*z.values.shape, size))
            for n, wall in enumerate(walls):
                if wall.layer == layer:
                    j, k = wall.unit, wall.breakpoint
                    if wall.sample in samples:
                        i = wall.sample - samples.start
                        heights[n], sides[n], bends[n] = z.values[i, j] - self.breakpoints[k], z.gradients[i, j], z.hessians[i, j]
                    for twin in wall.samples:
                        if twin in samples:
                            piece[twin - samples.start, j] = k
                            rises[twin - samples.start, j, len(point) + n] = self.lines[k + 1, 0] - self.lines[k, 0]
            slopes = self.lines[piece, 0]
            a = Jets(
                slopes * z.values + self.lines[piece, 1],
                slopes[:, :, None] * z.gradients + rises,
                slopes[:, :, None, None] * z.hessians,
            )
        on_walls: dict[int, dict[int, int]] = {i: {} for i in samples}
        for n, wall in enumerate(walls):
            if wall.layer == len(self.positions):
                if wall.sample in samples:
                    self._on_the_loss(wall, n, wall.sample - samples.start, a, heights, sides, bends)
                for twin in wall.samples:
                    if twin in samples:
                        on_walls[twin][wall.unit] = wall.breakpoint
                        gradient[len(point) + n] += self._jump(wall, twin)
        for i in samples:
            value, own, curvatures = self._loss(i, a.values[i - samples.start], on_walls[i])
            risk += value
            jets, bent = a.gradients[i - samples.start], a.hessians[i - samples.start]
            for k, slope in enumerate(own):
                gradient += slope * jets[k]
                hessian += slope * bent[k]
            for (k, m), curvature in curvatures.items():
                product = curvature * np.outer(jets[k], jets[m])
                hessian += product if k == m else product + product.T
        return replace(before, risk=risk)

    def _on_the_loss(self, wall: Wall, n: int, i: int, a: Jets, heights: Floats, sides: Floats, bends: Floats) -> None:
        """Height, gradient and Hessian of a wall of the loss."""
        import numpy as np

        _, outputs, signs, s, t = next(term for term in self.terms[wall.sample] if term[0] == wall.unit)
        row = s * np.array(signs)
        heights[n] = row @ a.values[i, outputs] + t - self.kinks[wall.breakpoint]
        sides[n] = np.tensordot(row, a.gradients[i, outputs], axes=1)
        bends[n] = np.tensordot(row, a.hessians[i, outputs], axes=1)

    def _jump(self, wall: Wall, sample: int) -> float:
        """By how much the slope of the loss of a sample rises at a wall."""
        base = self.problem.without_decay
        left, right = base.loss.function.slopes(base.loss.function.breakpoints[wall.breakpoint])
        return float(base.loss.scale * base.shares[sample] * (right - left))

    def _affine(self, point: Floats, units: Sequence[Sequence[int]], a: Jets) -> Jets:
        import numpy as np

        count, below, size = a.gradients.shape
        z = Jets(np.zeros((count, len(units))), np.zeros((count, len(units), size)), np.zeros((count, len(units), size, size)))
        for j, row in enumerate(units):
            weights = point[np.array(row)]
            z.values[:, j] = a.values @ weights[:below] + (weights[below] if len(row) > below else 0)
            z.gradients[:, j] = np.tensordot(a.gradients, weights[:below], axes=([1], [0]))
            z.hessians[:, j] = np.tensordot(a.hessians, weights[:below], axes=([1], [0]))
            for k, p in enumerate(row[:below]):
                z.gradients[:, j, p] += a.values[:, k]
                z.hessians[:, j, p, :] += a.gradients[:, k]
                z.hessians[:, j, :, p] += a.gradients[:, k]
            if len(row) > below:
                z.gradients[:, j, row[below]] += 1
        return z

    def shifted(self, point: Floats, wall: Wall, side: int) -> Floats:
        """The point with the bias of a unit changed, and that taken off in the next layer as if the unit were in one piece."""
        layer, unit = wall.layer, wall.unit
        if layer == len(self.positions) or not self.problem.network.biases[layer - 1]:
            return point
        found = point.copy()
        found[self.positions[layer - 1][unit][-1]] += side * _SHIFT
        slope = self.lines[wall.breakpoint + (side > 0), 0]
        for row in self.positions[layer] if self.problem.network.biases[layer] else ():
            found[row[-1]] -= side * _SHIFT * slope * point[row[unit]]
        return found

    def searched(self, point: Floats, step: Floats, held: Sequence[Wall], risk: float) -> tuple[Floats, Wall | None]:
        """A lower point along a step, and the wall on which it stops, if it is there that the risk begins to rise."""
        share, lowest = 0.0, risk
        near = _TOUCH * (1 + float(abs(point).max())) / max(float(abs(step).max()), _TOUCH)
        all_meetings = self._meetings(point, step, held)
        meetings = [*((reach, wall) for reach, wall in all_meetings if reach >= near), (1.0, None)]
        for n, (reach, wall) in enumerate(meetings):
            there = self.risk(point + reach * step)
            if not there < lowest:
                break
            share, lowest = reach, there
            if wall is None:
                return point + share * step, None
            beyond = share + _BEHIND * (meetings[n + 1][0] - share)
            if self.risk(point + beyond * step) >= lowest:
                return point + share * step, wall
        last = reach
        for _ in range(_HALVINGS):
            middle = (share + last) / 2
            if self.risk(point + middle * step) < lowest:
                return point + middle * step, None
            last = middle
        if share:
            return point + share * step, None
        if len(all_meetings) >= len(meetings):
            # On a wall behind which the risk rises.
            reach, wall = all_meetings[0]
            return point + reach * step, wall
        return (point + step if float(abs(step).max()) < _NEAR else point), None

    def touched(self, point: Floats, held: Sequence[Wall]) -> Wall | None:
        """A wall on which the point lies, as far as floats tell, and which is not held."""
        reach = _TOUCH * (1 + float(abs(point).max()))
        found = list[tuple[int, int, int, int]]()
        *hidden, outputs = self.heights(point)
        for layer, z in enumerate(hidden, start=1):
            for i, row in enumerate(z):
                found += [
                    (layer, j, i, k) for j, v in enumerate(row) for k, t in enumerate(self.breakpoints) if abs(v - t) < reach
                ]
        for i, row in enumerate(outputs):
            gaps = self.gaps(i, row).items()
            found += [(len(hidden) + 1, term, i, k) for term, u in gaps for k, t in enumerate(self.kinks) if abs(u - t) < reach]
        walls = (Wall.of(self.problem, layer, unit, i, k) for layer, unit, i, k in found)
        return next((wall for wall in walls if wall not in held), None)

    def _meetings(self, point: Floats, step: Floats, held: Sequence[Wall]) -> list[tuple[float, Wall]]:
        """The walls that the step meets, in order."""
        here, ahead = self.heights(point), self.heights(point + _TINY * step)
        found = list[tuple[float, int, int, int, int]]()
        for layer, (z, moved) in enumerate(zip(here[:-1], ahead[:-1], strict=True), start=1):
            for i in range(z.shape[0]):
                for j in range(z.shape[1]):
                    found += [(reach, layer, j, i, k) for reach, k in _reached(z[i, j], moved[i, j], self.breakpoints)]
        for i, (row, moved_row) in enumerate(zip(here[-1], ahead[-1], strict=True)):
            later = self.gaps(i, moved_row)
            for term, u in self.gaps(i, row).items():
                found += [(reach, len(here), term, i, k) for reach, k in _reached(u, later[term], self.kinks)]
        walls = [(reach, Wall.of(self.problem, layer, unit, i, k)) for reach, layer, unit, i, k in sorted(found)]
        return [(reach, wall) for reach, wall in walls if wall not in held]


def _reached(height: float, later: float, breakpoints: Floats) -> list[tuple[float, int]]:
    """The breakpoints that a number meets within one step, and when."""
    speed = (later - height) / _TINY
    reaches = [((t - height) / speed if speed else -1.0, k) for k, t in enumerate(breakpoints)]
    return [(reach, k) for reach, k in reaches if 0 <= reach < 1]
