"""The page of a landscape as a file: what it may replace, and how it appears."""

from __future__ import annotations

from pathlib import Path

from exactsurf.cli.table_options import data_name
from exactsurf.errors import InputError
from exactsurf.files import write_file
from exactsurf.show.pages.classroom_page import classroom_page
from exactsurf.show.pages.landscape_page import MARK, landscape_page
from exactsurf.surface.levels.enclosed_landscape import EnclosedLandscape
from exactsurf.surface.paths import lowest_path
from exactsurf.surface.restricted.restricted_landscape import RestrictedLandscape
from exactsurf.surface.surface import Landscape

_WALKS = 8  # out of spurious valleys, at most
_START = 400  # bytes in which a page says what it is


def check_page_file(path: Path) -> None:
    """Raise `InputError` for a file that a page must not replace; before long work."""
    if path.suffix.lower() not in (".html", ".htm"):
        raise InputError("the name of a page ends in .html", file=str(path), text=path.suffix)
    if path.is_dir():
        raise InputError("is a folder", file=str(path), fix="name a file in it, for example page.html")
    if not path.exists():
        return
    try:
        with path.open("rb") as file:
            start = file.read(_START)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from None
    if MARK.encode() not in start:
        fix = "choose another name, or remove it"
        raise InputError("exists, and is no page of a landscape that could be replaced", file=str(path), fix=fix)


def write_page(land: Landscape | EnclosedLandscape | RestrictedLandscape, source: str, path: Path) -> Path:
    """Write the page of a landscape, whole or not at all; of a restricted one with walks out of its valleys, if they are known.

    Parameters: `source`, where the data came from, as it was said at the terminal. Raises: as `check_page_file`, and
    `InputError` if it cannot be written.
    """
    check_page_file(path)
    if isinstance(land, Landscape):
        content = classroom_page({data_name(source): land})
    elif isinstance(land, RestrictedLandscape):
        best, spurious = land.global_minimum.parameters, [valley for valley in land.valleys if valley.is_spurious]
        starts = [valley.parameters for valley in spurious[:_WALKS] if valley.parameters is not None]
        walks = [lowest_path(land, start, best) for start in starts] if best is not None and land.has_paths else []
        content = landscape_page(land, walks or None, local_minima=True)
    else:
        content = landscape_page(land)
    return write_file(path, content.encode())
