"""The landscape with enclosed levels below a level against the whole one, cut at the level."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.surface.levels.enclosed_landscape import EnclosedLandscape
from exactsurf.surface.levels.enclosed_sublevel import EnclosedSublevelLandscape
from exactsurf.surface.levels.enclosed_valley import EnclosedValley
from exactsurf.surface.levels.enclosure import Enclosure
from exactsurf.surface.signed_cells import Orbit
from tests.surface.levels.enclosed_problems import SETTINGS, problem_of

F = Fraction
DATA = es.Data.from_arrays([0, 1, 2, 3, 4], [0, 1, 0, 2, -1])


def whole_or_skip(problem: es.Problem) -> EnclosedLandscape:
    try:
        return es.enclosed_landscape(problem)
    except (es.InputError, es.UnsupportedError) as error:
        pytest.skip(str(error))


def told(land: EnclosedLandscape | EnclosedSublevelLandscape, whole: EnclosedLandscape, level: F, names: list[Orbit]) -> list:
    """The components that are left just below the level, each with all that happened in it; levels by their runs."""
    nodes = land.merges.nodes
    parents = {child: k for k, node in enumerate(nodes) for child in node.children}

    def run(enclosure: Enclosure) -> int:
        (found,) = (
            k for k, own in enumerate(whole.runs) if own.enclosure.low <= enclosure.high and enclosure.low <= own.enclosure.high
        )
        return found

    def below(k: int) -> tuple:
        node = nodes[k]
        cells = sorted(names[c] for c in node.cells)
        return run(land.enclosure(node.level)), node.copies, cells, sorted(map(below, node.children))

    low = [k for k, node in enumerate(nodes) if node.level < level]
    tops = [k for k in low if k not in parents or nodes[parents[k]].level >= level]
    return sorted(map(below, tops))


def check_cut(whole: EnclosedLandscape, level: F) -> EnclosedSublevelLandscape:
    """The landscape below a level that no run holds, and that it is the whole one, cut there."""
    low = es.enclosed_landscape(whole.problem, below=level)
    assert low.undecided is None
    names = list(whole.work.orbits.between(0, whole.orbits))
    risks = [whole.runs[whole.heights[home]].enclosure for home in whole.homes]
    assert list(low.orbits) == [orbit for orbit, risk in zip(names, risks, strict=True) if risk.low < level]
    assert told(low, whole, level, list(low.orbits)) == told(whole, whole, level, names)
    kept = [valley for valley in whole.valleys if valley.risk.low < level]
    assert len(low.valleys) == len(kept)

    def line(valley: EnclosedValley) -> tuple[object, ...]:
        inside = [own is not None and own.low < level for own in (valley.barrier, valley.merges_at)]
        return valley.multiplicity, *inside, valley.is_global, valley.is_tied

    assert sorted(map(line, low.valleys), key=str) == sorted(map(line, kept), key=str)
    for valley in low.valleys:
        assert any(own.risk.low <= valley.risk.high and valley.risk.low <= own.risk.high for own in kept)
        least = level if valley.is_spurious and valley.barrier is None else None
        assert valley.barrier_at_least == least
        risk = whole.problem.risk(valley.parameters, bits=200)
        assert (risk.upper if isinstance(risk, es.Ball) else risk) >= valley.risk.low
    if low.global_minimum is None:
        assert not kept
    return low


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", SETTINGS)
def test_it_is_the_whole_landscape_cut_at_the_level(name: str, seed: int) -> None:
    whole = whole_or_skip(problem_of(name, seed))
    source = random.Random(f"below {name} {seed}")
    ends = [run.enclosure for run in whole.runs]
    # Between two runs, below all of them, and far above: then it is the whole one.
    place = source.randrange(len(ends))
    between = (ends[place].high + ends[place + 1].low) / 2 if place + 1 < len(ends) else ends[-1].high + 1
    for level in (between, ends[0].low - 1):
        check_cut(whole, level)
    every = check_cut(whole, 10**6 * (1 + ends[-1].high))
    assert len(every.orbits) == whole.orbits and [v.risk.is_exact for v in every.valleys] == [
        v.risk.is_exact for v in whole.valleys
    ]


@pytest.mark.parametrize("labels", [[0, 0, 1], [0, 0, 0, 1, 1, 1, 1]])
def test_a_level_that_is_not_told_from_it_is_said_to_be_undecided(labels: list[int]) -> None:
    # With so much weight decay the best network is the mean, whose risk is this number, but known as an enclosure only.
    x = [[0, 1], [1, 2], [2, -1], [3, 1], [1, -1], [0, 2], [2, 2]][: len(labels)]
    problem = es.Problem(es.Network([2, 1, 1]), es.Data.from_arrays(x, labels), weight_decay=10)
    level = sum(((F(sum(labels), len(labels)) - y) ** 2 for y in labels), F(0)) / 2
    low = es.enclosed_landscape(problem, below=level)
    assert low.undecided is not None and low.undecided.low < level <= low.undecided.high
    (valley,) = low.valleys
    assert low.is_below(valley.risk) is None and valley.risk == low.undecided and len(low.orbits) == low.work.orbits.count
    assert es.enclosed_landscape(problem, below=level - F(1, 10**20)).global_minimum is None
    sure = es.enclosed_landscape(problem, below=level + F(1, 10**20))
    assert sure.undecided is None and [sure.is_below(own.risk) for own in sure.valleys] == [True]


def test_an_exact_level_is_not_below_itself() -> None:
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]), weight_decay="1/10")
    low = es.enclosed_landscape(problem, below="799/1000")
    assert [valley.risk for valley in low.valleys] == [Enclosure(F(37, 75), F(37, 75))] and low.undecided is None
    assert es.enclosed_landscape(problem, below="37/75").global_minimum is None
    assert len(es.enclosed_landscape(problem, below=F(799, 1000) + F(1, 10**40)).valleys) == 3


def test_few_of_many_signed_cells() -> None:
    source = random.Random(3)
    rows = [[source.randint(-9, 9), source.randint(-9, 9)] for _ in range(8)]
    data = es.Data.from_arrays(rows, [source.randint(-9, 9) for _ in rows])
    problem = es.Problem(es.Network([2, 2, 1]), data, weight_decay="1/10")
    search = es.EnclosedSearch(problem)
    search.run()
    low = es.enclosed_landscape(problem, below=F(6, 5) * search.upper)
    assert low.global_minimum is not None and low.global_minimum.risk.low <= search.upper
    assert search.lower <= low.global_minimum.risk.high and 10 * len(low.orbits) < low.work.orbits.count


def test_bad_questions() -> None:
    problem = es.Problem(es.Network([1, 2, 1]), DATA, weight_decay="1/10")
    with pytest.raises(es.InexactNumberError):
        es.enclosed_landscape(problem, below=0.5)
    with pytest.raises(es.InputError, match="more than 2 orbits"):
        es.enclosed_landscape(problem, below=5, max_cells=2)
    with pytest.raises(es.InputError, match="positive"):
        es.enclosed_landscape(problem, below=5, workers=0)
    with pytest.raises(es.InputError, match="exclude"):
        es.enclosed_landscape(problem, below=5, workers=2, dask="tcp://a:1")
    with pytest.raises(es.UnsupportedError, match="rational"):
        es.enclosed_landscape(es.Problem(es.Network([1, 2, 1]), DATA), below=5)
    with pytest.raises(es.OutOfTime, match="out of time"):
        es.enclosed_landscape(problem, below=5, effort="0.0001")
