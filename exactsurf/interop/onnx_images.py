"""Convolutions, pooling and padding of an ONNX chain."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from exactsurf.errors import InputError, UnsupportedError
from exactsurf.interop.image_layers import (
    FilterLayer,
    PadLayer,
    PoolLayer,
    Shape,
    filter_layer,
    on_scaled_channels,
    pad_layer,
    tiling_pool,
    windows_on,
)
from exactsurf.interop.imported_model import array_value, vector_value
from exactsurf.interop.onnx_nodes import Node, Walk, waiting_steps
from exactsurf.interop.onnx_shapes import ROWS, Layout, expecting
from exactsurf.model.windows import Windows

_POOLS = {"AveragePool": "average", "MaxPool": "max", "GlobalAveragePool": "average", "GlobalMaxPool": "max"}
_MODES = {"constant": "zeros", "reflect": "reflect", "edge": "replicate", "wrap": "circular"}
IMAGE_KINDS = ("Conv", *_POOLS, "Pad", "ReduceMean")


def read_image_node(walk: Walk, node: Node) -> None:
    """Take a convolution, a pooling or a padding into the walk.

    Exactness: floats are read as the binary values that they store. Raises: `UnsupportedError` naming the node, `ShapeError`,
    `InputError` where the shape of the images is not known. Source: the ONNX operator specification.
    """
    walk.bounds = None
    if node.position:
        raise UnsupportedError(f"the input of {node.place} of the ONNX model is no image", "it is no chain")
    shape = _image(walk, node)
    if walk.waiting and node.kind != "Conv":
        what = f"{node.place} of the ONNX model follows {walk.waiting[-1].place} without a product between them"
        raise UnsupportedError(what, "shifts and scales are folded into the product beside them; apply them to the data")
    made: FilterLayer | PoolLayer | PadLayer
    if node.kind == "Conv":
        made = _convolution(walk, node, shape)
    elif node.kind == "Pad":
        made = _padding(node, shape)
    elif node.kind == "ReduceMean":
        made = _mean(node, shape)
    else:
        made = _pooling(node, shape)
    walk.layers.append(made)
    axes = made.out if node.kind != "ReduceMean" or node.attributes.get("keepdims", 1) else made.out[:1]
    walk.layout = Layout(ROWS, walk.layout.batch, axes)


def _image(walk: Walk, node: Node) -> Shape:
    """The shape of what enters a node, channels first."""
    layout = expecting(walk.layout, ROWS, node.place)
    axes = layout.axes
    if axes is None or None in axes:
        fix = "say it: input_shape=(1, 28, 28), channels first (in a terminal --input-shape 1,28,28)"
        raise InputError(f"the ONNX model does not say the shape of the images that enter {node.place}", fix=fix)
    known = tuple(n for n in axes if n is not None)
    if layout.samples != ROWS or len(known) not in (2, 3):
        what = f"{node.place} takes {walk.tensor} of the ONNX model, of which a sample has {len(known)} axes"
        raise UnsupportedError(what, "samples of images are (channels, positions) or (channels, height, width)")
    return known


def _convolution(walk: Walk, node: Node, shape: Shape) -> FilterLayer:
    weight = array_value(node.constant(1), f"the filters of {node.place}")
    if len(weight[0]) < 3 or list(weight[0][2:]) != node.axes("kernel_shape", list(weight[0][2:])):
        raise UnsupportedError(f"{node.place} of the ONNX model has filters {weight[0]} of another shape than it says", "mend it")
    bias = None if node.constant(2) is None else vector_value(node.constant(2), f"the bias of {node.place}")
    windows = _windows(node, shape, weight[0][2:])
    layer = filter_layer(weight, bias, int(node.attributes.get("group", 1)), windows, shape[0], node.place)
    if not walk.waiting:
        return layer
    scale, shift = waiting_steps(walk, prod(shape), node.place)
    return on_scaled_channels(layer, scale, shift, node.place)


def _windows(node: Node, shape: Shape, kernel: Sequence[int]) -> Windows:
    """The windows of a convolution or pooling, with its strides, dilations and padding."""
    axes = len(kernel)
    stride, dilation = node.axes("strides", [1] * axes), node.axes("dilations", [1] * axes)
    pads = node.axes("pads", [0] * (2 * axes))
    auto = node.text("auto_pad", "NOTSET")
    if auto in ("SAME_UPPER", "SAME_LOWER"):
        spans = [d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True)]
        counts = [-(-n // s) for n, s in zip(shape[1:], stride, strict=True)]
        around = [max(0, (c - 1) * s + span - n) for c, s, span, n in zip(counts, stride, spans, shape[1:], strict=True)]
        small, large = [n // 2 for n in around], [n - n // 2 for n in around]
        pads = [*small, *large] if auto == "SAME_UPPER" else [*large, *small]
    elif auto not in ("NOTSET", "VALID"):
        raise UnsupportedError(f"{node.place} of the ONNX model has auto_pad {auto!r}", "NOTSET, VALID, SAME_UPPER, SAME_LOWER")
    if len(pads) != 2 * axes or len(stride) != axes or len(dilation) != axes:
        raise UnsupportedError(f"{node.place} of the ONNX model has {axes} axes and other numbers of pads or strides", "mend it")
    is_ceil = bool(node.attributes.get("ceil_mode", 0))
    return windows_on(shape, kernel, stride, pads[:axes], pads[axes:], dilation, node.place, is_ceil=is_ceil)


def _pooling(node: Node, shape: Shape) -> PoolLayer:
    kind = _POOLS[node.kind]
    if node.kind.startswith("Global"):
        return tiling_pool(kind, shape, shape[1:], node.place)
    windows = _windows(node, shape, node.axes("kernel_shape", []))
    counts = bool(node.attributes.get("count_include_pad", 0))
    if kind == "average" and any(d > 1 for d in windows.dilation):
        raise UnsupportedError(f"{node.place} of the ONNX model is a mean with dilation", "take dilation 1")
    return PoolLayer(kind, shape[0], windows, counts, None, node.place)


def _mean(node: Node, shape: Shape) -> PoolLayer:
    axes = node.integers("axes", 1)
    every = list(range(2, len(shape) + 1))
    if axes is None or sorted(axis % (len(shape) + 1) for axis in axes) != every:
        what = f"{node.place} of the ONNX model is a mean over the axes {axes}"
        raise UnsupportedError(what, f"means over all places of each channel are supported: axes {every}")
    return tiling_pool("average", shape, shape[1:], node.place)


def _padding(node: Node, shape: Shape) -> PadLayer:
    pads, value = node.integers("pads", 1), node.attributes.get("value", node.constant(2))
    mode = node.text("mode", "constant")
    number = 0 if value is None else getattr(value, "item", lambda: value)()
    if mode == "constant" and number:
        raise UnsupportedError(f"{node.place} of the ONNX model pads with {number}", "only zeros are supported")
    rank = len(shape) + 1
    if pads is None or len(pads) != 2 * rank or node.constant(3) is not None or any((*pads[:2], *pads[rank : rank + 2])):
        raise UnsupportedError(f"{node.place} of the ONNX model pads other axes than those of places", "pad places only")
    return pad_layer(shape, pads[2:rank], pads[rank + 2 :], _MODES.get(mode, mode), node.place)
