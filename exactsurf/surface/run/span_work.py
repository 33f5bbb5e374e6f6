"""What a run asks of its work: orbits that are solved span by span, and batches that become bytes and come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from exactsurf.model.problem import Problem
from exactsurf.surface.signed_cells import Crossing, Orbits
from exactsurf.surface.unit_table import UnitTable


class SpanBatch(Protocol):
    """What was found about the orbits begin, …, end − 1."""

    @property
    def begin(self) -> int:
        """The first orbit."""

    @property
    def end(self) -> int:
        """The first orbit that comes after."""


B = TypeVar("B", bound=SpanBatch)


class SpanWork(Protocol[B]):
    """Work on the orbits of a problem; `again` makes it from the problem in another process."""

    @property
    def problem(self) -> Problem:
        """The problem."""

    @property
    def table(self) -> UnitTable:
        """The cells of one unit."""

    @property
    def orbits(self) -> Orbits:
        """The signed cells modulo the order of the units."""

    @property
    def ways(self) -> tuple[tuple[Crossing, ...], ...]:
        """The facets of every signed unit cell."""

    @property
    def again(self) -> Callable[[Problem], SpanWork[Any]]:
        """What makes the work of a problem; known by its name."""

    def solve(self, begin: int, end: int) -> B:
        """The batch of the orbits begin, …, end − 1."""

    def encoded(self, batch: B) -> bytes:
        """The bytes of a batch."""

    def decoded(self, content: bytes) -> B:
        """The batch of bytes; `ValueError` for others."""
