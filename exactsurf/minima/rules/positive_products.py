"""A local minimum shown cell by cell by an identity: the change of the risk is a sum of products of walls, with factors > 0."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from exactsurf.certificate.rules.boundary_pair import Pair, PairSplit
from exactsurf.certificate.rules.positive_products import PositiveProducts, ProductNode, SignSplit
from exactsurf.effort import Effort
from exactsurf.minima.local.cell_identity import CellIdentities, Leaf, Memory, Step, steps
from exactsurf.minima.local.cell_programs import CellPrograms
from exactsurf.minima.local.coordinate_vector import dimension
from exactsurf.minima.local.slice_polynomials import MOST_PARAMETERS, CellPolynomials, SlicePolynomials
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules.rule import Answer, Proved, Rule
from exactsurf.model.point import Point

if TYPE_CHECKING:
    from flint import fmpq_mpoly

MAX_LEAVES = 4_096
"""Most leaves of a tree."""

MAX_FREE = 16
"""Most free parameters, that is, dimensions modulo invariances."""

EASY = (True,)
BOTH = (True, False)
HARD = (False,)
"""Whether only the first steps of the search are taken on a cell: all steps take longest where there is nothing to find, so all
pairs to split on are tried by the easy ones before."""

_FIRST_STEPS = 3
"""Steps of the search that are taken before signs of more polynomials are split."""

_SPLITS = 2
"""Most signs of polynomials that are split on one cell."""


@dataclass(frozen=True)
class _Fork:
    """Two halves of a cell, on which polynomial number `index` is ≥ 0 and ≤ 0."""

    index: int
    plus: _Tree
    minus: _Tree


_Tree: TypeAlias = "Leaf | _Fork"


def prove_positive_products(
    local: CellPrograms, *, splits: int = _SPLITS, squares: bool = False, ways: tuple[bool, ...] = BOTH
) -> PositiveProducts | None:
    """Evidence of a local minimum by rule `positive products`, or None if none was found.

    Parameters: `local`, the cells at the point; the `fan` of its effort, and 4,096, bound the leaves of the tree; `splits`, the
    most polynomials on whose signs one cell is split; `squares`, whether the curvature of the loss may be used; `ways`, one of
    `EASY`, `BOTH` and `HARD`.
    Exactness: exact. Complete for identities up to a degree that is one more than that of the network, and only for these.
    Raises: `OutOfTime`. Source: proofs/rules/positive_products.md.

    >>> import exactsurf as es
    >>> from exactsurf.model.point import Point
    >>> problem = es.Problem(es.Network([1, 1, 1, 1], biases=False), es.Data.from_arrays([1], [-1]))
    >>> theta = problem.parameters(W1=[[1]], W2=[[0]], W3=[[2]])
    >>> local = CellPrograms(Point(problem, theta))
    >>> [type(node).__name__ for node in prove_positive_products(local).nodes]
    ['PairSplit', 'ProductLeaf', 'ProductLeaf']
    """
    if dimension(local.problem.network) > MOST_PARAMETERS:
        return None
    shapes, slack = SlicePolynomials(local, squares), local.slack_samples
    if len(shapes.free) > MAX_FREE:
        return None
    search = _Search(shapes, splits)
    for easy in ways:
        for pairs in _enough(local.fan.pairs, slack, easy or not splits):
            nodes = search.tree(pairs, easy)
            if nodes is not None:
                return PositiveProducts(nodes, shapes.fixed, tuple(map(shapes.terms, search.memory.polynomials))).compact
    return None


def _enough(pairs: tuple[Pair, ...], slack: Collection[int], quick: bool) -> Iterator[tuple[Pair, ...]]:
    """Pairs to split on: those of all samples that are not at their minimum of the loss; if it is `quick`, of one more; and all.

    A sample at its minimum may be left out, and makes a smaller tree then; but its kinks can pay for what others lose.
    """
    needed = tuple(pair for pair in pairs if pair[2] not in slack)
    own = {i: sum(pair[2] == i for pair in pairs) for i in dict.fromkeys(pair[2] for pair in pairs) if i in slack and quick}
    more = [tuple(pair for pair in pairs if pair in needed or pair[2] == i) for i in sorted(own, key=lambda i: own[i])]
    yield from dict.fromkeys((needed, *more, pairs))


@dataclass
class _Search:
    """The search for a tree."""

    shapes: SlicePolynomials
    splits: int
    memory: Memory = field(default_factory=Memory)

    def tree(self, pairs: Sequence[Pair], easy: bool) -> tuple[ProductNode, ...] | None:
        """The nodes of a tree that splits on these pairs, and below them on signs of polynomials; `easy`: by few steps each."""
        if self.shapes.local.count_cells(pairs) > self.shapes.local.effort.fan:
            return None
        nodes: list[ProductNode | None] = [None]
        pending: list[tuple[int, dict[Pair, int]]] = [(0, {})]
        leaves = 0
        while pending:
            self.shapes.local.effort.check()
            index, signs = pending.pop()
            cell = self.shapes.cell(signs)
            empty = self._identities(cell).flat() if len(signs) < len(pairs) else None
            if empty is None and len(signs) < len(pairs):
                pair = pairs[len(signs)]
                nodes[index] = PairSplit(pair, len(nodes), len(nodes) + 1)
                pending += [(len(nodes) + 1, {**signs, pair: -1}), (len(nodes), {**signs, pair: 1})]
                nodes += [None, None]
                continue
            found = empty or self._decided(cell, easy)
            leaves += 1
            if found is None or leaves > min(self.shapes.local.effort.fan, MAX_LEAVES):
                return None
            _plant(nodes, index, found)
        return tuple(node for node in nodes if node is not None)

    def _identities(self, cell: CellPolynomials) -> CellIdentities:
        return CellIdentities(self.shapes, cell, self.memory)

    def _decided(self, cell: CellPolynomials, easy: bool) -> _Tree | None:
        layers = self.shapes.local.problem.network.layers
        ways = steps(max(3, layers, 4 if cell.squares else 0))
        for some in (_FIRST_STEPS,) if easy else (_FIRST_STEPS, len(ways)):
            found = self._halved(cell, ways[:some], self.splits)
            if found is not None:
                return found
        return None

    def _halved(self, cell: CellPolynomials, ways: Sequence[Step], splits: int) -> _Tree | None:
        """A leaf; or, if there is none, a polynomial with a leaf on the one side of it and such a tree on the other."""
        found = self._leaf(cell, ways)
        if found is not None or not splits:
            return found
        halves: list[tuple[int, int, Leaf]] = []
        for polynomial in self._identities(cell).factors():
            index = self.memory.name(polynomial)
            if index in cell.walls:
                continue
            plus = self._leaf(_half(cell, index, polynomial), ways)
            minus = self._leaf(_half(cell, index, -polynomial), ways)
            if plus is not None and minus is not None:
                self.memory.helped(index)
                return _Fork(index, plus, minus)
            halves += [(index, sign, leaf) for sign, leaf in ((1, plus), (-1, minus)) if leaf is not None]
        for index, sign, leaf in halves if splits > 1 else ():
            other = self._halved(_half(cell, index, -sign * self.memory.polynomials[index]), ways, splits - 1)
            if other is not None:
                self.memory.helped(index)
                return _Fork(index, leaf, other) if sign > 0 else _Fork(index, other, leaf)
        return None

    def _leaf(self, cell: CellPolynomials, ways: Sequence[Step]) -> Leaf | None:
        identities = self._identities(cell)
        return next((leaf for leaf in map(identities.leaf, ways) if leaf is not None), None)


def _half(cell: CellPolynomials, index: int, polynomial: fmpq_mpoly) -> CellPolynomials:
    return replace(cell, walls={**cell.walls, index: polynomial})


def _plant(nodes: list[ProductNode | None], index: int, tree: _Tree) -> None:
    """Put a tree in the place of a node."""
    pending = [(index, tree)]
    while pending:
        place, part = pending.pop()
        if isinstance(part, _Fork):
            nodes[place] = SignSplit(part.index, len(nodes), len(nodes) + 1)
            pending += [(len(nodes) + 1, part.minus), (len(nodes), part.plus)]
            nodes += [None, None]
        else:
            nodes[place] = part


def ask(point: Point, effort: Effort, splits: int = 0, squares: bool = False, ways: tuple[bool, ...] = BOTH) -> Answer:
    """`prove_positive_products` as a rule. Exactness: exact. Raises: `OutOfTime`. Source: proofs/rules/positive_products.md."""
    found = prove_positive_products(CellPrograms(point, effort=effort), splits=splits, squares=squares, ways=ways)
    if found is None:
        return NotProved("no identity with positive products of walls was found")
    return Proved(found, "on every cell the change of the risk is at least a sum of positive products of walls")


def has_no_curvature(point: Point) -> str:
    """Why squares add nothing, or nothing. Exactness: exact. Raises: nothing. Source: proofs/rules/positive_products.md."""
    return "the loss is not curved" if point.problem.loss.is_piecewise_linear else ""


RULE = Rule("positive products", ask, share=Fraction(1, 2))
EASY_SIGNS = Rule("positive products", partial(ask, splits=_SPLITS, ways=EASY), share=Fraction(1, 2))
EASY_SQUARES = Rule(
    "positive products", partial(ask, splits=_SPLITS, squares=True, ways=EASY), has_no_curvature, share=Fraction(1, 2)
)
SIGNS = Rule("positive products", partial(ask, splits=_SPLITS, ways=HARD), share=Fraction(3, 4))
SQUARES = Rule("positive products", partial(ask, splits=_SPLITS, squares=True, ways=HARD), has_no_curvature)
CURVED = (EASY_SQUARES, SQUARES)
"""Those that use the curvature of the loss: not for surrogates that have none."""
