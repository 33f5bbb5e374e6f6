"""What a check may cost, in counted steps: a refusal is the same on every machine, and in every run.

A step is about a microsecond of an ordinary machine. The limit grows with the bytes that were handed in, so that a small file
cannot hold the verifier for long, and a large one may take its time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction

STEPS_PER_SECOND = 1_000_000
FIRST_STEPS = 2_000_000
STEPS_PER_BYTE = 10
STEPS_BETWEEN_WATCHES = 4_096

Watch = Callable[[], None]
"""Is called again and again while a check runs; what it raises ends the check."""


class TooMuchEffort(OverflowError):
    """The check needs more steps than it may take."""


class Budget:
    """What may still be spent before the verifier refuses."""

    def __init__(self, limit: int, per_byte: int = 0, watch: Watch | None = None) -> None:
        self.limit = limit
        self.per_byte = per_byte
        self.watch = watch
        self.spent = 0
        self.stop = self._next_stop()

    def _next_stop(self) -> int:
        return self.limit if self.watch is None else min(self.limit, self.spent + STEPS_BETWEEN_WATCHES)

    def reached(self) -> None:
        """As many steps are spent as may be without a question."""
        if self.spent > self.limit:
            raise self.exceeded()
        if self.watch is not None:
            self.watch()
        self.stop = self._next_stop()

    def allow(self, given: int) -> None:
        """More bytes were handed in."""
        self.limit += self.per_byte * given
        self.stop = self._next_stop()

    def exceeded(self) -> TooMuchEffort:
        """What is wrong, and how to allow more."""
        seconds = -(-self.limit // STEPS_PER_SECOND)
        return TooMuchEffort(
            f"this check takes more than {self.limit} steps (about {seconds} s), which is beyond the limits of this verifier"
            + (" for a file of this length" if self.per_byte else "")
            + "; allow more with --effort SECONDS (in Python, effort=SECONDS)"
        )


_running: ContextVar[Budget | None] = ContextVar("_running", default=None)


@contextmanager
def limited(seconds: int | Fraction | None, given: int, watch: Watch | None = None) -> Iterator[None]:
    """Count the steps of what is checked inside, and stop it beyond the limit.

    `given` is the number of bytes handed in; they make the limit where no seconds are given.
    """
    budget = (
        Budget(FIRST_STEPS + STEPS_PER_BYTE * given, STEPS_PER_BYTE, watch)
        if seconds is None
        else Budget(int(seconds * STEPS_PER_SECOND), watch=watch)
    )
    token = _running.set(budget)
    try:
        yield
    finally:
        _running.reset(token)


def spend(steps: int) -> None:
    """Count steps of the running check, if there is one."""
    budget = _running.get()
    if budget is not None:
        budget.spent += steps
        if budget.spent > budget.stop:
            budget.reached()


def allow(given: int) -> None:
    """More bytes were handed in: a data file."""
    budget = _running.get()
    if budget is not None:
        budget.allow(given)


def price(*bits: int) -> int:
    """How many times as long arithmetic with numbers of these lengths takes as with short ones."""
    longest = max(bits, default=0)
    return 1 + (longest >> 8) + ((longest << (longest.bit_length() >> 1)) >> 13)
