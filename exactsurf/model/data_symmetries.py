"""Permutations and reflections of the inputs that leave a problem as it is: they permute its samples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import TypeAlias

from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import to_text
from exactsurf.model.needed_problem import check_problem
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

_ZERO = Fraction(0)

Image: TypeAlias = tuple[int, int, Fraction]
"""What stands in the place of an input: another one, times ±1, plus a shift."""


@dataclass(frozen=True)
class InputSymmetry:
    """A map g of the inputs, (g x)_j = signs[j]·x_{inputs[j]} + shifts[j], that takes sample i to sample `samples[i]`.

    Targets and weights of both samples are equal, so the parameters θ and `moved(θ)`, which predict f(θ, g x) at x, have the same
    risk. Exactness: exact. Source: proofs/data_symmetries.md.
    """

    inputs: tuple[int, ...]
    signs: tuple[int, ...]
    shifts: Vector
    samples: tuple[int, ...]

    def moved(self, parameters: Parameters) -> Parameters:
        """The parameters that predict at x what `parameters` predict at g x.

        Parameters: those of a network with as many inputs. Exactness: exact. Raises: nothing. Source: proofs/data_symmetries.md.
        """
        first, bias = parameters.weights[0], parameters.biases[0]
        place = {p: j for j, p in enumerate(self.inputs)}
        turned = tuple(tuple(row[place[p]] * self.signs[place[p]] for p in range(len(row))) for row in first)
        if bias is not None:
            bias = tuple(
                b + sum((w * t for w, t in zip(row, self.shifts, strict=True)), _ZERO) for b, row in zip(bias, first, strict=True)
            )
        return Parameters((turned, *parameters.weights[1:]), (bias, *parameters.biases[1:]))

    def __str__(self) -> str:
        parts = []
        for j, (p, sign, shift) in enumerate(zip(self.inputs, self.signs, self.shifts, strict=True)):
            if (p, sign) != (j, 1) or shift:
                own = f"x{p + 1}" if sign > 0 else f"−x{p + 1}"
                moved = f"{to_text(shift)} {own[0]} {own[1:]}" if sign < 0 else f"{own} + {to_text(shift)}"
                parts.append(f"x{j + 1} → {moved if shift else own}")
        return ", ".join(parts) or "the identity"


@dataclass(frozen=True)
class DataSymmetries:
    """The group of all such maps: its `order`, and `generators`; there are none if the identity is alone.

    Every map is a product of generators. Exactness: exact. Source: proofs/data_symmetries.md.
    """

    order: int
    generators: tuple[InputSymmetry, ...]


def data_symmetries(problem: Problem) -> DataSymmetries:
    """All permutations and reflections of the inputs that leave the samples, their targets and their weights as they are.

    Reflections and permutations may shift inputs where the first layer has biases that no weight decay penalises.
    Parameters: any problem. Returns: a `DataSymmetries`. Exactness: exact: all of them, by a search that compares multisets of
    rational rows; its time may grow exponentially with the inputs. Raises: nothing.
    Source: proofs/data_symmetries.md; a chain of stabilisers (Sims 1970).

    >>> import exactsurf as es
    >>> xor = es.Data.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    >>> found = es.data_symmetries(es.Problem(es.Network([2, 2, 1]), xor))
    >>> found.order, [str(one) for one in found.generators]
    (4, ['x1 → 1 − x1, x2 → 1 − x2', 'x1 → x2, x2 → x1', 'x1 → 1 − x2, x2 → 1 − x1'])
    """
    check_problem(problem, "data_symmetries")
    search = _Search(problem)
    generators: list[InputSymmetry] = []
    orbits = []
    for level in range(search.size):
        fixed = [(j, 1, _ZERO) for j in range(level)]
        own = (j_image for j_image in search.images(level) if j_image != (level, 1, _ZERO))
        found = [whole for image in own if (whole := search.completed([*fixed, image])) is not None]
        orbits.append(1 + len(found))
        generators += map(search.symmetry, found)
    return DataSymmetries(prod(orbits), tuple(generators))


class _Search:
    """The rows of a problem by columns, and what stands behind them: targets and weights."""

    def __init__(self, problem: Problem) -> None:
        data = problem.data
        self.size = len(data.x[0])
        self.columns = list(zip(*data.x, strict=True))
        weights = data.weights or (Fraction(1),) * len(data)
        self.behind = list(zip(data.y, weights, strict=True))
        self.may_shift = problem.network.biases[0] and not (problem.decay is not None and problem.decay.biases)
        self._rows = [Counter(self._keys(self.columns[:k])) for k in range(self.size + 1)]

    def images(self, place: int) -> list[Image]:
        """What may stand in the place of an input: of each other one at most one shift gives the same numbers."""
        target, found = self.columns[place], []
        for p, column in enumerate(self.columns):
            for sign in (1, -1):
                shift = min(target) - min(sign * value for value in column)
                if (not shift or self.may_shift) and sorted(sign * v + shift for v in column) == sorted(target):
                    found.append((p, sign, shift))
        return found

    def completed(self, images: list[Image]) -> list[Image] | None:
        """The first map of all inputs that begins with these images and leaves the samples as they are, if there is one."""
        columns = [tuple(sign * value + shift for value in self.columns[p]) for p, sign, shift in images]
        if len({p for p, _, _ in images}) < len(images) or Counter(self._keys(columns)) != self._rows[len(images)]:
            return None
        if len(images) == self.size:
            return images
        further = (self.completed([*images, image]) for image in self.images(len(images)))
        return next((found for found in further if found is not None), None)

    def symmetry(self, images: Sequence[Image]) -> InputSymmetry:
        """A map with the samples that it leads to; of equal samples the first one that is left."""
        places: dict[tuple[object, ...], list[int]] = {}
        for i, key in reversed(list(enumerate(self._keys(self.columns)))):
            places.setdefault(key, []).append(i)
        moved = [tuple(sign * value + shift for value in self.columns[p]) for p, sign, shift in images]
        samples = tuple(places[key].pop() for key in self._keys(moved))
        inputs, signs, shifts = zip(*images, strict=True)
        return InputSymmetry(inputs, signs, shifts, samples)

    def _keys(self, columns: Sequence[Sequence[Fraction]]) -> list[tuple[object, ...]]:
        return list(zip(*columns, self.behind, strict=True))
