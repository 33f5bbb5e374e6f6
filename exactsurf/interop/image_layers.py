"""Layers of images in a chain: filters, pooling and padding, each with the shape of what enters it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import prod

from exactsurf.errors import InputError, ShapeError, UnsupportedError
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import whole_number
from exactsurf.model.activation import Activation
from exactsurf.model.filters import Filters
from exactsurf.model.layer_stack import Combination, Stack, combined
from exactsurf.model.pooling import averaged, maximal
from exactsurf.model.windows import Windows

Shape = tuple[int, ...]
PAD_MODES = ("zeros", "reflect", "replicate", "circular")


@dataclass(frozen=True)
class FilterLayer:
    """A convolution: the array of its filters, its bias by channel, its windows, groups, and its place for messages."""

    shape: Shape
    entries: Vector
    bias: Vector | None
    groups: int
    windows: Windows
    place: str

    @property
    def filters(self) -> Filters:
        """The layer without its numbers."""
        return Filters(self.shape[0], self.shape[1] * self.groups, self.groups, self.windows)

    @property
    def out(self) -> Shape:
        """The shape of what it makes: channels, and places along each axis."""
        return (self.shape[0], *self.windows.places)


@dataclass(frozen=True)
class PoolLayer:
    """The mean or the largest value in windows of each channel; `divisor` stands for the number of entries of a mean."""

    kind: str
    channels: int
    windows: Windows
    counts_padding: bool
    divisor: int | None
    place: str

    @property
    def out(self) -> Shape:
        """The shape of what it makes."""
        return (self.channels, *self.windows.places)

    def on(self, stack: Stack, activation: Activation) -> Stack:
        """The pooling on top of a stack. Exactness: exact. Raises: as `largest`. Source: PyTorch, AvgPool2d and MaxPool2d."""
        if self.kind == "average":
            counts, divisor = self.counts_padding, self.divisor
            return averaged(stack, self.channels, self.windows, counts_padding=counts, divisor=divisor)
        return maximal(stack, self.channels, self.windows, activation, self.place)


@dataclass(frozen=True)
class PadLayer:
    """Places put on both sides of each axis (or cut off, where negative), with zeros or entries of the image."""

    channels: int
    size: Shape
    before: Shape
    after: Shape
    mode: str
    place: str

    @property
    def out(self) -> Shape:
        """The shape of what it makes."""
        sizes = zip(self.size, self.before, self.after, strict=True)
        return (self.channels, *(n + b + a for n, b, a in sizes))

    def on(self, stack: Stack) -> Stack:
        """The padding on top of a stack. Exactness: exact. Raises: nothing. Source: PyTorch, padding_mode."""
        axes = [
            [_source(q, n, self.mode) for q in range(-b, n + a)]
            for n, b, a in zip(self.size, self.before, self.after, strict=True)
        ]
        rows: list[Combination] = []
        for channel, at in product(range(self.channels), product(*axes)):
            place = 0
            for q, n in zip(at, self.size, strict=True):
                place = place * n + (q or 0)
            rows.append({} if None in at else {channel * prod(self.size) + place: Fraction(1)})
        return combined(stack, rows)


ImageLayer = FilterLayer | PoolLayer | PadLayer


def _source(q: int, n: int, mode: str) -> int | None:
    """Where the entry at q comes from: its place along an axis of n places, or None for a zero."""
    if 0 <= q < n:
        return q
    if mode == "zeros":
        return None
    if mode == "replicate":
        return min(max(q, 0), n - 1)
    return q % n if mode == "circular" else (-q if q < 0 else 2 * (n - 1) - q)


def windows_on(
    shape: Shape,
    kernel: Sequence[int],
    stride: Sequence[int],
    before: Sequence[int],
    after: Sequence[int],
    dilation: Sequence[int],
    place: str,
    *,
    is_ceil: bool = False,
) -> Windows:
    """Windows on an image of this shape (channels first). Raises: `ShapeError`, `InputError` naming the place.

    Exactness: nothing is computed. Source: PyTorch, Conv2d.
    """
    if len(shape) != len(kernel) + 1:
        axes = {1: "(channels, positions)", 2: "(channels, height, width)"}.get(len(kernel), f"{len(kernel) + 1} axes")
        raise ShapeError(f"what enters {place}", axes, shape)
    for values, what in ((kernel, "size"), (stride, "stride"), (dilation, "dilation")):
        for value in values:
            whole_number(value, f"the {what} of {place}")
    for value in (*before, *after):
        whole_number(value, f"the padding of {place}", 0)
    found = Windows(shape[1:], tuple(kernel), tuple(stride), tuple(before), tuple(after), tuple(dilation), is_ceil)
    if min(found.left) < 0:
        spans, sizes = " × ".join(map(str, found.span)), " × ".join(map(str, shape[1:]))
        raise InputError(f"{place} has windows of {spans}, which do not fit on {sizes} places", fix="give larger images")
    return found


def filter_layer(
    array: tuple[Shape, Sequence[Fraction]], bias: Vector | None, groups: int, windows: Windows, channels: int, place: str
) -> FilterLayer:
    """A convolution, checked. Exactness: exact. Raises: `ShapeError` naming the place. Source: PyTorch, Conv2d.

    Parameters: `array`, shape and entries of the weight; `channels` of what enters it.
    """
    shape, entries = array
    if shape[1] * groups != channels or shape[0] % groups:
        of = f" in {groups} groups" if groups > 1 else ""
        raise ShapeError(f"the channels that enter {place}{of}", (shape[1] * groups,), (channels,))
    if bias is not None and len(bias) != shape[0]:
        raise ShapeError(f"the bias of {place}", (shape[0],), (len(bias),))
    return FilterLayer(shape, tuple(entries), bias, groups, windows, place)


def pad_layer(shape: Shape, before: Sequence[int], after: Sequence[int], mode: str, place: str) -> PadLayer:
    """A padding, checked. Exactness: exact. Raises: `UnsupportedError` naming the place. Source: PyTorch, padding_mode.

    Parameters: `shape` of what enters it, channels first; `mode`, one of `PAD_MODES`.
    """
    if mode not in PAD_MODES:
        raise UnsupportedError(f"the padding of {place} is {mode!r}", f"supported: {', '.join(PAD_MODES)}")
    if len(shape) != len(before) + 1:
        raise ShapeError(f"what enters {place}", f"{len(before) + 1} axes", shape)
    for n, b, a in zip(shape[1:], before, after, strict=True):
        most = {"reflect": n - 1, "circular": n}.get(mode)
        if n + b + a < 1 or (most is not None and max(b, a) > most):
            raise InputError(f"the padding ({b}, {a}) of {place} does not fit on {n} places", fix="give larger images")
    return PadLayer(shape[0], shape[1:], tuple(before), tuple(after), mode, place)


def tiling_pool(kind: str, shape: Shape, kernel: Sequence[int], place: str) -> PoolLayer:
    """A pooling whose windows lie side by side: of one window if `kernel` is the size of the image.

    Exactness: exact. Raises: as `windows_on`. Source: PyTorch, AdaptiveAvgPool2d.
    """
    none, ones = (0,) * len(kernel), (1,) * len(kernel)
    return PoolLayer(kind, shape[0], windows_on(shape, kernel, kernel, none, none, ones, place), True, None, place)


def scaled_filters(layer: FilterLayer, scale: Vector, shift: Vector, is_biased: bool, place: str) -> FilterLayer:
    """A convolution with its outputs scaled and shifted, which must be the same at all places of a channel.

    Parameters: `scale` and `shift`, one number for all outputs or one each; `is_biased`, whether a bias of zeros stays one.
    Exactness: exact. Raises: `UnsupportedError` naming the `place` of the shift. Source: docs/guide/models.md.
    """
    factors = by_channel(scale, layer.out, place)
    summands = by_channel(shift, layer.out, place)
    each = len(layer.entries) // layer.shape[0]
    entries = tuple(factors[k // each] * value for k, value in enumerate(layer.entries))
    bias = layer.bias
    if bias is not None or is_biased or any(summands):
        before = bias or (Fraction(0),) * layer.shape[0]
        bias = tuple(a * b + c for a, b, c in zip(factors, before, summands, strict=True))
    return replace(layer, entries=entries, bias=bias)


def on_scaled_channels(layer: FilterLayer, scale: Vector, shift: Vector, place: str) -> FilterLayer:
    """A convolution of what is scaled and shifted channel by channel before it.

    Exactness: exact. Raises: `UnsupportedError` for a shift before zeros of a padding, which it does not move. Source: as above.
    """
    factors = by_channel(scale, (layer.filters.read, *layer.windows.size), place)
    summands = by_channel(shift, (layer.filters.read, *layer.windows.size), place)
    if any(summands) and any((*layer.windows.before, *layer.windows.after)):
        what = f"{place} pads with zeros behind a shift of its inputs, which is no convolution of the inputs themselves"
        raise UnsupportedError(what, "apply the shift to the data, and leave it out")
    made, deep, *_ = layer.shape
    area, span = prod(layer.shape[2:]), made // layer.groups
    entries, moved = list[Fraction](), list[Fraction]()
    for out in range(made):
        first, total = out // span * deep, Fraction(0)
        for channel in range(deep):
            start = (out * deep + channel) * area
            values = layer.entries[start : start + area]
            entries += [value * factors[first + channel] for value in values]
            total += summands[first + channel] * sum(values, Fraction(0))
        moved.append(total)
    bias = layer.bias
    if bias is not None or any(moved):
        bias = tuple(a + b for a, b in zip(bias or (Fraction(0),) * made, moved, strict=True))
    return replace(layer, entries=tuple(entries), bias=bias)


def by_channel(values: Vector, shape: Shape, place: str) -> Vector:
    """One number a channel from one for all entries, or one each. Exactness: exact. Raises: `UnsupportedError`. Source: none."""
    area = prod(shape[1:])
    if len(values) == 1:
        return values * shape[0]
    if len(values) != prod(shape) or any(values[k] != values[k - k % area] for k in range(len(values))):
        what = f"a constant of {place} differs from place to place within a channel"
        raise UnsupportedError(what, "only one number a channel is folded into a convolution")
    return values[::area]
