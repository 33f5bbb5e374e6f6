"""The problem of a certificate from its JSON value, and its data from there or from the file that it names."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from exactsurf.certificate.reading.claim_view import decay_of
from exactsurf.certificate.reading.values import matrix_of, vector_of
from exactsurf.errors import InputError, InputWarning, UnsupportedError
from exactsurf.exact.number import exact
from exactsurf.model.activation import Activation, PiecewiseLinear
from exactsurf.model.activation_names import NAMED
from exactsurf.model.data import Data
from exactsurf.model.loss import Loss
from exactsurf.model.losses import FAMILIES, loss_from, named_multiple
from exactsurf.model.network import Network
from exactsurf.model.problem import Problem
from exactsurf.model.smooth_activation import SmoothActivation
from exactsurf.model.smooth_expression import tree_of
from exactsurf.model.student_on_lines import StudentOnLines
from exactsurf.model.student_teacher import StudentTeacher


def embeds_data(document: Mapping[str, Any]) -> bool:
    """Whether a certificate restates its data, instead of naming their file."""
    return "csv" not in document["problem"]["data"]


def stated_problem(document: Mapping[str, Any], folder: Path) -> Any:
    """What an accepted certificate is about: a `Problem`, or a network; where inputs are normal, what is learnt.

    Parameters: as `problem_of`. Exactness: exact. Raises: as `problem_of`. Source: proofs/FORMAT.md, sections 2, 26, 34 and 47.
    """
    described = document["problem"]
    if "output_weights" in described:
        return vector_of(described["output_weights"])
    if "lines" in described:
        return StudentOnLines(matrix_of(described["lines"]), tuple(described["units"]), matrix_of(described["teachers"]))
    if "teachers" in described:
        return StudentTeacher(described["units"], matrix_of(described["teachers"]))
    return network_of(described) if "loss" not in described else problem_of(document, folder)


def network_of(described: Mapping[str, Any]) -> Network:
    """The network of the field `problem`."""
    return Network(described["widths"], activation_of(described["activation"]), biases=described["biases"])


def problem_of(document: Mapping[str, Any], folder: Path) -> Problem:
    """The problem of an accepted certificate.

    Parameters: the whole `document`; `folder` of the data file, if it names one. Exactness: exact.
    Raises: `InputError` if the data file is not the one that the certificate names. Source: proofs/FORMAT.md, sections 2 and 10.
    """
    described = document["problem"]
    network = network_of(described)
    data, weights = _data(described["data"], folder), described.get("weights")
    decay = decay_of(described)
    return Problem(
        network,
        data,
        loss_of(described["loss"]),
        sample_weight=None if weights is None else vector_of(weights),
        weight_decay=decay and decay.factor,
        decay_biases=decay is not None and decay.biases,
    )


def activation_of(described: Mapping[str, Any]) -> Activation:
    """An activation, with its name if it has one; breakpoints without a change of slope stay."""
    if "breakpoints" not in described:
        return _smooth_activation(described)
    parts = vector_of(described["breakpoints"]), vector_of(described["slopes"]), exact(described["value_at_0"])
    h = PiecewiseLinear(*parts)
    return next((known for known in NAMED.values() if known == h), h)


def _smooth_activation(described: Mapping[str, Any]) -> SmoothActivation:
    constants = tuple(exact(described[name]) for name in ("lambda", "alpha") if name in described)
    return SmoothActivation(described["name"], constants, tree_of(described["tree"]) if "tree" in described else None)


def loss_of(described: Mapping[str, Any]) -> Loss:
    """A loss, with its name if it has one; its scale includes a division by the number of samples."""
    loss = loss_from(dict(described))
    named = named_multiple(loss, FAMILIES)
    return loss if "name" in described or named is None else replace(named[0], scale=named[1] * loss.scale)


def _data(described: Mapping[str, Any], folder: Path) -> Data:
    return _from_file(described["csv"], folder) if "csv" in described else Data.from_arrays(described["x"], described["y"])


def _from_file(csv: Mapping[str, Any], folder: Path) -> Data:
    path = folder / csv["file"]
    try:
        content = path.read_bytes()
    except OSError as error:
        fix = f"a certificate of the data stands beside them; they were looked for in {folder.resolve()}"
        raise InputError(f"the data file cannot be read: {error.strerror}", file=str(path), fix=fix) from None
    if hashlib.sha256(content).hexdigest() != csv["sha256"]:
        fix = "put the file there that the certificate was made for"
        raise InputError("the data file is not the one that the certificate names: its SHA-256 differs", file=str(path), fix=fix)
    x, y = ([f"#{column + 1}" for column in csv[part]] for part in ("x", "y"))
    with warnings.catch_warnings():
        # What the columns are for was decided when the certificate was made.
        warnings.simplefilter("ignore", InputWarning)
        data = Data.from_csv(path, y, inputs=x, header=bool(csv["skip_rows"]), delimiter=csv["delimiter"], comment="")
    found = data.source
    wanted = csv["skip_rows"], csv["samples"], tuple(csv["x"]), tuple(csv["y"])
    if found is None or (found.skip_rows, found.samples, found.x, found.y) != wanted:
        raise UnsupportedError(
            f"{path}: the certificate uses the rows or columns of its data file in another way than Data.from_csv does",
            "verify it with es.verify, or make it again with the columns in the order of the file",
        )
    return data
