"""How many random instances a test draws."""

from __future__ import annotations

import os


def draws(usual: int) -> int:
    """The usual number of instances, or as many as EXACTSURF_SWEEP says, for the long sweeps before a release."""
    return int(os.environ.get("EXACTSURF_SWEEP", usual))
