"""find_counterexample: a search over small networks and small integer data for an instance on which a claim fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from random import Random
from typing import TypeAlias

from exactsurf.certificate.verdict import Status
from exactsurf.errors import InputError, InternalError, nearest
from exactsurf.exact.number import integer_text
from exactsurf.model.data import Data
from exactsurf.model.loss import Loss, loss_from
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.search.claims import Claim
from exactsurf.search.counterexample import Counterexample
from exactsurf.search.instance_blocks import InstanceBlocks
from exactsurf.search.minimise_instance import Failure, minimise
from exactsurf.search.point_proposals import first_points, planted_problem
from exactsurf.search.small_data import entries

MOST_SAMPLES = 10**6
_POINTS, _NANO = 40, 1_000_000_000

Progress: TypeAlias = Callable[["SearchState"], None]


@dataclass(frozen=True)
class SearchState:
    """How far a search is: instances asked about, answers that were undecided, the reason of the last of these, and where.

    `problem` is the instance in question. Many undecided answers mean that the claim asks for more than can be decided.
    """

    tried: int
    undecided: int
    last_reason: str
    problem: Problem


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
    seed: int = 0,
    minimise: bool = True,
    progress: Progress | None = None,
) -> Counterexample | None:
    """An instance on which a claim fails, made as small as single steps can make it, or None if none was found.

    Instances come smallest first, each once modulo symmetry, and by turns with random ones; for a claim about points also with
    data for which an integer point is critical.
    Parameters: `claim`; `networks` and `losses` (default: those of the claim); `samples`, their largest number or all allowed
    numbers; `entries` of the data, −n … n or a list of exact numbers; `limit` of instances; `seconds` after which no new
    question is asked (None: no limit; making it smaller may take as long again); `seed` of the random choices; `minimise`,
    whether to make it smaller (also than `networks` and `samples` allow); `progress`, called with a `SearchState` before
    every instance. Returns: a `Counterexample`, the same for the same seed unless time runs out.
    Exactness: which instances are tried is a heuristic; what is returned was refuted exactly, its certificates accepted by the
    verifier. None is no proof of the claim. Raises: `InputError` for an empty family. Source: docs/reference/README.md.

    >>> from exactsurf.search.ready_claims import CLAIMS
    >>> found = find_counterexample(CLAIMS["no_bad_saddles"])
    >>> found.problem, found.parameters
    (Problem(Network(1-1-1-1, linear, biases=False), Data(1 sample, 1 input, 1 target), squared), \
Parameters(W1=[[0]], W2=[[0]], W3=[[0]]))
    >>> print(found.verdict.status, found.verdict.reason.split(" whose ")[1])
    REFUTED Hessian has inertia (0, 0, 3) (positive, negative, zero)
    """
    if not isinstance(claim, Claim):
        fix = "take one of exactsurf.CLAIMS, claim_of(theorem), or your own, made with claim(…)"
        raise InputError("find_counterexample needs a Claim", text=repr(claim), fix=f"{_near(claim)}{fix}")
    family = _Family(claim, networks, losses, samples, entries)
    deadline = None if seconds is None else time.monotonic_ns() + int(seconds * _NANO)
    random = Random(seed)
    undecided, reason = 0, ""
    for tried, candidate in enumerate(family.candidates(random), start=1):
        if (limit is not None and tried > limit) or _is_past(deadline):
            return None
        if progress is not None:
            progress(SearchState(tried - 1, undecided, reason, candidate.problem))
        failure, open_reasons = _ask(claim, candidate, random, deadline)
        if open_reasons:
            undecided, reason = undecided + len(open_reasons), open_reasons[-1]
        if failure is not None:
            end = None if seconds is None else time.monotonic_ns() + int(seconds * _NANO)
            return _finished(claim, failure, tried, end, seed, minimise)
    return None


def _finished(claim: Claim, failure: Failure, tried: int, deadline: int | None, seed: int, smaller: bool) -> Counterexample:
    steps = 0
    if smaller:

        def ask(problem: Problem, parameters: Parameters | None) -> Failure | None:
            # Every question gets the same random points, so that the order of questions does not matter.
            known = () if parameters is None else (parameters,)
            return _ask(claim, _Candidate(problem, known), Random(seed), deadline)[0]

        failure, steps = minimise(failure, ask, lambda: _is_past(deadline))
    again = claim.check(_rebuilt(failure.problem), failure.parameters)
    if again.status is not Status.REFUTED:
        raise InternalError(f"the claim {claim.key!r} fails on {failure.problem!r} and, asked again, does not")
    return Counterexample(claim, failure.problem, failure.parameters, again, tried, steps)


def _near(claim: object) -> str:
    from exactsurf.search.ready_claims import CLAIMS

    if not isinstance(claim, str):
        return ""
    return f"write CLAIMS[{claim!r}], or " if claim in CLAIMS else nearest(claim, CLAIMS)


def _rebuilt(problem: Problem) -> Problem:
    return Problem(problem.network, Data.from_arrays(problem.data.x, problem.data.y), problem.loss)


def _is_past(deadline: int | None) -> bool:
    return deadline is not None and time.monotonic_ns() > deadline


def _ask(claim: Claim, candidate: _Candidate, random: Random, deadline: int | None) -> tuple[Failure | None, list[str]]:
    """The failure of a claim on a problem, if some answer shows one, and the reasons of undecided answers."""
    problem = candidate.problem
    reasons: list[str] = []
    if claim.applies is not None and not claim.applies(problem):
        return None, []
    points: Iterator[Parameters | None] = iter((None,))
    if claim.is_about_a_point:
        points = iter(first_points(problem, random, candidate.known, _POINTS))
    for point in points:
        answer = claim.check(problem, point)
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
            if loss.name != "hinge" or network.widths[-1] == 1
        ]
        if not settings:
            raise InputError("there is nothing to search: no network or no loss", fix="give networks and losses")
        values = entries(values)
        self.blocks = InstanceBlocks(settings, self.samples, values)
        # The other losses have no normal equations, by which points are planted.
        squared = [(network, loss) for network, loss in settings if loss.name == "squared"]
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
                if block.small.reaches(table, block.level, with_targets=block.loss.name != "hinge"):
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
