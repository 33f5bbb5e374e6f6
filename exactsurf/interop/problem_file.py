"""Problem files (`exactsurf-problem/1`): network, data, loss and, where a point is asked about, parameters; JSON or TOML."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from exactsurf.errors import ExactsurfError, InexactNumberError, InputError, UnsupportedError, nearest
from exactsurf.exact.number import exact
from exactsurf.files import as_path
from exactsurf.model.activation_names import activation_from
from exactsurf.model.csv_files.reading import OPTIONS, reading_from
from exactsurf.model.csv_files.voice import FILE
from exactsurf.model.data import Data, read_data
from exactsurf.model.losses import loss_from
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters, parameters_from
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.model.restrictions import restriction
from exactsurf.model.weight_decay import weight_decay_from

FORMAT = "exactsurf-problem/1"
_CERTIFICATE = "exactsurf-certificate/"

_REQUIRED = ("format", "widths", "activation", "data")
_OPTIONAL = ("loss", "biases", "weight_decay", "decay_biases", "restriction", "parameters")


def read_problem(path: str | os.PathLike[str]) -> tuple[Problem, Parameters | None]:
    """The problem in a file, and the parameters if it has any.

    Parameters: `path` of a JSON file (or TOML, if its name ends in ``.toml``) with the keys ``format``
    ("exactsurf-problem/1"), ``widths``, ``activation``, ``data`` and optionally ``loss``, ``biases``, ``weight_decay``,
    ``decay_biases``, ``parameters``.
    ``data`` is ``{"x": […], "y": […]}``, with ``"weights": […]`` where samples have weights, or ``{"csv": FILE, "target":
    COLUMN, "drop": […]}`` with FILE beside the problem file, and further keys ``inputs``, ``weight`` and those of `Reading`.
    Numbers are integers or strings; ``activation`` is what `activation_from` takes, ``loss`` what `loss_from` takes.
    Exactness: exact; JSON and TOML floats are refused.
    Raises: `InputError` naming the file and the key (also for numbers out of place, and for the key ``restriction``, which
    `read_restricted_problem` reads), `InexactNumberError` for floats. Source: README.md, "Is this point a local minimum?".
    """
    problem, parameters = read_any_problem(path)
    if isinstance(problem, RestrictedProblem):
        fix = (
            "exactsurf decide, polish, landscape and theorems know it, es.read_restricted_problem(file) reads it; "
            "without the key all is free"
        )
        raise InputError("the key 'restriction' makes it a restricted problem, which is not known here", file=str(path), fix=fix)
    return problem, parameters


def read_restricted_problem(path: str | os.PathLike[str]) -> tuple[RestrictedProblem, Parameters | None]:
    """The restricted problem in a file, and the parameters if it has any.

    Parameters: `path` of a problem file as for `read_problem` with the key ``restriction``: an object with ``W1``, ``b1``, …
    for the layers that are not free, with entries as for `restriction`. ``parameters`` are those of the network, or values of
    the free parameters by name.
    Exactness: exact. Raises: as `read_problem`; `InputError` for a file without the key. Source: proofs/FORMAT.md, section 44.

    >>> import exactsurf as es, tempfile, pathlib
    >>> problem = es.RestrictedProblem(es.diagonal(2), es.Data.from_arrays([[0, 1]], [1]))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     es.read_restricted_problem(es.write_problem(pathlib.Path(folder, "diagonal.json"), problem)) == (problem, None)
    True
    """
    problem, parameters = read_any_problem(path)
    if not isinstance(problem, RestrictedProblem):
        raise InputError("the problem file has no key 'restriction'", file=str(path), fix="es.read_problem(file) reads it")
    return problem, parameters


def read_any_problem(path: str | os.PathLike[str]) -> tuple[Problem | RestrictedProblem, Parameters | None]:
    """The problem in a file, restricted if the file says so, and the parameters if it has any; see `read_problem`."""
    file = as_path(path)
    document = _load(file)
    if not isinstance(document, dict):
        raise InputError("a problem file holds one object with keys", file=str(file))
    if str(document.get("format", "")).startswith(_CERTIFICATE):
        fix = f"exactsurf verify {file} checks it, exactsurf show {file} prints it; decide takes a problem file"
        raise InputError("is a certificate, not a problem file", file=str(file), fix=fix)
    _check_keys(document, _REQUIRED, _OPTIONAL, file, "")
    if document["format"] != FORMAT:
        raise InputError(f"the key 'format' must be {FORMAT!r}", file=str(file), text=str(document["format"]))
    widths = document["widths"]
    if not isinstance(widths, list):
        raise InputError(
            "the key 'widths' must be a list of integers", file=str(file), text=repr(widths), fix="for example [4, 2, 1]"
        )
    activation = _at("activation", file, lambda: activation_from(document["activation"]))
    network = _at("widths or biases", file, lambda: Network(widths, activation, biases=_biases(document)))
    loss = _at("loss", file, lambda: loss_from(document.get("loss", "squared")))
    penalty = {key: document[key] for key in ("weight_decay", "decay_biases") if key in document}
    factor, penalises_biases = penalty.get("weight_decay"), penalty.get("decay_biases", False)
    _at("weight_decay", file, lambda: weight_decay_from(factor, penalises_biases))
    data = _at("data", file, lambda: _data(document["data"], file))
    problem = _at(
        # What is left to object to: numbers of columns, and labels.
        "data",
        file,
        lambda: Problem(network, data, loss, **penalty),
    )
    named, restrictions = document.get("parameters"), document.get("restriction")
    for key, value in (("restriction", restrictions), ("parameters", named)):
        if value is not None and not isinstance(value, dict):
            raise InputError(f"the key {key!r} must be an object with W1, b1, …", file=str(file))
    if restrictions is not None:
        restricted = _at("restriction", file, lambda: RestrictedProblem.of(restriction(network, **restrictions), problem))
        if named is None:
            return restricted, None
        return restricted, _at("parameters", file, lambda: _restricted_parameters(restricted, named))
    if named is None:
        return problem, None
    return problem, _at("parameters", file, lambda: parameters_from(network, **named))


def _restricted_parameters(restricted: RestrictedProblem, named: dict[str, Any]) -> Parameters:
    """Values of the free parameters by name, or parameters of the network that obey the restriction."""
    if not named.keys() <= restricted.restriction.network.shapes.keys():
        return restricted.parameters(**named)
    found = parameters_from(restricted.restriction.network, **named)
    restricted.values(found)
    return found


def read_piecewise_linear_problem(path: str | os.PathLike[str], asker: str) -> tuple[Problem, Parameters | None]:
    """`read_problem` for those who cannot use a smooth activation.

    Parameters: `path` as for `read_problem`; `asker`, who reads it, in the words of the error. Exactness: exact.
    Raises: `UnsupportedError` saying what can be asked about a problem with a smooth activation; errors of `read_problem`.
    Source: theory.md, section 7.
    """
    problem, parameters = read_problem(path)
    check_piecewise_linear_file(problem, path, asker)
    return problem, parameters


def check_piecewise_linear_file(problem: Problem, path: str | os.PathLike[str], asker: str) -> None:
    """Raise `UnsupportedError` for a smooth activation; parameters as those of `read_piecewise_linear_problem`."""
    if not problem.network.is_piecewise_linear:
        raise UnsupportedError(
            f"{os.fspath(path)}: {asker} needs a piecewise linear activation, and {problem.network.activation!r} is smooth",
            "what can be asked is exactsurf decide, with parameters as a candidate for a critical point, exactsurf theorems, and "
            "in Python es.decide, es.find_critical_box and es.polish",
        )


_NO_OBJECT = (
    'a problem file is an object {"widths": …, "data": …}, which es.write_problem(path, problem) writes; a table is asked about '
    "by exactsurf landscape TABLE --target COLUMN --hidden UNITS and exactsurf counterexample TABLE --target COLUMN"
)


def _load(file: Path) -> Any:
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(file)) from None
    except UnicodeDecodeError as error:
        raise InputError(f"is not UTF-8 text (byte {error.start})", file=str(file)) from None

    def refuse(number: str) -> NoReturn:
        if number.lstrip("+-").lower() in ("nan", "inf", "infinity"):
            raise InputError("not a finite number", file=str(file), text=number)
        # The parsers do not say where a number stands; the first such text that is not part of a longer one or quoted is it.
        place = re.search(rf'(?<![\w."+-]){re.escape(number)}(?![\w."])', text)
        where = f"{file}, line {text.count(chr(10), 0, place.start()) + 1}" if place else str(file)
        exact(number.replace("_", ""), where)  # no advice to write as text what is refused there too
        raise InexactNumberError(value=number, decimal=number, binary=_binary(number), where=where, in_file=True)

    def integer(number: str) -> int:
        if len(number) > 4_000:
            raise InputError("an integer is too long", file=str(file), text=number, fix='write it as a hexadecimal string "0x…"')
        return int(number)

    try:
        if file.suffix == ".toml":
            return tomllib.loads(text, parse_float=refuse)
        return json.loads(text, parse_float=refuse, parse_int=integer, parse_constant=refuse, object_pairs_hook=_unique(file))
    except json.JSONDecodeError as error:
        fix = None if text.lstrip().startswith("{") else _NO_OBJECT
        raise InputError(f"is not JSON: {error.msg}", file=str(file), line=error.lineno, fix=fix) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"is not TOML: {error}", file=str(file)) from None
    except RecursionError:
        raise InputError("is nested too deeply", file=str(file)) from None
    except ExactsurfError:
        raise
    except ValueError as error:
        raise InputError(f"cannot be read: {error}", file=str(file)) from None


def _binary(number: str) -> str:
    # TOML allows underscores and a plus sign.
    value = json.loads(number.replace("_", "").lstrip("+"))
    try:
        numerator, denominator = value.as_integer_ratio()
    except OverflowError:
        return ""
    return f"{numerator}/{denominator}"


def _unique(file: Path) -> Callable[[list[tuple[str, Any]]], dict[str, Any]]:
    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise InputError(f"the key {key!r} stands twice in one object", file=str(file))
            found[key] = value
        return found

    return build


def _check_keys(document: dict[str, Any], required: tuple[str, ...], optional: tuple[str, ...], file: Path, where: str) -> None:
    known = (*required, *optional)
    for key in document:
        if key not in known:
            raise InputError(
                f"unknown key {where + key!r}", file=str(file), fix=f"{nearest(key, known)}known keys: {', '.join(known)}"
            )
    missing = [key for key in required if key not in document]
    if missing:
        raise InputError(f"missing key {where + missing[0]!r}", file=str(file), fix=f"needed keys: {', '.join(required)}")


def _biases(document: dict[str, Any]) -> Any:
    biases = document.get("biases", True)
    if isinstance(biases, bool) or (isinstance(biases, list) and all(isinstance(flag, bool) for flag in biases)):
        return biases
    raise InputError("the key 'biases' must be true, false or a list of them", text=repr(biases))


def _data(described: Any, file: Path) -> Data:
    if not isinstance(described, dict):
        raise InputError('the key \'data\' must be an object {"x": […], "y": […]} or {"csv": …, "target": …}')
    if "csv" in described:
        _check_keys(described, ("csv", "target"), ("inputs", "drop", "weight", *OPTIONS), file, "data.")
        columns = {key: described[key] for key in ("inputs", "drop") if key in described}
        if not isinstance(described["csv"], str):
            raise InputError("the key 'data.csv' must be the name of a file", text=repr(described["csv"]))
        if isinstance(described["target"], bool) or not isinstance(described["target"], (str, int, list)):
            raise InputError("the key 'data.target' must be a column or a list of columns", text=repr(described["target"]))
        for key, value in columns.items():
            if not isinstance(value, list):
                raise InputError(f"the key 'data.{key}' must be a list of columns", text=repr(value))
        if "weight" in described and (isinstance(described["weight"], bool) or not isinstance(described["weight"], (str, int))):
            raise InputError("the key 'data.weight' must be a column", text=repr(described["weight"]))
        columns |= {"weight": described["weight"]} if "weight" in described else {}
        path = file.parent / described["csv"]
        reading = reading_from({key: described[key] for key in OPTIONS if key in described}, str(path), FILE)
        return read_data(path, described["target"], reading=reading, voice=FILE, **columns)
    _check_keys(described, ("x", "y"), ("weights",), file, "data.")
    return Data.from_arrays(described["x"], described["y"], weights=described.get("weights"))


def _at(key: str, file: Path, build: Callable[[], Any]) -> Any:
    """Run `build`; an error that does not name a file yet is told with the file and the key."""
    try:
        return build()
    except InexactNumberError:
        raise
    except ExactsurfError as error:
        if isinstance(error, InputError) and error.fields["file"]:
            raise
        raise InputError(f"key {key}: {error}", file=str(file)) from error
