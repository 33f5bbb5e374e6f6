"""The trees over the cells at a point (rules ``second order`` and ``convex cells``) in words."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from exactsurf.certificate.rules.boundary_pair import Pair, PairSplit
from exactsurf.certificate.rules.cone_tree import ConeNode, CriticalCone, EmptyCone, WeightSplit
from exactsurf.show.text.arrays import rounding_note
from exactsurf.show.text.numeral import equals
from exactsurf.show.text.prose import Block, Blocks, Items, say

MAX_LEAVES = 8
"""Most leaves whose numbers are listed."""

MAX_PAIRS = 12
"""Most boundary pairs that are listed."""


@dataclass(frozen=True)
class Leaf:
    """A leaf and the signs on the way to it: of boundary pairs, and of output weights that are 0."""

    node: EmptyCone | CriticalCone
    pairs: tuple[tuple[Pair, int], ...]
    weights: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class ConeTree:
    """A tree in a form for words.

    Attributes: `nodes`; `outputs` of the network. `leaves` from left to right, `pairs` that are split, in order (their
    position counted from 1 is the p of the text). Exactness: exact. Source: proofs/FORMAT.md, sections 4.3 and 4.4.
    """

    nodes: tuple[ConeNode, ...]
    outputs: int

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """The leaves with the signs on the way to them."""
        found = []
        walk: list[tuple[int, tuple[tuple[Pair, int], ...], tuple[tuple[int, int], ...]]] = [(0, (), ())]
        while walk:
            index, pairs, weights = walk.pop()
            node = self.nodes[index]
            if isinstance(node, PairSplit):
                walk += [(child, (*pairs, (node.pair, s)), weights) for child, s in ((node.minus, -1), (node.plus, 1))]
            elif isinstance(node, WeightSplit):
                walk += [(child, pairs, (*weights, (node.unit, s))) for child, s in ((node.minus, -1), (node.plus, 1))]
            else:
                found.append(Leaf(node, pairs, weights))
        return tuple(found)

    @property
    def cones(self) -> tuple[CriticalCone, ...]:
        """The leaves with multipliers."""
        return tuple(leaf.node for leaf in self.leaves if isinstance(leaf.node, CriticalCone))

    @cached_property
    def split_pairs(self) -> tuple[Pair, ...]:
        """The boundary pairs that are split somewhere."""
        return tuple(sorted({node.pair for node in self.nodes if isinstance(node, PairSplit)}))

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The boundary pairs that are split somewhere, or have a number μ at some leaf."""
        return tuple(sorted({*self.split_pairs, *(pair for cone in self.cones for pair, _ in cone.unsplit)}))

    @property
    def has_unsplit(self) -> bool:
        """Whether some leaf may count samples of which a boundary pair is not split."""
        return any(cone.unsplit or cone.positive for cone in self.cones)

    @property
    def has_kinks(self) -> bool:
        """Whether some subgradient of the loss had to be chosen."""
        return any(cone.subgradient for cone in self.cones)

    def pair_list(self) -> Blocks:
        """The boundary pairs, numbered."""
        if not self.pairs:
            return ()
        if len(self.pairs) > MAX_PAIRS:
            return (say(f"The tree in the certificate names {len(self.pairs)} boundary pairs."),)
        several = any(layer != 1 for layer, _, _ in self.pairs)
        parts = [
            f"$p = {p}$: unit {unit + 1}{f' of layer {layer}' if several else ''} on sample {sample + 1}"
            for p, (layer, unit, sample) in enumerate(self.pairs, start=1)
        ]
        use = "splits on" if self.pairs == self.split_pairs else "names"
        return (say(f"The boundary pairs that the certificate {use}: {'; '.join(parts)}."),)

    def leaf_list(self) -> Blocks:
        """The leaves with their numbers, if there are few."""
        if len(self.leaves) == 1 and not self.pairs and not self.leaves[0].weights:
            text = self._numbers(self.leaves[0])
            blocks: list[Block] = [say(f"The numbers of the certificate: {text}.")] if text else []
        elif len(self.leaves) > MAX_LEAVES or len(self.pairs) > MAX_PAIRS:
            return (say("The numbers of each set stand in the certificate."),)
        else:
            blocks = [say("The sets and their numbers (those that are not listed are $0$):")]
            blocks.append(Items(tuple((f"{self._signs(leaf)}: {self._numbers(leaf) or _NONE}.",) for leaf in self.leaves)))
        return (*blocks, *rounding_note(value for leaf in self.leaves for value in _values(leaf.node)))

    def _signs(self, leaf: Leaf) -> str:
        parts = [f"$v′_{{{unit + 1}}} {_relation(sign)}$" for unit, sign in leaf.weights]
        return ", ".join([*parts, *(f"$ζ_{{{self._number(pair)}}} {_relation(sign)}$" for pair, sign in leaf.pairs)])

    def _numbers(self, leaf: Leaf) -> str:
        node = leaf.node
        parts = [f"$λ_{{{self._number(pair)}}} {equals(value)}$" for pair, value in node.multipliers]
        if isinstance(node, EmptyCone):
            return ", ".join(parts) + " (in a hyperplane)"
        parts += [
            f"$r_{{{i + 1}}} {equals(value)}$" if self.outputs == 1 else f"$r_{{{i + 1},{k + 1}}} {equals(value)}$"
            for i, k, value in node.subgradient
        ]
        parts += [f"$μ_{{{self._number(pair)}}} {equals(value)}$" for pair, value in node.unsplit if value]
        parts += [f"$ν_{{{self._number(p)},{self._number(q)}}} {equals(value)}$" for p, q, value in node.products]
        if node.positive:
            parts.append(f"$j = {', '.join(str(unit + 1) for unit in node.positive)}$ of the second kind")
        return ", ".join(parts)

    def _number(self, pair: Pair) -> int:
        return self.pairs.index(pair) + 1


_NONE = "no numbers are needed"


def _relation(sign: int) -> str:
    return "≥ 0" if sign > 0 else "≤ 0"


def _values(node: EmptyCone | CriticalCone) -> list[Fraction]:
    values = [value for _, value in node.multipliers]
    if isinstance(node, CriticalCone):
        values += [value for _, _, value in (*node.subgradient, *node.products)]
        values += [value for _, value in node.unsplit]
    return values
