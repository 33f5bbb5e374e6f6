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


@dataclass(frozen=True)
class VectorLeaf:
    """A leaf of rule `unitwise vectors`: multipliers (hyperplane, μ), μ with a number for every output."""

    multipliers: tuple[tuple[int, Vector], ...]


VectorNode: TypeAlias = Split | VectorLeaf | EmptyLeaf


@dataclass(frozen=True)
class UnitwiseVectors:
    """Rule `unitwise vectors` (theory.md, section 3): one tuple of nodes per unit of a network with several outputs.

    `subgradient` (N × d_y) only where the loss is not differentiable.
    """

    units: tuple[tuple[VectorNode, ...], ...]
    subgradient: Matrix | None = None


Pair: TypeAlias = tuple[int, int, int]
"""A hidden layer (from 1), a unit of it and a sample (both from 0)."""


@dataclass(frozen=True)
class PairSplit:
    """A node of the tree of the fan: split on the side on which the pre-activation of a boundary pair moves."""

    pair: Pair
    plus: int
    minus: int


@dataclass(frozen=True)
class WeightSplit:
    """A node, in rule `convex cells`: split on the sign of an output weight that is 0."""

    unit: int
    plus: int
    minus: int


@dataclass(frozen=True)
class EmptyCone:
    """A leaf that the other leaves cover: multipliers λ of boundary pairs of layer 1 show that its cone is flat."""

    multipliers: tuple[tuple[Pair, Fraction], ...]


@dataclass(frozen=True)
class CriticalCone:
    """A leaf: the Lagrangian of its cells has gradient zero and is positive on the critical cone modulo invariances.

    Attributes: `multipliers` λ > 0 of boundary pairs; `subgradient` (sample, output, r) where the loss has a kink;
    `products` (pair, pair, ν ≥ 0), the multiples of products of two walls that are taken off the second-order form;
    `positive`, in rule `convex cells`, the units of output weight 0 whose frozen risk has strictly the sign of the leaf, and
    `unsplit` (pair, μ) for boundary pairs of other units that were not split: the slope is less than the right one by μ ≥ 0.
    """

    multipliers: tuple[tuple[Pair, Fraction], ...]
    subgradient: tuple[tuple[int, int, Fraction], ...] = ()
    products: tuple[tuple[Pair, Pair, Fraction], ...] = ()
    positive: tuple[int, ...] = ()
    unsplit: tuple[tuple[Pair, Fraction], ...] = ()


ConeNode: TypeAlias = PairSplit | WeightSplit | EmptyCone | CriticalCone


@dataclass(frozen=True)
class SecondOrder:
    """Rule `second order` (theory.md, section 6): a tree over the cells at the point, node 0 its root."""

    nodes: tuple[ConeNode, ...]


@dataclass(frozen=True)
class ConvexCells:
    """Rule `convex cells` (theory.md, section 3): the same tree; in product variables each cell's problem is convex."""

    nodes: tuple[ConeNode, ...]


PolynomialTerms: TypeAlias = tuple[tuple[Fraction, tuple[int, ...]], ...]
"""A polynomial in the changes of parameters: coefficients, each with the numbers of the parameters that it multiplies."""

Product: TypeAlias = tuple[tuple[Pair, ...], PolynomialTerms]
"""Boundary pairs, whose walls are multiplied, and the polynomial factor of their product."""


@dataclass(frozen=True)
class ProductLeaf:
    """A leaf of rule `positive products`: an identity that shows the risk not to fall below the point's on the leaf's cells.

    Attributes: `unit`, positive at the point, which multiplies the change of the frozen risk; `products`, whose factors are
    positive at the point; `kinks` (sample, term, subgradient times `unit`) where the loss has a kink.
    """

    unit: PolynomialTerms
    products: tuple[Product, ...]
    kinks: tuple[tuple[int, int, PolynomialTerms], ...] = ()


@dataclass(frozen=True)
class VanishingLeaf:
    """A leaf that the other leaves cover: a sum of products with positive factors is 0, and not every product is."""

    products: tuple[Product, ...]


ProductNode: TypeAlias = PairSplit | ProductLeaf | VanishingLeaf


@dataclass(frozen=True)
class PositiveProducts:
    """Rule `positive products`: a tree over the cells at the point, node 0 its root."""

    nodes: tuple[ProductNode, ...]


@dataclass(frozen=True)
class LowRank:
    """Rule `low rank`: the best fit of a deep linear network; the verifier recomputes everything."""


LocalMinimum: TypeAlias = Paths | Unitwise | UnitwiseVectors | SecondOrder | ConvexCells | PositiveProducts | LowRank


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


@dataclass(frozen=True)
class DescentCurve:
    """Rule `curve`: along θ + t c_1 + t² c_2 + … the risk changes by `coefficient`·t^`order` + …, coefficient < 0."""

    curve: tuple[Parameters, ...]
    order: int
    coefficient: Fraction
    lower_point: LowerPoint


Descent: TypeAlias = DescentDirection | DeadUnit | DescentCurve
