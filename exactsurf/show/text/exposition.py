"""The whole text about a certificate, independent of the format."""

from __future__ import annotations

from dataclasses import dataclass

from exactsurf.show.text.prose import Blocks


@dataclass(frozen=True)
class Exposition:
    """A certificate as a text of five parts, in blocks; `label`, by which it can be cited."""

    title: str
    sentence: str
    setting: Blocks
    statement: Blocks
    proof: Blocks
    check: Blocks
    label: str
