"""How the frozen risk of one unit changes near its weights: φ(w+δ) − φ(w) = g·δ + Σ_C κ_C |u_C·δ|."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import TYPE_CHECKING

from exactsurf.effort import look
from exactsurf.exact.linear_algebra import Vector, dot, primitive, to_flint, to_fraction
from exactsurf.exact.scaled_vector import ScaledVector
from exactsurf.model.input_lines import Line
from exactsurf.model.problem import Problem

if TYPE_CHECKING:
    from flint import fmpq_mat, fmpz_mat

_ZERO = Fraction(0)


@dataclass(frozen=True)
class Hyperplane:
    """A wall through the unit's weights: all boundary samples with proportional x̃. `name` is the smallest of them.

    `normal` is u_C (first non-zero entry 1) and `kink` is κ_C ≠ 0; `direction`, if it is known, the coprime integer vector.
    """

    name: int
    normal: Vector
    kink: Fraction
    direction: tuple[int, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class LocalForm:
    """F(δ) = g·δ + Σ_C κ_C |u_C·δ|, the local form of one unit; hyperplanes without a kink are left out.

    Attributes: `gradient` is g; `hyperplanes`. Exactness: exact. Source: proofs/rules/unitwise.md, lemma 2.
    """

    gradient: Vector
    hyperplanes: tuple[Hyperplane, ...]

    def __call__(self, delta: Sequence[Fraction]) -> Fraction:
        """F(δ)."""
        return dot(self.gradient, delta) + sum((h.kink * abs(dot(h.normal, delta)) for h in self.hyperplanes), Fraction(0))

    def gradient_at(self, delta: Sequence[Fraction]) -> Vector:
        """The gradient of F in the cone of δ; on a hyperplane its kink is left out."""
        slopes = (self._normals * to_flint([[value] for value in delta])).entries()
        weights = [
            h.kink if slope > 0 else -h.kink if slope < 0 else _ZERO for h, slope in zip(self.hyperplanes, slopes, strict=True)
        ]
        turned = (to_flint([weights], len(weights)) * self._normals).entries()
        return tuple(g + to_fraction(t) if t else g for g, t in zip(self.gradient, turned, strict=True))

    def scaled(self, sign: int) -> LocalForm:
        """sign · F."""
        return LocalForm(
            tuple(sign * g for g in self.gradient),
            tuple(Hyperplane(h.name, h.normal, sign * h.kink, h.direction) for h in self.hyperplanes),
        )

    def tilted(self, gradient: Sequence[Fraction]) -> LocalForm:
        """F and a linear form together."""
        return LocalForm(tuple(g + h for g, h in zip(self.gradient, gradient, strict=True)), self.hyperplanes)

    def falls(self, deltas: Sequence[Vector]) -> list[bool]:
        """Whether F(δ) < 0, for several δ, by products of integer matrices."""
        from flint import fmpz_mat

        gradient, normals, kinks = self._integers
        count, size = len(deltas), len(self.gradient)
        columns = fmpz_mat(count, size, [entry for delta in deltas for entry in primitive(delta)[0]]).transpose()
        sizes = fmpz_mat(len(self.hyperplanes), count, list(map(abs, (normals * columns).entries())))
        return [bool(value < 0) for value in (gradient * columns + kinks * sizes).entries()]

    @cached_property
    def _integers(self) -> tuple[fmpz_mat, fmpz_mat, fmpz_mat]:
        """g, the u_C and the κ_C as integers, such that κ_C |u_C·δ| and g·δ have one common factor."""
        from flint import fmpz_mat

        size, count = len(self.gradient), len(self.hyperplanes)
        directions = [h.direction or primitive(h.normal)[0] for h in self.hyperplanes]
        leads = [abs(next(value for value in direction if value)) for direction in directions]
        kinks = [h.kink / lead for h, lead in zip(self.hyperplanes, leads, strict=True)]
        common = lcm(*(value.denominator for value in (*self.gradient, *kinks)))
        whole = [value.numerator * (common // value.denominator) for value in (*self.gradient, *kinks)]
        normals = fmpz_mat(count, size, [entry for direction in directions for entry in direction])
        return fmpz_mat(1, size, whole[:size]), normals, fmpz_mat(1, count, whole[size:])

    @cached_property
    def _normals(self) -> fmpq_mat:
        return to_flint([h.normal for h in self.hyperplanes], len(self.gradient))

    @property
    def is_zero(self) -> bool:
        """Whether F ≡ 0 (proofs/rules/unitwise.md, lemma 3)."""
        return not self.hyperplanes and not any(self.gradient)


def local_form(problem: Problem, z: ScaledVector, r: ScaledVector) -> LocalForm:
    """The local form of a unit of a one-hidden-layer network.

    Parameters: `z`, the unit's pre-activations; `r`, the frozen derivatives of the loss; both N entries.
    Exactness: exact. Raises: nothing. Source: proofs/FORMAT.md, section 4.2.
    """
    network, inputs = problem.network, problem.data.inputs
    h, has_bias = network.activation, network.biases[0]
    pieces = h.pieces(z)
    slopes = {pair: (h.slopes[pair[0]] + h.slopes[pair[1]]) / 2 for pair in set(pieces)}
    weights = r.times(ScaledVector.from_fractions([slopes[pair] for pair in pieces]))
    gradient = inputs.weighted_sums([weights])[0] + ((weights.sum(),) if has_bias else ())
    planes: dict[Line, tuple[int, Fraction]] = {}
    factors = {pair: h.slopes[pair[1]] - h.slopes[pair[0]] for pair in set(pieces)}
    common = lcm(*(value.denominator for value in factors.values()))
    # 2 κ over one denominator, in integers: x̃ may be long, and there may be one hyperplane a sample.
    for i, (left, right) in enumerate(pieces):
        look(_KINKS)
        place = problem.input_lines[i] if left != right else None
        if place is None:
            continue
        name, kink = planes.get(place.line, (i, Fraction(0)))
        growth = r.numerators[i] * int(factors[left, right] * common)
        planes[place.line] = name, kink + growth * abs(place.lead) if growth else kink
    scale = Fraction(1, 2 * common * r.denominator)
    found = []
    for line, (name, kink) in planes.items():
        look(_KINKS)
        if kink:
            found.append(Hyperplane(name, line.normal, kink * scale, line.direction))
    return LocalForm(gradient, tuple(found))


_KINKS = "the kinks of a unit at the point are described"
