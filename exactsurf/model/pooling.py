"""Pooling: means or largest values of the entries in windows, channel by channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Literal

from exactsurf.errors import InputError, UnsupportedError
from exactsurf.model.activation import Activation
from exactsurf.model.layer_stack import Combination, Stack, combined, largest
from exactsurf.model.restrictions import is_list
from exactsurf.model.windows import Windows, by_axis, check_fit

_KINDS = ("average", "max")


@dataclass(frozen=True)
class Pooling:
    """The mean or the largest value of the entries in each window, channel by channel, behind a layer of `convolution`.

    Parameters: `kind`, ``"average"`` or ``"max"``; `kernel`, the size of the windows, of images a number or a pair (height,
    width); `stride`, the size of the windows by default; `padding`, zeros put on both sides for a mean, and nothing for a
    largest value; `dilation`, the distance of the entries of a window (of a largest value); `counts_padding`, whether a mean
    counts those zeros.
    A mean is a linear map with fixed weights, which is multiplied into the next layer of weights (or into the one before where no
    activation stands between): no layer is added. A largest value takes ⌈log₂ n⌉ further hidden layers with fixed weights for
    windows of n entries, max(a, b) = h(b − a) + h(a) for the ReLU; relu, relu6 and activations of two slopes at 0 have it.
    Exactness: exact. Raises: `InputError` for another kind; sizes are checked where they meet a layer. Source: PyTorch, AvgPool2d
    and MaxPool2d; Arora, Basu, Mianjy and Mukherjee 2018 (maxima by the ReLU).

    >>> import exactsurf as es
    >>> es.convolution(4, [1], pooling=es.Pooling("average", 2), head=[1, 3]).expressions()["W2"]
    [['1/2', '1/2', '3/2', '3/2']]
    >>> es.convolution(4, [1], pooling=es.Pooling("max", 2), head=[1, 3]).network
    Network(4-4-4-1, relu, biases=False)
    """

    kind: Literal["average", "max"]
    kernel: int | Sequence[int]
    stride: int | Sequence[int] | None = None
    padding: int | Sequence[int] = 0
    dilation: int | Sequence[int] = 1
    counts_padding: bool = True

    def __post_init__(self) -> None:
        if self.kind not in _KINDS:
            raise InputError("a pooling is one of these kinds: average, max", text=repr(self.kind))
        if not isinstance(self.counts_padding, bool):
            raise InputError("counts_padding is True or False", text=repr(self.counts_padding))
        if self.kind == "average" and any(d != 1 for d in (self.dilation if is_list(self.dilation) else [self.dilation])):  # type: ignore[union-attr]
            raise InputError("an average pooling has no dilation", text=repr(self.dilation), fix="leave dilation= out")

    def windows(self, size: tuple[int, ...], where: str, *, floor: bool) -> Windows:
        """The windows on places of this size. Raises: `InputError` for those that do not fit, `ShapeError`."""
        axes = len(size)
        kernel = by_axis(self.kernel, axes, f"the size of the windows {where}")
        stride = kernel if self.stride is None else by_axis(self.stride, axes, f"the stride of the pooling {where}")
        padding = by_axis(self.padding, axes, f"the padding of the pooling {where}", 0)
        dilation = by_axis(self.dilation, axes, f"the dilation of the pooling {where}")
        if any(2 * p > k for p, k in zip(padding, kernel, strict=True)):
            what = f"{where} the padding {padding} of the pooling is more than half of its windows {kernel}"
            raise InputError(what, fix="take less padding, or larger windows")
        found = Windows(size, kernel, stride, padding, padding, dilation)
        check_fit(found, f"{where} a pooling window", floor=floor)
        return found


def averaged(stack: Stack, channels: int, windows: Windows, *, counts_padding: bool, divisor: int | None = None) -> Stack:
    """The means in windows on top of a stack.

    Parameters: `channels`, each of `windows.size`; `counts_padding`; `divisor` in the place of the number of entries.
    Exactness: exact. Raises: nothing. Source: PyTorch, AvgPool2d.
    """
    rows: list[Combination] = []
    for channel, at in ((channel, at) for channel in range(channels) for at in windows.points()):
        places = _in_channel(windows, channel, at)
        count = divisor or (windows.covered(at) if counts_padding else len(places))
        rows.append(dict.fromkeys(places, Fraction(1, count)))
    return combined(stack, rows)


def maximal(stack: Stack, channels: int, windows: Windows, activation: Activation, place: str) -> Stack:
    """The largest values in windows on top of a stack; see `largest`.

    Exactness: exact. Raises: `UnsupportedError` for a window on padding alone; as `largest`. Source: PyTorch, MaxPool2d.
    """
    places = [_in_channel(windows, channel, at) for channel in range(channels) for at in windows.points()]
    if not all(places):
        raise UnsupportedError(f"{place} has a window on padding alone, whose largest value is −∞", "take less padding")
    return largest(stack, places, activation, place)


def _in_channel(windows: Windows, channel: int, at: tuple[int, ...]) -> list[int]:
    return [channel * prod(windows.size) + windows.index(place) for _, place in windows.read(at)]
