"""The verifier bounds its own work: what a file of its length should not need is refused, in counted steps."""

from __future__ import annotations

import gc
import gzip
import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import pytest

from exactsurf.verifier import Refused, Rejected, verify
from exactsurf.verifier import __main__ as command
from exactsurf.verifier.arithmetic import effort
from exactsurf.verifier.rules import second_order
from tests.verifier.examples import HALF, RELU
from tests.verifier.oracle import Document
from tests.verifier.verdicts import encode, golden

SECONDS = 2


PACE = 0.003
"""CPU seconds that `pace` has on a machine on which the bounds were set."""


def pace() -> float:
    """CPU seconds of a fixed sum of fractions, here and now."""
    start = time.process_time()
    sum((Fraction(1, k) for k in range(1, 1200)), Fraction(0))
    return time.process_time() - start


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """The CPU time that is allowed, and in proportion more on slower machines."""
    # What the tests before have left in memory is not the file's fault: the garbage collector passes it over.
    gc.freeze()
    before, start = pace(), time.process_time()
    yield
    taken = time.process_time() - start
    slower = max(1, before / PACE, pace() / PACE)
    gc.unfreeze()
    assert taken < seconds * slower


def refusal(document: Document | bytes, **options: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        verify(document if isinstance(document, bytes) else encode(document), **options)
    assert "beyond the limits of this verifier" in caught.value.reason and str(caught.value).isprintable()
    return caught.value


def full_tree(widths: list[int], samples: int, depth: int) -> Document:
    """Every prediction is fitted and every pre-activation is 0: all pairs are boundary pairs, and 2^depth leaves to check."""
    parameters: Document = {}
    for layer in range(1, len(widths)):
        parameters[f"W{layer}"] = [["1"] * widths[layer - 1] for _ in range(widths[layer])]
        parameters[f"b{layer}"] = ["0"] * widths[layer]
    pairs = [[1, j, i] for j in range(widths[1]) for i in range(samples)]
    nodes: list[Document] = []
    for k in range(2**depth - 1):
        nodes.append({"split": pairs[(k + 1).bit_length() - 1], "plus": 2 * k + 1, "minus": 2 * k + 2})
    nodes += [{"multipliers": [], "subgradient": [], "products": []}] * 2**depth
    network = "-".join(map(str, widths))
    sentence = f"The given parameters are a local minimum of the squared risk of the {network} network on {samples} samples."
    return {
        "format": "exactsurf-certificate/1",
        "claim": {"kind": "local minimum", "sentence": sentence, "risk": "0"},
        "problem": {
            "widths": widths,
            "biases": [True] * (len(widths) - 1),
            "activation": RELU,
            "loss": HALF,
            "data": {"x": [["0"] * widths[0]] * samples, "y": [["0"] * widths[-1]] * samples},
        },
        "parameters": parameters,
        "evidence": {"local_minimum": {"rule": "second order", "nodes": nodes}},
    }


@pytest.mark.parametrize(("widths", "samples"), [([6, 12, 1], 10), ([4, 8, 8, 1], 10), ([2, 30, 1], 10), ([3, 12, 12, 2], 6)])
def test_many_leaves(widths: list[int], samples: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every leaf but the last held: the work is done, and its result is thrown away."""
    honest = second_order.is_positive_on
    monkeypatch.setattr(second_order, "is_positive_on", lambda form, basis: honest(form, basis) or True)
    document = full_tree(widths, samples, 9)
    raw = json.dumps(document, separators=(",", ":")).encode()
    assert 40_000 < len(raw) < 65_536
    with within(SECONDS):
        error = refusal(raw)
    assert error.place == "evidence.local_minimum.nodes"
    assert "--effort" in error.reason


def test_more_is_done_when_more_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is one of steps: the same one refuses in every run, and one that is larger accepts."""
    raw = encode(golden("second_order_products"))
    monkeypatch.setattr(effort, "STEPS_PER_BYTE", 0)
    low, high = 0, 10**6
    while high - low > 1:
        middle = (low + high) // 2
        monkeypatch.setattr(effort, "FIRST_STEPS", middle)
        try:
            verify(raw)
            high = middle
        except Refused:
            low = middle
    for _ in range(3):
        monkeypatch.setattr(effort, "FIRST_STEPS", low)
        refusal(raw)
        monkeypatch.setattr(effort, "FIRST_STEPS", high)
        verify(raw)
    assert high > 1000


def test_files_that_unpack_to_very_much() -> None:
    for content in (b"\0", b"[" * 10, b"0,", b'{"a":0},', b" "):
        packed = gzip.compress(content * (40_000_000 // len(content)), mtime=0)
        with within(SECONDS):
            assert "unpacked" in refusal(packed).reason


@pytest.mark.parametrize(("count", "bits"), [(200, 13_000), (200, 66_000), (20, 660_000), (2000, 1000)])
def test_many_long_denominators(count: int, bits: int) -> None:
    rnd = random.Random(1)
    document = golden("linear")
    rows = [[f"1/{hex(rnd.getrandbits(bits) | 1 << bits - 1 | 1)}"] for _ in range(count)]
    document["problem"]["data"] = {"x": rows, "y": [["0"]] * count}
    document["claim"]["sentence"] = document["claim"]["sentence"].replace("3 samples", f"{count} samples")
    with within(SECONDS + 1):
        assert refusal(document).place == "problem.data"


def stairs(count: int, first: str) -> Document:
    """A loss that is `first`·u² left of 0 and whose slope is k between k and k + 1."""
    rows = [[first, "0", "0"], *(["0", str(k), str(-k * (k + 1) // 2)] for k in range(count))]
    return {"gap": "difference", "breakpoints": [str(k) for k in range(count)], "pieces": rows}


def long_number(bits: int) -> str:
    return hex((1 << bits) - 1)


@pytest.mark.parametrize("rule", ["paths", "direction"])
def test_many_pieces_of_a_loss_and_long_numbers(rule: str) -> None:
    """Only the pieces on which predictions lie are brought to the denominators of the loss and of the predictions."""
    document = golden("loss_own", "accept_2")
    zero = {"W1": [["1"]], "W2": [["1"]]}
    document["problem"] |= {
        "widths": [1, 1, 1],
        "biases": [False, False],
        "activation": RELU,
        "loss": stairs(1450, f"1/{long_number(115_000)}"),
        "data": {"x": [[f"1/{long_number(114_998)}"]], "y": [["0"]]},
    }
    kind, evidence = "a local minimum", {"local_minimum": {"rule": "paths"}}
    if rule == "direction":
        step = {"rule": rule, "direction": zero, "derivative": "-1", "lower_point": {"parameters": zero, "risk": "0"}}
        kind, evidence = "not a local minimum", {"descent": step}
    sentence = f"The given parameters are {kind} of the risk of the 1-1-1 network on 1 sample."
    document["claim"] = {"kind": kind.removeprefix("a "), "sentence": sentence, "risk": "0"}
    document |= {"parameters": zero, "evidence": evidence}
    raw = json.dumps(document, separators=(",", ":")).encode()
    assert len(raw) < 100 << 10
    with within(SECONDS):
        try:
            verify(raw)
        except Rejected as error:
            assert rule == "direction" and error.place == "evidence.descent.derivative"


def test_many_dual_vectors_and_many_pieces_of_a_loss() -> None:
    document = golden("loss_lower_bound", "accept_2")
    document["problem"]["loss"] = stairs(1500, "1")
    document["claim"]["bound"] = "-9"
    before, _, behind = document["claim"]["sentence"].partition("at least ")
    document["claim"]["sentence"] = f"{before}at least -9 {behind.partition(' ')[2]}"
    document["evidence"]["duals"] = [["0"] * 4] * 2000
    raw = json.dumps(document, separators=(",", ":")).encode()
    assert len(raw) < 100 << 10
    with within(SECONDS + 1):
        refusal(raw)


def test_many_leaves_that_copy_a_large_form() -> None:
    """One sample has a curvature in all 500 inputs, the others are on the boundary and fitted: every leaf starts from it."""
    inputs, depth = 500, 9
    document = full_tree([inputs, 1, 1], depth + 1, depth)
    document["problem"]["data"] = {"x": [["1"] * inputs, *[["0"] * inputs] * depth], "y": [["1"], *[["0"]] * depth]}
    document["parameters"]["W1"] = [["1"] + ["0"] * (inputs - 1)]
    leaf: Document = {"multipliers": [], "subgradient": [], "positive": []}
    rule = document["evidence"]["local_minimum"]
    rule["nodes"] = [{**n, "split": [1, 0, n["split"][2] + 1]} if "split" in n else leaf for n in rule["nodes"]]
    rule["rule"] = "convex cells"
    raw = json.dumps(document, separators=(",", ":")).encode()
    with within(SECONDS + 1):
        refusal(raw)


def test_products_of_high_degree() -> None:
    document = golden("products_signs")
    evidence = document["evidence"]["local_minimum"]
    # The power of degree 100 of a sum of two monomials, each of degree 100.
    evidence["polynomials"].append([["1", [0] * 100], ["1", [0] * 99 + [2]]])
    evidence["nodes"][5]["products"] = [[[2] * 100, [["1", []]]]] * 30
    with within(4 * SECONDS):
        refusal(document)


def test_a_curve_of_long_numbers() -> None:
    """Twenty coefficients with unrelated denominators, in a product of four weights."""
    document, layers = golden("restricted_saddle"), range(1, 5)
    document["claim"] |= {"risk": "1/2", "values": ["0"]}
    document["claim"]["sentence"] = (
        "The given values of the 1 free parameter are not a local minimum of the restricted risk of the 1-1-1-1-1 network on"
        " 1 sample."
    )
    restriction = {"offset": {f"W{n}": [["0"]] for n in layers}, "basis": [{f"W{n}": [["1"]] for n in layers}]}
    problem = {"widths": [1] * 5, "biases": [False] * 4, "data": {"x": [["1"]], "y": [["1"]]}, "restriction": restriction}
    document["problem"] |= problem
    descent, numbers = document["evidence"]["descent"], random.Random(1)
    descent |= {"curve": [[f"1/{hex(numbers.getrandbits(1000) | 1)}"] for _ in range(20)], "order": 40}
    with within(2 * SECONDS):
        refusal(document)


def test_many_layers_that_read_nothing() -> None:
    depth, samples = 300, 300
    document = full_tree([1] * (depth + 2), samples, 0)
    document["problem"]["biases"] = [False] * (depth + 1)
    document["parameters"] = {f"W{n}": [["1"]] for n in range(1, depth + 2)}
    with within(3 * SECONDS):
        refusal(document)


def test_many_outputs_and_many_pieces_of_a_loss() -> None:
    count = 2800
    document = golden("loss_own", "accept_2")
    point = {"W1": [["1"]], "W2": [["0"]] * count}
    document["problem"] |= {
        "widths": [1, 1, count],
        "biases": [False, False],
        "activation": RELU,
        "loss": stairs(2500, "1"),
        "data": {"x": [["1"]], "y": [["0"] * count]},
    }
    sentence = f"The given parameters are a local minimum of the risk of the 1-1-{count} network on 1 sample."
    document["claim"] = {"kind": "local minimum", "sentence": sentence, "risk": "0"}
    document |= {"parameters": point, "evidence": {"local_minimum": {"rule": "paths"}}}
    raw = json.dumps(document, separators=(",", ":")).encode()
    assert len(raw) < 100 << 10
    with within(SECONDS + 1):
        refusal(raw)


def unrelated(count: int, bits: int) -> list[str]:
    """Numbers with odd denominators that have next to no factors in common."""
    rnd, found = random.Random(1), list[str]()
    while len(found) < count:
        value = Fraction(rnd.getrandbits(bits), rnd.getrandbits(bits) | 1 << bits - 1 | 1)
        if value.numerator and value.denominator > 1:
            found.append(f"{hex(value.numerator)}/{hex(value.denominator)}")
    return found


def test_a_hessian_of_long_numbers() -> None:
    """Symmetric elimination makes numbers as long as all of its rows together."""
    count = 40
    x = unrelated(count, 200)
    values = [Fraction(int(top, 16), int(bottom, 16)) for top, bottom in (text.split("/") for text in x)]

    def text(value: Fraction) -> str:
        return f"{hex(value.numerator)}/{hex(value.denominator)}"

    document = golden("sharpness")
    trace, risk = text(2 * sum((v * v for v in values), Fraction(0))), text((sum(values) - 1) ** 2)
    sentence = (
        f"At the given parameters the largest eigenvalue of the Hessian of the risk of the {count}-1 network on 1 sample is at "
        f"least 0 and at most 99999, and the trace of the Hessian is {trace}."
    )
    document["claim"] |= {"sentence": sentence, "risk": risk, "bounds": ["0", "99999"], "trace": trace}
    document["problem"] |= {"widths": [count, 1], "biases": [False], "activation": RELU}
    document["problem"]["loss"] = {"gap": "difference", "breakpoints": [], "pieces": [["1", "0", "0"]]}
    document["problem"]["data"] = {"x": [x], "y": [["1"]]}
    document |= {"parameters": {"W1": [["1"] * count]}, "evidence": {"vector": ["1"] * count}}
    with within(SECONDS):
        refusal(document)


@pytest.mark.parametrize("width", [6, 999_999_999])
def test_coordinates_that_are_algebraic(width: int) -> None:
    """Long rationals without common denominators; and an architecture whose parameters were never listed."""
    document, degree = golden("algebraic_relu"), 10
    names = [f"W1_{j}_0" for j in range(width)] + [f"W2_0_{j}" for j in range(width)] if width < 10 else []
    numbers = iter(unrelated(degree * len(names), 2000))
    root = {"polynomial": ["-2", *["0"] * (degree - 1), "1"], "interval": ["1", "2"]}
    coordinates = {name: [next(numbers) for _ in range(degree)] for name in names}
    document["problem"] |= {"widths": [1, width, 1], "biases": [False, False], "activation": RELU}
    document["problem"]["data"] = {"x": [["1"]], "y": [["1"]]}
    document["claim"]["sentence"] = (
        "The point of the given algebraic coordinates is a local minimum of the squared risk of the "
        f"1-{width}-1 network on 1 sample."
    )
    document["evidence"] = {"bits": 64, "root": root, "coordinates": coordinates}
    with within(SECONDS + 1):
        assert refusal(document).place == "evidence.coordinates"


@pytest.mark.parametrize("inputs", [1500, 3000])
def test_many_inputs_and_many_pieces_of_a_unit(inputs: int) -> None:
    """Every child of the node of the first unit has a form with all inputs."""
    pieces = 1500
    document = golden("regions_line")
    counts = {"activation": pieces, "proper": pieces, "affine": pieces}
    slopes = [f"1/{k % 5 + 2}" for k in range(pieces)]
    sentence = (
        f"The {inputs}-1-1 network at the given parameters has {pieces} activation regions, {pieces} of them with inner points, "
        f"on which it is {pieces} affine functions."
    )
    document["claim"] |= {**counts, "sentence": sentence}
    document["problem"] = {
        "widths": [inputs, 1, 1],
        "biases": [False, False],
        "activation": {"breakpoints": [str(k) for k in range(pieces - 1)], "slopes": slopes, "value_at_0": "0"},
    }
    document["parameters"] = {"W1": [[f"1/{k % 40 + 2}" for k in range(inputs)]], "W2": [["1/3"]]}
    tree = [[]] * pieces
    document["evidence"] = {"tree": tree, "half_open_tree": tree, "witnesses": [], "half_open_witnesses": []}
    with within(SECONDS + 2), pytest.raises(Rejected):
        verify(encode(document))


def test_many_walls_on_many_samples() -> None:
    """Every wall asks which samples have the same inputs."""
    samples = 2000
    document = golden("walls_hand", "accept_2")
    document["problem"] |= {"widths": [1, 2, 1], "biases": [False, False]}
    document["problem"]["data"] = {"x": [[f"{i + 1}/65537"] for i in range(samples)], "y": [["1"]] * samples}
    document["parameters"] = {"W1": [["1"], ["1"]], "W2": [["1", "1"]]}
    document["claim"]["walls"] = [[1, j, i, 0] for j in range(2) for i in range(samples)]
    with within(SECONDS + 1):
        assert refusal(document).place.startswith("claim.walls[")


def test_recursion_ends_in_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the reader of JSON allows more nesting than calls of functions can have."""

    def deep(*_: object) -> object:
        return deep()

    monkeypatch.setattr("exactsurf.verifier.claims.point.check_point", deep)
    refusal(golden("linear"))


def test_the_command_says_refused(tmp_path: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effort, "FIRST_STEPS", 10)
    monkeypatch.setattr(effort, "STEPS_PER_BYTE", 0)
    file = tmp_path / "a.json"
    file.write_bytes(encode(golden("second_order_products")))
    assert command.main([str(file)]) == 1
    output = capsys.readouterr().out
    assert output.startswith(f"refused   {file}: ") and "--effort" in output
    assert command.main(["--effort", "1", str(file)]) == 0
    with pytest.raises(SystemExit):
        command.main(["--effort", "0", str(file)])


def test_refused_is_a_rejection_and_says_more() -> None:
    assert issubclass(Refused, Rejected)
    document = golden("xor")
    document["claim"]["risk"] = "7"
    with pytest.raises(Rejected) as caught:
        verify(encode(document))
    assert not isinstance(caught.value, Refused)
