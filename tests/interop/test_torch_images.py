"""PyTorch modules of images: stand-ins with PyTorch's attributes against the definition, and PyTorch itself where it is there."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, ClassVar

import numpy
import pytest

import exactsurf as es
from tests.interop.test_onnx_images import outputs
from tests.model.pictures import filtered, pooled

MODES = ("zeros", "reflect", "replicate", "circular")
RANDOM = numpy.random.default_rng(5)


class Module:
    """What exactsurf reads of a module: its class, a forward of that class, its attributes and children."""

    __module__ = "torch.nn.modules.stand_in"
    defaults: ClassVar[dict[str, Any]] = {}

    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update({**self.defaults, **attributes})

    def named_children(self) -> list[Any]:
        return []

    def forward(self) -> None: ...


def kind(name: str, **defaults: Any) -> Any:
    space = {"__module__": "torch.nn.modules.stand_in", "defaults": defaults, "forward": lambda self: None}
    return type(name, (Module,), space)


class Sequential(Module):
    __module__ = "torch.nn.modules.container"

    def __init__(self, *children: Any) -> None:
        super().__init__(children=children)

    def forward(self) -> None: ...

    def __iter__(self) -> Any:
        return iter(self.children)


_CONV = {"stride": (1, 1), "padding": (0, 0), "dilation": (1, 1), "groups": 1, "padding_mode": "zeros", "bias": None}
_POOL = {"stride": None, "padding": 0, "ceil_mode": False}
Conv2d = kind("Conv2d", **_CONV)
Conv1d = kind("Conv1d", **{**_CONV, "stride": (1,), "padding": (0,), "dilation": (1,)})
AvgPool2d = kind("AvgPool2d", **_POOL, count_include_pad=True, divisor_override=None)
AvgPool1d = kind("AvgPool1d", **_POOL, count_include_pad=True)
MaxPool2d = kind("MaxPool2d", **_POOL, dilation=1, return_indices=False)
AdaptiveAvgPool2d, AdaptiveMaxPool2d = kind("AdaptiveAvgPool2d"), kind("AdaptiveMaxPool2d", return_indices=False)
ZeroPad2d, ReflectionPad2d, BatchNorm2d = kind("ZeroPad2d"), kind("ReflectionPad2d"), kind("BatchNorm2d")
Linear, ReLU, LeakyReLU = kind("Linear", bias=None), kind("ReLU"), kind("LeakyReLU")
Flatten, Unflatten, Dropout2d = kind("Flatten", start_dim=1, end_dim=-1), kind("Unflatten", dim=1), kind("Dropout2d")


def floats(*shape: int) -> Any:
    return RANDOM.normal(size=shape).astype(numpy.float32)


def exactly(array: Any) -> Any:
    return numpy.vectorize(lambda value: Fraction(float(value)), otypes=[object])(array)


def assert_computes(model: Any, shape: tuple[int, ...], expected: Any, **options: Any) -> es.ImportedModel:
    """The imported network against a function of an exact array."""
    read = es.from_torch(model, input_shape=shape, **options)
    x = floats(2, *shape)
    assert outputs(read, x) == [list(expected(exactly(sample)).flatten()) for sample in x]
    assert read.restriction is not None and read.restriction.holds(read.parameters)
    return read


def test_a_small_network_of_images() -> None:
    """Conv2d with everything, ReLU, MaxPool2d, a depthwise Conv2d, ReLU, AvgPool2d, Flatten, Linear."""
    first, bias, deep, last, shift = floats(4, 1, 2, 2), floats(4), floats(4, 1, 1, 2), floats(3, 4), floats(3)
    model = Sequential(
        Sequential(
            Conv2d(weight=first, bias=bias, stride=(1, 2), padding=(1, 0), dilation=(2, 1), groups=2),
            ReLU(),
            MaxPool2d(kernel_size=2, stride=(1, 1)),
            Dropout2d(),
        ),
        Conv2d(weight=deep, groups=4),
        ReLU(),
        AvgPool2d(kernel_size=(2, 1)),
        Flatten(),
        Linear(weight=last, bias=shift),
    )

    def expected(x: Any) -> Any:
        hidden = numpy.maximum(filtered(x, exactly(first), exactly(bias), (1, 2), (1, 0), (2, 1), 2), 0)
        hidden = pooled(hidden, "max", (2, 2), (1, 1), (0, 0))
        hidden = numpy.maximum(filtered(hidden, exactly(deep), None, (1, 1), (0, 0), (1, 1), 4), 0)
        hidden = pooled(hidden, "average", (2, 1), (2, 1), (0, 0))
        return exactly(last) @ hidden.flatten() + exactly(shift)

    read = assert_computes(model, (2, 3, 6), expected)
    assert read.network.widths[-1] == 3 and "position 0.3 (Dropout2d)" in read.notes[0]
    assert read.restriction is not None and read.restriction.dimension == 16 + 4 + 8 + 12 + 3


def test_one_dimension_with_same_padding_and_a_leaky_activation() -> None:
    weight, last = floats(2, 1, 4), floats(1, 6)
    model = Sequential(
        Conv1d(weight=weight, padding="same", groups=1),
        LeakyReLU(negative_slope=0.25),
        AvgPool1d(kernel_size=(3,), stride=(2,), padding=(1,), count_include_pad=False),
        Flatten(),
        Linear(weight=last),
    )

    def expected(x: Any) -> Any:
        wide = numpy.pad(x, [(0, 0), (1, 2)], constant_values=Fraction(0))  # an even filter: one more zero behind
        z = filtered(wide, exactly(weight), None, (1,), (0,), (1,), 1)
        hidden = numpy.where(z > 0, z, z / 4)
        return exactly(last) @ pooled(hidden, "average", (3,), (2,), (1,), counts_padding=False).flatten()

    assert_computes(model, (1, 5), expected)


@pytest.mark.parametrize(("mode", "numpy_mode"), [("circular", "wrap"), ("reflect", "reflect"), ("replicate", "edge")])
def test_padding_modes(mode: str, numpy_mode: Any) -> None:
    weight = floats(2, 1, 3, 2)
    model = Sequential(Conv2d(weight=weight, padding=(1, 2), padding_mode=mode), ReLU(), AdaptiveAvgPool2d(output_size=1))

    def expected(x: Any) -> Any:
        wide = numpy.pad(x, [(0, 0), (1, 1), (2, 2)], mode=numpy_mode)
        z = numpy.maximum(filtered(wide, exactly(weight), None, (1, 1), (0, 0), (1, 1), 1), 0)
        return z.reshape(2, -1).sum(axis=1) / z[0].size

    assert_computes(model, (1, 3, 4), expected)


def test_padding_layers_adaptive_sizes_and_a_mean_with_a_divisor() -> None:
    weight = floats(1, 1, 2, 2)
    model = Sequential(
        ZeroPad2d(padding=(1, 0, 2, 1)),
        Conv2d(weight=weight),
        AvgPool2d(kernel_size=2, divisor_override=3),
        ReLU(),
        AdaptiveMaxPool2d(output_size=(1, None)),
    )

    def expected(x: Any) -> Any:
        wide = numpy.pad(x, [(0, 0), (2, 1), (1, 0)], constant_values=Fraction(0))
        z = filtered(wide, exactly(weight), None, (1, 1), (0, 0), (1, 1), 1)
        z = numpy.maximum(pooled(z, "average", (2, 2), (2, 2), (0, 0)) * Fraction(4, 3), 0)
        return z.max(axis=1)

    assert_computes(model, (1, 2, 4), expected)


def test_an_image_made_by_unflatten() -> None:
    """The first layer is Linear: no shape is asked for."""
    first, weight = floats(4, 3), floats(1, 1, 2, 1)
    model = Sequential(Linear(weight=first), ReLU(), Unflatten(unflattened_size=(1, 2, 2)), Conv2d(weight=weight), Flatten())
    read = es.from_torch(model)
    x = floats(1, 3)
    hidden = numpy.maximum(exactly(first) @ exactly(x[0]), 0).reshape(1, 2, 2)
    expected = filtered(hidden, exactly(weight), None, (1, 1), (0, 0), (1, 1), 1)
    assert outputs(read, x) == [list(expected.flatten())]


def test_a_trained_filter_is_decided_and_polished_as_a_restricted_problem() -> None:
    """Floats near the minimum 8/13 of ½(2w − 1)² + ½(3w − 2)²: polish finds it, decide proves it, and the landscape agrees."""
    head = numpy.array([[4.0]], numpy.float32)
    model = Sequential(
        Conv2d(weight=numpy.array([[[[0.6154]]]], numpy.float32)),
        ReLU(),
        AvgPool2d(kernel_size=2),
        Flatten(),
        Linear(weight=head),
    )
    read = es.from_torch(model, input_shape=(1, 2, 2))
    data = es.Data.from_arrays([[1, 0, 0, 1], [0, 1, 2, 0]], [1, 2])
    problem = read.problem(data)
    assert isinstance(problem, es.RestrictedProblem)
    assert read.restriction is not None and read.restriction.names == ("w1_0_0_0_0", "W2_0_0")
    assert es.decide(problem, read.parameters).status is es.Status.REFUTED
    exact = problem.parameters(w1_0_0_0_0=Fraction(8, 13), W2_0_0=4)
    verdict = es.decide(problem, exact)
    assert verdict.status is es.Status.PROVED and verdict.certificate is not None
    assert es.verify(verdict.certificate.encoded)
    assert es.landscape(problem).global_minimum.risk == problem.risk(exact)


@pytest.mark.parametrize(
    ("model", "shape", "told"),
    [
        (
            lambda: Sequential(Conv2d(weight=floats(1, 1, 2, 2))),
            None,
            "does not say the shape of the images that enter position 0",
        ),
        (lambda: Sequential(Conv2d(weight=floats(1, 1, 2, 2))), (4,), "expected (channels, height, width), got 4"),
        (lambda: Sequential(Conv2d(weight=floats(1, 2, 2, 2))), (1, 3, 3), "the channels that enter position 0 (Conv2d)"),
        (lambda: Sequential(Conv2d(weight=floats(1, 1, 4, 4))), (1, 3, 3), "windows of 4 × 4, which do not fit on 3 × 3 places"),
        (lambda: Sequential(Conv2d(weight=floats(2, 1, 1, 1), bias=floats(3))), (1, 3, 3), "the bias of position 0 (Conv2d)"),
        (lambda: Sequential(Conv2d(weight=floats(2, 1, 1, 1)), Linear(weight=floats(1, 8))), (1, 2, 2), "which lacks a Flatten"),
        (lambda: Sequential(Conv2d(weight=floats(2, 1, 1, 1)), BatchNorm2d()), (1, 2, 2), "fuse_conv_bn_eval"),
        (lambda: Sequential(MaxPool2d(kernel_size=2), Linear(weight=floats(1, 1))), (1, 2, 2), "what enters position 1 (Linear)"),
        (
            lambda: Sequential(Conv2d(weight=floats(2, 1, 1, 1)), ReLU(), AdaptiveAvgPool2d(output_size=2)),
            (1, 3, 3),
            "position 2 (AdaptiveAvgPool2d) has windows of several sizes: 3 × 3 places do not fall into 2 × 2",
        ),
        (
            lambda: Sequential(ReflectionPad2d(padding=3), Conv2d(weight=floats(1, 1, 1, 1))),
            (1, 3, 3),
            "does not fit on 3 places",
        ),
        (lambda: Sequential(AvgPool2d(kernel_size=2), Flatten()), (1, 2, 2), "has no layer with weights"),
        (
            lambda: Sequential(Conv2d(weight=floats(1, 1, 1, 1), padding=(1, 1), padding_mode="mirror")),
            (1, 2, 2),
            "supported: zeros, reflect, replicate, circular",
        ),
        (lambda: {"0.weight": floats(1, 1, 1, 1)}, (1, 2, 2), "input_shape belongs to modules, not to state dicts"),
    ],
)
def test_bad_modules_are_named(model: Any, shape: Any, told: str) -> None:
    with pytest.raises(es.ExactsurfError) as caught:
        es.from_torch(model(), input_shape=shape)
    assert told in str(caught.value), caught.value


PYTORCH: list[Any] = [
    lambda nn: nn.MaxPool2d(2, stride=1, padding=1),
    lambda nn: nn.MaxPool2d(2, ceil_mode=True, dilation=2),
    lambda nn: nn.AvgPool2d(2, padding=1),
    lambda nn: nn.AvgPool2d(2, ceil_mode=True, padding=1, count_include_pad=False),
    lambda nn: nn.AvgPool2d(3, divisor_override=4),
    lambda nn: nn.AdaptiveAvgPool2d((1, None)),
    lambda nn: nn.AdaptiveMaxPool2d(1),
    lambda nn: nn.ZeroPad2d((1, 0, 2, 1)),
    lambda nn: nn.ReflectionPad2d(1),
    lambda nn: nn.ReplicationPad2d((0, 2, 1, 1)),
    lambda nn: nn.CircularPad2d(1),
    *[lambda nn, m=m: nn.Sequential(nn.Conv2d(2, 4, 2, groups=2, padding=1, padding_mode=m), nn.ReLU()) for m in MODES],
    *[lambda nn, m=m: nn.Sequential(nn.Conv2d(2, 1, (2, 3), padding="same", padding_mode=m), nn.ReLU()) for m in MODES],
    lambda nn: nn.Sequential(nn.Conv2d(2, 4, 2, stride=(1, 2), dilation=(2, 1), groups=2, bias=False), nn.ReLU()),
]


@pytest.mark.parametrize("layer", PYTORCH)
def test_pytorch_itself(layer: Any) -> None:
    torch = pytest.importorskip("torch")
    nn = torch.nn
    # A Conv2d before and behind, so that pooling and padding stand where they usually do.
    module = nn.Sequential(
        nn.Conv2d(1, 2, 1), nn.ReLU(), layer(nn), nn.LazyConv2d(1, 1), nn.ReLU(), nn.Flatten(), nn.LazyLinear(2)
    )
    x = torch.randint(-3, 4, (2, 1, 5, 6)).double()
    module.double()(x)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.randint(-24, 25, parameter.shape) / 8)
    read = es.from_torch(module.eval(), input_shape=(1, 5, 6))
    found, expected = outputs(read, x.numpy()), module(x).tolist()
    pairs = [pair for f, e in zip(found, expected, strict=True) for pair in zip(f, e, strict=True)]
    assert all(abs(a - Fraction(b)) < Fraction(1, 10**9) for a, b in pairs)
