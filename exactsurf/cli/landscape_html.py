"""The page of a landscape as a file: what it holds, and what it may replace."""

from __future__ import annotations

from pathlib import Path

from exactsurf.errors import InputError
from exactsurf.files import write_file
from exactsurf.surface.surface import Landscape

_WALKS = 6  # of a page, at most
_LISTED_ORBITS = 5_000  # signed cells up to the order of the units whose local minima a page lists, at most
_START = b"<!DOCTYPE html>"


def check_page_file(path: Path) -> None:
    """Raise `InputError` for a file that a page must not replace; before long work."""
    if path.suffix.lower() not in (".html", ".htm"):
        raise InputError("the name of a page ends in .html", file=str(path), text=path.suffix)
    if path.is_dir():
        raise InputError("is a folder", file=str(path), fix="name a file in it, for example page.html")
    try:
        start = path.read_bytes()[: len(_START)] if path.exists() else _START
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from None
    if start != _START:
        raise InputError("exists, and is no page that could be replaced", file=str(path), fix="choose another name, or remove it")


def write_page(land: Landscape, path: Path) -> Path:
    """Write the page, whole or not at all. Raises: as `check_page_file`, and if it cannot be written."""
    check_page_file(path)
    return write_file(path, landscape_html(land).encode())


def landscape_html(land: Landscape) -> str:
    """The page: walks from every valley to a global minimum, and other local minima, as far as there are few.

    Exactness: as `landscape_page`. Raises: nothing. Source: theory.md, theorem B.
    """
    from exactsurf.show.pages.landscape_page import landscape_page
    from exactsurf.surface.paths import lowest_path

    attained = [valley.parameters for valley in land.valleys if valley.parameters is not None]
    by_height = sorted(land.valleys, key=lambda valley: -(valley.persistence or 0))
    starts = [valley.parameters for valley in by_height if valley.parameters is not None][:_WALKS]
    walks = []
    for start in starts:
        # A global minimum is left for another one; all other valleys for the first.
        end = next((point for point in attained if point != start), None)
        if end is not None:
            walks.append(lowest_path(land, start, end))
    return landscape_page(land, walks, local_minima=land.has_all_local_minima and land.orbits <= _LISTED_ORBITS)
