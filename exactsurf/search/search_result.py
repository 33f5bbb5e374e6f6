"""What became of a search: found or not, how many instances were asked, how many stayed undecided and why, when it ended."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from exactsurf.model.problem import Problem
from exactsurf.search.claims import Claim
from exactsurf.search.counterexample import Counterexample


class SearchEnd(StrEnum):
    """Why a search ended. Exactness: nothing is computed. Source: `find_counterexample`."""

    FOUND = "a counterexample was found"
    OUT_OF_TIME = "out of time"
    LIMIT = "as many instances as allowed were asked"
    EXHAUSTED = "every instance of the family was asked"


@dataclass(frozen=True)
class SearchState:
    """How far a search is: instances asked about, those on which the claim held, and those that stayed undecided, the reason of
    the last of these, and where.

    `problem` is the instance in question. Many undecided answers mean that the claim asks for more than can be decided.
    `reductions` is None while it searches, then the number of steps that made the counterexample smaller.
    """

    tried: int
    undecided: int
    last_reason: str
    problem: Problem
    held: int = 0
    reductions: int | None = None

    def __str__(self) -> str:
        if self.reductions is not None:
            return f"found after {self.tried} instances; making it smaller, step {self.reductions + 1}: {self.problem!r}"
        return f"instance {self.tried + 1} ({self.held} held, {self.undecided} undecided): {self.problem!r}"


@dataclass(frozen=True)
class SearchResult:
    """The outcome of `find_counterexample`.

    Attributes: `claim`; `found`, a `Counterexample`, or None, which proves nothing; `tried`, the number of instances asked, of
    which the claim `held` on some (on everything that was asked about them), some were `outside` of its hypotheses, and some
    `undecided` for the `reasons` (each with the number of answers, most frequent first); `ended` (why) and after how many
    `milliseconds`.
    Exactness: what was found was refuted exactly; the rest are counts. `bool(result)` raises: ask `result.found`.
    Source: `find_counterexample`.
    """

    claim: Claim
    found: Counterexample | None
    tried: int
    held: int
    outside: int
    undecided: int
    reasons: tuple[tuple[str, int], ...]
    ended: SearchEnd
    milliseconds: int

    def __bool__(self) -> bool:
        raise TypeError("a search that found nothing proves nothing; ask result.found is None instead of its truth value")

    @property
    def summary(self) -> str:
        """In one sentence what was asked and how it ended."""
        parts = [(self.held, "held"), (self.outside, "outside of the hypotheses"), (self.undecided, "undecided")]
        counts = ", ".join(f"{count} {word}" for count, word in parts if count)
        often = f" (most often: {self.reasons[0][0]})" if self.reasons else ""
        seconds = f"{self.milliseconds // 1000}.{self.milliseconds % 1000 // 100} s"
        return f"{self.tried} instances asked{f': {counts}' if counts else ''}{often}; {self.ended}, after {seconds}"

    def __repr__(self) -> str:
        head = "no counterexample, which proves nothing" if self.found is None else repr(self.found)
        return f"SearchResult({self.claim.key!r}: {head}; {self.summary})"


@dataclass
class Tally:
    """The counts of a search that goes on."""

    tried: int = 0
    held: int = 0
    outside: int = 0
    undecided: int = 0
    last_reason: str = ""

    def __post_init__(self) -> None:
        self.reasons: Counter[str] = Counter()

    def add(self, open_reasons: list[str], *, is_outside: bool) -> None:
        """Count one instance on which the claim did not fail."""
        if is_outside:
            self.outside += 1
        elif open_reasons:
            self.undecided += 1
            self.reasons.update(open_reasons)
            self.last_reason = open_reasons[-1]
        else:
            self.held += 1
