"""Compressed certificates: one gzip member of bounded size, and nothing else."""

from __future__ import annotations

import gzip

import pytest

from exactsurf.verifier import Rejected, verify
from exactsurf.verifier.arithmetic import document as document_reader
from tests.verifier.global_examples import get
from tests.verifier.verdicts import encode


def test_compressed_certificates() -> None:
    content = encode(get("global_hill"))
    packed = gzip.compress(content, mtime=0)
    assert verify(packed) == verify(content)
    for damaged in (
        packed[:-1],
        packed + b"\0",
        packed + packed,
        packed[:-5] + b"\0" + packed[-4:],
        packed[:2],
        gzip.compress(packed),
    ):
        with pytest.raises(Rejected):
            verify(damaged)


def test_a_small_file_that_unpacks_to_a_large_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_reader, "MAX_DOCUMENT_BYTES", 10**6)
    with pytest.raises(Rejected, match="unpacked"):
        verify(gzip.compress(b" " * 10**8))
