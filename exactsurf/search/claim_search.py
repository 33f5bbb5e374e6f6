"""find_counterexample: a search over small networks and small integer data for an instance on which a claim fails."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from random import Random
from typing import TypeAlias

from exactsurf.certificate.verdict import Status
from exactsurf.effort import UNBOUNDED, AnyEffort, Effort, OutOfTime
from exactsurf.errors import InputError, InternalError, nearest
from exactsurf.exact.number import integer_text, whole_number
from exactsurf.model.data import Data
from exactsurf.model.loss import Loss
from exactsurf.model.losses import loss_from
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.search.claims import Claim
from exactsurf.search.counterexample import Counterexample
from exactsurf.search.instance_blocks import InstanceBlocks
from exactsurf.search.minimise_instance import Failure, minimise_within
from exactsurf.search.point_proposals import first_points, planted_problem
from exactsurf.search.search_result import SearchEnd, SearchResult, SearchState, Tally
from exactsurf.search.small_data import entries
from exactsurf.search.spurious import with_certificates

MOST_SAMPLES = 10**6
_POINTS, _NANO = 40, 1_000_000_000

Progress: TypeAlias = Callable[[SearchState], None]


@dataclass(frozen=True)
class _Candidate:
    problem: Problem
    known: tuple[Parameters, ...] = ()


def find_counterexample(
    claim: Claim,
    *,
    networks: Sequence[Network] | None = None,
    losses: Sequence[Loss | str] | None = None,
    samples: int | Sequence[int] = 6,
    entries: int | Sequence[object] = 3,
    limit: int | None = None,
    seconds: int | Fraction | None = 60,
    effort: AnyEffort = None,
    seed: int = 0,
    minimise: bool = True,
    progress: Progress | bool = False,
) -> SearchResult:
    """A search for an instance on which a claim fails, made as small as single steps can make it.

    Instances come smallest first, each once modulo symmetry, and by turns with random ones; for a claim about points also with
    data for which an integer point is critical.
    Parameters: `claim`; `networks` and `losses` (default: those of the claim); `samples`, their largest number or all allowed
    numbers; `entries` of the data, −n … n or a list of exact numbers; `limit` of instances; `seconds` after which no new
    question is asked (None: no limit; making it smaller may take as long again), or an `effort`, whose seconds take their place;
    `seed` of the random choices; `minimise`, whether to make it smaller, within the networks but with fewer samples and smaller
    numbers than asked for; `progress`, called with a `SearchState` before every instance and while it is made smaller (True: a
    line on standard error). Returns: a `SearchResult`, whose `found` is a `Counterexample` or None, the same for the same seed
    unless time runs out.
    Exactness: which instances are tried is a heuristic; what is returned was refuted exactly, its certificates accepted by the
    verifier. To have found nothing is no proof of the claim. Raises: `InputError` for an empty family.
    Source: docs/reference/README.md.

    >>> import exactsurf as es
    >>> found = es.find_counterexample(es.CLAIMS["no_bad_saddles"]).found
    >>> found.problem, found.parameters
    (Problem(Network(1-1-1-1, linear, biases=False), Data(1 sample, 1 input, 1 target), squared), \
Parameters(W1=[[0]], W2=[[0]], W3=[[0]]))
    >>> print(found.verdict.status, found.verdict.reason.split(" whose ")[1])
    REFUTED Hessian has inertia (0, 0, 3) (positive, negative, zero)
    """
    if not isinstance(claim, Claim):
        fix = "take one of exactsurf.CLAIMS, claim_of(theorem), or your own, made with claim(…)"
        raise InputError("find_counterexample needs a Claim", text=repr(claim), fix=f"{_near(claim)}{fix}")
    if limit is not None:
        whole_number(limit, "the limit of instances", least=0)
    family = _Family(claim, networks, losses, samples, entries)
    seconds = seconds if effort is None else _seconds_of(Effort.of(effort))
    deadline = None if seconds is None else time.monotonic_ns() + int(seconds * _NANO)
    tell = _written if progress is True else progress or None
    random, tally, began = Random(seed), Tally(), time.monotonic_ns()

    def result(ended: SearchEnd, found: Counterexample | None = None) -> SearchResult:
        spent = (time.monotonic_ns() - began) // (_NANO // 1000)
        counts = (tally.tried, tally.held, tally.outside, tally.undecided)
        return SearchResult(claim, found, *counts, tuple(tally.reasons.most_common()), ended, spent)

    for candidate in family.candidates(random):
        if limit is not None and tally.tried >= limit:
            return result(SearchEnd.LIMIT)
        if _is_past(deadline):
            return result(SearchEnd.OUT_OF_TIME)
        if tell is not None:
            tell(SearchState(tally.tried, tally.undecided, tally.last_reason, candidate.problem, tally.held))
        tally.tried += 1
        if claim.applies is not None and not claim.applies(candidate.problem):
            tally.add([], is_outside=True)
            continue
        failure, open_reasons = _ask(claim, candidate, random, deadline)
        if failure is None:
            tally.add(open_reasons, is_outside=False)
            continue
        end = None if seconds is None else time.monotonic_ns() + int(seconds * _NANO)
        found = _finished(claim, failure, tally, end, seed, family.networks if minimise else (), tell)
        return result(SearchEnd.FOUND, found)
    return result(SearchEnd.EXHAUSTED)


def _seconds_of(effort: Effort) -> Fraction | None:
    return None if effort.seconds is None else Fraction(effort.seconds)


def _written(state: SearchState) -> None:
    print(state, file=sys.stderr)


def _finished(
    claim: Claim,
    failure: Failure,
    tally: Tally,
    deadline: int | None,
    seed: int,
    networks: Sequence[Network],
    tell: Progress | None,
) -> Counterexample:
    """The counterexample, made smaller within `networks`, asked once more, with its certificates."""
    steps = 0
    if networks:

        def ask(problem: Problem, parameters: Parameters | None) -> Failure | None:
            if claim.applies is not None and not claim.applies(problem):
                return None
            # Every question gets the same random points, so that the order of questions does not matter.
            known = () if parameters is None else (parameters,)
            return _ask(claim, _Candidate(problem, known), Random(seed), deadline)[0]

        def note(smaller: Failure, reductions: int) -> None:
            if tell is not None:
                tell(SearchState(tally.tried, tally.undecided, tally.last_reason, smaller.problem, tally.held, reductions))

        note(failure, 0)
        failure, steps = minimise_within(networks, failure, ask, lambda: _is_past(deadline), note)
    again = claim.check(_rebuilt(failure.problem), failure.parameters)
    if again.status is not Status.REFUTED:
        raise InternalError(f"the claim {claim.key!r} fails on {failure.problem!r} and, asked again, does not")
    answer = with_certificates(failure.problem, again)
    return Counterexample(claim, failure.problem, failure.parameters, answer, tally.tried, steps)


def _near(claim: object) -> str:
    from exactsurf.search.ready_claims import CLAIMS

    if not isinstance(claim, str):
        return ""
    return f"write CLAIMS[{claim!r}], or " if claim in CLAIMS else nearest(claim, CLAIMS)


def _rebuilt(problem: Problem) -> Problem:
    return Problem(problem.network, Data.from_arrays(problem.data.x, problem.data.y), problem.loss)


def _is_past(deadline: int | None) -> bool:
    return deadline is not None and time.monotonic_ns() > deadline


def _until(deadline: int | None) -> Effort:
    """What is left, in thousandths of a second, rounded up: a question may not outlast the search, nor leave some of it."""
    if deadline is None:
        return UNBOUNDED
    return Effort(seconds=Fraction(max(1, -((time.monotonic_ns() - deadline) * 1000 // _NANO)), 1000))


def _ask(claim: Claim, candidate: _Candidate, random: Random, deadline: int | None) -> tuple[Failure | None, list[str]]:
    """The failure of a claim on a problem, if some answer shows one, and the reasons of undecided answers."""
    problem = candidate.problem
    reasons: list[str] = []
    points: Iterator[Parameters | None] = iter((None,))
    if claim.is_about_a_point:
        points = iter(first_points(problem, random, candidate.known, _POINTS))
    for point in points:
        try:
            with _until(deadline).governs():
                answer = claim.check(problem, point)
        except OutOfTime as error:
            reasons.append(str(error))
            break
        if answer.status is Status.REFUTED:
            return Failure(problem, point, answer), reasons
        if answer.status is Status.UNDECIDED:
            reasons.append(answer.verdict.reason)
        if _is_past(deadline):
            break
    return None, reasons


class _Family:
    """The instances of one search."""

    def __init__(
        self,
        claim: Claim,
        networks: Sequence[Network] | None,
        losses: Sequence[Loss | str] | None,
        samples: int | Sequence[int],
        values: int | Sequence[object],
    ) -> None:
        self.claim = claim
        self.networks = tuple(networks) if networks is not None else claim.networks
        self.losses = tuple(map(loss_from, losses)) if losses is not None else claim.losses
        if isinstance(samples, int) and samples > MOST_SAMPLES:
            raise InputError(
                f"more than {MOST_SAMPLES} samples", text=integer_text(samples), fix="small counterexamples come first"
            )
        self.samples = range(1, samples + 1) if isinstance(samples, int) else tuple(sorted(set(samples)))
        if not self.samples or self.samples[0] < 1:
            raise InputError("the numbers of samples must be positive", text=repr(samples))
        settings = [
            (network, loss)
            for network, loss in product(self.networks, self.losses)
            if not loss.is_of_labels or network.widths[-1] == 1
        ]
        if not settings:
            raise InputError("there is nothing to search: no network or no loss", fix="give networks and losses")
        values = entries(values)
        self.blocks = InstanceBlocks(settings, self.samples, values)
        # The other losses have no normal equations, by which points are planted.
        squared = [(network, loss) for network, loss in settings if loss.is_squared]
        self.squared_blocks = InstanceBlocks(squared, self.samples, values) if squared else None

    def candidates(self, random: Random) -> Iterator[_Candidate]:
        """Instances by turns from all sources; ends with the exhaustive source if nothing else is left to know."""
        others = [self._random(random)]
        if self.claim.is_about_a_point and self.squared_blocks is not None:
            others.append(self._planted(self.squared_blocks, random))
        for small in self._smallest_first():
            yield small
            for source in others:
                yield next(source)
        # Every instance without a point has been asked about, unless some were too many to list.
        while self.claim.is_about_a_point or not self.blocks.all_listable:
            for source in others:
                yield next(source)

    def _smallest_first(self) -> Iterator[_Candidate]:
        for block in self.blocks.listable():
            for table in block.small.representatives() if self.claim.is_symmetric else block.small.all_tables():
                if block.small.reaches(table, block.level, with_targets=not block.loss.is_of_labels):
                    yield _Candidate(Problem(block.network, block.small.data(table), block.loss))

    def _random(self, random: Random) -> Iterator[_Candidate]:
        for block in self.blocks.drawn(random):
            yield _Candidate(Problem(block.network, block.small.random_data(random), block.loss))

    def _planted(self, blocks: InstanceBlocks, random: Random) -> Iterator[_Candidate]:
        for block in blocks.drawn(random):
            data = block.small.random_data(random)
            found = planted_problem(block.network, data.x, random, random.randint(1, 3))
            if found is None:
                yield _Candidate(Problem(block.network, data, block.loss))
            else:
                yield _Candidate(Problem(block.network, found[0].data, block.loss), (found[1],))
