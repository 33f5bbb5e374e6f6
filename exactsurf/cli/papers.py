"""``exactsurf papers``: the published theorems that exactsurf makes executable, and the instances of the literature."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from exactsurf.cli.terminal import DONE, JSON_OPTION, print_json, stdout, subcommand
from exactsurf.cli.theorems import find_theorems
from exactsurf.errors import InputError
from exactsurf.exact.number import brief, to_text
from exactsurf.interop.problem_writer import problem_text, write_problem
from exactsurf.search.catalogue import Instance, find_instance, instances
from exactsurf.show.text.statement_text import statement_text
from exactsurf.theorems.theorem import Theorem, whole


@subcommand
def papers(
    key: Annotated[str | None, typer.Argument(help="A theorem, e.g. yun_2019.theorem_1; without it, all are listed.")] = None,
    list_instances: Annotated[bool, typer.Option("--instances", help="List the named instances of the literature.")] = False,
    instance: Annotated[str | None, typer.Option("--instance", help="Print this instance as a problem file.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the instance to this file.")] = None,
    as_json: Annotated[bool, JSON_OPTION] = False,
) -> int:
    """List the theorems that can be checked, or explain one: statement, hypotheses, reference. Or list instances.

    Examples:

      exactsurf papers yun_2019.theorem_1

      exactsurf papers --instance yun_2019.xor -o xor.json
    """
    if output is not None and instance is None:
        raise InputError("--output is for an instance", fix="name one with --instance KEY; --instances lists them")
    if instance is not None:
        return _write_instance(find_instance(instance), output, as_json)
    if list_instances:
        return _list_instances(key, as_json)
    chosen = find_theorems(key)
    console = stdout()
    if as_json:
        print_json({"theorems": [_document(theorem) for theorem in chosen]})
    elif key is None:
        table = Table("key", "result")
        for theorem in chosen:
            table.add_row(theorem.key, theorem.title)
        console.print(table)
    else:
        for theorem in chosen:
            console.print(f"{theorem.key}: {theorem.title}\n\n{statement_text(theorem.statement)}\n", markup=False)
            for hypothesis in theorem.hypotheses:
                console.print(f"  {hypothesis.name}  {hypothesis.statement}", markup=False)
            for example in theorem.sharpness():
                console.print(f"\nwithout {example.hypothesis} it fails: {example.title}", markup=False)
            for name, why in theorem.without_example:
                console.print(f"\nno example without {name}: {why}", markup=False)
            for example in theorem.counterexamples():
                console.print(f"\nfails as worded: {example.title}", markup=False)
            console.print(f"\n{theorem.remarks}\n\n{theorem.reference}\n", markup=False)
    return DONE


def _write_instance(found: Instance, output: Path | None, as_json: bool) -> int:
    if output is None:
        typer.echo(problem_text(found.problem, found.parameters), nl=False)
        return DONE
    path = write_problem(output, found.problem, found.parameters)
    if as_json:
        print_json({"instance": found.key, "file": str(path)})
    else:
        stdout().print(f"{found.key}  {found.title}\nwritten to {path}", markup=False)
    return DONE


def _list_instances(key: str | None, as_json: bool) -> int:
    chosen = [found for name, found in instances().items() if key is None or name.startswith(key)]
    if as_json:
        print_json({"instances": [_instance_document(found) for found in chosen]})
        return DONE
    table = Table("key", "instance", "point")
    for found in chosen:
        risk = "" if found.parameters is None else f"risk {brief(whole(found.problem).rational_risk(found.parameters))}"
        table.add_row(found.key, found.title, risk)
    stdout().print(table)
    return DONE


def _instance_document(found: Instance) -> dict[str, object]:
    risk = None if found.parameters is None else to_text(whole(found.problem).rational_risk(found.parameters))
    return {"key": found.key, "title": found.title, "problem": repr(found.problem), "risk": risk}


def _document(theorem: Theorem) -> dict[str, object]:
    return {
        "key": theorem.key,
        "title": theorem.title,
        "statement": theorem.statement,
        "hypotheses": [{"name": h.name, "statement": h.statement} for h in theorem.hypotheses],
        "constructs": theorem.constructs,
        "sharpness": [{"without": example.hypothesis, "title": example.title} for example in theorem.sharpness()],
        "without_example": dict(theorem.without_example),
        "counterexamples": [example.title for example in theorem.counterexamples()],
        "remarks": theorem.remarks,
        "reference": theorem.reference,
    }
