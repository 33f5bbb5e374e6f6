"""Whatever a message about a table advises is done here, to the letter, until the table is read."""

from __future__ import annotations

import json
import re
import shlex
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from exactsurf.errors import InputError, InputWarning
from exactsurf.interop.problem_file import read_problem
from exactsurf.model.data import Data

FIELD = Path(__file__).parents[1] / "model" / "field"
ROOT = Path(__file__).parents[2]
WORD = r"(?:'[^']*'|\"[^\"]*\"|[^\s();,'\"]+)+"
FLAGS = "header|no-header|percent|booleans|typographic|classes"
TERMINAL = re.compile(rf"(?:--(?:{FLAGS})\b|--[a-z]+[ =]{WORD})(?: --[a-z]+[ =]{WORD})*")
VALUE = r"(?:\[[^\]]*\]|[Tt]rue|[Ff]alse|'[^']*'|\"[^\"]*\")"
PYTHON = re.compile(rf"\b[a-z]+={VALUE}(?: [a-z]+={VALUE})*")
FILE = re.compile(rf"\"[a-z]+\": {VALUE}(?: \"[a-z]+\": {VALUE})*")


TABLES: dict[str, tuple[bytes | None, str]] = {
    **{path.name: (None, "rate" if path.name == "long_name.csv" else "y") for path in FIELD.iterdir() if path.suffix == ".csv"},
    "decimal_comma.csv": (None, "RH"),
    "booleans.csv": (None, "passed"),
    "percent.csv": (None, "share"),
    "hash_comments.csv": (None, "v"),
    "pandas_index.csv": (None, "2"),
    "missing": (b"a,b,y\n1,2,3\n?,2,5\n4,1,1\n5,5,4\n6,1,2\n", "y"),
    "first row": (b"?,2,3\n4,2,5\n4.5,1,1\n5,5,4\n", "3"),
    "either": (b"0,1,2\n1.5,2,3\n4.5,2,5\n4,1,1\n5,5,4\n", "#2"),
    "years": (b"1990,1991\n3.2,4.5\n3.3,4.8\n5.1,4.7\n4,4\n", "#2"),
    "lost name": (b"unknown,5.1,3.2\n4.3,4.9,3.0\n4.4,2.9,1.4\n4.4,2.8,1.9\n", "#3"),
    "classes": (b"a,b,kind\n1,2,red\n2,2,blue\n4,1,red\n5,5,green\n7,1,blue\n", "kind"),
    "quotes in names": (b'a,"b\'s ""x""",y\n1,k,3\n2,l,5\n4,m,1\n5,n,4\n6,o,2\n', "y"),
    "a leading dash": (b"a,-b,y\n1,k,3\n2,l,5\n4,m,1\n5,n,4\n6,o,2\n", "y"),
    "a name with commas": (b'a,"b, c",y\n1,k,3\n2,l,5\n4,m,1\n5,n,4\n6,o,2\n', "y"),
    "names that are numbers": (b"3,a,1\n1,k,3\n2,l,5\n4,m,1\n5,n,4\n6,o,2\n", "#3"),
    "a number and a name": (b"a,1,y\n1,2,3\n2,7,5\n4,1,1\n5,5,4\n6,0,2\n", "1"),
    "money with thousands": (b'a,y\n"$1,234.50",3\n"$2,000.00",5\n"$9.10",1\n"$8.00",4\n', "y"),
    "a ragged line": (b"a,y\n1,3\n2,5\n4\n5,4\n6,2\n", "y"),
    "a sample in the comment": (b"#1,2,3\n4,5,7\n6,7,8\n1,9,1\n3,3,4\n", "#3"),
    "row numbers": (b",a,b,y\n0,1,2,3\n1,2,5,1\n2,7,1,1\n3,4,4,0\n4,4,2,2\n", "y"),
    "late text": (b"a,b,,y\n" + b"1,2,,3\n2,7,,5\n" * 1200 + b"4,1,x,1\n", "y"),
    "latin": ("größe,y\n0,1\n1,3\n2,2\n".encode("cp1252") + "3,€\n".encode("cp1252"), "y"),
}
NO_ADVICE = {"date_only.csv", "time.csv"}  # dates alone: the message says that they are no numbers


@pytest.fixture
def table(tmp_path: Path) -> Callable[[str], tuple[Path, str]]:
    def write(name: str) -> tuple[Path, str]:
        content, target = TABLES[name]
        file = tmp_path / "t.csv"
        file.write_bytes((FIELD / name).read_bytes() if content is None else content)
        return file, target

    return write


def advised(pattern: re.Pattern[str], message: str) -> list[str]:
    shown = message.split("; got ", 1)
    if pattern is TERMINAL and "the number of another" in message:
        return [f"--target {call}" for call in re.findall(r"'#\d'", message)]
    return pattern.findall(shown[0].split(": ", 1)[-1]) + pattern.findall(shown[-1].split("; ", 1)[-1])


Answer = Callable[[list[str]], str | None]


def follow(answer: Answer, pattern: re.Pattern[str], said: list[str], depth: int = 0) -> Iterator[str]:
    """Do all that is advised, each way on its own, until nothing is left to say; yields the advice."""
    message = answer(said)
    if message is None:
        return
    ways = sorted(set(advised(pattern, message)))
    assert ways and depth < 5, message
    for way in ways:
        yield way
        yield from follow(answer, pattern, [*said, way], depth + 1)


@pytest.mark.parametrize("name", sorted(set(TABLES) - NO_ADVICE))
def test_advice_at_the_terminal(run, table, name: str) -> None:
    file, target = table(name)

    def answer(said: list[str]) -> str | None:
        given = [] if any(way.startswith("--target") for way in said) else ["-t", target]
        ended = run("counterexample", file, *given, *shlex.split(" ".join(said)), "--json")
        return None if ended.status in (0, 3) and "warning" not in ended.err else ended.err.strip()

    list(follow(answer, TERMINAL, []))


@pytest.mark.parametrize("name", sorted(set(TABLES) - NO_ADVICE))
def test_advice_in_python(table, name: str) -> None:
    file, target = table(name)

    def answer(said: list[str]) -> str | None:
        options: dict[str, Any] = {}
        for way in said:
            parted = re.sub(r"(?<=[^,\[]) (?=[a-z]+=)", ", ", way)
            for key, value in eval(f"dict({parted})").items():
                options[key] = options.get(key, []) + value if isinstance(value, list) else value
        return read(lambda: Data.from_csv(file, options.pop("target", target), **options))

    list(follow(answer, PYTHON, []))


@pytest.mark.parametrize("name", sorted(set(TABLES) - NO_ADVICE))
def test_advice_in_a_problem_file(table, name: str) -> None:
    file, target = table(name)

    def answer(said: list[str]) -> str | None:
        data: dict[str, Any] = {"csv": "t.csv", "target": target}
        for way in said:
            for key, value in json.loads("{" + re.sub(r' (?="[a-z]+":)', ", ", way) + "}").items():
                data[key] = data[key] + value if isinstance(value, list) and key in data and key != "target" else value
        problem = {"format": "exactsurf-problem/1", "widths": [1, 1, 1], "activation": "relu", "data": data}
        (file.parent / "p.json").write_text(json.dumps(problem))
        message = read(lambda: read_problem(file.parent / "p.json"))
        return None if message is not None and "wrong shape" in message else message

    list(follow(answer, FILE, []))


def read(build: Callable[[], Any]) -> str | None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", InputWarning)
        try:
            build()
        except (InputError, ValueError) as error:
            return str(error)
    return str(told[0].message) if told else None


def test_every_option_that_is_advised_somewhere_is_followed_here(run, table) -> None:
    source = "".join(path.read_text() for path in (ROOT / "exactsurf/model/csv_files").glob("*.py"))
    source += (ROOT / "exactsurf/model/data.py").read_text()
    advisable = set(re.findall(r"voice\.option\(\"?'?(\w+)", source)) - {"option", "name"}
    advisable |= {"percent", "currency", "booleans", "typographic", "decimal", "thousands", "quote", "missing"}
    seen: set[str] = set()
    for name in TABLES:
        file, target = table(name)
        for options in ([], ["--drop", "id"]):
            ended = run("counterexample", file, "-t", target, *options, "--json")
            seen |= {way.removeprefix("no-") for way in re.findall(r"--([a-z-]+)", ended.err)}
    assert seen >= advisable, advisable - seen
