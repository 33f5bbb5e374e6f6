"""Batches that are done before their turn, in a file that has no name: the process that collects them keeps few in memory."""

from __future__ import annotations

import tempfile
from typing import IO

_IN_MEMORY = 1 << 20
"""Bytes that wait in memory; what is beyond goes to the file."""


class WaitingBatches:
    """The bytes of batches by their first orbit; each is taken once.

    Exactness: the same bytes come back. Raises: `OSError` if the disk is full. Source: none.

    >>> with_turn = WaitingBatches()
    >>> with_turn.put(8, b"later"), 8 in with_turn, with_turn.take(8), 8 in with_turn
    (None, True, b'later', False)
    """

    def __init__(self, in_memory: int = _IN_MEMORY) -> None:
        self._room = in_memory
        self._held: dict[int, bytes] = {}
        self._stored: dict[int, tuple[int, int]] = {}
        self._file: IO[bytes] | None = None

    def __contains__(self, begin: int) -> bool:
        return begin in self._held or begin in self._stored

    def close(self) -> None:
        """Let the file go, with what has not been taken."""
        if self._file is not None:
            self._file.close()

    def put(self, begin: int, content: bytes) -> None:
        """Keep the bytes of the batch that begins with this orbit."""
        if len(content) <= self._room:
            self._room -= len(content)
            self._held[begin] = content
            return
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115  (closed by `close`)
        place = self._file.seek(0, 2)
        self._file.write(content)
        self._stored[begin] = (place, len(content))

    def take(self, begin: int) -> bytes:
        """The bytes of the batch that begins with this orbit, which are not kept any longer."""
        content = self._held.pop(begin, None)
        if content is not None:
            self._room += len(content)
            return content
        place, size = self._stored.pop(begin)
        assert self._file is not None  # what is stored was written to it
        self._file.seek(place)
        content = self._file.read(size)
        if not self._stored:
            self._file.truncate(0)
        return content
