"""Arrays of floats as exact numbers: each float is the binary number that it stores."""

from __future__ import annotations

from math import isfinite
from typing import Any

from exactsurf.errors import InputError
from exactsurf.exact.number import exact_float


def exact_entries(value: Any, where: str) -> Any:
    """The entries of an array or nested lists; floats as the binary numbers that they store, other entries as they are.

    Parameters: `value`; `where`, what it is called, as in ``W1``. Exactness: exact readings.
    Raises: `InputError` naming the entry, as in ``W1[0][2]``, for floats that are not finite. Source: README.md, "Numbers".
    """
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    plain = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(plain, (list, tuple)):
        return [exact_entries(entry, f"{where}[{place}]") for place, entry in enumerate(plain)]
    if isinstance(plain, float) and not isfinite(plain):
        fix = "the training run has diverged there; take the parameters of an earlier step"
        raise InputError(f"{where} is not a finite number", text=repr(plain), fix=fix)
    return exact_float(plain) if isinstance(plain, float) else plain
