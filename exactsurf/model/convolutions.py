"""Convolutions in one and two dimensions as restrictions: filters that are shared by all places, padding, biases by channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from math import prod
from typing import Any

from exactsurf.errors import InputError, ShapeError, UnsupportedError
from exactsurf.exact.number import whole_number
from exactsurf.model.activation import Activation, relu
from exactsurf.model.network import Network
from exactsurf.model.restriction import Restriction
from exactsurf.model.restrictions import is_list, restriction, row_of

_MOST = 100_000_000
"""Most entries of all directions of parameter space together, which a restriction keeps one by one."""


def convolution(
    inputs: int | Sequence[int],
    kernels: Sequence[Any],
    *,
    strides: Any = 1,
    channels: Sequence[int] | None = None,
    input_channels: int = 1,
    activation: Activation | str | dict[str, Any] = relu,
    head: Sequence[Any] | None = None,
    padding: Any = 0,
    floor: bool = False,
    biases: bool | Sequence[bool] = False,
    dense: Sequence[int] = (),
) -> Restriction:
    """Convolutions in one or two dimensions, fully connected layers behind them, and a last layer of given weights if asked for.

    Parameters: `inputs`, the number of positions n_0, or the shape (c, h, w) of images; `kernels`, the size of each filter, layer
    by layer, of images a number or a pair (height, width); `strides` and `padding` (zeros put on both sides), one number for all
    layers or a list with one for each, of images numbers or pairs; `channels`, how many each layer makes (one by default), of
    `input_channels` at first; `floor`, whether entries at the end that no filter reaches are left out, as PyTorch does;
    `biases`, for all layers or one truth value each; `dense`, the widths of fully connected layers with free weights; `head`,
    the weights of a last layer that reads all entries: for one output a list of numbers, names or None as for `restriction`,
    for several a list of such lists. Without `dense` and `head` the last convolution is the output.
    Entries stand by channel, then by row, then by column, as PyTorch flattens them. The filter of layer l has the entries
    w{l}_0, w{l}_1, …, with channels w{l}_{out}_{in}_{k} as in `Conv1d.weight`, of images w{l}_{out}_{in}_{i}_{j} as in
    `Conv2d.weight`; the biases b{l}_{out} are one a channel. Other layers are named as by `restriction`.
    Returns: a `Restriction` of the network with n_l = (n_{l−1} + 2·padding − kernel)/stride + 1 positions along each axis.
    Exactness: exact. Raises: `InputError` for a filter that does not fit, that leaves out entries without `floor`, or of which
    an entry reads zeros of the padding alone; `ShapeError` for a head of another length; `UnsupportedError` where free
    parameters times parameters are more than 10^8.
    Source: Du, Lee, Tian, Poczos and Singh 2018 (stride = kernel); Kohn, Merkh, Montúfar and Trager 2022 (linear).

    >>> import exactsurf as es
    >>> es.convolution(4, [2], strides=2, head=[1, 1]).expressions()
    {'W1': [['w1_0', 'w1_1', '0', '0'], ['0', '0', 'w1_0', 'w1_1']], 'W2': [['1', '1']]}
    >>> es.convolution(3, [2, 2], activation="linear")
    Restriction(Network(3-2-1, linear, biases=False), 4 free parameters: w1_0, w1_1, w2_0, w2_1)
    >>> es.convolution(4, [2], strides=2, head=["v", "-2*v"]).expressions()["W2"]  # one filter with a free scale
    [['v', '-2*v']]
    >>> es.convolution(2, [1], channels=[2], head=[1, 1, 1, 1])
    Restriction(Network(2-4-1, relu, biases=False), 2 free parameters: w1_0_0_0, w1_1_0_0)
    >>> es.convolution(2, [3], padding=1, biases=True).expressions()
    {'W1': [['w1_1', 'w1_2'], ['w1_0', 'w1_1']], 'b1': ['b1_0', 'b1_0']}
    >>> es.convolution((1, 2, 3), [2], dense=[1]).expressions()["W1"][1]  # the second of two places of a 2 × 2 filter
    ['0', 'w1_0_0_0_0', 'w1_0_0_0_1', '0', 'w1_0_0_1_0', 'w1_0_0_1_1']
    """
    planes = _planes(inputs, kernels, strides, padding, channels, input_channels, floor)
    widths = [planes[0].read * prod(planes[0].size), *(plane.made * prod(plane.places) for plane in planes)]
    widths += [whole_number(width, "a width in dense") for width in row_of(dense, "the widths in dense")]
    rows = None if head is None else row_of(head, "the head")
    if rows is not None:
        rows = rows if rows and is_list(rows[0]) else [rows]
        widths.append(len(rows))
    network = Network(widths, activation, biases=biases)
    named = channels is not None or input_channels > 1 or len(planes[0].size) == 2
    _check_size(network, planes, rows)
    layers = dict[str, Any]()
    for number, plane in enumerate(planes, start=1):
        layers[f"W{number}"] = plane.rows(f"w{number}", named)
        if network.biases[number - 1]:
            layers[f"b{number}"] = [f"b{number}_{out}" for out in range(plane.made) for _ in range(prod(plane.places))]
    if rows is not None:
        layers[f"W{network.layers}"] = rows
    return restriction(network, **layers)


@dataclass(frozen=True)
class _Plane:
    """One layer: `made` channels of `places` from `read` channels of `size`; sizes are tuples, one number an axis."""

    read: int
    made: int
    size: tuple[int, ...]
    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...]

    @property
    def places(self) -> tuple[int, ...]:
        return tuple(
            (n + 2 * p - k) // s + 1 for n, k, s, p in zip(self.size, self.kernel, self.stride, self.padding, strict=True)
        )

    def rows(self, name: str, named: bool) -> list[list[Any]]:
        """The weights, rows and columns by channel and then by place."""
        table = []
        for out, at in product(range(self.made), _points(self.places)):
            row: list[Any] = []
            for channel, q in product(range(self.read), _points(self.size)):
                k = tuple(b + p - s * a for a, b, s, p in zip(at, q, self.stride, self.padding, strict=True))
                inside = all(0 <= entry < size for entry, size in zip(k, self.kernel, strict=True))
                row.append("_".join([name, *([f"{out}", f"{channel}"] if named else []), *map(str, k)]) if inside else 0)
            table.append(row)
        return table


def _check_size(network: Network, planes: Sequence[_Plane], head: Sequence[Any] | None) -> None:
    """Refuse what would not fit into memory: a restriction has an entry for each pair of a free parameter and a parameter."""
    free = sum(plane.made * plane.read * prod(plane.kernel) for plane in planes)
    by_layer = [*(plane.made for plane in planes), *network.widths[len(planes) + 1 :]]
    free += sum(count for count, has_bias in zip(by_layer, network.biases, strict=True) if has_bias)
    behind = network.widths[len(planes) : None if head is None else -1]
    free += sum(a * b for a, b in pairwise(behind))
    entries = [entry for row in head or () if is_list(row) for entry in row]
    free += sum(entry is None for entry in entries) + len({entry for entry in entries if isinstance(entry, str)})
    total = sum(map(prod, network.shapes.values()))
    if free * total > _MOST:
        what = f"a restriction with about {free} free parameters of a network with {total} parameters is too large"
        raise UnsupportedError(what, "take smaller inputs or fewer channels")


def _points(size: Sequence[int]) -> list[tuple[int, ...]]:
    return list(product(*map(range, size)))


def _planes(
    inputs: Any, kernels: Any, strides: Any, padding: Any, channels: Any, input_channels: Any, floor: Any
) -> list[_Plane]:
    """The layers, checked."""
    if not isinstance(floor, bool):
        raise InputError("floor is True or False", text=repr(floor))
    read = whole_number(input_channels, "the number of input channels")
    if is_list(inputs):
        if len(inputs) != 3:
            raise ShapeError("the shape of the inputs", "an integer, or (channels, height, width)", f"{len(inputs)} entries")
        depth, *size = (whole_number(entry, f"entry {k} of the shape of the inputs") for k, entry in enumerate(inputs))
        if read not in (1, depth):
            raise InputError("the shape of the inputs says how many channels they have", fix="leave out input_channels=")
        read = depth
    else:
        size = [whole_number(inputs, "the number of inputs")]
    kernels = row_of(kernels, "the lengths of the filters")
    steps = row_of(strides if is_list(strides) else [strides] * len(kernels), "the strides")
    zeros = row_of(padding if is_list(padding) else [padding] * len(kernels), "the padding")
    if len(steps) != len(kernels) or not kernels:
        raise InputError("a convolution has one length of a filter and one stride for each layer", text=f"{kernels}, {strides}")
    if len(zeros) != len(kernels):
        raise InputError("a convolution has one padding for each layer", text=f"{kernels}, {padding}")
    made = [1] * len(kernels) if channels is None else row_of(channels, "the channels")
    if len(made) != len(kernels):
        raise InputError("a convolution has one number of channels for each layer", text=f"{kernels}, {channels}")
    planes = list[_Plane]()
    for layer, (kernel, stride, zero, count) in enumerate(zip(kernels, steps, zeros, made, strict=True), start=1):
        plane = _Plane(
            read,
            whole_number(count, f"the number of channels of layer {layer}"),
            tuple(size),
            _by_axis(kernel, len(size), f"the length of the filter of layer {layer}"),
            _by_axis(stride, len(size), f"the stride of layer {layer}"),
            _by_axis(zero, len(size), f"the padding of layer {layer}", 0),
        )
        _check(plane, layer, floor)
        planes.append(plane)
        read, size = plane.made, list(plane.places)
    return planes


def _by_axis(given: Any, axes: int, what: str, least: int = 1) -> tuple[int, ...]:
    if axes == 1 or not is_list(given):
        return (whole_number(given, what, least),) * axes
    if len(given) != axes:
        raise ShapeError(what, "an integer, or a pair (height, width)", f"{len(given)} entries")
    return tuple(whole_number(entry, what, least) for entry in given)


def _check(plane: _Plane, layer: int, floor: bool) -> None:
    for n, k, s, p, places in zip(plane.size, plane.kernel, plane.stride, plane.padding, plane.places, strict=True):
        where = f"in layer {layer} a filter of length {k} with stride {s}" + f" and padding {p}" * (p > 0)
        if k > n + 2 * p:
            raise InputError(f"{where} does not fit on {n} entries", fix="take a shorter filter or more padding")
        if (n + 2 * p - k) % s and not floor:
            raise InputError(
                f"{where} does not fit on {n} entries",
                fix="the length plus a multiple of the stride is the number of entries with their padding; "
                "floor=True leaves out the last ones, as PyTorch does",
            )
        for entry in range(k):
            if not any(0 <= s * place + entry - p < n for place in range(places)):
                raise InputError(
                    f"{where} on {n} entries: its entry {entry} reads nothing but zeros of the padding",
                    fix="cut such entries off and take as much less padding",
                )
