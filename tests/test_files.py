"""Files appear whole or not at all, and are noted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from exactsurf.errors import InputError
from exactsurf.files import files_written, write_file


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    goal = tmp_path / "c.json"
    goal.write_bytes(b"old")

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(InputError, match="No space left"):
        write_file(goal, b"new")
    assert goal.read_bytes() == b"old" and os.listdir(tmp_path) == ["c.json"]
    with pytest.raises(InputError, match="cannot be written"):
        write_file(goal / "below" / "a" / "file", b"new")


def test_devices_are_written_to_and_links_are_kept(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert write_file(pipe, b"new") == pipe
        assert os.read(reader, 10) == b"new" and not pipe.is_file()
    finally:
        os.close(reader)
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "folder" / "file")
    write_file(link, b"one")
    assert write_file(link, b"two") == link and link.is_symlink()
    assert (tmp_path / "folder" / "file").read_bytes() == b"two" and len(list((tmp_path / "folder").iterdir())) == 1


def test_what_is_put_into_place_is_noted_in_order(tmp_path: Path):
    write_file(tmp_path / "before", b"")
    with files_written() as found:
        write_file(tmp_path / "one", b"1")
        write_file(tmp_path / "below" / "two", b"2")
    write_file(tmp_path / "after", b"")
    assert found == [tmp_path / "one", tmp_path / "below" / "two"]
