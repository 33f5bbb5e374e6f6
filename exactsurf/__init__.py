"""exactsurf: exact analysis of the loss surfaces of small neural networks.

Rational arithmetic decides, certificates say why, and a small independent verifier checks them. Names are loaded when
they are first used, so that importing the package is quick.

>>> import exactsurf as es
>>> data = es.Data.from_arrays([[0], [1], [2], [3]], [0, 1, 0, 2])
>>> problem = es.Problem(es.Network([1, 2, 1], activation=es.relu), data, loss=es.squared)
>>> example = es.papers.yun_2019.theorem_1.construct(problem)
>>> print(example.verdict.status, example.risk, example.lower_risk)
PROVED 3/4 21/32
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from exactsurf import papers as papers
    from exactsurf.cells.activation_pattern import ActivationPattern as ActivationPattern
    from exactsurf.cells.arrangement import Arrangement as Arrangement
    from exactsurf.cells.cell import Cell as Cell
    from exactsurf.cells.unit_cells import count_cells as count_cells
    from exactsurf.cells.unit_cells import enumerate_patterns as enumerate_patterns
    from exactsurf.certificate.check import verify as verify
    from exactsurf.certificate.document import Certificate as Certificate
    from exactsurf.certificate.verdict import Status as Status
    from exactsurf.certificate.verdict import Verdict as Verdict
    from exactsurf.errors import ExactsurfError as ExactsurfError
    from exactsurf.errors import HypothesisError as HypothesisError
    from exactsurf.errors import InexactNumberError as InexactNumberError
    from exactsurf.errors import InputError as InputError
    from exactsurf.errors import MissingExtraError as MissingExtraError
    from exactsurf.errors import RejectedCertificate as RejectedCertificate
    from exactsurf.errors import ShapeError as ShapeError
    from exactsurf.errors import UnsupportedError as UnsupportedError
    from exactsurf.exact.number import exact_float as exact_float
    from exactsurf.minima.decide import decide as decide
    from exactsurf.model.activation import Activation as Activation
    from exactsurf.model.activation import absolute_value as absolute_value
    from exactsurf.model.activation import hard_tanh as hard_tanh
    from exactsurf.model.activation import leaky_relu as leaky_relu
    from exactsurf.model.activation import linear as linear
    from exactsurf.model.activation import piecewise_linear as piecewise_linear
    from exactsurf.model.activation import relu as relu
    from exactsurf.model.activation import relu6 as relu6
    from exactsurf.model.activation import relu_like as relu_like
    from exactsurf.model.data import Data as Data
    from exactsurf.model.loss import Loss as Loss
    from exactsurf.model.loss import absolute as absolute
    from exactsurf.model.loss import hinge as hinge
    from exactsurf.model.loss import huber as huber
    from exactsurf.model.loss import squared as squared
    from exactsurf.model.network import Network as Network
    from exactsurf.model.parameters import Parameters as Parameters
    from exactsurf.model.problem import Problem as Problem

_HOMES = {
    "cells.activation_pattern": ("ActivationPattern",),
    "cells.arrangement": ("Arrangement",),
    "cells.cell": ("Cell",),
    "cells.unit_cells": ("count_cells", "enumerate_patterns"),
    "certificate.check": ("verify",),
    "certificate.document": ("Certificate",),
    "certificate.verdict": ("Status", "Verdict"),
    "errors": (
        "ExactsurfError",
        "HypothesisError",
        "InexactNumberError",
        "InputError",
        "MissingExtraError",
        "RejectedCertificate",
        "ShapeError",
        "UnsupportedError",
    ),
    "exact.number": ("exact_float",),
    "interop.problem_file": ("read_problem",),
    "minima.decide": ("decide",),
    "model.activation": (
        "Activation",
        "absolute_value",
        "hard_tanh",
        "leaky_relu",
        "linear",
        "piecewise_linear",
        "relu",
        "relu6",
        "relu_like",
    ),
    "model.data": ("Data",),
    "model.loss": ("Loss", "absolute", "hinge", "huber", "squared"),
    "model.network": ("Network",),
    "model.parameters": ("Parameters",),
    "model.problem": ("Problem",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}
__all__ = sorted([*_HOME_OF, "papers"])


def __getattr__(name: str) -> Any:
    if name == "papers":
        return import_module("exactsurf.papers")
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'exactsurf' has no attribute {name!r}")
    value = getattr(import_module(f"exactsurf.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
