"""Classes by name become targets, and their names stay."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.errors import InputError
from exactsurf.model.bundled_data import bundled_path
from exactsurf.model.class_labels import class_targets


def test_iris_by_species() -> None:
    data = es.Data.bundled("iris", target="species", classes=True)
    with bundled_path("iris").open(newline="") as stream:
        species = [row["species"] for row in csv.DictReader(stream)]
    assert data.classes == tuple(sorted(set(species)))
    assert data.target_names == tuple(f"species = {name}" for name in data.classes)
    assert [data.classes[row.index(1)] for row in data.y] == species
    assert all(sorted(row) == [0, 0, 1] for row in data.y) and data.source is None
    network = es.Network([4, 2, 3])
    assert es.Problem(network, data, es.hinge).right_outputs == tuple(data.classes.index(name) for name in species)


def test_two_classes_are_labels_of_the_hinge_loss(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("x,spam\n0,yes\n1,no\n2,yes\n")
    data = es.Data.from_csv(tmp_path / "t.csv", "spam", classes=True)
    assert (data.y, data.classes, data.target_names) == (((1,), (-1,), (1,)), ("no", "yes"), ("spam",))
    assert es.Problem(es.Network([1, 2, 1]), data, es.hinge).risk is not None
    both = es.Data.from_csv(tmp_path / "t.csv", "spam", classes="one-hot")
    assert both.y == ((0, 1), (1, 0), (0, 1))
    assert data.report is not None and "class no has the target −1, class yes the target 1" in data.report.notes


@given(st.lists(st.sampled_from(["1", "1.0", "10", "2", "-3"]), min_size=2))
def test_labels_that_are_numbers_are_in_order_of_value(labels: list[str]) -> None:
    if len({float(label) for label in labels}) < 2:
        with pytest.raises(InputError, match="one class"):
            class_targets(labels, "k")
        return
    found = class_targets(labels, "k", "one-hot")
    assert [float(name) for name in found.classes] == sorted({float(label) for label in labels})
    assert [float(found.classes[row.index(1)]) for row in found.rows] == [float(label) for label in labels]


def test_what_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="for two classes, and there are 3"):
        class_targets(["a", "b", "c"], "k", "signs")
    (tmp_path / "t.csv").write_text("x,y,k\n0,1,a\n1,2,\n2,3,b\n")
    with pytest.raises(InputError, match="line 3, column 'k': the cell is missing"):
        es.Data.from_csv(tmp_path / "t.csv", "k", classes=True)
    assert len(es.Data.from_csv(tmp_path / "t.csv", "k", classes=True, missing="drop")) == 2
    with pytest.raises(InputError, match="one target column"):
        es.Data.from_csv(tmp_path / "t.csv", ["k", "y"], classes=True)
