"""The data sets that come with exactsurf; their sources are in bundled/SOURCES.md."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from exactsurf.errors import InputError, nearest

BUNDLED: dict[str, str] = {
    "anscombe": "Anscombe's quartet: 11 rows; x1, y1, …, x4, y4 (four regressions with one line)",
    "diabetes": "progression of diabetes: 442 patients, 10 measurements and the target progression",
    "iris": "Fisher's iris: 150 flowers, 4 measurements in cm and the species",
    "iris_two": "the 100 flowers of iris that are versicolor or virginica: no hyperplane separates them, not even weakly",
    "xor": "exclusive or: 4 rows; x1, x2 and y",
}
"""What there is: name → one line of description."""


def bundled_path(name: str) -> Path:
    """The CSV file of a bundled data set.

    Parameters: `name`, a key of `BUNDLED`. Returns: the path of the installed file.
    Exactness: the files hold the published decimals. Raises: `InputError` with the nearest name.
    Source: exactsurf/model/bundled/SOURCES.md.

    >>> bundled_path("xor").read_text()
    'x1,x2,y\\n0,0,0\\n0,1,1\\n1,0,1\\n1,1,0\\n'
    """
    if name not in BUNDLED:
        fix = f"{nearest(str(name), list(BUNDLED))}there are: {', '.join(BUNDLED)}"
        raise InputError("there is no such bundled data set", text=str(name), fix=fix)
    return Path(str(resources.files("exactsurf.model").joinpath("bundled", f"{name}.csv")))
