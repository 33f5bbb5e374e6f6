"""Certificates built by hand are accepted, and what they say is true."""

from __future__ import annotations

from fractions import Fraction

import pytest

from exactsurf.verifier import Accepted, Rejected, verify
from tests.verifier.examples import EXAMPLES, XOR, get, text
from tests.verifier.oracle import Oracle, assert_true, parameters_of
from tests.verifier.verdicts import encode


@pytest.mark.parametrize("name", EXAMPLES)
def test_accepted_and_true(name: str) -> None:
    document = get(name)
    assert_true(document)
    result = verify(encode(document))
    assert isinstance(result, Accepted)
    assert result.kind == document["claim"]["kind"]
    assert result.sentence == document["claim"]["sentence"]
    assert type(result.risk) is Fraction


@pytest.mark.parametrize(
    ("name", "risk"),
    [("example_a", "3/4"), ("xor", "1/2"), ("swirszcz", "9"), ("boundary", "5"), ("split", "8"), ("absolute", "8/3")],
)
def test_known_risks(name: str, risk: str) -> None:
    assert verify(encode(get(name))).risk == Fraction(risk)


def test_xor_is_spurious_because_two_units_can_represent_it() -> None:
    document = get("xor")
    parameters = text({"W1": [[1, 1], [1, 1]], "b1": [0, -1], "W2": [[1, -2]], "b2": [0]})
    assert Oracle(document).risk(parameters_of(parameters)) == 0
    document["evidence"]["lower_points"] = [{"parameters": parameters, "risk": "0"}]
    document["claim"]["kind"] = "spurious local minimum"
    document["claim"]["sentence"] = document["claim"]["sentence"].replace("a local", "a spurious local")
    assert verify(encode(document)).kind == "spurious local minimum"
    assert len(XOR) == 4


def test_the_paths_rule_also_covers_a_breakpoint_with_residual_zero() -> None:
    document = get("swirszcz")
    document["evidence"]["local_minimum"] = {"rule": "paths"}
    assert verify(encode(document)).risk == 9


def test_notes_come_in_order_and_are_the_checks() -> None:
    lines: list[str] = []
    result = verify(encode(get("example_a")), note=lines.append)
    assert tuple(lines) == result.checks
    assert lines[0] == "problem: 4 samples, 1-2-1 network, squared loss"
    assert lines[1].startswith("risk recomputed: 3/4")
    assert lines[-1].startswith("lower point 0: risk 21/32")


def test_hexadecimal_numbers() -> None:
    document = get("example_a")
    document["parameters"]["W1"][0] = ["0x1/0x2"]
    document["parameters"]["b2"] = ["-0x1"]
    document["claim"]["risk"] = "0x3/4"
    verify(encode(document))


def test_one_unsplit_hyperplane_may_be_split() -> None:
    document = get("boundary")
    nodes = [
        {"split": 1, "plus": 1, "minus": 2},
        {"multipliers": [[1, "0"]]},
        {"multipliers": []},
    ]
    document["evidence"]["local_minimum"]["units"] = [{"nodes": nodes}]
    verify(encode(document))


def test_rejections_can_be_pickled_and_printed() -> None:
    import pickle

    with pytest.raises(Rejected) as caught:
        verify(b"{}")
    copied = pickle.loads(pickle.dumps(caught.value))
    assert (copied.place, copied.reason, str(copied)) == ("format", "missing field", "format: missing field")
