"""How long the page that checks certificates takes in headless Chromium: ``make page && python benchmarks/referee_page.py``.

From the opening of the page, by ``file:`` and from a server, until the first verdict; then certificates about the 150 samples of
iris, each chosen while the words about the one before are still being made.
"""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.docs.browser import tab  # noqa: E402

STATE = "document.documentElement.dataset.state"
IRIS = ["iris --target petal_width --drop species", "iris_two --target species --classes --loss cross_entropy"]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def served(page: Path) -> Iterator[str]:
    """The page's address on a server of this machine."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=page.parent))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{page.name}"
    server.shutdown()


def certificates(folder: Path) -> list[Path]:
    """Spurious local minima on iris: one with the squared loss, one in a box with the cross entropy."""
    for arguments in IRIS:
        command = [sys.executable, "-m", "exactsurf", "counterexample", *arguments.split(), "-o", str(folder)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return sorted(folder.glob("*.certificate.json"))


def measure(address: str, files: list[Path]) -> None:
    """One browser from its start on."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, tab(Path(profile)) as page:
        begin = time.perf_counter()
        page.visit(address)
        page.run("document.querySelector('#true').click()")
        page.wait(f"{STATE} === 'accepted'", 120)
        print(f"{address.partition(':')[0]}: first verdict {time.perf_counter() - begin:.1f} s after opening")
        for file in files * 2:
            page.run(f"{STATE} = 'ready'")
            begin = time.perf_counter()
            page.choose("#files", [file])
            page.wait(f"!['ready', 'checking'].includes({STATE})", 120)
            print(f"  {file.name}: {page.run(STATE)} after {time.perf_counter() - begin:.2f} s")
        page.wait("document.documentElement.dataset.text", 120)
        print(f"  words {time.perf_counter() - begin:.1f} s after the last was chosen")


def main() -> None:
    """Measure referee.html at the top of the tree."""
    page = ROOT / "referee.html"
    print(f"{page.stat().st_size / 1e6:.1f} MB; load of the machine {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        files = certificates(Path(folder))
        measure(page.as_uri(), files)
        with served(page) as address:
            measure(address, files)


if __name__ == "__main__":
    main()
