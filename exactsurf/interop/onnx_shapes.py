"""How samples stand in the tensors of an ONNX model, and operators that change shapes but keep every sample apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from math import prod
from typing import Any

from exactsurf.errors import ShapeError, UnsupportedError
from exactsurf.exact.linear_algebra import Vector
from exactsurf.interop.imported_model import float_value

ROWS, COLUMNS, VECTOR = "the rows", "the columns", "a single vector"
_KEEP = "reshape to [-1, n], where n is the number of entries of a sample"


@dataclass(frozen=True)
class Layout:
    """How samples stand in a tensor.

    Attributes: `samples`, `ROWS` (along the first axis), `COLUMNS`, `VECTOR` (one sample, without an axis for samples), or None
    where both are possible; `batch`, the length of the axis of samples if it is fixed; `axes` of one sample (a length None is
    not known), empty where the axis of units was squeezed away, or None where nothing is known.
    Exactness: nothing is computed. Source: the ONNX operator specification.
    """

    samples: str | None
    batch: int | None
    axes: tuple[int | None, ...] | None

    @property
    def size(self) -> int | None:
        """The number of entries of a sample, where it is known."""
        return None if self.axes is None or None in self.axes else prod(n for n in self.axes if n is not None)

    @property
    def rank(self) -> int | None:
        """The number of axes of the tensor, where it is known."""
        return None if self.axes is None else len(self.axes) + (self.samples != VECTOR)


def input_layout(value: Any) -> Layout:
    """The layout of an input of a graph, as its declared shape has it."""
    if not value.type.tensor_type.HasField("shape"):
        return Layout(None, None, None)
    lengths = [axis.dim_value or None for axis in value.type.tensor_type.shape.dim]
    if not lengths:
        raise UnsupportedError(f"the input {value.name!r} of the ONNX model is one number", "samples are vectors")
    if len(lengths) == 1:
        return Layout(VECTOR, 1, tuple(lengths))
    return Layout(None if len(lengths) == 2 else ROWS, lengths[0], tuple(lengths[1:]))


def shaped_layout(layout: Layout, shape: tuple[int, ...], name: str) -> Layout:
    """The layout of an input of which the user says the shape of a sample; what the model says itself must agree.

    Exactness: nothing is computed. Raises: `ShapeError`. Source: none.
    """
    axes = layout.axes
    if axes is not None and (len(axes) != len(shape) or any(a not in (None, n) for a, n in zip(axes, shape, strict=True))):
        raise ShapeError(f"a sample of the input {name!r}", " × ".join("?" if a is None else f"{a}" for a in axes), shape)
    return Layout(layout.samples if len(shape) == 1 else ROWS, layout.batch, shape)


def expecting(layout: Layout, samples: str, place: str) -> Layout:
    """The layout, where a node takes samples like this; anything else contradicts the nodes before."""
    if layout.samples not in (None, VECTOR, samples):
        what = f"{place} takes samples as {samples} of its input, where they are {layout.samples}"
        raise UnsupportedError(what, "transpose one of them")
    return layout if layout.samples == VECTOR else replace(layout, samples=samples)


def flattened(layout: Layout, axis: int, place: str) -> Layout:
    """Flatten: the axes before `axis` become one, and those from it on."""
    layout = _in_rows(layout, place)
    if layout.axes is None:
        if axis != 1:
            raise _joins(place, f"from axis {axis}", "use axis 1")
        return layout
    lengths = layout.axes if layout.samples == VECTOR else (layout.batch, *layout.axes)
    at = axis + len(lengths) if axis < 0 else axis
    is_batch = layout.samples != VECTOR and at >= 1 and all(n == 1 for n in lengths[1:at])
    if not is_batch and not (layout.batch == 1 and all(n == 1 for n in lengths[:at])):
        raise _joins(place, f"from axis {axis}", "use axis 1")
    rest = lengths[at:]
    return Layout(ROWS, layout.batch, (None if None in rest else prod(n for n in rest if n is not None),))


def reshaped(layout: Layout, target: Sequence[int], keeps_zero: bool, place: str) -> Layout:
    """Reshape to `target`, with −1 for what is left and (unless `keeps_zero`) 0 for the length of the input."""
    layout = _in_rows(layout, place)
    old: list[int | None] = [*([] if layout.samples == VECTOR else [layout.batch]), *(layout.axes or ())]
    refusal = _joins(place, f"to {list(target)}", _KEEP)
    if not target or (0 in target and (keeps_zero or any(n == 0 and k >= len(old) for k, n in enumerate(target)))):
        raise refusal
    first, rest = target[0], [old[k] if n == 0 else n for k, n in enumerate(target[1:], start=1)]
    size, one = layout.size, layout.batch == 1
    known = None if None in rest or -1 in rest else prod(n for n in rest if n is not None)
    if not rest and one and first in (-1, size):
        return Layout(VECTOR, 1, (size,))
    if not rest and first in (-1, layout.batch) and size == 1:
        return Layout(ROWS, layout.batch, ())
    stays = layout.samples != VECTOR and (first == 0 or first == layout.batch)
    becomes = one and first == 1
    if -1 in rest and (stays or becomes):
        others = prod(n for n in rest if n is not None and n != -1)
        left = None if size is None or None in rest else size // others
        rest, known = [left if n == -1 else n for n in rest], size
    fits = known is not None and (size is None or known == size)
    if fits and (stays or becomes or first == -1) and rest:
        return Layout(ROWS, layout.batch, tuple(rest))
    if -1 not in rest and rest and stays and size is None:
        return Layout(ROWS, layout.batch, tuple(rest))
    raise refusal


def squeezed(layout: Layout, axes: Sequence[int] | None, place: str) -> Layout:
    """Squeeze: axes of length 1 (all of them without `axes`) are left out."""
    layout = _in_rows(layout, place)
    lengths: list[int | None] = [*([] if layout.samples == VECTOR else [layout.batch]), *(layout.axes or ())]
    if layout.axes is None or (axes is None and None in layout.axes):
        raise _joins(place, "without known axes", "name the axes")
    gone = {k for k, n in enumerate(lengths) if n == 1} if axes is None else {k % len(lengths) for k in axes}
    if not all(lengths[k] == 1 for k in gone):
        raise _joins(place, f"axes {sorted(gone)} of lengths {[lengths[k] for k in sorted(gone)]}", "only axes of length 1 go")
    left = [n for k, n in enumerate(lengths) if k not in gone]
    if layout.samples == VECTOR or 0 in gone:
        return Layout(VECTOR, 1, tuple(left))
    return Layout(ROWS, layout.batch, tuple(left[1:]))


def unsqueezed(layout: Layout, axes: Sequence[int], place: str) -> Layout:
    """Unsqueeze: new axes of length 1."""
    layout = _in_rows(layout, place)
    if layout.axes is None:
        raise _joins(place, "without known axes", _KEEP)
    left: list[int | None] = [*([] if layout.samples == VECTOR else [layout.batch]), *layout.axes]
    count = len(left) + len(axes)
    new = {k % count for k in axes}
    entries = iter(left)
    lengths = [1 if k in new else next(entries) for k in range(count)]
    if layout.samples == VECTOR:
        return Layout(ROWS, 1, tuple(lengths[1:])) if 0 in new else Layout(VECTOR, 1, tuple(lengths))
    if 0 in new:
        raise _joins(place, "at axis 0", "put new axes behind that of the samples")
    return Layout(ROWS, layout.batch, tuple(lengths[1:]))


def unit_values(layout: Layout, array: Any, what: str) -> tuple[Vector, Layout]:
    """One number a unit (or one for all) from a constant that is broadcast over the samples, and what its shape tells.

    Parameters: `what` it is, for messages. Exactness: exact. Raises: `ShapeError` for a constant that does not belong to units.
    Source: ONNX, "Broadcasting".
    """
    numpy = import_module("numpy")
    values = numpy.asarray(array)
    shape = tuple(map(int, values.shape))
    flat = [float_value(value, what) for value in values.reshape(-1).tolist()]
    rank = 2 if layout.rank is None else layout.rank
    if len(flat) == 1 and len(shape) <= rank:
        return tuple(flat), layout
    if layout.samples is None and len(shape) == 2 and shape[1] == 1:
        layout = replace(layout, samples=COLUMNS)
    if layout.samples == COLUMNS:
        units = shape[0] if layout.axes is None or None in layout.axes else layout.size
        fitting: tuple[tuple[int, ...], ...] = ((units or shape[0], 1),)
    elif layout.size is None:
        fitting = (shape,) if len(shape) == 1 or (len(shape) == 2 and shape[0] == 1) else ((1, *shape[1:]),)
    else:
        axes = tuple(n for n in layout.axes or () if n is not None)
        if _is_broadcast(numpy, values, axes, layout.samples == VECTOR):
            whole = axes if layout.samples == VECTOR else (1, *axes)
            return tuple(float_value(v, what) for v in numpy.broadcast_to(values, whole).reshape(-1).tolist()), layout
        fitting = (axes,) if layout.samples == VECTOR else (axes, (1, *axes))
    if shape not in fitting:
        raise ShapeError(what, " or ".join(" × ".join(map(str, fit)) for fit in fitting), shape)
    return tuple(flat), layout


def _is_broadcast(numpy: Any, values: Any, axes: tuple[int, ...], is_vector: bool) -> bool:
    whole = axes if is_vector else (1, *axes)
    try:
        numpy.broadcast_to(values, whole)
    except ValueError:
        return False
    return True


def _in_rows(layout: Layout, place: str) -> Layout:
    return layout if layout.samples == VECTOR else expecting(layout, ROWS, place)


def _joins(place: str, how: str, fix: str) -> UnsupportedError:
    return UnsupportedError(f"{place} of the ONNX model reshapes {how}, which may join or cut samples", fix)
