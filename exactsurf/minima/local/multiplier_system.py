"""First-order conditions on one cell: multipliers λ ≥ 0 of its walls and subgradients r of the loss, or a Farkas vector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.certificate.rules.boundary_pair import Pair
from exactsurf.certificate.rules.cone_tree import CriticalCone
from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.exact.bounded_system import FarkasVector, solve_bounded_system
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.local.cell_programs import CellPrograms, Output
from exactsurf.minima.local.second_order_form import Accumulator, SampleForm

if TYPE_CHECKING:
    from flint import fmpq

_ZERO = Fraction(0)
_SHARES = (Fraction(1, 4), Fraction(1, 64))
"""How far inside its interval a subgradient, and how positive a multiplier, is wished to be."""


@dataclass(frozen=True)
class MultiplierSystem:
    """0 = g + Σ r ∇f − Σ λ wall, the first-order conditions at a leaf. A solution lists λ of the walls, then r of the kinks.

    Exactness: exact. Source: proofs/rules/second_order.md.
    """

    walls: dict[Pair, Vector]
    kinks: dict[Output, Vector]
    intervals: dict[Output, tuple[Fraction, Fraction]]
    gradient: Vector
    effort: Effort = UNBOUNDED

    def solve(self, least: Mapping[Pair, Fraction] | None = None, scaled: bool = False) -> Vector | FarkasVector:
        """A solution with λ ≥ `least` where given; if `scaled`, one of the conditions times some s ≥ 0, which stands last."""
        vectors = [tuple(-value for value in wall) for wall in self.walls.values()] + list(self.kinks.values())
        lower: list[Fraction | None] = [(least or {}).get(pair, _ZERO) for pair in self.walls]
        upper: list[Fraction | None] = [None] * len(lower)
        target = tuple(-value for value in self.gradient)
        if scaled:
            vectors.append(self.gradient)
            target = (_ZERO,) * len(target)
        for name in self.kinks:
            low, high = self.intervals[name]
            lower.append(low)
            upper.append(high)
        if scaled:
            lower.append(_ZERO)
            upper.append(None)
        answer = solve_bounded_system(vectors, target, lower, upper, self.effort)
        return answer if isinstance(answer, FarkasVector) else answer.values

    def support(self, solution: Vector) -> tuple[bool, ...]:
        """Which walls and kinks force equality on critical directions."""
        count = len(self.walls)
        intervals = [self.intervals[name] for name in self.kinks]
        inside = [low < r < high for r, (low, high) in zip(solution[count:], intervals, strict=True)]
        return (*(value > 0 for value in solution[:count]), *inside)

    def fullest(self, solution: Vector) -> Vector:
        """A solution with as many positive multipliers, and as many r strictly inside their intervals, as were found.

        With a smooth loss no solution has more. At kinks of the loss the wished amounts are tried with a few sizes only.
        Exactness: exact.
        """
        if self.kinks:
            return self._inner(solution)
        best = solution
        for position, pair in enumerate(self.walls):
            if best[position] > 0:
                continue
            more = self.solve({pair: Fraction(1)}, scaled=True)
            if not isinstance(more, FarkasVector):
                factor = 1 / (1 + more[-1])
                best = tuple(factor * (a + b) for a, b in zip(best, more, strict=False))
        return best

    def _inner(self, solution: Vector) -> Vector:
        """The mean of a solution with others, each of which has some amount that the ones before have not."""
        found, best = [solution], solution
        names: list[Pair | Output] = [*self.walls, *self.kinks]
        for position, name in enumerate(names):
            if self.support(best)[position]:
                continue
            for share in _SHARES:
                if len(name) == 3:
                    more = self.solve({name: share})
                else:
                    low, high = self.intervals[name]
                    margin = share * (high - low)
                    narrow = replace(self, intervals={**self.intervals, name: (low + margin, high - margin)})
                    more = narrow.solve()
                if not isinstance(more, FarkasVector):
                    found.append(more)
                    best = tuple(sum(values, _ZERO) / len(found) for values in zip(*found, strict=True))
                    break
        return best


def critical_cone(
    system: MultiplierSystem, solution: Vector, products: tuple[tuple[Pair, Pair, Fraction], ...] = ()
) -> CriticalCone:
    """The leaf that states a solution. Exactness: exact. Raises: nothing. Source: proofs/FORMAT.md, section 4.3."""
    multipliers = tuple((pair, value) for pair, value in zip(system.walls, solution, strict=False) if value)
    subgradient = tuple((*name, r) for name, r in zip(system.kinks, solution[len(system.walls) :], strict=True))
    return CriticalCone(multipliers, subgradient, products)


def first_order_system(
    local: CellPrograms, signs: dict[Pair, int]
) -> tuple[MultiplierSystem, Accumulator, dict[int, SampleForm]]:
    """The conditions at a leaf, first and second order of the risk there, and the forms of the samples with a sign.

    Parameters: `signs` of boundary pairs; samples with a pair and no sign are left out. Exactness: exact. Raises: nothing.
    Source: proofs/FORMAT.md, section 4.3.
    """
    fan = local.fan
    total, kinks = local.inner[0].copy(), dict(local.inner[1])
    forms = {i: fan.sample_form(i, signs) for i in sorted({sample for _, _, sample in signs})}
    for i, form in forms.items():
        kinks.update(local.add_sample(total, i, form))
    walls = {pair: local.wall_vector(pair, signs) for pair in signs}
    kink_vectors = {name: local.pulled(_dense(entries, total.size)) for name, entries in kinks.items()}
    intervals = {(i, k): local.slopes[k][i] for i, k in kinks}
    system = MultiplierSystem(walls, kink_vectors, intervals, local.pulled(total.gradient()), local.effort)
    return system, total, forms


def _dense(entries: Mapping[int, fmpq], size: int) -> Vector:
    vector = [_ZERO] * size
    for position, value in entries.items():
        vector[position] = Fraction(int(value.p), int(value.q))
    return tuple(vector)
