"""Columns of a table by name or by number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from exactsurf.errors import InputError, nearest, shorten
from exactsurf.model.csv_files.voice import PYTHON, TERMINAL, Voice

Column = str | int
_SINGLE = "'"


@dataclass(frozen=True)
class Choice:
    """The columns that a person chose, as indices from 0.

    Attributes: `inputs` in the order of the file, or as they were named; `targets` as they were named; `dropped`; `weight`,
    of the samples.
    """

    inputs: tuple[int, ...]
    targets: tuple[int, ...]
    dropped: tuple[int, ...] = ()
    weight: int | None = None


@dataclass(frozen=True)
class Plan:
    """What is read of a table.

    Attributes: `columns` of numbers, of which the last `targets` are targets; `labels`, the column of classes; `watched`, columns
    that must stay empty; `droppable`, whether leaving out one more column is possible by naming it.
    """

    columns: tuple[int, ...]
    targets: int = 0
    labels: int | None = None
    watched: tuple[int, ...] = ()
    droppable: bool = True

    @property
    def read(self) -> tuple[int, ...]:
        """All columns that are read."""
        return self.columns if self.labels is None else (*self.columns, self.labels)

    @property
    def inputs(self) -> int:
        """How many columns are inputs."""
        return len(self.columns) - self.targets

    def may_drop(self, column: int) -> bool:
        """Whether leaving out a column that is read leaves something to read."""
        place = self.columns.index(column) if column in self.columns else len(self.columns)
        return self.droppable and place < self.inputs and self.inputs > 1


def find_column(names: Sequence[str], wanted: Column, file: str, voice: Voice = PYTHON) -> int:
    """The index, from 0, of the column that `wanted` names.

    Parameters: `names` of all columns; `wanted` a name or, if there is no such name, a number from 1 (an int or text), or ``#``
    and a number; `file` and `voice` for the message. Exactness: no name is guessed.
    Raises: `InputError` if there is no such column (the nearest name is suggested) or more than one, and where the number of one
    column, as an int or at the terminal, is the name of another.
    Source: the docstring of `exactsurf.errors`.

    >>> find_column(["age", "bmi"], "bmi", "t.csv"), find_column(["age", "bmi"], "1", "t.csv")
    (1, 0)
    >>> find_column(["2", "1"], "#1", "t.csv"), find_column(["2", "1"], "1", "t.csv")
    (0, 1)
    """
    text = str(wanted).strip()
    found = [i for i, name in enumerate(names) if name == text]
    if len(found) > 1:
        fix = f"give its number: {' or '.join(voice.column(names, i) for i in found)}"
        raise InputError(f"{len(found)} columns have this name", file=file, column=text, fix=fix)
    number = text.removeprefix("#") if text not in names else text
    counted = number.isascii() and number.isdigit() and len(number) <= 9 and 1 <= int(number) <= len(names)
    if found and counted and int(number) - 1 != found[0] and (voice == TERMINAL or isinstance(wanted, int)):
        fix = f"say '#{found[0] + 1}' for the column of this name, or '#{number}' for column {number}"
        raise InputError(f"this is the name of column {found[0] + 1} and the number of another", file=file, column=text, fix=fix)
    if found:
        return found[0]
    if counted and not isinstance(wanted, bool):
        return int(number) - 1
    listed = ", ".join(map(shorten, names[:20])) + (", …" if len(names) > 20 else "")
    quoted = f"say {voice.option('quote', _SINGLE)} if {_SINGLE} are quotation marks; " if f"'{text}'" in names else ""
    fix = f"{quoted or nearest(text, names)}the columns are {listed}; or give a number from 1 to {len(names)}"
    raise InputError("there is no such column", file=file, column=shorten(text), fix=fix)


def find_columns(names: Sequence[str], wanted: Sequence[Column], file: str, voice: Voice = PYTHON) -> list[int]:
    """The indices of several columns; at the terminal one text may name several, separated by commas.

    Parameters, Exactness, Raises, Source: as `find_column`.

    >>> find_columns(["a", "b", "c,d"], ["a,b", "c,d"], "t.csv", TERMINAL)
    [0, 1, 2]
    """
    found = []
    for item in wanted:
        parts: Sequence[Column] = [item]
        if voice == TERMINAL and "," in str(item) and str(item).strip() not in names:
            parts = str(item).split(",")
        found += [find_column(names, part, file, voice) for part in parts]
    return found


def choose_columns(
    names: Sequence[str],
    target: Sequence[Column],
    inputs: Sequence[Column] | None,
    drop: Sequence[Column],
    left_out: Sequence[int],
    file: str,
    voice: Voice = PYTHON,
    weight: Column | None = None,
) -> Choice:
    """The columns to read: targets, and as inputs those that are named, or all others that are not dropped.

    Parameters: `names` of all columns; `target`, `inputs` and `drop` as a person names them; `left_out`, columns that hold
    nothing and are inputs only if they are named; `weight`, the column of sample weights. Exactness: no name is guessed.
    Raises: `InputError` for columns that are not there, are chosen twice, or if no input is left. Source: `find_column`.

    >>> choose_columns(["id", "a", "b", "y"], ["y"], None, ["id"], (), "t.csv")
    Choice(inputs=(1, 2), targets=(3,), dropped=(0,), weight=None)
    """
    targets, dropped = (find_columns(names, items, file, voice) for items in (target, drop))
    chosen = None if inputs is None else find_columns(names, inputs, file, voice)
    if not targets:
        raise InputError("no target column", file=file, fix="name the column to predict")
    for column in targets:
        _once(targets, column, names, "target", file)
        if column in dropped:
            raise InputError(f"the target {names[column]!r} is also dropped", file=file)
    for column in chosen or ():
        _once(chosen or (), column, names, "input", file)
        if column in targets or column in dropped:
            also = "the target" if column in targets else "dropped"
            raise InputError(f"the input {names[column]!r} is also {also}", file=file)
    weighing = None if weight is None else find_column(names, weight, file, voice)
    if weighing in (*targets, *dropped, *(chosen or ())):
        raise InputError("the column of weights is also an input, a target or dropped", file=file, column=str(weight))
    if chosen is None:
        away = {*dropped, *targets, *left_out, weighing}
        chosen = [column for column in range(len(names)) if column not in away]
    if not chosen:
        raise InputError("no input column is left", file=file, fix="drop fewer columns or choose fewer targets")
    check_names(names, [*chosen, *targets], file, voice)
    return Choice(tuple(chosen), tuple(targets), tuple(dropped), weighing)


def check_names(names: Sequence[str], chosen: Sequence[int], file: str, voice: Voice = PYTHON) -> None:
    """Raise `InputError` if two of the chosen columns have one name."""
    name, times = Counter(names[i] for i in chosen).most_common(1)[0]
    if times > 1:
        numbers = ", ".join(voice.column(names, i) for i in chosen if names[i] == name)
        fix = f"rename them, or drop all but one by number ({numbers})"
        raise InputError(f"{times} columns have this name", file=file, column=name, fix=fix)


def _once(chosen: Sequence[int], column: int, names: Sequence[str], what: str, file: str) -> None:
    if list(chosen).count(column) > 1:
        raise InputError(f"the {what} {names[column]!r} is named twice", file=file)
