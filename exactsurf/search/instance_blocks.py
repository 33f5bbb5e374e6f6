"""The blocks of data sets that a search for counterexamples goes through, smallest first, made when they are reached."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush
from itertools import islice
from math import prod
from random import Random

from exactsurf.model.loss import Loss
from exactsurf.model.network import Network
from exactsurf.search.small_data import SmallData, entries

_MAX_WORK, _MOST_DRAWN = 400_000, 12


@dataclass(frozen=True)
class Block:
    """The data sets of one size for one network and loss; `level`, the largest absolute value, is what is new in it."""

    network: Network
    loss: Loss
    small: SmallData
    level: Fraction

    @property
    def is_listable(self) -> bool:
        """Whether its data sets are few enough to be listed."""
        return self.small.work <= _MAX_WORK


class InstanceBlocks:
    """Blocks for all pairs of a network and a loss, numbers of samples and levels of the values, in order of size.

    Parameters: `settings`; `samples`, increasing; `values`, small ones first. No more blocks are made than are asked for, so a
    search can be over families of any size.

    >>> import exactsurf as es
    >>> blocks = InstanceBlocks([(es.Network([1, 1, 1], es.relu), es.squared)], range(1, 10**9), entries(1000))
    >>> [(block.small.samples, str(block.level)) for block in islice(blocks.listable(), 5)]
    [(1, '0'), (1, '1'), (1, '2'), (2, '0'), (1, '3')]
    """

    def __init__(self, settings: Sequence[tuple[Network, Loss]], samples: Sequence[int], values: tuple[Fraction, ...]) -> None:
        self.settings, self.samples, self.values = tuple(settings), samples, values
        self.sizes = [abs(value) for value in values]
        self.levels = sorted(set(self.sizes))

    def listable(self) -> Iterator[Block]:
        """Those whose data sets can be listed."""
        return self._in_order(only_listable=True)

    @property
    def all_listable(self) -> bool:
        """Whether no block is too large to be listed."""
        return all(self._block(place, self.samples[0], len(self.levels) - 1).is_listable for place in range(len(self.settings)))

    def drawn(self, random: Random) -> Iterator[Block]:
        """Blocks at random, for ever: half as often among twice as many, so that small ones come often."""
        waiting = self._in_order(only_listable=False, first_step=1 if self.levels[0] == 0 and len(self.levels) > 1 else 0)
        made: list[Block] = []
        steps = len(self.levels) - (len(self.levels) > 1 and self.levels[0] == 0)
        count = len(self.settings) * len(self.samples) * steps
        while True:
            reach = 1 << random.randrange(4, min(max(count.bit_length(), 4), _MOST_DRAWN) + 1)
            made.extend(islice(waiting, max(reach - len(made), 0)))
            yield random.choice(made[:reach])

    def _in_order(self, *, only_listable: bool, first_step: int = 0) -> Iterator[Block]:
        heap = [(self._size(place, 0, first_step), place, 0, first_step) for place in range(len(self.settings))]
        heapify(heap)
        while heap:
            _, place, number, step = heappop(heap)
            # The size grows with both, so every block is pushed before a larger one is popped.
            if step == first_step and number + 1 < len(self.samples):
                heappush(heap, (self._size(place, number + 1, step), place, number + 1, step))
            block = self._block(place, self.samples[number], step)
            if only_listable and not block.is_listable:
                continue
            if step + 1 < len(self.levels):
                heappush(heap, (self._size(place, number, step + 1), place, number, step + 1))
            yield block

    def _block(self, place: int, count: int, step: int) -> Block:
        network, loss = self.settings[place]
        level = self.levels[step]
        values = self.values[: bisect_right(self.sizes, level)]
        labels = entries([1, -1]) if loss.gap == "margin" else values
        return Block(network, loss, SmallData(count, network.widths[0], network.widths[-1], values, labels), level)

    def _size(self, place: int, number: int, step: int) -> int:
        """About twice the logarithm of the number of data sets, and two for every parameter."""
        network = self.settings[place][0]
        parameters = sum(prod(shape) for shape in network.shapes.values())
        return self.samples[number] * (network.widths[0] + network.widths[-1]) * (2 + step) + 2 * parameters
