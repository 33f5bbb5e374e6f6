"""State dicts whose names do not sort as layers, and trained models that had a weight decay."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest

import exactsurf as es
from exactsurf.interop.layer_order import ordered_names

A, B, C = [[1, 2], [3, 4]], [[5, 6], [7, 8]], [[1, 1]]


def weights(**layers: Any) -> dict[str, Any]:
    return {f"{name}.weight": value for name, value in layers.items()}


def order_of(state: dict[str, Any]) -> list[Any]:
    read = es.from_torch(state, activation="relu")
    return [[list(map(int, row)) for row in matrix] for matrix in read.parameters.weights]


def test_numbers_count_wherever_they_stand() -> None:
    state = {"layers.0.lin.weight": A, "layers.10.lin.weight": C, "layers.2.lin.weight": B}
    assert order_of(state) == [A, B, C]
    assert es.from_torch(state, activation="relu").notes == (
        "the order of the layers: layers.0.lin, layers.2.lin, layers.10.lin",
    )


def test_numbers_and_widths_together() -> None:
    state = weights(fc1=A, fc10=B, fc2=A, out=C)
    assert order_of(state) == [A, A, B, C]
    assert es.from_torch(state, activation="relu").notes == ("the order of the layers: fc1, fc2, fc10, out",)
    inner = [[1, 0], [2, 0], [3, 0]]
    assert order_of(weights(out=[[1, 2, 3]], inner=inner)) == [inner, [[1, 2, 3]]]


def test_several_orders_are_refused_until_one_is_given() -> None:
    state = weights(hidden=B, input=A, output=C)
    with pytest.raises(es.InputError, match=r"'hidden' or 'input' may be first.*order="):
        es.from_torch(state, activation="relu")
    read = es.from_torch(state, activation="relu", order=["input", "hidden", "output"])
    assert read.notes == ("the order of the layers: input, hidden, output",)
    assert read.parameters["W2"] == ((5, 6), (7, 8))
    assert es.from_arrays(state, order=["input", "hidden", "output"]) == read
    with pytest.raises(es.InputError, match="name every layer once"):
        es.from_torch(state, activation="relu", order=["input", "output"])


def test_plain_numbers_need_no_note() -> None:
    assert es.from_torch({"0.weight": A, "10.weight": C, "2.weight": B}, activation="relu").notes == ()


def test_against_all_permutations() -> None:
    """The order that is found is the only one whose widths fit and whose numbers rise; refused where there are several."""
    draw = random.Random(1)
    for _ in range(200):
        widths = [draw.randint(1, 3) for _ in range(5)]
        names = draw.sample(["fc1", "fc2", "a", "b", "out.3", "out.12"], 4)
        shapes = {name: (widths[k + 1], widths[k]) for k, name in enumerate(names)}
        rising = [
            order
            for order in itertools.permutations(names)
            if all(shapes[a][0] == shapes[b][1] for a, b in itertools.pairwise(order))
            and not ({"fc1", "fc2"} <= set(order) and order.index("fc1") > order.index("fc2"))
            and not ({"out.3", "out.12"} <= set(order) and order.index("out.3") > order.index("out.12"))
        ]
        shuffled = dict(draw.sample(list(shapes.items()), 4))
        if len(rising) > 1:
            with pytest.raises(es.InputError, match="do not say in which order"):
                ordered_names(shuffled)
        elif rising:
            assert tuple(ordered_names(shuffled)) == rising[0]


@pytest.mark.parametrize("order", [5, "ab", [0, 1], {"0", "1"}])
def test_an_order_that_is_no_list_of_names(order: Any) -> None:
    with pytest.raises(es.InputError, match="the order is a list of the names of layers"):
        es.from_torch(weights(a=A, b=B), activation="relu", order=order)


def test_a_checkpoint_says_its_weight_decay() -> None:
    groups = [{"weight_decay": 0.01, "lr": 0.1}, {"weight_decay": 0}]
    read = es.from_torch(
        {"model_state_dict": {"0.weight": C}, "optimizer_state_dict": {"param_groups": groups}, "epoch": 3}, activation="relu"
    )
    assert read.network.widths == (2, 1)
    (note,) = read.notes
    assert "weight decay (weight_decay=0.01)" in note
    assert es.from_torch({"state_dict": {"0.weight": C}, "optimizer_states": [{"param_groups": groups}]}).notes == (note,)


def test_scikit_learn_says_its_weight_decay() -> None:
    neural = pytest.importorskip("sklearn.neural_network")
    for options, words in (({}, "alpha=0.0001, scikit-learn's default"), ({"alpha": 0.5}, "(alpha=0.5)"), ({"alpha": 0}, None)):
        model = neural.MLPRegressor(hidden_layer_sizes=(2,), max_iter=300, solver="lbfgs", random_state=0, **options)
        model.fit([[0.0], [1.0], [2.0], [3.0]], [0.0, 1.0, 0.0, 2.0])
        notes = es.from_sklearn(model).notes
        assert (words is None and not notes) or (words is not None and any(words in note for note in notes))
