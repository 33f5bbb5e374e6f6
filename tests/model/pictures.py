"""Convolution and pooling by their definitions, entry by entry on exact NumPy objects; they know nothing of networks."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import numpy


def wide(x: Any, before: Sequence[int], after: Sequence[int], filling: Any) -> Any:
    """x with entries put on both sides of each axis but the first."""
    pads = [(0, 0), *zip(before, after, strict=True)]
    return numpy.pad(x, pads, constant_values=filling)


def filtered(
    x: Any, weight: Any, bias: Any, stride: Sequence[int], padding: Sequence[int], dilation: Sequence[int], groups: int
) -> Any:
    """out[o, p] = b[o] + Σ_c Σ_k w[o, c, k] x̂[g(o) + c, stride·p + dilation·k], x̂ = x between zeros, g the group of o."""
    padded = wide(x, padding, padding, Fraction(0))
    made, deep, *kernel = weight.shape
    spans = [d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True)]
    places = [(n - span) // s + 1 for n, span, s in zip(padded.shape[1:], spans, stride, strict=True)]
    out = numpy.zeros((made, *places), dtype=object)
    for o, at in product(range(made), product(*map(range, places))):
        total = Fraction(0) if bias is None else bias[o]
        first = (o * groups // made) * deep
        for c, k in product(range(deep), product(*map(range, kernel))):
            q = tuple(s * a + d * e for s, a, d, e in zip(stride, at, dilation, k, strict=True))
            total += weight[(o, c, *k)] * padded[(first + c, *q)]
        out[(o, *at)] = total
    return out


def pooled(
    x: Any,
    kind: str,
    kernel: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    counts_padding: bool = True,
    dilation: Sequence[int] | None = None,
) -> Any:
    """Means or largest entries of windows; entries of the padding are None and are counted, as zeros, only if asked for."""
    padded = wide(x, padding, padding, None)
    gaps = [1] * len(kernel) if dilation is None else dilation
    spans = [d * (k - 1) + 1 for d, k in zip(gaps, kernel, strict=True)]
    places = [(n - span) // s + 1 for n, span, s in zip(padded.shape[1:], spans, stride, strict=True)]
    out = numpy.zeros((len(x), *places), dtype=object)
    for c, at in product(range(len(x)), product(*map(range, places))):
        offsets = product(*map(range, kernel))
        every = [padded[(c, *(s * a + d * e for s, a, d, e in zip(stride, at, gaps, k, strict=True)))] for k in offsets]
        inside = [value for value in every if value is not None]
        if kind == "max":
            out[(c, *at)] = max(inside)
        else:
            out[(c, *at)] = sum(inside) / Fraction(len(every) if counts_padding else len(inside))
    return out
