"""What the site is made of: docstrings as Markdown, lessons with what they print and draw."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

HOOKS = Path(__file__).parents[2] / "docs/hooks"


@pytest.fixture
def hooks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(HOOKS), *sys.path])


def test_a_lesson_shows_output_and_pictures_and_hides_solutions(hooks, tmp_path: Path):
    pytest.importorskip("matplotlib")
    from lesson import lesson_page

    script = tmp_path / "07_small.py"
    script.write_text(
        "# %% [markdown]\n# # Title\n#\n# Text.\n\n# %%\nimport matplotlib.pyplot as plt\n\nx = 6 * 7\nprint(x)\n"
        "figure, axis = plt.subplots()\n\n# %% [markdown]\n# ## Exercises\n\n# %% tags=[\"solution\"]\nassert x == 42\n"
    )  # fmt: skip
    page, pictures = lesson_page(script)
    assert page.startswith("# Title\n\nText.\n\n```python\nimport matplotlib")
    assert "```text\n42\n```" in page and '??? success "Solution"\n\n    ```python\n    assert x == 42\n    ```' in page
    ((name, content),) = pictures.items()
    assert f"]({name})" in page and b"<svg" in content


def test_a_lesson_whose_checkpoint_fails_stops_the_build(hooks, tmp_path: Path):
    pytest.importorskip("matplotlib")
    from lesson import lesson_page

    script = tmp_path / "08_false.py"
    script.write_text("# %%\nassert 1 + 1 == 3\n")
    with pytest.raises(AssertionError):
        lesson_page(script)


def test_docstrings_become_items_and_code(hooks):
    pytest.importorskip("griffe")
    from docstrings import as_markdown

    text = "Adds.\n\nParameters: `a`, a\nnumber. Returns: a sum. Exactness: exact.\nSource: none.\n\n>>> 1 + 1\n2\n\nMore."
    assert as_markdown(text) == (
        "Adds.\n\n- **Parameters:** `a`, a\nnumber. \n- **Returns:** a sum. \n- **Exactness:** exact.\n\n- **Source:** none."
        "\n\n```pycon\n>>> 1 + 1\n2\n```\n\nMore."
    )
