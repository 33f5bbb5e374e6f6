"""PyTorch in and out, against PyTorch's own forward pass on numbers that floats hold exactly."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.interop.torch_model import from_torch, to_torch_state_dict

torch = pytest.importorskip("torch")
nn = torch.nn

INPUTS = [[-2, 1], [0, 3], [1, -1], [4, 2]]


def eighths(module, seed: int = 0):
    """The module in float64 with weights that are multiples of 1/8, so that its forward pass does not round."""
    generator = torch.Generator().manual_seed(seed)
    module = module.double()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.randint(-24, 25, parameter.shape, generator=generator) / 8)
    return module.eval()


def outputs_of(model, inputs=INPUTS):
    """The exact outputs of an imported model."""
    width = model.network.widths[-1]
    problem = model.problem(es.Data.from_arrays(inputs, [[0] * width] * len(inputs)))
    return [
        [Fraction(v) for v in row]
        for row in zip(*(f.fractions() for f in problem.forward(model.parameters).outputs), strict=True)
    ]


def torch_outputs(module, inputs=INPUTS):
    with torch.no_grad():
        return [[Fraction(v) for v in row] for row in module(torch.tensor(inputs, dtype=torch.float64)).tolist()]


MODULES = {
    "one layer": lambda: nn.Sequential(nn.Linear(2, 3)),
    "a Linear alone": lambda: nn.Linear(2, 1),
    "relu": lambda: nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 2)),
    "leaky": lambda: nn.Sequential(nn.Linear(2, 3), nn.LeakyReLU(0.25), nn.Linear(3, 1)),
    "relu6, deep": lambda: nn.Sequential(nn.Linear(2, 3), nn.ReLU6(), nn.Linear(3, 3), nn.ReLU6(), nn.Linear(3, 1)),
    "hard tanh": lambda: nn.Sequential(nn.Linear(2, 3), nn.Hardtanh(), nn.Linear(3, 1)),
    "clipped off 0": lambda: nn.Sequential(nn.Linear(2, 3), nn.Hardtanh(0.5, 2.5), nn.Linear(3, 1)),
    "no bias": lambda: nn.Sequential(nn.Linear(2, 3, bias=False), nn.ReLU(), nn.Linear(3, 1)),
    "linear": lambda: nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 3), nn.Identity(), nn.Linear(3, 1)),
    "nested, with Flatten and Dropout": lambda: nn.Sequential(
        nn.Flatten(), nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Dropout(0.5)), nn.Sequential(nn.Linear(3, 1), nn.Identity())
    ),
}


@pytest.mark.parametrize("name", MODULES, ids=str)
def test_the_imported_network_computes_what_pytorch_computes(name: str):
    module = eighths(MODULES[name]())
    model = from_torch(module)
    assert model.is_exact
    assert outputs_of(model) == torch_outputs(module)


def test_names_of_activations_and_notes():
    assert repr(from_torch(MODULES["hard tanh"]()).network.activation) == "hard_tanh"
    assert from_torch(MODULES["relu6, deep"]()).network.activation == es.relu6
    (note,) = from_torch(MODULES["nested, with Flatten and Dropout"]()).notes
    assert "position 1.2 (Dropout)" in note


def test_layers_that_stand_in_the_chain_twice():
    layer, activation = nn.Linear(2, 2), nn.ReLU()
    module = eighths(nn.Sequential(layer, activation, layer, activation, nn.Linear(2, 1)))
    model = from_torch(module)
    assert model.network.widths == (2, 2, 2, 1)
    assert outputs_of(model) == torch_outputs(module)
    assert "position 0 (Linear) and position 2 (Linear) share numbers" in model.notes[0]


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
def test_floats_are_their_binary_values(dtype: str):
    weight = torch.tensor([[0.1]], dtype=getattr(torch, dtype))
    model = from_torch({"0.weight": weight})
    expected = {
        "float64": Fraction(3602879701896397, 2**55),
        "float32": Fraction(13421773, 2**27),
        "float16": Fraction(819, 2**13),
        "bfloat16": Fraction(205, 2**11),
    }
    assert model.parameters["W1"] == ((expected[dtype],),)


def test_rounding_is_reported_exactly():
    state = {"0.weight": torch.tensor([[0.1], [1 / 3]]), "0.bias": torch.tensor([0.25, 1]), "2.weight": torch.ones(1, 2)}
    model = from_torch(state, activation="relu", digits=2)
    assert model.parameters["W1"] == ((Fraction(1, 10),), (Fraction(33, 100),))
    third = Fraction(*(1 / 3 + 0).as_integer_ratio())  # close to, but not the float32
    assert abs(model.largest_change - (third - Fraction(33, 100))) < Fraction(1, 10**7)
    assert model.largest_change == Fraction(11184811, 2**25) - Fraction(33, 100)
    nice = from_torch(state, activation="relu", denominator=100)
    assert nice.parameters["W1"][1] == (Fraction(1, 3),)


def test_the_slope_of_leaky_relu_and_its_replacement():
    module = nn.Sequential(nn.Linear(1, 1), nn.LeakyReLU(0.01), nn.Linear(1, 1))
    assert from_torch(module).network.activation.slopes[0] == Fraction(*(0.01).as_integer_ratio())
    assert from_torch(module, digits=4).network.activation == es.leaky_relu("1/100")
    replaced = from_torch(module, activation="leaky_relu:1/100")
    assert replaced.network.activation == es.leaky_relu("1/100")
    assert "was replaced by leaky_relu('1/100')" in replaced.notes[0]
    assert replaced.is_exact


def test_state_dicts_are_ordered_by_number_and_survive_the_way_back():
    module = eighths(nn.Sequential(*[layer for _ in range(6) for layer in (nn.Linear(2, 2), nn.ReLU())], nn.Linear(2, 1)))
    state = dict(sorted(module.state_dict().items()))
    assert list(state)[2].startswith("10.")
    model = from_torch(state, activation=es.relu)
    assert outputs_of(model) == torch_outputs(module)
    back = to_torch_state_dict(model.parameters)
    assert back.is_exact
    fresh = nn.Sequential(*[layer for _ in range(6) for layer in (nn.Linear(2, 2), nn.ReLU())], nn.Linear(2, 1)).double()
    fresh.load_state_dict(back.arrays)
    assert torch_outputs(fresh) == torch_outputs(module)


def test_the_way_out_says_what_was_rounded():
    problem = es.Problem(es.Network([1, 1, 1], biases=[True, False]), es.Data.from_arrays([0], [0]))
    theta = problem.parameters(W1=[["1/3"]], b1=["1/4"], W2=[[2]])
    double, single = to_torch_state_dict(theta), to_torch_state_dict(theta, dtype=torch.float32)
    assert set(double.arrays) == {"0.weight", "0.bias", "2.weight"}
    assert double.largest_change == Fraction(1, 3) - Fraction(*(1 / 3).as_integer_ratio())
    assert single.largest_change == Fraction(11184811, 2**25) - Fraction(1, 3)
    assert not single.is_exact
    with pytest.raises(es.InputError, match="range of floats"):
        to_torch_state_dict(problem.parameters(W1=[["1e400"]], b1=[0], W2=[[1]]))
    with pytest.raises(es.InputError, match="not a finite number"):
        to_torch_state_dict(problem.parameters(W1=[["1e300"]], b1=[0], W2=[[1]]), dtype=torch.float32)


class Skipping(nn.Module):
    def forward(self, x):
        return x


class Renamed(nn.Sequential):
    def forward(self, x):
        return -super().forward(x)


REFUSED = {
    "sigmoid": (lambda: nn.Sequential(nn.Linear(1, 1), nn.Sigmoid(), nn.Linear(1, 1)), r"position 1 \(Sigmoid\)"),
    "batch norm": (lambda: nn.Sequential(nn.Linear(1, 1), nn.Sequential(nn.BatchNorm1d(1))), r"position 1\.0 \(BatchNorm1d\)"),
    "own module": (Skipping, r"position 0 \(Skipping\)"),
    "Sequential with another forward": (lambda: Renamed(nn.Linear(1, 1)), r"position 0 \(Renamed\)"),
    "two activations": (
        lambda: nn.Sequential(nn.Linear(1, 1), nn.ReLU(), nn.Linear(1, 1), nn.ReLU6(), nn.Linear(1, 1)),
        r"relu \(position 1 \(ReLU\)\) and relu6 \(position 3",
    ),
    "sometimes no activation": (
        lambda: nn.Sequential(nn.Linear(1, 1), nn.ReLU(), nn.Linear(1, 1), nn.Linear(1, 1)),
        "no activation between position 2",
    ),
    "behind": (lambda: nn.Sequential(nn.Linear(1, 1), nn.ReLU()), "behind the last affine layer"),
    "before": (lambda: nn.Sequential(nn.ReLU(), nn.Linear(1, 1)), "before the first affine layer"),
    "in a row": (lambda: nn.Sequential(nn.Linear(1, 1), nn.ReLU(), nn.ReLU(), nn.Linear(1, 1)), "two activations in a row"),
    "widths": (lambda: nn.Sequential(nn.Linear(1, 2), nn.ReLU(), nn.Linear(3, 1)), r"position 2 \(Linear\).* expected 3, got 2"),
    "empty": (nn.Sequential, "no layers"),
    "no activation said": (lambda: {"0.weight": torch.ones(1, 1), "2.weight": torch.ones(1, 1)}, 'activation="relu"'),
    "running mean": (lambda: {"0.weight": torch.ones(1, 1), "1.running_mean": torch.ones(1)}, "running_mean"),
    "norm weight": (lambda: {"0.weight": torch.ones(3)}, "0.weight of the state dict has the shape 3"),
    "bias alone": (lambda: {"0.bias": torch.ones(3)}, "without 0.weight"),
    "NaN": (lambda: {"0.weight": torch.tensor([[1.0, float("nan")]])}, r"0\.weight\[0\]\[1\]: not a finite number"),
    "complex": (lambda: {"0.weight": torch.tensor([[1j]])}, "complex"),
    "a number": (lambda: 5, "not a PyTorch module"),
}


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_what_is_not_supported_is_named(case: str):
    build, message = REFUSED[case]
    with pytest.raises((es.InputError, es.ShapeError, es.UnsupportedError), match=message):
        from_torch(build())


def test_rounding_arguments():
    state = {"0.weight": torch.ones(1, 1)}
    for options in ({"denominator": 0}, {"digits": -1}, {"denominator": 10, "digits": 1}, {"digits": True}):
        with pytest.raises(es.InputError, match=r"denominator|digits"):
            from_torch(state, **options)
    steep = nn.Sequential(nn.Linear(1, 1), nn.LeakyReLU(0.999), nn.Linear(1, 1))
    with pytest.raises(es.InputError, match=r"pieces of .* equal"):
        from_torch(steep, digits=1)


@pytest.mark.filterwarnings("ignore")
def test_the_file_of_pytorchs_own_exporter_is_the_same_model():
    pytest.importorskip("onnx")
    from io import BytesIO

    from exactsurf.interop.onnx_model import from_onnx

    module = nn.Sequential(nn.Linear(2, 3), nn.ReLU6(), nn.Linear(3, 1))
    file = BytesIO()
    torch.onnx.export(module, torch.zeros(1, 2), file, dynamo=False)
    read, direct = from_onnx(file.getvalue()), from_torch(module)
    assert (read.network, read.parameters) == (direct.network, direct.parameters)
