"""The program ``exactsurf``."""

from __future__ import annotations

import typer

from exactsurf import __version__
from exactsurf.cli.cells import cells
from exactsurf.cli.counterexample import counterexample
from exactsurf.cli.decide import decide
from exactsurf.cli.doctor import doctor
from exactsurf.cli.import_model import import_model
from exactsurf.cli.landscape import landscape
from exactsurf.cli.papers import papers
from exactsurf.cli.search import search
from exactsurf.cli.show import show
from exactsurf.cli.theorems import theorems
from exactsurf.cli.verify import verify

app = typer.Typer(
    name="exactsurf",
    help="Exact analysis of the loss surfaces of small neural networks. Every answer comes with a certificate.",
    epilog="Exit status: 0 proved or done, 1 refuted or rejected, 2 bad input, 3 undecided, 130 interrupted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for function in (counterexample, decide, cells, landscape, verify, show, theorems, papers, search):
    app.command()(function)
app.command("import")(import_model)
app.command()(doctor)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"exactsurf {__version__}")
        raise typer.Exit()


@app.callback()
def options(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version and exit."),
) -> None:
    """Exact analysis of the loss surfaces of small neural networks. Every answer comes with a certificate."""


def main() -> None:
    """Run the program."""
    app(prog_name="exactsurf")
