"""CSV texts, read as files."""

from __future__ import annotations

import io
import os
import pickle
from typing import Any

import pytest

from exactsurf.errors import InputError
from exactsurf.model.csv_files.table import CsvTable, load_bytes, parse_csv


def parse(text: str | bytes, **options: Any) -> CsvTable:
    """The table of a file ``t.csv`` with this text."""
    data = text if isinstance(text, bytes) else text.encode()
    return parse_csv(io.BytesIO(data), "t.csv", **options)


def read(path: str | os.PathLike[str], **options: Any) -> CsvTable:
    """The table of a file."""
    return parse_csv(load_bytes(path), os.fspath(path), **options)


def refused(text: str | bytes, **options: Any) -> InputError:
    """The error for a file with this text; it names the file and can be pickled."""
    with pytest.raises(InputError) as caught:
        parse(text, **options)
    assert "t.csv" in str(caught.value)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    return caught.value
