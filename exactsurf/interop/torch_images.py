"""Convolutions, pooling and padding of PyTorch modules, read by their attributes."""

from __future__ import annotations

from typing import Any

from exactsurf.errors import InputError, ShapeError, UnsupportedError
from exactsurf.interop.image_layers import ImageLayer, PoolLayer, Shape, filter_layer, pad_layer, tiling_pool, windows_on
from exactsurf.interop.imported_model import array_value, vector_value
from exactsurf.model.restrictions import is_list

_PADS = {"ZeroPad": "zeros", "ReflectionPad": "reflect", "ReplicationPad": "replicate", "CircularPad": "circular"}
_POOLS = {"AvgPool": "average", "MaxPool": "max", "AdaptiveAvgPool": "average", "AdaptiveMaxPool": "max"}
KINDS = tuple(f"{kind}{axes}d" for kind in ("Conv", *_POOLS, *_PADS) for axes in (1, 2))
_NO_SHAPE = "say it: input_shape=(1, 28, 28), channels first (in a terminal --input-shape 1,28,28)"


def needed_shape(shape: Shape | None, place: str) -> Shape:
    """The shape of what enters a layer. Raises: `InputError` where it is not known."""
    if shape is None:
        raise InputError(f"the model does not say the shape of the images that enter {place}", fix=_NO_SHAPE)
    return shape


def image_layers(kind: str, module: Any, shape: Shape, place: str) -> list[ImageLayer]:
    """The layers that a module of one of `KINDS` is: at most a padding and what stands on it.

    Parameters: `shape` of what enters it, channels first; `place`, for messages. Exactness: floats are read as the binary values
    that they store. Raises: `UnsupportedError`, `ShapeError`, `InputError` naming the place. Source: PyTorch, torch.nn.
    """
    name, axes = kind[:-2], int(kind[-2])
    if len(shape) != axes + 1:
        told = {1: "(channels, positions)", 2: "(channels, height, width)"}[axes]
        raise ShapeError(f"what enters {place}", told, shape)
    if name == "Conv":
        return _convolution(module, shape, axes, place)
    if name in _PADS:
        if isinstance(module.padding, int):
            before = after = (module.padding,) * axes
        else:  # the last axis first, both sides of each
            pairs = [tuple(module.padding[k : k + 2]) for k in range(0, 2 * axes, 2)][::-1]
            before, after = (tuple(pair[side] for pair in pairs) for side in (0, 1))
        return [pad_layer(shape, before, after, _PADS[name], place)]
    if name.startswith("Adaptive"):
        return [_adaptive(module, shape, axes, _POOLS[name], place)]
    if getattr(module, "return_indices", False):
        raise UnsupportedError(f"{place} returns indices", "leave return_indices out")
    kernel = _axes(module.kernel_size, axes)
    stride = kernel if module.stride is None else _axes(module.stride, axes)
    padding = _axes(module.padding, axes)
    dilation = _axes(getattr(module, "dilation", 1), axes)
    windows = windows_on(shape, kernel, stride, padding, padding, dilation, place, is_ceil=bool(module.ceil_mode))
    counts = bool(getattr(module, "count_include_pad", True))
    return [PoolLayer(_POOLS[name], shape[0], windows, counts, getattr(module, "divisor_override", None), place)]


def _convolution(module: Any, shape: Shape, axes: int, place: str) -> list[ImageLayer]:
    weight = array_value(module.weight, f"weight of {place}")
    bias = None if module.bias is None else vector_value(module.bias, f"bias of {place}")
    kernel, stride, dilation = weight[0][2:], _axes(module.stride, axes), _axes(module.dilation, axes)
    if module.padding == "same":
        around = [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]
        before, after = tuple(n // 2 for n in around), tuple(n - n // 2 for n in around)
    else:
        before = after = (0,) * axes if module.padding == "valid" else _axes(module.padding, axes)
    layers: list[ImageLayer] = []
    mode = getattr(module, "padding_mode", "zeros")
    if mode != "zeros":
        layers.append(pad_layer(shape, before, after, mode, f"the padding of {place}"))
        shape, before, after = layers[-1].out, (0,) * axes, (0,) * axes
    windows = windows_on(shape, kernel, stride, before, after, dilation, place)
    return [*layers, filter_layer(weight, bias, int(module.groups), windows, shape[0], place)]


def _adaptive(module: Any, shape: Shape, axes: int, kind: str, place: str) -> PoolLayer:
    given = module.output_size if is_list(module.output_size) else (module.output_size,) * axes
    sizes = [n if wanted is None else int(wanted) for wanted, n in zip(given, shape[1:], strict=True)]
    if any(n % wanted for wanted, n in zip(sizes, shape[1:], strict=True)):
        what = f"{place} has windows of several sizes: {_product(shape[1:])} places do not fall into {_product(sizes)}"
        raise UnsupportedError(what, "take sizes that divide those of the images")
    kernel = [n // wanted for wanted, n in zip(sizes, shape[1:], strict=True)]
    return tiling_pool(kind, shape, kernel, place)


def _axes(value: Any, axes: int) -> tuple[int, ...]:
    return tuple(map(int, value)) if is_list(value) else (int(value),) * axes


def _product(sizes: Any) -> str:
    return " × ".join(map(str, sizes))
