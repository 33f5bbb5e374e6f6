"""An accepted certificate of a claim that is not about one point, as a statement: what it says and what was checked."""

from __future__ import annotations

from exactsurf.verifier import Accepted

PROOFS = {"all cells": "all_cells.md"}
"""Where the proof stands that the checks are enough, in proofs/."""


def statement(accepted: Accepted, *, file: str, sha256: str) -> str:
    """The statement in Markdown.

    Parameters: what the verifier `accepted`; `file` and `sha256` name the certificate's file. Exactness: nothing is
    computed; the sentence and the checks are the verifier's. Raises: nothing. Source: proofs/FORMAT.md.
    """
    steps = "\n".join(f"{number}. {check}" for number, check in enumerate(accepted.checks, start=1))
    shown = file if file.isprintable() else ascii(file)
    source = PROOFS.get(accepted.kind, "FORMAT.md")
    return (
        f"# {accepted.kind.capitalize()}\n\n> {accepted.sentence}\n\n"
        f"## What was checked\n\n{steps}\n\nWhy this is enough: proofs/{source}.\n\n"
        f"## Check it again\n\n    exactsurf verify {shown}\n\nSHA-256 of the certificate: {sha256}\n"
    )
