"""exactsurf import: model files in, problem files out that decide reads."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import exactsurf as es
from exactsurf.interop.problem_file import read_problem


@pytest.fixture
def arrays(tmp_path: Path) -> Path:
    path = tmp_path / "weights.npz"
    np.savez(path, W1=np.array([[0.5, 0.25]]), b1=np.array([1.0]), W2=np.array([[1 / 3]]), b2=np.array([-2.0]))
    return path


def test_arrays_and_a_csv_file_become_a_problem_that_is_decided(run, arrays: Path, table: Path, tmp_path: Path):
    result = run("import", arrays, "--data", table, "--target", "y", "-a", "relu", "-o", "p.json", "--json")
    assert result.status == 0, result.err
    assert result.json["largest_change"] == "0"
    problem, theta = read_problem(tmp_path / "p.json")
    assert problem.data.x[0] == (Fraction(1), Fraction(5, 2))
    assert theta["W2"] == ((Fraction(6004799503160661, 2**54),),)
    assert Fraction(result.json["risk"]) == problem.risk(theta)
    decided = run("decide", tmp_path / "p.json", "--json")
    assert decided.status == 1 and decided.json["status"] == "REFUTED"


def test_rounding_is_stated(run, arrays: Path, table: Path, tmp_path: Path):
    result = run("import", arrays, "--data", table, "-t", "y", "-a", "leaky_relu:1/100", "--denominator", "1000")
    assert result.status == 0
    assert "denominator ≤ 1000; largest change 1.85e-17" in result.out
    problem, theta = read_problem(tmp_path / "problem.json")
    assert theta["W2"] == ((Fraction(1, 3),),)
    assert problem.network.activation == es.leaky_relu("1/100")


def test_onnx_with_a_bundled_data_set(run, tmp_path: Path):
    onnx = pytest.importorskip("onnx")
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    nodes = [
        helper.make_node("Gemm", ["x", "W"], ["z"], transB=1),
        helper.make_node("Relu", ["z"], ["h"]),
        helper.make_node("MatMul", ["h", "V"], ["y"]),
    ]
    constants = [onnx.numpy_helper.from_array(np.array([[0.5, 1]], np.float32), "W"),
                 onnx.numpy_helper.from_array(np.array([[2]], np.float32), "V")]  # fmt: skip
    ends = [[helper.make_tensor_value_info(name, kind, ["N", width])] for name, width in (("x", 2), ("y", 1))]
    onnx.save(helper.make_model(helper.make_graph(nodes, "g", *ends, constants)), tmp_path / "m.onnx")
    result = run("import", tmp_path / "m.onnx", "--data", "xor", "-t", "y", "--loss", "squared.mean", "-o", "p.json", "--json")
    assert result.status == 0, result.err
    problem, theta = read_problem(tmp_path / "p.json")
    assert problem.network == es.Network([2, 1, 1], biases=False)
    assert theta["W1"] == ((Fraction(1, 2), Fraction(1)),)
    # predictions 0, 2, 1, 3 for the targets 0, 1, 1, 0, halved and averaged
    assert problem.risk(theta) == Fraction(10, 8)


def test_onnx_with_smooth_units(run, table: Path, tmp_path: Path):
    """The risk is then a list of two bounds, and the problem file is one that decide reads."""
    onnx = pytest.importorskip("onnx")
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    nodes = [
        helper.make_node("Sub", ["x", "m"], ["c"]),
        helper.make_node("Gemm", ["c", "W"], ["z"], transB=1),
        helper.make_node("Tanh", ["z"], ["h"]),
        helper.make_node("MatMul", ["h", "V"], ["y"]),
    ]
    constants = [
        onnx.numpy_helper.from_array(np.array(v, np.float32), n) for n, v in (("m", [1, 2]), ("W", [[1, 0]]), ("V", [[2]]))
    ]
    ends = [[helper.make_tensor_value_info(name, kind, ["N", width])] for name, width in (("x", 2), ("y", 1))]
    onnx.save(helper.make_model(helper.make_graph(nodes, "g", *ends, constants)), tmp_path / "m.onnx")
    result = run("import", tmp_path / "m.onnx", "--data", table, "-t", "y", "-o", "p.json", "--json")
    assert result.status == 0, result.err
    low, high = map(Fraction, result.json["risk"])
    x, y = np.array([1.0, 2, 3, 5, 4]), np.array([3.0, 4, 1, 2, 9])
    assert low <= high and abs(low - Fraction(0.5 * ((2 * np.tanh(x - 1) - y) ** 2).sum())) < Fraction(1, 10**9)
    assert "folded exactly" in result.json["notes"][0]
    problem, theta = read_problem(tmp_path / "p.json")
    assert problem.network.activation is es.tanh and theta["b1"] == (-1,)
    assert "risk" in run("import", tmp_path / "m.onnx", "--data", table, "-t", "y", "-o", "q.json").out


def test_a_pytorch_state_dict_and_a_pickled_module(run, table: Path, tmp_path: Path):
    torch = pytest.importorskip("torch")
    module = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU(), torch.nn.Linear(3, 1))
    torch.save(module.state_dict(), tmp_path / "m.pt")
    torch.save(module, tmp_path / "module.pt")
    result = run("import", tmp_path / "m.pt", "--data", table, "-t", "y", "-a", "relu", "--digits", "3")
    assert result.status == 0, result.err
    _, theta = read_problem(tmp_path / "problem.json")
    expected = [[Fraction(round(Fraction(v) * 1000), 1000) for v in row] for row in module[0].weight.tolist()]
    assert [list(row) for row in theta["W1"]] == expected
    refused = run("import", tmp_path / "module.pt", "--data", table, "-t", "y", "-a", "relu")
    assert refused.status == 2 and "no PyTorch state dict" in refused.err


REFUSED = {
    "no activation": (["weights.npz"], "--activation relu"),
    "suffix": (["weights.h5", "-a", "relu"], ".onnx, .npz"),
    "missing file": (["none.npz", "-a", "relu"], "none.npz"),
    "two roundings": (["weights.npz", "-a", "relu", "--digits", "3", "--denominator", "7"], "choose one way"),
    "activation": (["weights.npz", "-a", "relv"], "did you mean 'relu'"),
    "loss": (["weights.npz", "-a", "relu", "--loss", "cube"], "unknown loss"),
    "columns": (["weights.npz", "-a", "relu", "--drop", "b"], "expected 5 × 2, got 5 × 1"),
}


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_bad_input_is_named_and_nothing_is_written(run, arrays: Path, table: Path, tmp_path: Path, case: str):
    arguments, message = REFUSED[case]
    result = run("import", *arguments, "--data", table, "-t", "y")
    assert result.status == 2
    assert message in result.err
    assert not (tmp_path / "problem.json").exists()


@pytest.fixture
def filters(tmp_path: Path) -> Path:
    """One filter of two places on images of 1 × 1 × 2 entries of unknown width, its mean, and a linear layer."""
    onnx = pytest.importorskip("onnx")
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    nodes = [
        helper.make_node("Conv", ["x", "K"], ["z"], pads=[0, 0, 0, 1]),
        helper.make_node("Relu", ["z"], ["h"]),
        helper.make_node("GlobalAveragePool", ["h"], ["g"]),
        helper.make_node("Flatten", ["g"], ["f"]),
        helper.make_node("Gemm", ["f", "W"], ["y"]),
    ]
    constants = [onnx.numpy_helper.from_array(np.array(v, np.float32), n) for n, v in (("K", [[[[0.5, -1]]]]), ("W", [[2]]))]
    ends = [[helper.make_tensor_value_info(name, kind, axes)] for name, axes in (("x", ["N", 1, 1, "B"]), ("y", ["N", 1]))]
    onnx.save(helper.make_model(helper.make_graph(nodes, "g", *ends, constants)), tmp_path / "images.onnx")
    return tmp_path / "images.onnx"


def test_images_become_a_restricted_problem_that_is_decided_and_polished(run, filters: Path, table: Path, tmp_path: Path):
    options = ("--data", table, "-t", "y", "-o", "p.json")
    result = run("import", filters, *options, "--input-shape", "1,1,2", "--json")
    assert result.status == 0, result.err
    problem, theta = es.load(tmp_path / "p.json")
    assert isinstance(problem, es.RestrictedProblem) and problem.restriction.names == ("w1_0_0_0_0", "w1_0_0_0_1", "W2_0_0")
    assert list(problem.values(theta)) == [Fraction(1, 2), -1, 2]
    assert Fraction(result.json["risk"]) == problem.risk(theta)
    assert result.json["free_parameters"] == 3 and result.json["largest_change"] == "0"
    decided = run("decide", "p.json", "--json")
    assert decided.status == 1 and decided.json["status"] == "REFUTED"
    polished = run("polish", "p.json", "--json")
    assert polished.status in (0, 1, 3) and not polished.err.startswith("Traceback")
    told = run("import", filters, *options, "--input-shape", "1,1,2")
    assert "3 free parameters" in told.out


def test_shapes_of_images_are_asked_for_and_checked(run, filters: Path, arrays: Path, table: Path, tmp_path: Path):
    options = ("--data", table, "-t", "y", "-o", "p.json")
    for given, message in (
        ((), "--input-shape 1,28,28"),
        (("--input-shape", "1,a"), "--input-shape is a list of one to three whole numbers"),
        (("--input-shape", "1,1,0"), "entry 2 of the shape of the inputs"),
        (("--input-shape", "2,1,2"), "a sample of the input 'x' has the wrong shape"),
        (("--input-shape", "1,1,3"), "expected 5 × 3, got 5 × 2"),
    ):
        result = run("import", filters, *options, *given)
        assert result.status == 2 and message in result.err, result.err
    result = run("import", arrays, *options, "-a", "relu", "--input-shape", "2")
    assert result.status == 2 and "--input-shape belongs to ONNX models" in result.err
    assert not (tmp_path / "p.json").exists()
