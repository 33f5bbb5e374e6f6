"""A run of a landscape in one file: the batches done so far, so that a run that was stopped goes on where it was."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Generic

from exactsurf.certificate.problem_document import problem_document
from exactsurf.errors import InputError
from exactsurf.model.problem import Problem
from exactsurf.surface.run.span_work import B, SpanWork, numbering_digest

FORMAT = 3
_APPLICATION = 0x65787366
"""The application number in the header of the file (the letters exsf)."""

_TABLES = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE batches (begin INTEGER PRIMARY KEY, content BLOB NOT NULL);
"""
_CHECK = 16
"""Bytes of a batch's checksum."""


def problem_digest(problem: Problem) -> str:
    """SHA-256 of the problem as certificates restate it.

    Exactness: equal for equal problems. Raises: `UnsupportedError` for numbers that no certificate can hold.
    Source: proofs/FORMAT.md, section 2.
    """
    text = json.dumps(problem_document(problem), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Checkpoint(Generic[B]):
    """The file of a run; a context manager that holds the file for this run alone.

    Every batch is a transaction of its own, so a run that is killed loses only what it was working on. The file names the
    problem by its digest and each batch carries a checksum; nothing is guarded against a file forged on purpose.
    Parameters: `path`, created if there is none; `work`, the workload; `length`, the orbits of a batch of a new file.
    Attributes: `length`, the orbits of a batch of this file.
    Exactness: exact. Raises: `InputError` if the file belongs to another problem, to another version, to another run that is
    going on, is damaged, is no checkpoint, or cannot be written. An existing file is never overwritten. Source: none.
    """

    def __init__(self, path: str | os.PathLike[str], work: SpanWork[B], length: int) -> None:
        self.path, self._decoded = Path(path), work.decoded
        self._facts = {
            "problem": problem_digest(work.problem),
            "numbering": numbering_digest(work),
            "orbits": str(work.orbits.count),
            "length": str(length),
        }
        self._count = work.orbits.count
        if self.path.is_dir():
            raise InputError("is a folder", file=str(path), fix="name a file for the checkpoint")
        with self._translated():
            self._open()
        self.length = int(self._facts["length"])

    def __enter__(self) -> Checkpoint[B]:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._connection.close()

    def missing(self) -> list[tuple[int, int]]:
        """The spans of the batches that are not in the file, in order; all others are read and their checksums compared.

        Raises: `InputError` if one is damaged.
        """
        done = set()
        with self._translated():
            (state,) = self._connection.execute("PRAGMA quick_check(1)").fetchone()
            if state != "ok":
                raise self._damaged(state.splitlines()[-1])
            for begin, content in self._connection.execute("SELECT begin, content FROM batches"):
                self._content(begin, content)
                done.add(begin)
        return [(begin, end) for begin, end in self._spans() if begin not in done]

    def store(self, begin: int, content: bytes) -> None:
        """Keep the bytes of the batch that begins with orbit `begin`.

        Raises: `InputError` if the disk is full or the file cannot be written; the batches before stay.
        """
        with self._translated():
            self._connection.execute("INSERT OR REPLACE INTO batches VALUES (?, ?)", (begin, self._sum(begin, content) + content))

    def batches(self) -> Iterator[B]:
        """All batches, in order, from the file.

        Raises: `InputError` if one is missing or damaged.
        """
        for begin, end in self._spans():
            with self._translated():
                row = self._connection.execute("SELECT content FROM batches WHERE begin = ?", (begin,)).fetchone()
            if row is None:
                raise self._damaged(f"batch {begin} is missing")
            try:
                batch = self._decoded(self._content(begin, row[0]))
            except ValueError:
                raise self._damaged(f"batch {begin} cannot be read") from None
            if (batch.begin, batch.end) != (begin, end):
                raise self._damaged(f"batch {begin} is another one")
            yield batch

    def _spans(self) -> list[tuple[int, int]]:
        length = int(self._facts["length"])
        return [(begin, min(begin + length, self._count)) for begin in range(0, self._count, length)]

    def _open(self) -> None:
        known = self.path.exists() and self.path.stat().st_size > 0
        self._connection = sqlite3.connect(self.path, timeout=0, isolation_level=None)
        try:
            self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._connection.execute("BEGIN EXCLUSIVE")
            if known:
                self._compare()
            else:
                for statement in filter(str.strip, _TABLES.split(";")):
                    self._connection.execute(statement)
                rows = [*self._facts.items(), ("sum", self._sum_of_facts())]
                self._connection.executemany("INSERT INTO facts VALUES (?, ?)", rows)
                self._connection.execute(f"PRAGMA application_id = {_APPLICATION}")
                self._connection.execute(f"PRAGMA user_version = {FORMAT}")
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.close()
            raise

    def _compare(self) -> None:
        name = str(self.path)
        application = self._connection.execute("PRAGMA application_id").fetchone()[0]
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if application != _APPLICATION:
            raise InputError("is no checkpoint of exactsurf", file=name, fix="name a new file, or one that a run has written")
        if version != FORMAT:
            fix = "use the version of exactsurf that wrote it, or a new file"
            raise InputError(f"is a checkpoint of format {version}, and this exactsurf reads {FORMAT}", file=name, fix=fix)
        found = dict(self._connection.execute("SELECT name, value FROM facts").fetchall())
        expected, self._facts = self._facts, {key: str(found.get(key)) for key in self._facts}
        if found.get("sum") != self._sum_of_facts() or not self._facts["length"].isdecimal():
            raise self._damaged("what it says about its run does not fit its checksum")
        if self._facts["problem"] != expected["problem"]:
            raise InputError(
                f"is the checkpoint of another problem (digest {self._facts['problem'][:12]}…, this one has "
                f"{expected['problem'][:12]}…)",
                file=name,
                fix="name the file of this problem, or a new one",
            )
        if any(self._facts[key] != expected[key] for key in ("numbering", "orbits")):
            fix = "use the version of exactsurf that wrote it, or a new file"
            raise InputError("is a checkpoint of this problem by a version that numbers cells otherwise", file=name, fix=fix)

    def _sum_of_facts(self) -> str:
        return hashlib.sha256(json.dumps(self._facts, sort_keys=True).encode()).hexdigest()

    def _sum(self, begin: int, content: bytes) -> bytes:
        return hashlib.sha256(f"{self._facts['problem']} {begin} ".encode() + content).digest()[:_CHECK]

    def _content(self, begin: int, stored: object) -> bytes:
        if not isinstance(begin, int) or not isinstance(stored, bytes):
            raise self._damaged(f"batch {begin} is of another type")
        content = stored[_CHECK:]
        if stored[:_CHECK] != self._sum(begin, content):
            raise self._damaged(f"batch {begin} does not fit its checksum")
        if begin % int(self._facts["length"]) or not 0 <= begin < self._count:
            raise self._damaged(f"batch {begin} is none of this run")
        return content

    def _damaged(self, how: str) -> InputError:
        fix = "it was left as it is: take a copy of it from before, or begin a new file"
        return InputError(f"the checkpoint is damaged: {how}", file=str(self.path), fix=fix)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """What SQLite says, as an error that says what to do."""
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError, OSError) as error:
            name = getattr(error, "sqlite_errorname", "SQLITE_CANTOPEN" if isinstance(error, OSError) else "")
            for beginnings, what, fix in _SAID:
                if name.startswith(beginnings):
                    raise InputError(what.format(error), file=str(self.path), fix=fix) from None
            raise self._damaged(str(error)) from None


_SAID = (
    (
        ("SQLITE_FULL", "SQLITE_IOERR"),
        "the checkpoint cannot be written, the disk is full or broken ({})",
        "the batches written before are kept: make room, and run again with the same file",
    ),
    (("SQLITE_BUSY", "SQLITE_LOCKED"), "the checkpoint is in use by another run", "wait for it, or name another file"),
    (
        ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM"),
        "the checkpoint cannot be written ({})",
        "name a file in a folder that can be written to",
    ),
    (
        ("SQLITE_NOTADB",),
        "is no checkpoint of exactsurf, or one that is damaged at its beginning",
        "name a new file, or one that a run has written",
    ),
)
"""What SQLite may say: the beginnings of its error's name, what that means, and what to do."""
