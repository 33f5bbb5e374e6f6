"""What the text about a claim consists of, whatever the claim is."""

from __future__ import annotations

from dataclasses import dataclass

from exactsurf.show.text.prose import Blocks


@dataclass(frozen=True)
class Parts:
    """Title, setting, statement and proof of a claim, in blocks."""

    title: str
    setting: Blocks
    statement: Blocks
    proof: Blocks
