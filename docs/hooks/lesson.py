"""A notebook (py:percent) as a page: its cells are run, and what they print and draw stands below them."""

from __future__ import annotations

import ast
import io
import re
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

_CELL = re.compile(r"^# %%(.*)\n", re.MULTILINE)


def lesson_page(path: Path) -> tuple[str, dict[str, bytes]]:
    """The Markdown of a lesson, and its pictures by file name.

    An exception in a cell stops the build: a lesson whose checkpoints fail is not published.
    """
    import matplotlib

    matplotlib.use("Agg")
    parts = _CELL.split(path.read_text(encoding="utf-8"))
    namespace: dict[str, Any] = {"__name__": "__main__"}
    pictures: dict[str, bytes] = {}
    blocks = []
    for number, (head, body) in enumerate(zip(parts[1::2], parts[2::2], strict=True)):
        source = body.strip("\n")
        if "[markdown]" in head:
            blocks.append("\n".join(line.removeprefix("#").removeprefix(" ") for line in source.split("\n")))
            continue
        printed, drawn = _run(source, namespace, path)
        names = []
        for k, picture in enumerate(drawn):
            name = f"{path.stem}_{number}_{k}.svg"
            pictures[name] = picture
            names.append(f"![picture drawn by the cell above]({name})")
        output = [f"```text\n{printed.rstrip()}\n```"] if printed.strip() else []
        shown = "\n\n".join([f"```python\n{source}\n```", *output, *names])
        if "solution" in head:
            shown = '??? success "Solution"\n\n' + "\n".join(f"    {line}" if line else "" for line in shown.split("\n"))
        blocks.append(shown)
    return "\n\n".join(blocks) + "\n", pictures


def _run(source: str, namespace: dict[str, Any], path: Path) -> tuple[str, list[bytes]]:
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    with redirect_stdout(io.StringIO()) as printed:
        exec(compile(ast.parse(source), str(path), "exec"), namespace)
    drawn = []
    with mpl.rc_context({"svg.hashsalt": "exactsurf"}):
        for number in plt.get_fignums():
            content = io.BytesIO()
            plt.figure(number).savefig(content, format="svg", metadata={"Date": None})
            drawn.append(content.getvalue())
    plt.close("all")
    return printed.getvalue(), drawn
