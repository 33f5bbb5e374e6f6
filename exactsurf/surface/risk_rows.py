"""The risk of one output as a sum of simple convex functions of single predictions, in integers, as the cone solvers read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from operator import mul

from exactsurf.errors import UnsupportedError
from exactsurf.exact.convex_pieces import Block, ConvexPieces
from exactsurf.exact.scaled_vector import ScaledVector
from exactsurf.model.problem import Problem


@dataclass(frozen=True)
class RiskRows:
    """Σ_j β_j(f_i(j)) + `offset`, with a `Block` β_j for every row j; i(j) is `owners[j]`.

    In rows the predictions are multiplied by `scale` and the risk is divided by `unit`: `targets` are the centres, `metric` the
    curvatures and `down`, `up` the ends of the slopes (None: no end), as integers.
    Exactness: exact. Source: `ConvexPieces.blocks`.
    """

    owners: tuple[int, ...]
    targets: tuple[int, ...]
    scale: int
    unit: Fraction
    metric: tuple[int, ...]
    down: tuple[int | None, ...]
    up: tuple[int | None, ...]
    offset: Fraction

    def spread(self, values: Sequence[int]) -> tuple[int, ...]:
        """The values of samples, by rows."""
        return tuple(values[i] for i in self.owners)

    def gathered(self, values: Sequence[int], samples: int) -> tuple[int, ...]:
        """Sums of the values of rows, by samples."""
        if len(values) == samples and len(set(self.owners)) == samples:
            return tuple(values)
        found = [0] * samples
        for i, value in zip(self.owners, values, strict=True):
            found[i] += value
        return tuple(found)


def risk_rows(problem: Problem) -> RiskRows:
    """The rows of a problem with one output whose loss is differentiable or piecewise linear.

    With the squared loss and an output bias the targets are centred, which is what the best bias does.
    Exactness: exact. Raises: `UnsupportedError` naming any other loss. Source: theory.md, section 4.

    >>> import exactsurf as es
    >>> risk_rows(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 1]), "quantile(1/3)"))
    RiskRows(owners=(0, 1), targets=(0, 1), scale=1, unit=Fraction(1, 3), metric=(), down=(1, 1), up=(2, 2), \
offset=Fraction(0, 1))
    """
    loss = problem.loss
    if not (loss.is_smooth or loss.is_piecewise_linear):
        raise UnsupportedError(
            f"the landscape has no exact minimum over signed cells for the {loss.title} loss, which has kinks and curved pieces",
            "losses that are differentiable or piecewise linear have one; about one point ask decide(problem, parameters)",
        )
    centring = problem.shares if loss.is_squared and problem.network.biases[1] else None
    return rows_of([problem.term_function(i, 0) for i in range(len(problem.data))], loss.is_smooth, centring)


def rows_of(functions: Sequence[ConvexPieces], is_smooth: bool, centring: Sequence[Fraction] | None = None) -> RiskRows:
    """The rows of a sum of convex functions, one a number that is predicted.

    Parameters: `functions`, all differentiable (`is_smooth`) or all piecewise linear; `centring`, weights of the mean that is
    taken from the centres, if it is. Exactness: exact. Raises: nothing. Source: `ConvexPieces.blocks`.
    """
    owners: list[int] = []
    blocks: list[Block] = []
    offset = Fraction(0)
    for i, function in enumerate(functions):
        blocks += function.blocks
        owners += [i] * len(function.blocks)
        place = function.blocks[0].centre  # where the first block is 0
        offset += function.value(place) - sum((block.value(place) for block in function.blocks[1:]), Fraction(0))
    sizes = [block.curvature for block in blocks] if is_smooth else [end for b in blocks for end in (b.down, b.up) if end]
    unit = _common_unit([size for size in sizes if size])
    centres = [block.centre for block in blocks]
    if centring is not None:
        centres = list(weighted_centre(centres, centring))
    ends = [end / unit for block in blocks for end in (block.down, block.up) if end is not None] if is_smooth else []
    scale = lcm(*(value.denominator for value in (*centres, *ends)))
    factor = (scale if is_smooth else 1) / unit
    return RiskRows(
        tuple(owners),
        tuple(int(centre * scale) for centre in centres),
        scale,
        unit,
        tuple(int(block.curvature / unit) for block in blocks) if is_smooth else (),
        tuple(None if block.down is None else int(block.down * factor) for block in blocks),
        tuple(None if block.up is None else int(block.up * factor) for block in blocks),
        offset,
    )


def weighted_centre(values: Sequence[Fraction], weights: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """The values minus their weighted mean.

    >>> weighted_centre([Fraction(0), Fraction(3)], [Fraction(2), Fraction(1)])
    (Fraction(-1, 1), Fraction(2, 1))
    """
    weight, value = ScaledVector.from_fractions(weights).numerators, ScaledVector.from_fractions(values)
    total, moment = sum(weight), sum(map(mul, weight, value.numerators))
    return tuple(Fraction(v * total - moment, value.denominator * total) for v in value.numerators)


def _common_unit(values: Sequence[Fraction]) -> Fraction:
    """The greatest number of which all values are integer multiples."""
    common = lcm(*(value.denominator for value in values))
    return Fraction(gcd(*(int(value * common) for value in values)), common)
