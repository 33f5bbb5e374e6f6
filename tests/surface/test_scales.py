"""Numbers of any size in searches for the least risk: an enclosure with a certificate, or words that name place and fix."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.surface.scales import check_scales

F = Fraction
X, Y = [[0, 1], [2, -1], [1, 3], [-2, 0], [1, 1]], [1, -1, 1, -1, -1]
BIG, SMALL = 10**400, F(1, 10**400)
SIZES = {"big": BIG, "small": SMALL}
PLACES = {
    "weights": "weight of sample",
    "one weight": "weight of sample 0",
    "inputs": "input",
    "one input": "input",
    "targets": "target",
}


def data(place: str, size: Fraction, labels: bool = False) -> es.Data:
    """The samples with some numbers times a size; labels stay as they are."""
    factor = {place: size}
    x = [[factor.get("inputs", 1) * v * (factor.get("one input", 1) if i == 0 else 1) for v in row] for i, row in enumerate(X)]
    y = Y if labels else [factor.get("targets", 1) * v for v in Y]
    weights = [factor.get("weights", 1) * (factor.get("one weight", 1) if i == 0 else 1) for i in range(len(X))]
    return es.Data.from_arrays(x, y, weights=weights)


def answered(problem: es.Problem, kind: type, place: str) -> bool:
    """Whether a search of this kind answers; else its refusal names the place."""
    try:
        search = kind(problem)
        search.run(max_nodes=200, width="1/20")
    except es.UnsupportedError as error:
        assert PLACES[place] in str(error) or "beyond" in str(error)
        assert "scale" in str(error) or "divide" in str(error)
        return False
    except es.InputError as error:
        assert "max_nodes" in str(error)
    assert search.lower <= search.upper
    proof = es.certify_search(search)
    assert es.verify(proof.encoded).kind == proof.kind
    return True


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("place", PLACES)
def test_enclosed_searches_answer_or_name_the_place(place: str, size: str):
    network, own = es.Network([2, 1, 1]), data(place, SIZES[size], labels=True)
    assert answered(es.Problem(network, own, "logistic"), es.EnclosedSearch, place)
    for problem in (
        es.Problem(network, own, "logistic", weight_decay="1/10"),
        es.Problem(network, data(place, SIZES[size]), weight_decay="1/10"),
    ):
        scaled = problem.data != data("", F(1)) and (place, size) not in {("one weight", "small"), ("one input", "small")}
        assert answered(problem, es.EnclosedSearch, place) != scaled


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("place", PLACES)
def test_bound_searches_answer_or_name_the_place(place: str, size: str):
    own, labels = data(place, SIZES[size]), data(place, SIZES[size], labels=True)
    two = es.Data.from_arrays(own.x, [[row[0], -row[0]] for row in own.y], weights=own.weights)
    answered(es.Problem(es.Network([2, 1, 2]), two), es.BoundSearch, place)
    answered(es.Problem(es.Network([2, 1, 1, 1]), own), es.BoundSearch, place)
    answered(es.Problem(es.Network([2, 1, 1]), own, weight_decay="1/10", decay_biases=True), es.BoundSearch, place)
    answered(es.Problem(es.Network([2, 1, 1]), labels, "logistic"), es.BoundSearch, place)


@pytest.mark.parametrize("size", SIZES)
def test_the_global_minimum_moves_with_scales_exactly(size: str):
    c, network = SIZES[size], es.Network([2, 1, 1])
    least = {}
    for place in ("", "inputs", "targets", "weights"):
        search = es.GlobalSearch(es.Problem(network, data(place, c)))
        search.run()
        assert search.lower == search.upper
        least[place] = search.lower
    assert least[""] > 0 and least["inputs"] == least[""]
    assert least["targets"] == c * c * least[""] and least["weights"] == c * least[""]


def test_the_number_furthest_out_is_named():
    network = es.Network([2, 1, 1])
    with pytest.raises(es.UnsupportedError, match=r"input 1 of sample 2 is 3e400.*scale the inputs"):
        check_scales(es.Problem(network, data("inputs", F(BIG)), weight_decay=1))
    with pytest.raises(es.UnsupportedError, match=r"weight_decay is 1e400.*divide the weights of all samples and weight_decay"):
        check_scales(es.Problem(network, data("", F(1)), weight_decay=BIG))
    with pytest.raises(es.UnsupportedError, match=r"the weight of sample 0 is 1e400.*divide the weights of all samples by"):
        check_scales(es.Problem(network, data("one weight", F(BIG)), "hinge"), weights=True)
    check_scales(es.Problem(network, data("inputs", F(BIG)), "hinge"), weights=True)
    # The advice is true: the risk is divided, too, and the refusal is gone.
    check_scales(es.Problem(network, data("", F(1)), weight_decay=F(BIG) / BIG))
