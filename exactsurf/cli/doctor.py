"""``exactsurf doctor``: what is installed, which extras are missing, and a self-test."""

from __future__ import annotations

import platform
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from typing import Annotated

from rich.markup import escape
from rich.table import Table

from exactsurf import __version__
from exactsurf.cli.proof_pages import proofs_folder
from exactsurf.cli.self_test import CHECKS
from exactsurf.cli.terminal import DONE, JSON_OPTION, QUIET_OPTION, REFUTED, print_json, stages, stdout, subcommand

_REQUIREMENT = re.compile(r"""([\w.-]+)\s*(?:\[[^\]]*\])?\s*\(?([^;()]*)\)?\s*(?:;.*extra\s*==\s*['"]([\w.-]+)['"].*)?""")
_BOUND = re.compile(r"(>=|~=|==)\s*([0-9.]+)")


@dataclass(frozen=True)
class Requirement:
    """A package that exactsurf names: its oldest version, the extra that brings it (or ""), the installed version (or None)."""

    package: str
    bound: str
    extra: str
    installed: str | None

    @property
    def is_met(self) -> bool:
        """Whether the package is installed in a version that is new enough."""
        oldest = _BOUND.search(self.bound)
        return self.installed is not None and (oldest is None or _release(self.installed) >= _release(oldest[2]))


def _release(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.match(r"[0-9.]*", version)[0].split(".") if part)  # type: ignore[index]


def requirements() -> list[Requirement]:
    """What the installed exactsurf requires, as its metadata say; nothing if it runs from a folder without being installed."""
    try:
        named = metadata.requires("exactsurf") or []
    except metadata.PackageNotFoundError:
        return []
    found = []
    for text in named:
        match = _REQUIREMENT.fullmatch(text.strip())
        if match and match[1] != "exactsurf":
            found.append(Requirement(match[1], match[2].strip(), match[3] or "", _version(match[1])))
    return found


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


@dataclass(frozen=True)
class Outcome:
    """A check of the self-test: its name, what went wrong (or ""), and its time."""

    name: str
    problem: str
    seconds: str


def run_checks(checks: dict[str, Callable[[], None]], note: Callable[[str], None]) -> list[Outcome]:
    """Run every check; whatever it raises is what went wrong."""
    outcomes = []
    for name, check in checks.items():
        note(name)
        started = time.monotonic()
        problem = ""
        try:
            check()
        except Exception as error:  # a broken installation fails in any way it likes
            problem = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        outcomes.append(Outcome(name, problem, f"{time.monotonic() - started:.2f}"))
    return outcomes


@subcommand
def doctor(
    as_json: Annotated[bool, JSON_OPTION] = False,
    quiet: Annotated[bool, QUIET_OPTION] = False,
) -> int:
    """Say what is installed, which extras are missing and how to get them, and test that exactsurf works here.

    The exit status is 0 if all dependencies are there and every check of the self-test passes (missing extras are fine), else 1.

    Example:

      exactsurf doctor
    """
    with stages("testing", quiet) as stage:
        outcomes = run_checks(CHECKS, stage)
    needed = requirements()
    broken = [r for r in needed if not r.extra and not r.is_met]
    is_fine = not broken and not any(outcome.problem for outcome in outcomes)
    if as_json:
        _print_json(needed, outcomes, is_fine)
    else:
        _print_text(needed, outcomes, broken, is_fine)
    return DONE if is_fine else REFUTED


def _extras(needed: list[Requirement]) -> dict[str, list[Requirement]]:
    extras: dict[str, list[Requirement]] = {}
    for requirement in needed:
        if requirement.extra:
            extras.setdefault(requirement.extra, []).append(requirement)
    return extras


def _command(extra: str) -> str:
    return f"pip install 'exactsurf[{extra}]'"


def _print_json(needed: list[Requirement], outcomes: list[Outcome], is_fine: bool) -> None:
    def entry(r: Requirement) -> dict[str, object]:
        return {"package": r.package, "needed": r.bound, "installed": r.installed, "fine": r.is_met}

    print_json(
        {
            "fine": is_fine,
            "exactsurf": __version__,
            "python": platform.python_version(),
            "platform": platform.platform(),
            "proofs": str(proofs_folder()),
            "dependencies": [entry(r) for r in needed if not r.extra],
            "extras": [
                {
                    "extra": extra,
                    "fine": all(r.is_met for r in rs),
                    "install": _command(extra),
                    "packages": [entry(r) for r in rs],
                }
                for extra, rs in _extras(needed).items()
            ],
            "self_test": [{"check": o.name, "fine": not o.problem, "problem": o.problem, "seconds": o.seconds} for o in outcomes],
        }
    )


def _print_text(needed: list[Requirement], outcomes: list[Outcome], broken: list[Requirement], is_fine: bool) -> None:
    console = stdout()
    console.print(
        f"exactsurf {__version__}, Python {platform.python_version()} ({sys.executable}), {platform.platform()}\n", markup=False
    )
    console.print(f"The proofs that texts cite lie in {proofs_folder()}\n", markup=False)
    if not needed:
        console.print("exactsurf is not installed as a package, so its dependencies are not known here.\n")
    table = Table(title="Dependencies", title_justify="left")
    for column in ("", "package", "needed", "installed"):
        table.add_column(column)
    for r in needed:
        if not r.extra:
            table.add_row("[green]✓[/]" if r.is_met else "[red]✗[/]", r.package, r.bound, r.installed or "not installed")
    if needed:
        console.print(table)
    table = Table(title="Extras", title_justify="left")
    for column in ("", "extra", "has", "lacks", "to get it"):
        table.add_column(column, overflow="fold")
    for name, wanted in _extras(needed).items():
        lacking = [r for r in wanted if not r.is_met]
        has = ", ".join(f"{r.package} {r.installed}" for r in wanted if r.is_met)
        lacks = ", ".join(f"{r.package} {r.bound}" for r in lacking)
        table.add_row("[yellow]–[/]" if lacking else "[green]✓[/]", name, has, lacks, escape(_command(name)) if lacking else "")
    if table.row_count:
        console.print(table)
    table = Table(title="Self-test", title_justify="left")
    for column in ("", "check", "seconds", "problem"):
        table.add_column(column, overflow="fold")
    for outcome in outcomes:
        table.add_row("[red]✗[/]" if outcome.problem else "[green]✓[/]", outcome.name, outcome.seconds, escape(outcome.problem))
    console.print(table)
    if broken:
        console.print(f"to get what is needed:  pip install {' '.join(repr(r.package + r.bound) for r in broken)}", markup=False)
    console.print("[green]all fine[/]" if is_fine else "[red]something is wrong, see above[/]")
