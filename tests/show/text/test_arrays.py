"""Large certificates become short texts, quickly, and what is left out is named by its digest."""

from __future__ import annotations

import copy
import hashlib
import json
import re
import time
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.show.certificates import latex, markdown
from exactsurf.show.text.numeral import digit_count, is_short, listed, numeral
from tests.show.latex_source import assert_well_formed
from tests.verifier.examples import get


def long_number(seed: int) -> str:
    """A number with a numerator and a denominator of 24,000 bits, near −5/4."""
    return f"-0x{(5 << 23997) + seed:x}/0x{(1 << 23999) + 1:x}"


@pytest.fixture(scope="module")
def wide() -> dict:
    """Shaped like a certificate for a network with 785 inputs; nothing in it is true, and show does not look."""
    rows = [[long_number(8 * (785 * j + p) + 2) for p in range(785)] for j in range(4)]
    here = {"W1": rows, "b1": [long_number(6)] * 4, "W2": [[long_number(4)] * 4], "b2": ["0"]}
    csv = {"file": "pixels_&_50%.csv", "sha256": "0a" * 32, "delimiter": ",", "skip_rows": 1, "samples": 70000}
    csv |= {"x": list(range(785)), "y": [786]}
    document = get("example_a")
    document["problem"] |= {"widths": [785, 4, 1], "data": {"csv": csv}}
    document["parameters"] = here
    document["claim"]["risk"] = "2"
    document["evidence"]["lower_points"] = [{"parameters": copy.deepcopy(here), "risk": long_number(0)} for _ in range(9)]
    return document


@pytest.mark.parametrize("form", [markdown, latex])
def test_wide_matrices_of_long_numbers(wide: dict, form) -> None:
    started = time.process_time()
    text = form(wide)
    assert time.process_time() - started < 15
    assert len(text) < 20_000
    digest = hashlib.sha256(json.dumps(wide["parameters"]["W1"], separators=(",", ":")).encode()).hexdigest()
    assert digest in text.replace(r"\allowbreak{}", "") and "0a" * 32 in text.replace(r"\allowbreak{}", "")
    assert "1.25" in text and "7225 digits" in text
    assert "columns 1 to 785" in text and "column 787" in text
    assert "6 more points of lower risk" in text
    if form is latex:
        assert_well_formed(text)


def test_many_samples_and_units_are_summed_up() -> None:
    """All residuals cancel in pairs, so the point is a local minimum wherever its units are."""
    x, y = [[i // 2, 1] for i in range(800)], [(-1) ** i for i in range(800)]
    problem = es.Problem(es.Network([2, 40, 1]), es.Data.from_arrays(x, y))
    theta = problem.parameters(W1=[[1, -j] for j in range(40)], b1=[0] * 40, W2=[[0] * 40], b2=[0])
    document = es.decide(problem, theta).certificate.document()
    canonical = json.dumps(document["problem"]["data"], sort_keys=True, separators=(",", ":"))
    for form in (markdown, latex):
        text = form(document)
        assert len(text) < 20_000
        assert hashlib.sha256(canonical.encode()).hexdigest() in text.replace(r"\allowbreak{}", "")
        assert "800 samples with 2 inputs and 1 target" in text
        assert "W" in text and "40" in text


def test_many_unitwise_units_are_summed_up() -> None:
    document = get("dead_units")
    document["problem"]["widths"] = [1, 53, 1]
    for key, extra in (("W1", ["0"]), ("b1", "-1")):
        document["parameters"][key] += [extra] * 50
    document["parameters"]["W2"][0] += ["0"] * 50
    document["evidence"]["local_minimum"]["units"] += [{"nodes": []}] * 50
    es.verify(
        json.dumps(
            document | {"claim": document["claim"] | {"sentence": document["claim"]["sentence"].replace("1-3-1", "1-53-1")}}
        ).encode()
    )
    text = markdown(document)
    assert "Unit 12, v₁₂ = 0" in text and "Unit 13," not in text
    assert "The other 41 units are treated in the same way: 41 have output weight 0" in text


@pytest.mark.parametrize("digits", [1, 12, 13, 4299, 4300, 4301, 7225])
def test_digits_are_counted_without_writing_them(digits: int) -> None:
    assert digit_count(10 ** (digits - 1)) == digit_count(10**digits - 1) == digits
    assert digit_count(-(10 ** (digits - 1))) == digits


def test_twelve_digits_are_short_and_thirteen_are_not() -> None:
    assert is_short(Fraction(10**12 - 1)) and not is_short(Fraction(10**12))
    assert numeral(Fraction(999999, 1000001)) == "≈ 0.999998"
    assert numeral(Fraction(-99999, 1000001)) == "-99999/1000001"


def test_lists_of_samples() -> None:
    assert listed([]) == "" and listed([0]) == "1" and listed([0, 1]) == "1, 2" and listed(range(1000)) == "1 to 1000"
    assert listed(range(0, 100, 2), 2) == "1, 3 and 48 more"


def test_names_of_long_entries_are_no_names_of_weights_or_biases():
    """In one text every name stands for one thing: b_1 is the bias of layer 1, and no entry of a lower point."""
    flowers = es.Data.bundled("iris", target="petal_width", drop="species")
    certificate = es.papers.yun_2019.construct(es.Problem(es.Network([3, 2, 1]), flowers)).certificate
    text = markdown(certificate)
    named = re.findall(r"^- (\S+) = ", text, re.MULTILINE)
    assert len(named) > 10 and len(named) == len(set(named))
    assert not {"W₁", "b₁", "W₂", "b₂"} & set(named) and {"a₁", "a′₁", "a′′₁"} <= set(named)
