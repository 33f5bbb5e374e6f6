"""The trees of signs that rules share: a node splits, with a child for each sign, or is a leaf (FORMAT.md, section 4.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from ..arithmetic.document import Field
from ..arithmetic.effort import spend

Name = TypeVar("Name")
_BACK = -1


class Leaves(dict[str, int]):
    """How many leaves there are of each kind; 0 where none is counted."""

    def __missing__(self, kind: str) -> int:
        return 0


def walk(
    nodes: Field, splits: Mapping[str, Callable[[Field], Name]], check_leaf: Callable[[Field, dict[Name, int]], str]
) -> Leaves:
    """Walk through a tree (without recursion) and check every leaf; how many there are of each kind.

    `splits` reads what a node of each kind splits on. `check_leaf` gets a leaf and the signs of what was split on the way to it,
    which change afterwards; it says of which kind the leaf is.
    """
    entries = nodes.items()
    if not entries:
        raise nodes.reject("node 0 is missing")
    children: set[int] = set()
    leaves = Leaves()
    signs: dict[Name, int] = {}
    # (node, what was split just above it and with which sign), or (_BACK, what was split) where the walk leaves a split.
    ways: list[tuple[int, tuple[Name, int] | None]] = [(0, None)]
    while ways:
        spend(5)
        index, above = ways.pop()
        if above is not None:
            if index == _BACK:
                del signs[above[0]]
                continue
            signs[above[0]] = above[1]
        node = entries[index]
        kind = next((kind for kind in splits if node.has(kind)), None)
        if kind is None:
            leaves[check_leaf(node, signs)] += 1
            continue
        split, plus, minus = node.fields(kind, "plus", "minus")
        name = splits[kind](split)
        if name in signs:
            raise split.reject("was already split on the way from the root")
        for child in (plus, minus):
            number = child.index(len(entries))
            if number <= index or number in children:
                raise child.reject("a child has a larger index than its node, and one parent")
            children.add(number)
        ways += [(_BACK, (name, 0)), (minus.size(), (name, -1)), (plus.size(), (name, 1))]
    if len(children) != len(entries) - 1:
        orphan = min(set(range(1, len(entries))) - children)
        raise entries[orphan].reject("the child of no node")
    return leaves
