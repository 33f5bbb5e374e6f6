"""``exactsurf papers``: the published theorems that exactsurf makes executable."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from exactsurf.cli.terminal import DONE, JSON_OPTION, print_json, stdout, subcommand
from exactsurf.errors import InputError, nearest
from exactsurf.papers import THEOREMS
from exactsurf.papers.theorem import Theorem


@subcommand
def papers(
    key: Annotated[str | None, typer.Argument(help="A theorem, e.g. yun_2019.theorem_1; without it, all are listed.")] = None,
    as_json: Annotated[bool, JSON_OPTION] = False,
) -> int:
    """List the theorems that can be checked, or explain one: statement, hypotheses, reference.

    Example:

      exactsurf papers yun_2019.theorem_1
    """
    chosen = list(THEOREMS.values()) if key is None else _find(key)
    console = stdout()
    if as_json:
        documents = [_document(theorem) for theorem in chosen]
        print_json({"theorems": documents})
    elif key is None:
        table = Table("key", "result")
        for theorem in chosen:
            table.add_row(theorem.key, theorem.title)
        console.print(table)
    else:
        for theorem in chosen:
            console.print(f"{theorem.key}: {theorem.title}\n\n{theorem.statement}\n", markup=False)
            for hypothesis in theorem.hypotheses:
                console.print(f"  {hypothesis.name}  {hypothesis.statement}", markup=False)
            console.print(f"\n{theorem.remarks}\n\n{theorem.reference}", markup=False)
    return DONE


def _find(key: str) -> list[Theorem]:
    found = [theorem for name, theorem in THEOREMS.items() if name == key or name.startswith(f"{key}.")]
    if not found:
        raise InputError("no such theorem", text=key, fix=f"{nearest(key, THEOREMS)}known: {', '.join(THEOREMS)}")
    return found


def _document(theorem: Theorem) -> dict[str, object]:
    return {
        "key": theorem.key,
        "title": theorem.title,
        "statement": theorem.statement,
        "hypotheses": [{"name": h.name, "statement": h.statement} for h in theorem.hypotheses],
        "remarks": theorem.remarks,
        "reference": theorem.reference,
    }
