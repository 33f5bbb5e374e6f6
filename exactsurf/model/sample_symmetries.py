"""Permutations of the samples that a linear map of the weights of a unit makes up for, with or without turned targets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import TypeAlias

from exactsurf.exact.linear_algebra import from_flint, pivot_columns, to_flint
from exactsurf.model.needed_problem import check_problem
from exactsurf.model.problem import Problem

Colour: TypeAlias = tuple[tuple[tuple[Fraction, ...], Fraction], ...]
"""Targets and weights of the samples in one place, sorted."""


@dataclass(frozen=True)
class SampleSymmetry:
    """For every unit with pre-activations z_i there is one with the pre-activations z_{samples[i]}.

    Where it `reflects`, targets are turned round: c − y_i stands where y_{samples[i]} stood, and predictions follow.
    Exactness: exact. Source: proofs/data_symmetries.md.
    """

    samples: tuple[int, ...]
    reflects: bool = False

    def moved(self, values: Sequence[int]) -> tuple[int, ...]:
        """Integers of the samples, as slopes of the risk move."""
        return tuple([-values[i] for i in self.samples] if self.reflects else [values[i] for i in self.samples])


@dataclass(frozen=True)
class SampleSymmetries:
    """The group of all of them: its `order`, as permutations of different inputs, and `generators`, none if it is trivial.

    Exactness: exact. Source: proofs/data_symmetries.md.
    """

    order: int
    generators: tuple[SampleSymmetry, ...]


def sample_symmetries(problem: Problem) -> SampleSymmetries:
    """All permutations of the samples under which the risk over one hidden layer is invariant, whatever linear map they need.

    With a bias in layer 1 the maps of the inputs are affine. Targets are turned round where the loss is the same on both sides,
    and an output bias or targets around 0 allow it.
    Parameters: any problem. Returns: the identity alone with weight decay, which not every linear map leaves as it is (see
    `data_symmetries`). Exactness: exact: all of them, by a search whose time may grow exponentially with the inputs.
    Raises: `InputError` for no problem. Source: proofs/data_symmetries.md; Bremner, Dutour Sikirić and others, "Computing
    symmetry groups of polyhedra", 2014; a chain of stabilisers (Sims 1970).

    >>> import exactsurf as es
    >>> xor = es.Data.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    >>> es.sample_symmetries(es.Problem(es.Network([2, 2, 1]), xor)).order
    8
    """
    check_problem(problem, "sample_symmetries")
    return SampleSymmetries(1, ()) if problem.decay is not None else _Search(problem).symmetries()


def input_symmetries(problem: Problem) -> SampleSymmetries:
    """The same for the inputs alone: targets, weights of samples and loss do not matter, and nothing is turned round.

    Parameters, Exactness, Raises, Source: as for `sample_symmetries`; repeated inputs go to inputs that are repeated as often.

    >>> import exactsurf as es
    >>> input_symmetries(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2], [0, 5, 7]))).order
    2
    """
    return _Search(problem, inputs_only=True).symmetries()


class _Search:
    """The different inputs, with what stands there, and the inner products that symmetries keep."""

    def __init__(self, problem: Problem, inputs_only: bool = False) -> None:
        data, network = problem.data, problem.network
        weights = data.weights or (Fraction(1),) * len(data)
        one = (Fraction(1),) if network.biases[0] else ()
        places: dict[tuple[Fraction, ...], list[int]] = {}
        for i, row in enumerate(data.x):
            places.setdefault((*row, *one), []).append(i)
        self.samples = list(places.values())
        self.size = len(places)
        labels = problem.loss.is_of_labels
        total = Fraction(0) if labels else min(y[0] for y in data.y) + max(y[0] for y in data.y)
        allowed = network.widths[-1] == 1 and problem.loss.is_symmetric and (not total or network.biases[-1])
        self.may_reflect = allowed and not inputs_only
        self.behind = [[((), Fraction(1)) if inputs_only else (data.y[i], weights[i]) for i in own] for own in self.samples]
        self.turned = [[((total - data.y[i][0],), weights[i]) for i in own] for own in self.samples] if self.may_reflect else []
        self.products = _projection(list(places))
        self.base = pivot_columns(list(zip(*places, strict=True)))
        flags = (False, True) if self.may_reflect else (False,)
        self.colours = {flag: list(map(_colour, self.turned if flag else self.behind)) for flag in flags}
        self._begun = {flag: [self._counted(self.base[:k], flag) for k in range(len(self.base) + 1)] for flag in flags}

    def symmetries(self) -> SampleSymmetries:
        """The group."""
        generators, orbits = [], []
        for level, fixed in enumerate(self.base):
            others = [j for j in range(self.size) if j != fixed]
            found = [whole for j in others if (whole := self.completed([*self.base[:level], j], False)) is not None]
            orbits.append(1 + len(found))
            generators += [self.symmetry(images, False) for images in found]
        turned = self.completed([], True) if self.may_reflect else None
        if turned is not None:
            generators.append(self.symmetry(turned, True))
        return SampleSymmetries(prod(orbits) * (1 if turned is None else 2), tuple(generators))

    def _counted(self, images: Sequence[int], reflects: bool) -> Counter[tuple[object, ...]]:
        return Counter(self._keys(images, reflects))

    def _keys(self, images: Sequence[int], reflects: bool) -> list[tuple[object, ...]]:
        """What is known of every place when a few others are told apart."""
        return [
            (colour, self.products[j][j], *[own[k] for k in images])
            for j, (own, colour) in enumerate(zip(self.products, self.colours[reflects], strict=True))
        ]

    def completed(self, images: list[int], reflects: bool) -> list[int] | None:
        """The first images of all of the base that begin so and leave everything as it is, if there are any."""
        if self._counted(images, False) != self._begun[reflects][len(images)]:
            return None
        if len(images) == len(self.base):
            return images
        further = (self.completed([*images, j], reflects) for j in range(self.size) if j not in images)
        return next((found for found in further if found is not None), None)

    def symmetry(self, images: Sequence[int], reflects: bool) -> SampleSymmetry:
        """The permutation with these images of the base; of equal samples the first that is left."""
        place = {key: j for j, key in enumerate(self._keys(images, False))}
        found = [0] * sum(map(len, self.samples))
        for j, key in enumerate(self._keys(self.base, reflects)):
            goal = place[key]
            behind = sorted(zip(self.behind[goal], self.samples[goal], strict=True))
            own = sorted(zip(self.turned[j] if reflects else self.behind[j], self.samples[j], strict=True))
            for (_, sample), (_, image) in zip(own, behind, strict=True):
                found[sample] = image
        return SampleSymmetry(tuple(found), reflects)


def _colour(behind: Sequence[tuple[tuple[Fraction, ...], Fraction]]) -> Colour:
    return tuple(sorted(behind))


def _projection(rows: Sequence[tuple[Fraction, ...]]) -> list[list[Fraction]]:
    """The matrix of the orthogonal projection on the column space: a permutation that keeps it comes from a linear map."""
    columns = list(zip(*rows, strict=True))
    chosen = pivot_columns(rows)
    if not chosen:
        return [[Fraction(0)] * len(rows) for _ in rows]
    across = to_flint([columns[k] for k in chosen])
    whole = across.transpose() * (across * across.transpose()).inv() * across
    return [list(row) for row in from_flint(whole)]
