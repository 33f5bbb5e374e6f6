"""``exactsurf import``: a trained model and a CSV file, made into a problem file with exact parameters."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from exactsurf.cli.table_options import TableOptions, with_table_options
from exactsurf.cli.terminal import DONE, JSON_OPTION, QUIET_OPTION, print_json, stages, stdout, subcommand
from exactsurf.errors import InputError, MissingExtraError
from exactsurf.exact.balls import Ball
from exactsurf.exact.number import approximate, near, to_text
from exactsurf.interop.imported_model import ImportedModel
from exactsurf.interop.numpy_arrays import from_arrays, read_npz
from exactsurf.interop.onnx_model import from_onnx
from exactsurf.interop.problem_writer import write_problem
from exactsurf.model.activation import Activation
from exactsurf.model.bundled_data import BUNDLED
from exactsurf.model.losses import loss_from

_SUFFIXES = ".onnx, .npz (arrays W1, b1, … or 0.weight, 0.bias, …), .pt or .pth (a PyTorch state dict)"


@subcommand
@with_table_options
def import_model(
    model: Annotated[Path, typer.Argument(help=f"A model file: {_SUFFIXES}.")],
    data: Annotated[str, typer.Option("--data", help=f"A CSV file, a bundled data set ({', '.join(BUNDLED)}), or -.")],
    table: TableOptions,
    output: Annotated[Path, typer.Option("--output", "-o", help="The problem file to write.")] = Path("problem.json"),
    activation: Annotated[
        str | None,
        typer.Option(
            "--activation", "-a", help="Needed for .npz, .pt and .pth: relu, leaky_relu:1/100, …; replaces that of a model."
        ),
    ] = None,
    loss: Annotated[str, typer.Option(help="squared is ½Σ(f−y)²; squared.mean divides it by the number of samples.")] = "squared",
    denominator: Annotated[
        int | None, typer.Option(help="Round every number to the nearest fraction with at most this denominator.")
    ] = None,
    digits: Annotated[int | None, typer.Option(help="Round every number to so many decimal places.")] = None,
    layers: Annotated[
        str, typer.Option("--layers", help="The layers of a state dict in order, by name, where numbers and widths do not tell.")
    ] = "",
    input_shape: Annotated[
        str,
        typer.Option(help="CHANNELS,HEIGHT,WIDTH or CHANNELS,POSITIONS of an image, where an ONNX model does not say it."),
    ] = "",
    as_json: Annotated[bool, JSON_OPTION] = False,
    quiet: Annotated[bool, QUIET_OPTION] = False,
) -> int:
    """Read a trained model exactly and write a problem file with its parameters.

    Floats are read as the binary values that they store, unless rounding is asked for; what was changed is reported. The input
    columns of the data, in the order of the file, are the inputs of the model: those of images by channel, row and column. A
    model with convolutions becomes a restricted problem, in which all places share the filters.

    Examples:

      exactsurf import model.onnx --data auto.csv --target mpg -o auto.json

      exactsurf import weights.npz -a relu --data xor -t y --digits 6

      exactsurf decide auto.json
    """
    with stages("reading the model", quiet) as stage:
        read = read_model(model, activation, denominator, digits, layers, input_shape)
        stage("reading the data")
        samples = table.read(data, lambda rows: stage(f"reading the data, row {rows}"))
        problem = read.problem(samples, loss_from(loss))
        stage("writing")
        file = write_problem(output, problem, read.parameters)
        risk = problem.risk(read.parameters)
    if as_json:
        print_json(
            {
                "problem": str(file),
                "network": repr(read.network),
                **({} if read.restriction is None else {"free_parameters": read.restriction.dimension}),
                "risk": [to_text(risk.lower), to_text(risk.upper)] if isinstance(risk, Ball) else to_text(risk),
                "rounding": read.rounding,
                "largest_change": to_text(read.largest_change),
                "notes": list(read.notes),
                "data": None if samples.report is None else samples.report.document(),
            }
        )
        return DONE
    console = stdout()
    change = "" if read.is_exact else f"; largest change {approximate(read.largest_change, 3)}"
    lines = {
        "network": f"{read.network!r}{_free(read)}, from {read.source}",
        "numbers": f"{read.rounding}{change}",
        "risk": near(risk.midpoint if isinstance(risk, Ball) else risk, 12),
        "problem": f"{file}",
    }
    for name, text in lines.items():
        console.print(f"{name:<9}{text}", markup=False)
    for what, how in samples.report.lines() if samples.report else ():
        console.print(f"data     {what}: {how}", markup=False)
    for note in read.notes:
        console.print(f"note     {note}", markup=False)
    return DONE


def read_model(
    model: Path,
    activation: Activation | str | None,
    denominator: int | None = None,
    digits: int | None = None,
    layers: str = "",
    input_shape: str = "",
) -> ImportedModel:
    """The model in a file, read as its suffix says."""
    shape = _shape(input_shape)
    options: dict[str, Any] = {"activation": activation, "denominator": denominator, "digits": digits}
    suffix = model.suffix.lower()
    if suffix == ".onnx":
        if layers:
            raise InputError("--layers belongs to state dicts", file=str(model), fix="leave it out")
        return from_onnx(model, input_shape=shape, **options)
    if shape is not None:
        fix = "leave it out; export models with convolutions to ONNX, which says strides, padding and pooling"
        raise InputError("--input-shape belongs to ONNX models", file=str(model), fix=fix)
    if suffix not in (".npz", ".pt", ".pth"):
        raise InputError(
            "the suffix of a model file says how to read it", file=str(model), text=suffix, fix=f"known: {_SUFFIXES}"
        )
    arrays = read_npz(model) if suffix == ".npz" else _state_dict(model)
    if activation is None:
        raise InputError("the file does not say which activation the model has", file=str(model), fix="add --activation relu")
    return from_arrays(arrays, order=layers.split(",") if layers else None, **options)


def _free(read: ImportedModel) -> str:
    return "" if read.restriction is None else f", {read.restriction.dimension} free parameters shared by its places"


def _shape(text: str) -> list[int] | None:
    if not text:
        return None
    if not re.fullmatch(r"\d+(,\d+){0,2}", text):
        raise InputError(
            "--input-shape is a list of one to three whole numbers", text=text, fix="for example --input-shape 1,8,8"
        )
    return list(map(int, text.split(",")))


def _state_dict(model: Path) -> Any:
    try:
        torch = import_module("torch")
    except ImportError:
        raise MissingExtraError("torch", "torch") from None
    try:
        loaded = torch.load(model, map_location="cpu", weights_only=True)  # never runs code from the file
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", file=str(model)) from None
    except Exception:  # unpickling has errors of many kinds
        loaded = None
    if not isinstance(loaded, dict):
        fix = "save it with torch.save(model.state_dict(), FILE)"
        raise InputError("is no PyTorch state dict", file=str(model), fix=fix)
    return loaded
