"""How the frozen risk of one unit changes near its weights: φ(w+δ) − φ(w) = g·δ + Σ_C κ_C |u_C·δ|."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.exact.linear_algebra import Vector, dot
from exactsurf.exact.scaled_vector import ScaledVector
from exactsurf.model.problem import Problem


@dataclass(frozen=True)
class Hyperplane:
    """A wall through the unit's weights: all boundary samples with proportional x̃. `name` is the smallest of them.

    `normal` is u_C (first non-zero entry 1) and `kink` is κ_C ≠ 0.
    """

    name: int
    normal: Vector
    kink: Fraction


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
        total = list(self.gradient)
        for h in self.hyperplanes:
            side = dot(h.normal, delta)
            if side:
                weight = h.kink if side > 0 else -h.kink
                total = [t + weight * u for t, u in zip(total, h.normal, strict=True)]
        return tuple(total)

    def scaled(self, sign: int) -> LocalForm:
        """sign · F."""
        return LocalForm(
            tuple(sign * g for g in self.gradient),
            tuple(Hyperplane(h.name, h.normal, sign * h.kink) for h in self.hyperplanes),
        )

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
    names: dict[Vector, int] = {}
    kinks: dict[Vector, Fraction] = {}
    for i, (left, right) in enumerate(pieces):
        if left == right:
            continue
        point = inputs.row(i) + ((Fraction(1),) if has_bias else ())
        lead = next((value for value in point if value), None)
        if lead is None:
            continue
        normal = tuple(value / lead for value in point)
        names.setdefault(normal, i)
        kink = r[i] * (h.slopes[right] - h.slopes[left]) / 2 * abs(lead)
        kinks[normal] = kinks.get(normal, Fraction(0)) + kink
    return LocalForm(gradient, tuple(Hyperplane(names[normal], normal, kinks[normal]) for normal in names if kinks[normal]))
