"""The error about a cell that holds no number: what is wrong with it, and what to say so that the table can be read."""

from __future__ import annotations

from collections.abc import Sequence

from exactsurf.errors import InputError
from exactsurf.model.csv_files.cells import Trouble, number_reader, trouble_of
from exactsurf.model.csv_files.columns import Plan
from exactsurf.model.csv_files.header import is_text
from exactsurf.model.csv_files.records import MISSING
from exactsurf.model.csv_files.sheet import Sheet

_FEW = 3  # lines that may be passed over before it is the column that is in the way


def refusal(sheet: Sheet, record: Sequence[str], line: int, plan: Plan) -> InputError:
    """The error about the first cell of `record` that cannot be read.

    Parameters: `sheet`; the record in `line`; `plan`, what is read. Advice is given only where it helps: to leave out a column
    if it is no target and not the last input, to pass over lines if few are in the way.
    Exactness: nothing is read. Raises: nothing. Source: docs/guide/tables.md.
    """
    read = number_reader(sheet.reading)
    column, voice, names = plan.read[-1], sheet.voice, sheet.names
    for c in plan.columns:
        try:
            read(record[c])
        except InputError:
            column = c
            break
    text = record[column].strip(" \t")
    trouble = trouble_of(text, sheet.reading) if column != plan.labels else Trouble("the cell is missing", fix="fill it in")
    ways = [trouble.fix] if trouble.fix else []
    ways += [f"{' '.join(voice.option(*option) for option in told)} {words}" for told, words in trouble.choices]
    if plan.targets == 1 and plan.labels is None and column == plan.columns[-1] and is_text(text) and not trouble.choices:
        ways.append(f"{voice.option('classes', True)} if it holds names of classes")
    # A column that cannot be read at all is in the way itself.
    lines = _lines_in_the_way(sheet, plan, line)
    if lines and text.lower() not in MISSING and not trouble.choices:
        ways.append(f"pass over the line{'s' * (len(lines) > 1)} ({voice.option('skip', lines)})")
    if plan.may_drop(column):
        ways.append(f"leave out the column ({voice.option('drop', voice.column(names, column))})")
    if sheet.header_is_guess and not sheet.has_header and line == sheet.begin:
        ways.append(f"say {voice.option('header', True)} if this line holds the names")
    fix = ", or ".join(ways)
    return InputError(trouble.problem, file=sheet.file, line=line, column=names[column], text=record[column], fix=fix or None)


def _lines_in_the_way(sheet: Sheet, plan: Plan, line: int) -> list[int]:
    """The lines of records that cannot be read, if they are few among the records looked at; else none."""
    read, found = number_reader(sheet.reading), []
    for at, record in sheet.sample:
        try:
            bad = len(record) != len(sheet.names) or [read(record[c]) for c in plan.columns] == []
        except InputError:
            bad = True
        if bad or (plan.labels is not None and record[plan.labels].strip().lower() in MISSING):
            if any("\n" in cell or "\r" in cell for cell in record):
                return []
            found.append(at)
            if len(found) > _FEW:
                return []
    return found if line in found and 2 * len(found) < len(sheet.sample) else []
