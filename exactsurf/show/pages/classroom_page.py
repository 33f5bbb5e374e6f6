"""Landscapes as one HTML page for the classroom: an explorer that computes exactly and refers to nothing outside itself."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from importlib import resources

from exactsurf.errors import InputError, check_kind
from exactsurf.show.pages.classroom_data import landscape_document
from exactsurf.show.pages.landscape_page import MARK
from exactsurf.surface.surface import Landscape

_SCRIPTS = ("exact", "network", "polynomial", "surface", "pictures", "page", "controls")


def classroom_page(landscapes: Landscape | Mapping[str, Landscape | Sequence[Landscape]]) -> str:
    """One or several landscapes as a page to explore: valleys, walks between any two, the surface, networks, cells.

    Choose data and network, two valleys, and walk from one to the other along a lowest path; at every step (and at every point of
    the plane through them, and in every other local minimum) the page shows the network with its weights, its function over
    the data, its cell, and the polynomial that the risk is there. The surface is drawn in perspective and from above, with
    true walls as creases. Mouse, touch and keyboard; light and dark; a print fits on paper.
    The fragment ``#set=1&from=2&to=0&step=10&numbers=decimal&theme=dark`` chooses all of it.
    Parameters: `landscapes`, a landscape, or by the name of the data one or several landscapes (such as of several widths); of
    each at most 10 valleys and 24 other local minima are shown, the rest is counted. Returns: HTML, about 100 kB and 20 kB a
    landscape. Exactness: the page holds exact numbers and computes with fractions; what stands behind ≈ is rounded from them;
    floats only place what is drawn. Raises: `InputError` if there is no landscape. Source: theory.md, sections 1 and 4.

    >>> import exactsurf as es
    >>> land = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> page = es.classroom_page({"zigzag": [land]})
    >>> page.startswith("<!DOCTYPE html>"), len(page) < 100_000
    (True, True)
    """
    check_kind(landscapes, (Landscape, Mapping), "classroom_page", "take es.landscape(problem)")
    named: Mapping[str, Landscape | Sequence[Landscape]]
    named = {_data_name(landscapes): landscapes} if isinstance(landscapes, Landscape) else landscapes
    documents = [
        landscape_document(land, name)
        for name, lands in named.items()
        for land in ([lands] if isinstance(lands, Landscape) else lands)
    ]
    if not documents:
        raise InputError("a page shows at least one landscape")
    title = "The loss landscape of " + ", ".join(dict.fromkeys(document["data"] for document in documents))
    content = json.dumps(documents, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    script = "\n".join(_part(f"{name}.js") for name in _SCRIPTS)
    head = ['<meta charset="utf-8">', '<meta name="viewport" content="width=device-width, initial-scale=1">', MARK]
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            *head,
            f"<title>{escape(title)}</title>",
            f"<style>\n{_part('page.css')}</style>",
            "</head>",
            "<body>",
            _part("page.html"),
            f'<script type="application/json" id="landscapes">{content}</script>',
            f"<script>\n{script}</script>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _data_name(land: Landscape) -> str:
    report = land.problem.data.report
    return ", ".join(land.problem.data.target_names) + " from " + ", ".join(land.problem.data.input_names) if report else "Data"


def _part(name: str) -> str:
    return resources.files("exactsurf.show.pages").joinpath("classroom", name).read_text(encoding="utf-8")
