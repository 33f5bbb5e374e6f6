"""Where the proofs lie that texts and docstrings cite: in the wheel inside the package, in a source tree at its root."""

from __future__ import annotations

from pathlib import Path


def proofs_folder() -> Path:
    """The folder that a citation such as proofs/rules/paths.md means.

    Exactness: nothing is computed. Raises: nothing. Source: proofs/README.md.
    """
    package = Path(__file__).parents[1]
    return package / "proofs" if (package / "proofs").is_dir() else package.parent / "proofs"
