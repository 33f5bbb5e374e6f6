"""Layers with free weights on top of a stack: filters that all places share, in groups, and fully connected layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any

from exactsurf.model.layer_stack import Form, Stack, weighted
from exactsurf.model.restrictions import entry_forms
from exactsurf.model.windows import Windows


@dataclass(frozen=True)
class Filters:
    """One layer: `made` channels, in `groups`, of windows on `read` channels.

    Exactness: exact. Raises: nothing. Source: PyTorch, Conv2d.
    """

    made: int
    read: int
    groups: int
    windows: Windows

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the array of the filter, as in PyTorch and ONNX."""
        return (self.made, self.read // self.groups, *self.windows.kernel)

    def on(self, stack: Stack, named: bool, has_bias: bool) -> Stack:
        """The layer on top of a stack; `named`, whether the names of its entries say channels."""
        number, rows, biases = stack.number, list[dict[int, Form]](), list[Form]()
        deep, area, span = self.read // self.groups, prod(self.windows.size), self.made // self.groups
        read = [[(entry, self.windows.index(place)) for entry, place in self.windows.read(at)] for at in self.windows.points()]
        for out in range(self.made):
            first = out // span * deep
            for window in read:
                rows.append(
                    {
                        (first + channel) * area + place: {self._name(number, named, out, channel, entry): Fraction(1)}
                        for channel in range(deep)
                        for entry, place in window
                    }
                )
                biases.append({f"b{number}_{out}": Fraction(1)})
        return weighted(stack, rows, biases if has_bias else None)

    def _name(self, number: int, named: bool, out: int, channel: int, entry: tuple[int, ...]) -> str:
        return "_".join([f"w{number}", *([f"{out}", f"{channel}"] if named else []), *map(str, entry)])


def affine(stack: Stack, rows: Sequence[Any], has_bias: bool) -> Stack:
    """A layer of given entries, as `restriction` takes them, on top of a stack.

    Exactness: exact. Raises: `ShapeError`, `InputError` naming the entry. Source: `restriction`.
    """
    number, width = stack.number, len(stack.values)
    forms = entry_forms(f"W{number}", (len(rows), width), rows)
    parts: list[dict[int, Form]] = [
        {
            j: {**factors, **({"": constant} if constant else {})}
            for j, (constant, factors) in enumerate(forms[k * width : (k + 1) * width])
            if constant or factors
        }
        for k in range(len(rows))
    ]
    biases: list[Form] = [{f"b{number}_{k}": Fraction(1)} for k in range(len(rows))]
    return weighted(stack, parts, biases if has_bias else None)
