"""To whom a message about a table speaks: advice is written so that it works where it is pasted."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_@%+=:./-]+")
_FLAGS = {"header": ("--header", "--no-header")}
_LISTS = ("target", "drop", "inputs", "skip")
_LONGEST = 60  # longer names are called by the number of their column


@dataclass(frozen=True)
class Voice:
    """Somebody who reads messages: a person at a ``terminal``, in ``python``, or with a problem ``file``.

    >>> [voice.option("drop", "blood pressure") for voice in (TERMINAL, PYTHON, FILE)]
    ["--drop 'blood pressure'", "drop=['blood pressure']", '"drop": ["blood pressure"]']
    >>> [voice.option("header", False) for voice in (TERMINAL, PYTHON, FILE)]
    ['--no-header', 'header=False', '"header": false']
    """

    key: str

    def name(self, option: str) -> str:
        """What an option is called."""
        return {"terminal": f"--{option}", "python": f"{option}=", "file": f"the key 'data.{option}'"}[self.key]

    def option(self, name: str, value: Any) -> str:
        """An option with its value, to be pasted; a list of values where an option may have several."""
        if self.key == "terminal" and isinstance(value, (list, tuple)):
            return " ".join(self.option(name, item) for item in value)
        listed = [value] if name in _LISTS and not isinstance(value, (list, tuple)) else value
        if self.key == "python":
            return f"{name}={listed!r}"
        if self.key == "file":
            return f"{json.dumps(name)}: {json.dumps(listed, ensure_ascii=False)}"
        if isinstance(value, bool):
            yes, no = _FLAGS.get(name, (f"--{name}", f"--no-{name}"))
            return yes if value else no
        word = shell_word(str(value))
        return f"--{name}{'=' if word.startswith('-') else ' '}{word}"

    def column(self, names: Sequence[str], index: int) -> str:
        """How to call a column so that it, and no other, is found: its name, else its number, else ``#`` and its number."""
        name, number = names[index], str(index + 1)
        if (
            name
            and names.count(name) == 1
            and len(name) <= _LONGEST
            and name.isprintable()
            and not _called_otherwise(names, index)
        ):
            return name
        return f"#{number}" if number in names else number


def _called_otherwise(names: Sequence[str], index: int) -> bool:
    """Whether the name of a column is also the number of another one."""
    name = names[index]
    return name.isascii() and name.isdigit() and name != str(index + 1) and len(name) < 10 and 1 <= int(name) <= len(names)


TERMINAL, PYTHON, FILE = Voice("terminal"), Voice("python"), Voice("file")


def shell_word(text: str) -> str:
    """`text` as one word of a POSIX shell.

    >>> shell_word("mpg"), shell_word("$"), shell_word("'")
    ('mpg', "'$'", '"\\'"')
    """
    if _BARE.fullmatch(text):
        return text
    if "'" in text and not set(text) & set('"$`\\!'):
        return f'"{text}"'
    return "'" + text.replace("'", "'\"'\"'") + "'"
