"""The order of layers that are known by name and shape only: by the numbers in their names, and by widths that fit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from exactsurf.errors import InputError

_SEARCHES = 20_000
_FIX = 'say it: order=["…", …] (in a terminal --layers NAME,NAME,…)'


def ordered_names(shapes: Mapping[str, tuple[int, int]], order: Sequence[str] | None = None) -> list[str]:
    """The names of layers in the one order that numbers and widths allow.

    A name comes before another where the first place at which they differ holds numbers, the smaller one here; where it holds
    words, only widths can tell (a layer reads as many units as the one before it has).
    Parameters: `shapes` by name, rows × columns of the weights; `order`, the names in order where the user gives it.
    Exactness: nothing is computed. Raises: `InputError` where several orders are possible, naming two, or if `order` does not
    name every layer once. Source: none.

    >>> ordered_names({"fc1": (3, 2), "fc10": (3, 3), "fc2": (3, 3), "out": (1, 3)})
    ['fc1', 'fc2', 'fc10', 'out']
    """
    names = list(shapes)
    if order is not None:
        if not isinstance(order, (list, tuple)) or not all(isinstance(name, str) for name in order):
            raise InputError(
                "the order is a list of the names of layers", text=repr(order), fix=f"the layers: {', '.join(names)}"
            )
        if sorted(order) != sorted(names):
            raise InputError(
                "the order does not name every layer once", text=", ".join(order), fix=f"the layers: {', '.join(names)}"
            )
        return list(order)
    by_number = sorted(names, key=_key)
    before = {a: {b for b in names if comes_before(b, a)} for a in names}
    if all(b in before[a] for k, a in enumerate(by_number) for b in by_number[:k]):
        return by_number
    found = _chains(by_number, shapes, before)
    if len(found) > 1:
        first, second = next((a, b) for a, b in zip(*found, strict=True) if a != b)
        what = "the names and widths of the layers do not say in which order they come"
        raise InputError(f"{what}: {first!r} or {second!r} may be first", fix=_FIX)
    return list(found[0]) if found else by_number


def _pieces(name: str) -> list[str]:
    return re.split(r"(\d+)", name)


def _key(name: str) -> list[tuple[int, int, str]]:
    return [(0, int(piece), "") if piece.isdigit() else (1, 0, piece) for piece in _pieces(name)]


def comes_before(a: str, b: str) -> bool:
    """Whether the first difference of the names is one of numbers, and a has the smaller.

    >>> comes_before("layer.2", "layer.10"), comes_before("conv1", "fc2")
    (True, False)
    """
    for one, other in zip(_pieces(a), _pieces(b), strict=False):
        if one != other:
            return one.isdigit() and other.isdigit() and int(one) < int(other)
    return False


def _chains(names: Sequence[str], shapes: Mapping[str, tuple[int, int]], before: Mapping[str, set[str]]) -> list[tuple[str, ...]]:
    """At most two orders that respect `before` and in which widths fit."""
    found: list[tuple[str, ...]] = []
    steps = 0
    stack: list[tuple[str, ...]] = [()]
    while stack and len(found) < 2:
        chain = stack.pop()
        steps += 1
        if steps > _SEARCHES:
            raise InputError("the names of the layers do not say in which order they come", fix=_FIX)
        if len(chain) == len(names):
            found.append(chain)
            continue
        taken = set(chain)
        for name in reversed(names):
            fits = not chain or shapes[chain[-1]][0] == shapes[name][1]
            if name not in taken and before[name] <= taken and fits:
                stack.append((*chain, name))
    return found
