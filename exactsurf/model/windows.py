"""Windows of a filter or a pooling that slide over the places of a row or an image: strides, padding, dilation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

from exactsurf.errors import InputError, ShapeError
from exactsurf.exact.number import whole_number
from exactsurf.model.restrictions import is_list

Place = tuple[int, ...]


@dataclass(frozen=True)
class Windows:
    """Windows of `kernel` entries along each axis of `size` places; one number an axis.

    Parameters: `size`; `kernel`; `stride`; `before` and `after`, places put on both sides; `dilation`, the distance of
    neighbouring entries; `is_ceil`, whether a window that reaches beyond the end counts, if it begins before it.
    Exactness: nothing is computed. Raises: nothing. Source: PyTorch, Conv2d and AvgPool2d.

    >>> Windows((5,), (2,), (1,), (0,), (0,), (2,)).places
    (3,)
    >>> list(Windows((3,), (2,), (2,), (1,), (0,), (1,)).read((0,)))  # entry 0 reads the padding
    [((1,), (0,))]
    """

    size: Place
    kernel: Place
    stride: Place
    before: Place
    after: Place
    dilation: Place
    is_ceil: bool = False

    @cached_property
    def span(self) -> Place:
        """How many places a window covers, with those between its entries."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.kernel, self.dilation, strict=True))

    @cached_property
    def left(self) -> Place:
        """How many places there are for a window to move by; negative where it does not fit."""
        padded = zip(self.size, self.before, self.after, self.span, strict=True)
        return tuple(n + b + a - span for n, b, a, span in padded)

    @cached_property
    def places(self) -> Place:
        """How many windows there are along each axis."""
        found = []
        for left, s, n, b in zip(self.left, self.stride, self.size, self.before, strict=True):
            count = (-(-left // s) if self.is_ceil else left // s) + 1
            found.append(count - (self.is_ceil and (count - 1) * s >= n + b))
        return tuple(found)

    def points(self) -> Iterator[Place]:
        """The windows, the last axis fastest."""
        return product(*map(range, self.places))

    def read(self, at: Place) -> Iterator[tuple[Place, Place]]:
        """The entries of a window that lie on places, each with its place; the others lie on padding."""
        starts = [s * a - b for a, s, b in zip(at, self.stride, self.before, strict=True)]
        for entry in product(*map(range, self.kernel)):
            place = tuple(start + d * e for start, e, d in zip(starts, entry, self.dilation, strict=True))
            if all(0 <= q < n for q, n in zip(place, self.size, strict=True)):
                yield entry, place

    def covered(self, at: Place) -> int:
        """How many places and places of the padding a window has, without what lies beyond them (dilation 1)."""
        ends = zip(at, self.stride, self.kernel, self.size, self.before, self.after, strict=True)
        return prod(min(s * a + k, n + b + end) - s * a for a, s, k, n, b, end in ends)

    def index(self, place: Sequence[int]) -> int:
        """The number of a place where places stand in one row, the last axis fastest."""
        number = 0
        for q, n in zip(place, self.size, strict=True):
            number = number * n + q
        return number

    def idle(self, axis: int) -> list[int]:
        """The entries along an axis that lie on padding in every window."""
        n, s, b, d = self.size[axis], self.stride[axis], self.before[axis], self.dilation[axis]
        last = self.places[axis] - 1
        # The first window from which on the entry lies on places, and the last one up to which it does.
        reach = ((e, max(0, -((d * e - b) // s)), min(last, (n - 1 + b - d * e) // s)) for e in range(self.kernel[axis]))
        return [e for e, low, high in reach if low > high]


def by_axis(given: Any, axes: int, what: str, least: int = 1) -> Place:
    """One number for every axis, from one for all or a pair.

    Exactness: nothing is computed. Raises: `InputError`, `ShapeError` that say `what` it is. Source: none.

    >>> by_axis(2, 2, "the stride"), by_axis((1, 3), 2, "the stride")
    ((2, 2), (1, 3))
    """
    if axes == 1 and is_list(given) and len(given) == 1:
        given = given[0]
    if axes == 1 or not is_list(given):
        return (whole_number(given, what, least),) * axes
    if len(given) != axes:
        raise ShapeError(what, "an integer, or a pair (height, width)", f"{len(given)} entries")
    return tuple(whole_number(entry, what, least) for entry in given)


def check_fit(windows: Windows, where: str, *, floor: bool) -> None:
    """Refuse windows that do not fit, or (without `floor`) that leave out places at the end.

    Parameters: `where`, what slides; stride and padding are said behind it. Exactness: exact. Raises: `InputError`.
    Source: `convolution`.
    """
    for axis, (left, k, s, n) in enumerate(zip(windows.left, windows.kernel, windows.stride, windows.size, strict=True)):
        told = _told(windows, axis, where)
        if left < 0:
            raise InputError(f"{told} does not fit on {n} entries", fix=f"take a shorter {where.split()[-1]} or more padding")
        if left % s and not (floor or windows.is_ceil):
            length = "its span" if windows.dilation[axis] > 1 and k > 1 else "the length"
            raise InputError(
                f"{told} does not fit on {n} entries",
                fix=f"{length} plus a multiple of the stride is the number of entries with their padding; "
                "floor=True leaves out the last ones, as PyTorch does",
            )


def check_read(windows: Windows, where: str) -> None:
    """Refuse entries of a filter that lie on padding in every window, which would have no effect.

    Exactness: exact. Raises: `InputError`. Source: `convolution`.
    """
    for axis, n in enumerate(windows.size):
        for entry in windows.idle(axis)[:1]:
            raise InputError(
                f"{_told(windows, axis, where)} on {n} entries: its entry {entry} reads nothing but zeros of the padding",
                fix="cut such entries off and take as much less padding",
            )


def _told(windows: Windows, axis: int, where: str) -> str:
    k, s, p, d = (values[axis] for values in (windows.kernel, windows.stride, windows.before, windows.dilation))
    further = [f"padding {p}"] * (p > 0) + [f"dilation {d}"] * (d > 1)
    return " and ".join([f"{where} of length {k} with stride {s}", *further])
