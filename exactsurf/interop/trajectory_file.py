"""Trajectories of training from files: NumPy archives, JSON lines and CSV tables of parameters."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from exactsurf.cells.coordinates import weight_names
from exactsurf.errors import ExactsurfError, InputError, ShapeError
from exactsurf.exact.number import exact
from exactsurf.files import as_path
from exactsurf.interop.numpy_arrays import from_arrays, read_npz
from exactsurf.model.network import Network
from exactsurf.model.parameter_vector import parameters_of
from exactsurf.model.parameters import Parameters

_STEP = "step"


def read_trajectory(path: str | os.PathLike[str], network: Network) -> tuple[Parameters, ...]:
    """The points of a trajectory in a file, in its order.

    Parameters: `path` of one of three kinds; `network`, to which the points belong.
    An entry or column ``step`` is not read.
    ``.npz``: arrays W1, b1, W2, … (or 0.weight, 0.bias, … as state dicts of PyTorch have them) with a first axis for the points.
    ``.jsonl``: one object a line with these names and nested lists of numbers.
    ``.csv``: a row for each point, columns named as by `weight_names` (W1_0_0, b1_0, …).
    Returns: the points. Exactness: floats in arrays and JSON are the binary values that they store, numbers of a CSV file and
    strings are exact as they stand. Raises: `InputError` naming the file and the place; `ShapeError` for points of another
    network. Source: docs/guide/models.md.

    >>> import exactsurf as es, tempfile, pathlib
    >>> network = es.Network([1, 1, 1])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "run.csv")
    ...     _ = path.write_text("step,W1_0_0,b1_0,W2_0_0,b2_0\\n0,1,0.5,-1,0\\n")
    ...     es.read_trajectory(path, network)
    (Parameters(W1=[[1]], b1=['1/2'], W2=[[-1]], b2=[0]),)
    """
    if not isinstance(network, Network):
        raise InputError("a trajectory is read for a Network", text=repr(network), fix="give problem.network")
    file = as_path(path)
    readers: dict[str, Callable[[Path, Network], Iterator[Parameters]]] = {".npz": _npz, ".jsonl": _json_lines, ".csv": _table}
    reader = readers.get(file.suffix)
    if reader is None:
        raise InputError("the name of a trajectory ends in .npz, .jsonl or .csv", file=str(file))
    points = tuple(reader(file, network))
    if not points:
        raise InputError("holds no points", file=str(file))
    return points


def _npz(file: Path, network: Network) -> Iterator[Parameters]:
    arrays = read_npz(file)
    lengths = {name: len(value) if value.ndim else None for name, value in arrays.items()}
    if not lengths:
        raise InputError("holds no points", file=str(file))
    if len(set(lengths.values())) != 1 or None in lengths.values():
        raise InputError(
            "the arrays do not have one first axis for the points", file=str(file), text=str(lengths), fix="stack them, as in "
            'np.savez(path, W1=np.stack(weights), …)'
        )  # fmt: skip
    for k in range(next(iter(lengths.values())) or 0):
        yield _point({name: value[k] for name, value in arrays.items()}, network, file, f"point {k}")


def _json_lines(file: Path, network: Network) -> Iterator[Parameters]:
    for number, line in enumerate(_text(file).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            named = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(f"is not JSON: {error}", file=str(file), line=number) from None
        except RecursionError:
            raise InputError("is nested too deeply", file=str(file), line=number) from None
        except ValueError:
            fix = 'write it as a hexadecimal string "0x…"'
            raise InputError("an integer is too long", file=str(file), line=number, fix=fix) from None
        if not isinstance(named, dict):
            raise InputError("a point is an object with W1, b1, …", file=str(file), line=number)
        yield _point(named, network, file, f"line {number}")


def _table(file: Path, network: Network) -> Iterator[Parameters]:
    names = weight_names(network)
    rows = csv.reader(_text(file).splitlines())
    header = [name.strip() for name in next(rows, [])]
    strange = sorted({*header, *names} - ({*header} & {*names, _STEP})) if header else list(names)
    if strange or len(set(header)) < len(header):
        raise InputError(
            "the columns are not the parameters of the network",
            file=str(file), line=1, text=", ".join(strange or header), fix=f"name them {', '.join(names)}",
        )  # fmt: skip
    places = [header.index(name) for name in names]
    for number, row in enumerate(rows, start=2):
        if not row:
            continue
        if len(row) != len(header):
            raise InputError(f"{len(row)} cells, and the header has {len(header)}", file=str(file), line=number)
        values = (exact(row[place].strip(), f"{file}, line {number}, {name}") for place, name in zip(places, names, strict=True))
        yield parameters_of(network, values)


def _point(named: dict[str, Any], network: Network, file: Path, where: str) -> Parameters:
    try:
        found = from_arrays({name: value for name, value in named.items() if name != _STEP}, activation=network.activation)
    except ExactsurfError as error:
        raise InputError(f"{where}: {error}", file=str(file)) from None
    if _shape(found.network) != _shape(network):
        raise ShapeError(f"{file}, {where}", _shape(network), _shape(found.network))
    return found.parameters


def _shape(network: Network) -> str:
    biased = ", ".join(str(layer) for layer, has_bias in enumerate(network.biases, start=1) if has_bias)
    return f"{'-'.join(map(str, network.widths))}, biases in layers {biased or 'none'}"


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(file)) from None
    except UnicodeDecodeError as error:
        raise InputError(f"is not UTF-8 text (byte {error.start})", file=str(file)) from None
