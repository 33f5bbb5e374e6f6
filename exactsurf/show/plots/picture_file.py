"""Pictures as files: SVG, PDF or PNG, written by rename and equal for equal pictures."""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from exactsurf.errors import InputError, MissingExtraError
from exactsurf.files import write_file

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_METADATA: dict[str, dict[str, None]] = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}, ".png": {"Software": None}}


def check_picture_file(path: Path) -> None:
    """Raise `InputError` for a file name that is no picture's and `MissingExtraError` without matplotlib; before long work."""
    if path.suffix.lower() not in _METADATA:
        known = ", ".join(_METADATA)
        raise InputError("the name of a picture says its format", file=str(path), text=path.suffix, fix=f"end it in {known}")
    if find_spec("matplotlib") is None:
        raise MissingExtraError("matplotlib", "plots")


def save_picture(axes: Axes, path: Path) -> Path:
    """Write the figure of `axes`; the format follows the suffix. Raises: as `check_picture_file`, and if it cannot be written."""
    import matplotlib as mpl

    check_picture_file(path)
    suffix = path.suffix.lower()
    content = BytesIO()
    with mpl.rc_context({"svg.hashsalt": "exactsurf"}):
        axes.get_figure(root=True).savefig(  # type: ignore[union-attr]
            content, format=suffix[1:], bbox_inches="tight", dpi=200, metadata=_METADATA[suffix]
        )
    return write_file(path, content.getvalue())
