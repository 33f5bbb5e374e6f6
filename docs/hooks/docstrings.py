"""Docstrings for mkdocstrings: running text with its parts as a list, doctests as code."""

from __future__ import annotations

import re
from typing import Any

import griffe

_PART = re.compile(r"(?:^|(?<=[.;)`:*\]]\s)|(?<=\n))(Parameters|Attributes|Returns|Exactness|Raises|Source): ", re.MULTILINE)
_PROMPT = ">>> "


def as_markdown(text: str) -> str:
    """A docstring of this package as Markdown: ``Parameters: …`` and the like become items, ``>>>`` becomes a code block."""
    blocks = []
    for block in re.split(r"\n\s*\n", text.strip()):
        before, prompt, after = block.partition(_PROMPT) if block.startswith(_PROMPT) else _split(block)
        if before.strip():
            blocks.append(_PART.sub(r"\n- **\1:** ", _PART.sub(r"\n\n- **\1:** ", before, count=1)).strip())
        if prompt:
            blocks.append(f"```pycon\n{prompt}{after}\n```")
    return "\n\n".join(blocks)


def _split(block: str) -> tuple[str, str, str]:
    before, prompt, after = block.partition(f"\n{_PROMPT}")
    return before, prompt.lstrip("\n"), after


class Docstrings(griffe.Extension):
    """Rewrites every docstring when griffe has read it."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        if obj.docstring is not None:
            obj.docstring.value = as_markdown(obj.docstring.value)
