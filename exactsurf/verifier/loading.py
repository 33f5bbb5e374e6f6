"""Claims and rules by name: a file is read when a certificate needs it."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def function(package: str, entry: str) -> Any:
    """The function of an entry ``module.function`` of a table."""
    module, name = entry.split(".")
    return getattr(import_module(f"{package}.{module}"), name)
