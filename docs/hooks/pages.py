"""Pages of the site that are made from elsewhere: README, proofs, lessons, commands and theorems."""

from __future__ import annotations

import posixpath
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

sys.path.insert(0, str(Path(__file__).parent))
from lesson import lesson_page

ROOT = Path(__file__).parents[2]
_TEXTS = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "CODE_OF_CONDUCT.md",
    "benchmarks/README.md",
    "benchmarks/soundness/README.md",
    "notebooks/README.md",
)
# The first page of the site is docs/index.md; README.md stands beside it.
_OVERVIEW = "overview.md"
_LINK = re.compile(r"\[([^\]\[]+)\]\(([^)\s#:]+)(#[^)\s]*)?\)")
_CODE = re.compile(r"(```.*?```|`[^`\n]*`)", re.DOTALL)
_INDEXED = re.compile(r"(?<![\w`/.\\\[(#-])[^\W\d_]\u0303?[′⁺⁻]?(?:[_^](?:\{[^{}\n]*\}|[^\W_]{1,3}(?![\w.]*[._/]\w)))+(?!\w)")
_LESSONS = sorted((ROOT / "notebooks").glob("*.py"))


def on_config(config: Any) -> Any:
    """Fill the parts of the navigation that follow from the files."""
    lessons = [{"For whom, in which order": "notebooks/README.md"}]
    lessons += [{_title(path): f"notebooks/{path.stem}.md"} for path in _LESSONS]
    proofs = [path.relative_to(ROOT).as_posix() for path in _proofs()]
    pages = [path for path in proofs if path.count("/") == 1 and path != "proofs/FORMAT.md"]
    pages.sort(key=lambda path: (not path.endswith("README.md"), path))
    rules, claims = ([path for path in proofs if path.startswith(f"proofs/{folder}/")] for folder in ("rules", "claims"))
    papers = [path for path in proofs if path.count("/") == 2 and path not in {*rules, *claims}]
    filled = {"Lessons": lessons, "Proofs": [*pages, {"Rules": rules}, {"Claims": claims}, {"Papers": papers}]}
    config.nav = [{name: filled.get(name, entry)} for part in config.nav for name, entry in part.items()]
    return config


def on_files(files: Files, config: Any) -> Files:
    """Add the pages; links between them stay as they are, because the folders do."""
    for path in (*(ROOT / name for name in _TEXTS), *_proofs()):
        uri = path.relative_to(ROOT).as_posix()
        _add(files, config, _OVERVIEW if uri == "README.md" else uri, path.read_text(encoding="utf-8"))
    for path in _LESSONS:
        page, pictures = lesson_page(path)
        download = f"*This lesson as a [notebook]({path.stem}.ipynb) and as a [script]({path.name}).*"
        _add(files, config, f"notebooks/{path.stem}.md", f"{page}\n---\n\n{download}\n")
        for name, content in pictures.items():
            _add(files, config, f"notebooks/{name}", content)
        for file in (path, path.with_suffix(".ipynb")):
            _add(files, config, f"notebooks/{file.name}", file.read_bytes())
    _add(files, config, "reference/commands.md", _commands())
    _add(files, config, "referee.html", _referee())
    _add(files, config, "classroom.html", _classroom())
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Rewrite what a site cannot link to (folders, code, certificates) as names; insert the table of theorems."""
    if page.file.src_uri == "notebooks/README.md":
        markdown = re.sub(r"`(\d\d_\w+)\.py`", r"[\1](\1.md)", markdown)
    markdown = spaced_lists(markdown)
    if page.file.src_uri.startswith("proofs/"):
        markdown = "".join(part if k % 2 else set_formulas(_plain_brackets(part)) for k, part in enumerate(_CODE.split(markdown)))
    folder = posixpath.dirname(page.file.src_uri)
    home = f"docs/{folder}" if (ROOT / "docs" / page.file.src_uri).exists() else folder

    def link(match: re.Match[str]) -> str:
        """Links are written for the checkout; on the site, what is in docs/ stands beside the other folders."""
        words, target, anchor = match.groups(default="")
        path = posixpath.normpath(posixpath.join(home, target))
        uri = _OVERVIEW if path == "README.md" else path.removeprefix("docs/")
        uri = re.sub(r"^(notebooks/\d\d_\w+)\.ipynb$", r"\1.md", uri) if home.startswith("docs") else uri
        if files.get_file_from_path(uri) is not None:
            return f"[{words}]({posixpath.relpath(uri, folder or '.')}{anchor})"
        return f"`{path}`" if (ROOT / path).exists() else match[0]

    markdown = _LINK.sub(link, markdown)
    for target, name in (("page", "referee.html"), ("classroom", "classroom.html")):
        said = f"[this page]({posixpath.relpath(name, folder or '.')}) (`make {target}`)"
        markdown = markdown.replace(f"`make {target}`", said)
    for mark, made in (("<!-- theorems -->", _theorems), ("<!-- claims -->", _claims)):
        markdown = markdown.replace(mark, made()) if mark in markdown else markdown
    return markdown


def spaced_lists(text: str) -> str:
    """A blank line before every list that follows a paragraph: GitHub needs none, the site does."""
    lines: list[str] = []
    fenced = False
    for line in text.split("\n"):
        fenced ^= line.lstrip().startswith("```")
        starts = not fenced and re.match(r"([-*]|\d+\.) ", line)
        before = lines[-1] if lines else ""
        if starts and before.strip() and not re.match(r"\s*([-*]|\d+\.) |\s{2,}|#|>|\|", before):
            lines.append("")
        lines.append(line)
    return "\n".join(lines)


def set_formulas(text: str) -> str:
    """Letters with an index or an exponent, as proofs write them (``x_i``, ``W_{l+1}``), set as mathematics."""
    from exactsurf.show.text.html_formula import formula

    return _INDEXED.sub(lambda match: formula(match[0]), text)


def _plain_brackets(text: str) -> str:
    """Entries and arguments in formulas, W[k][j] and [A](t), that only look like links."""
    return re.sub(r"\]\((?=[^)\s./#:]+\))", r"]\\(", text.replace("][", "]\\["))


def _add(files: Files, config: Any, uri: str, content: str | bytes) -> None:
    present = files.get_file_from_path(uri)
    if present is not None:
        files.remove(present)
    files.append(File.generated(config, uri, content=content))


def _proofs() -> list[Path]:
    return sorted((ROOT / "proofs").rglob("*.md"))


def _title(path: Path) -> str:
    (title,) = re.findall(r"\A# %% \[markdown\]\n# # (.+)", path.read_text(encoding="utf-8"))
    return f"{int(path.name[:2])}. {title}"


def _commands() -> str:
    """The help of every command, as it stands in the terminal."""
    import typer.main

    from exactsurf.cli.app import app

    group = typer.main.get_command(app)
    parts = [
        "# The command line",
        "Every command with `--json` prints one JSON document; results go to stdout, progress to stderr.",
    ]
    context = typer.Context(group, info_name="exactsurf")
    for name in group.list_commands(context):  # type: ignore[attr-defined]
        command = group.get_command(context, name)  # type: ignore[attr-defined]
        inner = typer.Context(command, info_name=name, parent=context)
        parts += [f"## exactsurf {name}", *_help(command.help or ""), "| | |\n|---|---|\n" + "\n".join(_options(command, inner))]
    return "\n\n".join(parts) + "\n"


def _help(text: str) -> Iterator[str]:
    for block in re.split(r"\n\s*\n", text.replace("\b", "")):
        block = re.sub(r"\s*\n\s*", " ", block.strip())
        yield f"    {block}" if block.startswith("exactsurf ") else _shown(block)


def _options(command: Any, context: Any) -> Iterator[str]:
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        names, text = record or (f"{parameter.human_readable_name}", getattr(parameter, "help", "") or "")
        yield f"| `{names}` | {_shown(' '.join(text.split()))} |"


def _shown(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("[", "\\[")


def _theorems() -> str:
    import exactsurf as es

    parts = []
    for key, theorem in es.papers.THEOREMS.items():
        hypotheses = "\n".join(f"- **{_shown(h.name)}**: {_shown(h.statement)}" for h in theorem.hypotheses)
        parts.append(f"### {key}\n\n*{_shown(theorem.title)}.* {_formulas(theorem.statement)}\n\n{hypotheses}")
    return "\n\n".join(parts)


def _referee() -> str:
    """The page that checks certificates, or where it comes from if Pyodide cannot be had."""
    builder = ROOT / "docs/referee/build.py"
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "referee.html"
        run = subprocess.run([sys.executable, str(builder), str(page)], capture_output=True) if shutil.which("npm") else None
        if run is not None and run.returncode == 0:
            return page.read_text(encoding="utf-8")
    return "<!DOCTYPE html><title>Not built</title><p>This site was built without npm; <code>make page</code> makes this page."


def _classroom() -> str:
    """The landscapes prepared for a class."""
    builder = [sys.executable, str(ROOT / "docs/classroom/build.py")]
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "classroom.html"
        subprocess.run([*builder, str(page)], check=True, capture_output=True)
        return page.read_text(encoding="utf-8")


def _claims() -> str:
    import exactsurf as es

    return "\n".join(f'- `es.CLAIMS["{key}"]`: {_shown(claim.statement)}' for key, claim in es.CLAIMS.items())


def _formulas(text: str) -> str:
    """LaTeX between dollar signs as MathML, which browsers draw without scripts."""
    from latex2mathml.converter import convert

    return "".join(convert(part) if k % 2 else _shown(part) for k, part in enumerate(text.split("$")))
