"""The subcommands of the program ``exactsurf``. The module of one is imported when it is run or its help is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from exactsurf import __version__
from exactsurf.cli.streams import end_of_closed_pipe, end_of_interrupted_start

NAMES = (
    *("counterexample", "decide", "polish", "cells", "landscape", "verify", "show"),
    *("regions", "dimension", "equal", "sharpness", "alignment", "escape", "margin", "algebraic", "training"),
    *("theorems", "papers", "search", "import", "doctor"),
)


_AS_JSON = "exactsurf.as_json"

# Of Click, which newer versions of Typer bring along under another name.
_UsageError: Any = typer.BadParameter.__base__


class _Commands(Mapping[str, Any]):
    """The commands by name, in the order of the help."""

    def __getitem__(self, name: str) -> Any:
        if name not in NAMES:
            raise KeyError(name)
        return _command(name)

    def __contains__(self, name: object) -> bool:
        return name in NAMES

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


@cache
def _command(name: str) -> Any:
    function = "import_model" if name == "import" else name
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich")
    alone.command(name)(getattr(import_module(f"exactsurf.cli.{function}"), function))
    return typer.main.get_command(alone)


class _Program(TyperGroup):
    """The group of all subcommands."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = _Commands()  # type: ignore[assignment]

    def make_context(self, info_name: str | None, args: list[str], *more: Any, **extra: Any) -> Any:
        as_json = "--json" in args
        with _ends(as_json):
            context = super().make_context(info_name, args, *more, **extra)
            context.meta[_AS_JSON] = as_json
            return context

    def invoke(self, ctx: Any) -> Any:
        with _ends(ctx.meta[_AS_JSON]):
            return super().invoke(ctx)


@contextmanager
def _ends(as_json: bool) -> Iterator[None]:
    # While a subcommand runs it answers Ctrl-C itself; before that Typer would end with status 1, which says "refuted".
    try:
        yield
    except KeyboardInterrupt:
        raise end_of_interrupted_start() from None
    except BrokenPipeError:
        raise end_of_closed_pipe() from None
    except SystemExit as end:
        raise _end(end) from None
    except _UsageError as error:
        if as_json:
            from exactsurf.cli.terminal import print_error

            # Without the name of a parameter Click says "Invalid value" only.
            plain = isinstance(error, typer.BadParameter) and error.param is None
            print_error(type(error).__name__, error.message if plain else error.format_message(), error.exit_code)
        raise


def _end(end: SystemExit) -> SystemExit:
    # Subcommands end by an exception of Click. Rich ends a help text whose reader has left with status 1, which says "refuted".
    return end_of_closed_pipe() if end.code == 1 else end


app = typer.Typer(
    name="exactsurf",
    cls=_Program,
    help="Exact analysis of the loss surfaces of small neural networks. Every answer comes with a certificate.",
    epilog="Examples: exactsurf counterexample iris --target petal_width --drop species · exactsurf decide problem.json · "
    "exactsurf landscape problem.json --plot tree.svg · exactsurf show x.certificate.json --latex\n\n"
    "Exit status: 0 proved or done, 1 refuted or rejected, 2 bad input, 3 undecided, 130 interrupted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"exactsurf {__version__}")
        raise typer.Exit()


@app.callback()
def options(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version and exit."),
) -> None:
    """Exact analysis of the loss surfaces of small neural networks. Every answer comes with a certificate."""
