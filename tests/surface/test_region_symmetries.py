"""Symmetries of the samples in the search for the global minimum: the same minimum, and a certificate that knows of none."""

from __future__ import annotations

import itertools
import pickle
import random

import pytest

import exactsurf as es
from exactsurf.certificate.check import confirmed
from exactsurf.effort import UNBOUNDED
from exactsurf.surface import global_workers
from exactsurf.surface.region_symmetries import matched
from exactsurf.surface.regions import Region

ACTIVATIONS = [es.relu, es.leaky_relu("1/3"), es.absolute_value, es.piecewise_linear([1], [0, 1], 0)]
LOSSES = [es.squared, es.absolute, es.huber(1), "quantile(1/3)", es.hinge]


def symmetric_problem(source: random.Random, loss, activation) -> es.Problem:
    """Samples that reflections, permutations or turns of the inputs lead to each other, sometimes with turned targets."""
    inputs, labels = source.choice([1, 2]), "hinge" in str(loss)
    turned = not labels and "quantile" not in str(loss) and source.random() < 0.3
    sample, value = [source.randint(-3, 3) for _ in range(inputs)], source.choice([-1, 1]) * source.randint(1, 3)
    rows, targets = [], []
    for _ in range(source.randint(1, 2)):
        images = {tuple(sample), tuple(-v for v in sample)}
        if inputs == 2 and not turned:
            images |= {image[::-1] for image in images}
        for image in sorted(images):
            rows.append(list(image))
            sign = -1 if turned and image < tuple(-v for v in image) else 1
            targets.append(sign * (1 if labels and value > 0 else -1 if labels else value))
        sample, value = [source.randint(-3, 3) for _ in range(inputs)], source.choice([-2, -1, 1, 2])
    biases = [source.random() < 0.7, source.random() < 0.7]
    units = source.choice([1, 2, 3]) if inputs == 1 else source.choice([1, 2])
    return es.Problem(es.Network([inputs, units, 1], activation, biases=biases), es.Data.from_arrays(rows, targets), loss)


@pytest.mark.parametrize("loss", LOSSES, ids=str)
@pytest.mark.parametrize("activation", ACTIVATIONS, ids=str)
def test_the_minimum_is_that_without_symmetries(activation, loss) -> None:
    source, used = random.Random(f"{activation} {loss}"), 0
    for _ in range(8):
        problem = symmetric_problem(source, loss, activation)
        search = es.GlobalSearch(problem)
        used += search.symmetries.order > 1
        search.run(UNBOUNDED, 100_000)
        alone = es.GlobalSearch(problem, use_symmetries=False)
        assert alone.symmetries.order == 1
        alone.run(UNBOUNDED, 100_000)
        assert search.lower == search.upper == alone.upper
        point = search.parameters(100_000)
        assert confirmed(search.proof(point)).risk == alone.upper
        assert (point is None) == (alone.parameters(100_000) is None)
    assert used


def parity(bits: int, units: int) -> es.Problem:
    rows = [list(row) for row in itertools.product([0, 1], repeat=bits)]
    return es.Problem(es.Network([bits, units, 1]), es.Data.from_arrays(rows, [sum(row) % 2 for row in rows]))


def test_fewer_regions_are_searched() -> None:
    search = es.GlobalSearch(parity(3, 2))
    search.run()
    alone = es.GlobalSearch(parity(3, 2), use_symmetries=False)
    alone.run()
    assert search.symmetries.order == 48 and search.upper == alone.upper == es.exact("3/8")
    assert 3 * len(search.nodes) < len(alone.nodes)


def test_every_interruption_leaves_a_certified_enclosure() -> None:
    problem = parity(3, 2)
    search = es.GlobalSearch(problem)
    for stops in itertools.count():
        try:
            search.run(UNBOUNDED, len(search.nodes))
            break
        except es.InputError as error:
            assert "lies between" in str(error)
        assert search.lower <= es.exact("3/8") <= search.upper
        if stops % 8 == 1:
            assert es.certify_search(search).risk == search.lower
    assert es.certify_search(search).kind == "global minimum"


def test_an_interruption_between_two_steps_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from exactsurf.surface import global_search

    search, push, calls = es.GlobalSearch(parity(3, 2)), global_search.heappush, itertools.count(1)

    def stopped(queue, entry) -> None:
        if next(calls) % 7 == 0:
            raise KeyboardInterrupt
        push(queue, entry)

    monkeypatch.setattr(global_search, "heappush", stopped)
    while search.lower < search.upper:
        try:
            search.run()
        except KeyboardInterrupt:
            assert search.lower <= es.exact("3/8") <= search.upper
    assert es.certify_search(search).risk == es.exact("3/8")


def test_parts_of_other_processes_use_them_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(global_workers, "_CUTS", 5)
    problem = parity(3, 2)
    search = es.GlobalSearch(problem)
    while (found := search.next_open()) is not None:
        place, node, value = found
        search.take_back(place, global_workers.cut_further(pickle.dumps(problem), pickle.loads(pickle.dumps(node)), value))
    assert any(node.twin is not None for node in search.nodes)
    assert search.lower == search.upper == es.exact("3/8")
    assert es.certify_search(search).kind == "global minimum"


def test_regions_are_matched_in_any_order() -> None:
    first = [Region(1, 3, 4), Region(1, 3, 4), Region(-1)]
    assert [first[k] for k in matched([Region(-1), *first[:2]], first)] == [Region(-1), *first[:2]]
    with pytest.raises(ValueError, match="does not lead"):
        matched([Region(1)], [Region(-1)])
