"""Convolutions in one and two dimensions as restrictions: filters shared by all places, groups, pooling, biases by channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import Any

from exactsurf.errors import InputError, ShapeError
from exactsurf.exact.number import whole_number
from exactsurf.model.activation import Activation, relu
from exactsurf.model.activation_names import activation_from
from exactsurf.model.filters import Filters, affine
from exactsurf.model.layer_stack import Stack, activated, check_size, forms_of, redundant_names, stack_of
from exactsurf.model.network import Network
from exactsurf.model.pooling import Pooling, averaged, maximal
from exactsurf.model.restriction import Restriction
from exactsurf.model.restrictions import is_list, of_forms, row_of
from exactsurf.model.windows import Windows, by_axis, check_fit, check_read


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
    dilation: Any = 1,
    groups: int | Sequence[int] = 1,
    pooling: Pooling | Sequence[Pooling | None] | None = None,
) -> Restriction:
    """Convolutions in one or two dimensions, fully connected layers behind them, and a last layer of given weights if asked for.

    Parameters: `inputs`, the number of positions n_0, or the shape (c, h, w) of images; `kernels`, the size of each filter, layer
    by layer, of images a number or a pair (height, width); `strides`, `padding` (zeros put on both sides) and `dilation` (the
    distance of neighbouring entries of a filter), one number for all layers or a list with one for each, of images numbers or
    pairs; `channels`, how many each layer makes (one by default), of `input_channels` at first; `groups` into which the channels
    of a layer fall, each made of its own part of those below, one number or a list; `pooling`, a `Pooling` behind the activation
    of each convolution, or a list with one or None for each; `floor`, whether entries at the end that no filter or window
    reaches are left out, as PyTorch does; `biases`, for all layers of weights or one truth value each; `dense`, the widths of
    fully connected layers with free weights; `head`, the weights of a last layer that reads all entries: for one output a list of
    numbers, names or None as for `restriction`, for several a list of such lists. Without `dense` and `head` the last convolution
    (or the mean of its pooling) is the output.
    Entries stand by channel, then by row, then by column, as PyTorch flattens them. The filter of layer l of the network has the
    entries w{l}_0, w{l}_1, …, with channels w{l}_{out}_{in}_{k} as in `Conv1d.weight`, of images w{l}_{out}_{in}_{i}_{j} as in
    `Conv2d.weight` (in counts within the group); the biases b{l}_{out} are one a channel. Other layers are named as by
    `restriction`, columns after the entries that they read, pooled ones where a pooling is below.
    Returns: a `Restriction` of the network with n_l = (n_{l−1} + 2·padding − dilation·(kernel − 1) − 1)/stride + 1 positions
    along each axis; a `Pooling` says what it adds.
    Exactness: exact. Raises: `InputError` for a filter that does not fit, that leaves out entries without `floor`, or of which
    an entry reads zeros of the padding alone; `ShapeError` for a head of another length; `UnsupportedError` where free
    parameters times parameters are more than 10^8, and for a largest value that is no network with this activation.
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
    >>> es.convolution(3, [2], dilation=2, pooling=es.Pooling("average", 1)).expressions()
    {'W1': [['w1_0', '0', 'w1_1']]}
    >>> es.convolution(1, [1], channels=[2], input_channels=2, groups=2).expressions()  # each channel by itself
    {'W1': [['w1_0_0_0', '0'], ['0', 'w1_1_0_0']]}
    """
    layers = _layers(inputs, kernels, strides, padding, dilation, channels, input_channels, groups, pooling, floor)
    further = [whole_number(width, "a width in dense") for width in row_of(dense, "the widths in dense")]
    rows = None if head is None else row_of(head, "the head")
    if rows is not None:
        rows = rows if rows and is_list(rows[0]) else [rows]
    h = activation_from(activation)
    first = layers[0].filters
    inside = [layer.filters.made * prod(layer.filters.windows.places) for layer in layers]
    width = first.read * prod(first.windows.size)
    network = Network([width, *inside, *further, *([] if rows is None else [len(rows)])], h, biases=biases)
    check_size(network, _free(layers, further, rows, network.biases))
    for number, layer in enumerate(layers, start=1):
        check_read(layer.filters.windows, f"in layer {number} a filter")
    named = channels is not None or input_channels > 1 or len(first.windows.size) == 2
    stack = stack_of(width)
    for number, has_bias in enumerate(network.biases, start=1):
        if number <= len(layers):
            stack = layers[number - 1].filters.on(stack, named, has_bias)
        else:
            is_head = number > len(layers) + len(further)
            stack = affine(
                stack, (rows or []) if is_head else [[None] * len(stack.values)] * further[number - len(layers) - 1], has_bias
            )
        if number < network.layers:
            stack = activated(stack, h)
        if number <= len(layers):
            stack = layers[number - 1].pooled(stack, h, f"the pooling of layer {number}")
    found, forms = forms_of(stack, h)
    if excess := redundant_names(forms):
        shown = ", ".join([*excess[:3], *["…"] * (len(excess) > 3)])
        what = f"what {shown} weigh are combinations of what others weigh, where windows of a mean overlap"
        raise InputError(what, fix="take a larger stride of the pooling, or a head= with fewer free entries")
    return of_forms(found, forms)


@dataclass(frozen=True)
class _Layer:
    """Filters, and the pooling behind them, if any."""

    filters: Filters
    pooling: Pooling | None
    windows: Windows | None

    @property
    def places(self) -> tuple[int, ...]:
        return (self.windows or self.filters.windows).places

    def pooled(self, stack: Stack, activation: Activation, place: str) -> Stack:
        if self.pooling is None or self.windows is None:
            return stack
        if self.pooling.kind == "average":
            return averaged(stack, self.filters.made, self.windows, counts_padding=self.pooling.counts_padding)
        return maximal(stack, self.filters.made, self.windows, activation, place)


def _free(layers: Sequence[_Layer], dense: Sequence[int], head: Sequence[Any] | None, biases: Sequence[bool]) -> int:
    """About how many free parameters there are."""
    made = [*(layer.filters.made for layer in layers), *dense, *([] if head is None else [len(head)])]
    behind = [layers[-1].filters.made * prod(layers[-1].places), *dense]
    free = sum(prod(layer.filters.shape) for layer in layers) + sum(a * b for a, b in pairwise(behind))
    free += sum(count for count, has_bias in zip(made, biases, strict=True) if has_bias)
    entries = [entry for row in head or () if is_list(row) for entry in row]
    return free + sum(entry is None for entry in entries) + len({entry for entry in entries if isinstance(entry, str)})


def _each(given: Any, kernels: Sequence[Any], what: str, told: str) -> list[Any]:
    """One for each layer, from one for all or a list."""
    values = row_of(given if is_list(given) else [given] * len(kernels), what)
    if len(values) != len(kernels) or not kernels:
        raise InputError(f"a convolution has one {told} for each layer", text=f"{kernels}, {given}")
    return values


def _layers(
    inputs: Any,
    kernels: Any,
    strides: Any,
    padding: Any,
    dilation: Any,
    channels: Any,
    input_channels: Any,
    groups: Any,
    pooling: Any,
    floor: Any,
) -> list[_Layer]:
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
    steps = _each(strides, kernels, "the strides", "length of a filter and one stride")
    zeros = _each(padding, kernels, "the padding", "padding")
    made = [1] * len(kernels) if channels is None else row_of(channels, "the channels")
    made = _each(made, kernels, "the channels", "number of channels")
    gaps = _each(dilation, kernels, "the dilation", "dilation")
    parts = _each(groups, kernels, "the groups", "number of groups")
    pools = _each(pooling, kernels, "the pooling", "pooling or None")
    layers, axes = list[_Layer](), len(size)
    for layer, kernel in enumerate(kernels, start=1):
        where = f"of layer {layer}"
        count = whole_number(made[layer - 1], f"the number of channels {where}")
        group = whole_number(parts[layer - 1], f"the number of groups {where}")
        zero = by_axis(zeros[layer - 1], axes, f"the padding {where}", 0)
        windows = Windows(
            tuple(size),
            by_axis(kernel, axes, f"the length of the filter {where}"),
            by_axis(steps[layer - 1], axes, f"the stride {where}"),
            zero,
            zero,
            by_axis(gaps[layer - 1], axes, f"the dilation {where}"),
        )
        for many, what in ((read, "reads"), (count, "makes")):
            if many % group:
                text = f"layer {layer} {what} {many} channel{'s' * (many > 1)}, which do not fall into {group} groups"
                raise InputError(text, fix="groups divide the channels below and those made: give channels=")
        check_fit(windows, f"in layer {layer} a filter", floor=floor)
        pool = pools[layer - 1]
        if pool is not None and not isinstance(pool, Pooling):
            fix = 'es.Pooling("average", 2) or es.Pooling("max", 2) build one'
            raise InputError(f"the pooling {where} is a Pooling or None", text=repr(pool), fix=fix)
        found = None if pool is None else pool.windows(windows.places, f"in layer {layer}", floor=floor)
        layers.append(_Layer(Filters(count, read, group, windows), pool, found))
        read, size = count, list(layers[-1].places)
    return layers
