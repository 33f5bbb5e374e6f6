"""The picture of the packages in CONTRIBUTING.md, from the imports: `python docs/streets.py` writes it anew."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "exactsurf"
PAGE = ROOT / "CONTRIBUTING.md"
BEGIN, END = "<!-- streets: made by docs/streets.py -->", "<!-- end of streets -->"


def floors() -> list[list[str]]:
    """The packages from the top floor down, as the contract of import-linter has them; the verifier stands apart."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = next(contract["layers"] for contract in settings["contracts"] if contract["type"] == "layers")
    return [[name.strip() for name in layer.split("|")] for layer in layers]


def imported(package: str) -> set[str]:
    """The packages that the files of a package import, itself left out."""
    home = PACKAGE / package
    found = set()
    for path in home.rglob("*.py") if home.is_dir() else [home.with_suffix(".py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "exactsurf":
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("exactsurf."):
                found.add(str(node.module).split(".")[1])
    return found - {package}


def folders(package: str) -> list[str]:
    """The folders below a package."""
    return sorted(path.parent.name for path in (PACKAGE / package).glob("*/__init__.py"))


def picture() -> str:
    """One line a package, from the top floor down: its folders, and what it imports from the floors below."""
    order = [name for floor in floors() for name in floor]
    rows = []
    for name in [*order, "verifier"]:
        is_folder = (PACKAGE / name).is_dir()
        below = folders(name) if is_folder else []
        # display is the one door upwards, so what it imports is no part of the order; everybody may raise errors.
        seen = set() if name == "display" else imported(name) - {"display", "errors"}
        used = [other for other in [*order, "verifier"] if other in seen]
        left = f"{name}/" if is_folder else f"{name}.py"
        rows.append((left, " ".join(f"{folder}/" for folder in below), " ".join(used)))
    widths = [max(len(row[k]) for row in rows) for k in (0, 1)]
    lines = [f"{a:{widths[0]}}  {b:{widths[1]}}  {'→ ' + c if c else ''}".rstrip() for a, b, c in rows]
    return "```text\n" + "\n".join(lines) + "\n```"


def page_with(made: str) -> str:
    """CONTRIBUTING.md with this picture."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{made}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(page_with(picture()), encoding="utf-8")
