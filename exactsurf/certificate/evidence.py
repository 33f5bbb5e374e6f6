"""Evidence: the frozen values that make a claim checkable. The rules are those of proofs/FORMAT.md, sections 4 and 5."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.model.parameters import Parameters


@dataclass(frozen=True)
class Paths:
    """Rule `paths` (theory.md, theorem C). `subgradient` (N × d_y) only where the loss is not differentiable."""

    subgradient: Matrix | None = None


@dataclass(frozen=True)
class Split:
    """A node of the tree of a unit: split on the sign of a hyperplane, named by its smallest sample."""

    hyperplane: int
    plus: int
    minus: int


@dataclass(frozen=True)
class MultiplierLeaf:
    """A leaf: Farkas multipliers (hyperplane, μ) that show the local form to be ≥ 0 on the leaf's cone."""

    multipliers: tuple[tuple[int, Fraction], ...]


@dataclass(frozen=True)
class EmptyLeaf:
    """A leaf whose cone has no interior, shown by multipliers (hyperplane, λ)."""

    multipliers: tuple[tuple[int, Fraction], ...]


Node: TypeAlias = Split | MultiplierLeaf | EmptyLeaf


@dataclass(frozen=True)
class Unitwise:
    """Rule `unitwise` (theory.md, theorem A): one tuple of nodes per unit, empty for units with output weight 0."""

    units: tuple[tuple[Node, ...], ...]


LocalMinimum: TypeAlias = Paths | Unitwise


@dataclass(frozen=True)
class LowerPoint:
    """A point and its exact risk, lower than that of the point in question."""

    parameters: Parameters
    risk: Fraction


@dataclass(frozen=True)
class DescentDirection:
    """Rule `direction`: a direction along which the one-sided derivative of the risk is negative."""

    direction: Parameters
    derivative: Fraction
    lower_point: LowerPoint


@dataclass(frozen=True)
class DeadUnit:
    """Rule `dead unit`: moving a unit without output weight along `delta` makes its output weight matter."""

    unit: int
    output: int
    delta: Vector
    derivative: Fraction
    lower_point: LowerPoint


Descent: TypeAlias = DescentDirection | DeadUnit
