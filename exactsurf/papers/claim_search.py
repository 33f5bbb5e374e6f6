"""find_counterexample: a search over small networks and small integer data for an instance on which a claim fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod
from random import Random

from exactsurf.certificate.verdict import Status
from exactsurf.errors import InputError, InternalError
from exactsurf.model.data import Data
from exactsurf.model.loss import Loss, loss_from
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.papers.claims import Claim
from exactsurf.papers.counterexample import Counterexample
from exactsurf.papers.minimise_instance import Failure, minimise
from exactsurf.papers.point_proposals import first_points, planted_problem
from exactsurf.papers.small_data import SmallData, entries

_POINTS, _MAX_WORK, _NANO = 40, 400_000, 1_000_000_000

Progress = Callable[["SearchState"], None]


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
    verifier. None is no proof of the claim. Raises: `InputError` for an empty family. Source: design.md, "find_… is a heuristic".

    >>> from exactsurf.papers.ready_claims import CLAIMS
    >>> found = find_counterexample(CLAIMS["no_bad_saddles"])
    >>> found.problem, found.parameters
    (Problem(Network(1-1-1-1, linear, biases=False), Data(1 sample, 1 input, 1 target), squared), \
Parameters(W1=[[0]], W2=[[0]], W3=[[0]]))
    >>> print(found.verdict.status, found.verdict.reason.split(" whose ")[1])
    REFUTED Hessian has inertia (0, 0, 3) (positive, negative, zero)
    """
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


def _size(network: Network, samples: int, step: int) -> int:
    """The order of instances: about twice the logarithm of the number of data sets, and two for every parameter."""
    parameters = sum(prod(shape) for shape in network.shapes.values())
    return samples * (network.widths[0] + network.widths[-1]) * (2 + step) + 2 * parameters


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


@dataclass(frozen=True)
class _Block:
    """The data sets of one size for one network and loss; `level`, the largest absolute value, is what is new in it."""

    network: Network
    loss: Loss
    small: SmallData
    level: Fraction


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
        self.samples = tuple(range(1, samples + 1)) if isinstance(samples, int) else tuple(samples)
        self.values = entries(values)
        if not self.samples or min(self.samples) < 1:
            raise InputError("the numbers of samples must be positive", text=repr(samples))
        levels = sorted({abs(value) for value in self.values})
        ordered = []
        for place, (network, loss) in enumerate(product(self.networks, self.losses)):
            if loss.name == "hinge" and network.widths[-1] != 1:
                continue
            for number, (step, level) in product(self.samples, enumerate(levels)):
                ordered.append((_size(network, number, step), place, number, step, self._block(network, loss, number, level)))
        self.blocks = [block for *_, block in sorted(ordered, key=lambda one: one[:4])]
        if not self.blocks:
            raise InputError("there is nothing to search: no network or no loss", fix="give networks and losses")

    def candidates(self, random: Random) -> Iterator[_Candidate]:
        """Instances by turns from all sources; ends with the exhaustive source if nothing else is left to know."""
        others = [self._random(random)]
        if self.claim.is_about_a_point and any(block.loss.name == "squared" for block in self.blocks):
            others.append(self._planted(random))
        for small in self._smallest_first():
            yield small
            for source in others:
                yield next(source)
        # Every instance without a point has been asked about, unless some were too many to list.
        while self.claim.is_about_a_point or any(block.small.work > _MAX_WORK for block in self.blocks):
            for source in others:
                yield next(source)

    def _smallest_first(self) -> Iterator[_Candidate]:
        for block in self.blocks:
            if block.small.work > _MAX_WORK:
                continue
            for table in block.small.representatives() if self.claim.is_symmetric else block.small.all_tables():
                if block.small.reaches(table, block.level, with_targets=block.loss.name != "hinge"):
                    yield _Candidate(Problem(block.network, block.small.data(table), block.loss))

    def _block(self, network: Network, loss: Loss, count: int, level: Fraction) -> _Block:
        values = tuple(value for value in self.values if abs(value) <= level)
        labels = entries([1, -1]) if loss.name == "hinge" else values
        return _Block(network, loss, SmallData(count, network.widths[0], network.widths[-1], values, labels), level)

    def _random(self, random: Random) -> Iterator[_Candidate]:
        for block in _drawn(self.blocks, random):
            yield _Candidate(Problem(block.network, block.small.random_data(random), block.loss))

    def _planted(self, random: Random) -> Iterator[_Candidate]:
        for block in _drawn([block for block in self.blocks if block.loss.name == "squared"], random):
            data = block.small.random_data(random)
            found = planted_problem(block.network, data.x, random, random.randint(1, 3))
            if found is None:
                yield _Candidate(Problem(block.network, data, block.loss))
            else:
                yield _Candidate(Problem(block.network, found[0].data, block.loss), (found[1],))


def _drawn(blocks: Sequence[_Block], random: Random) -> Iterator[_Block]:
    """Blocks at random, for ever: half as often among twice as many, so that small ones come often and all may come."""
    chosen = [block for block in blocks if block.level] or list(blocks)
    while True:
        reach = 1 << random.randrange(4, max(len(chosen).bit_length(), 4) + 1)
        yield random.choice(chosen[:reach])
