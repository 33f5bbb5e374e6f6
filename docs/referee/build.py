"""One HTML file that checks certificates in a browser: ``python docs/referee/build.py referee.html`` (or ``make page``).

Pyodide comes from its npm package, whose version and hash are pinned here; it is never committed.
"""

from __future__ import annotations

import ast
import base64
import gzip
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from pathlib import Path

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
PYODIDE = "314.0.7"
INTEGRITY = "0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A=="  # SHA-512
# The verifier, the proved checker, and what the text about a certificate is made with.
SOURCES = ["verifier", "formal", *(f"show/{name}" for name in ("claims", "rules", "text")), "certificate", "minima", "cells"]
SOURCES += ["arrangement", "model", "exact"]
SINGLE = ["__init__", "show/__init__", "display", "effort", "errors", "files", "activations", "losses"]
# What of Python's library no page needs, and would be a tenth of the file: tools for programmers, servers and networks.
UNUSED = {"_pyrepl", "bdb", "ctypes", "doctest", "email", "ftplib", "http", "imaplib", "mailbox", "multiprocessing", "pdb"}
UNUSED |= {"poplib", "pydoc", "smtplib", "socketserver", "sqlite3", "tarfile", "unittest", "wsgiref", "xml", "xmlrpc"}
PYTHON = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json", "package.json"]
SOURCE = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Source"]
FORMAT = f"{SOURCE}/blob/main/proofs/FORMAT.md"


def pyodide(cache: Path) -> dict[str, bytes]:
    """The files of the npm package, which has the pinned hash."""
    archive = cache / f"pyodide-{PYODIDE}.tgz"
    if not archive.exists():
        cache.mkdir(parents=True, exist_ok=True)
        command = ["npm", "pack", "--silent", "--pack-destination", str(cache), f"pyodide@{PYODIDE}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, shell=sys.platform == "win32")
    content = archive.read_bytes()
    found = base64.b64encode(hashlib.sha512(content).digest()).decode()
    if found != INTEGRITY:
        archive.unlink()
        raise SystemExit(f"pyodide@{PYODIDE} from npm has the SHA-512 {found}, not the one that is pinned in {__file__}")
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as files:
        members = [member for member in files.getmembers() if member.isfile()]
        return {member.name.removeprefix("package/"): files.extractfile(member).read() for member in members}  # type: ignore[union-attr]


def _imported(archive: bytes) -> list[str]:
    """The modules of Python's library that the page's sources name."""
    found: set[str] = set()
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        for name in files.namelist():
            for node in ast.walk(ast.parse(files.read(name))):
                if isinstance(node, ast.Import):
                    found.update(alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found.add(node.module)
    return sorted(name for name in found if name.partition(".")[0] in sys.stdlib_module_names)


def snapshot(files: dict[str, bytes], modules: list[str]) -> tuple[bytes, set[str]]:
    """The memory of a Python that has imported the modules, and the names of all that it has imported."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path in PYTHON:
            (folder / path).write_bytes(files[path])
        command = ["node", str(HERE / "snapshot.mjs"), str(folder), str(folder / "memory"), *modules]
        run = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8")
        return (folder / "memory").read_bytes(), set(json.loads(run.stdout.splitlines()[-1]))


def library(files: dict[str, bytes], loaded: set[str]) -> bytes:
    """What may still be imported of Python's library."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(files["python_stdlib.zip"])) as full, zipfile.ZipFile(buffer, "w") as rest:
        for entry in full.infolist():
            module = entry.filename.rpartition(".")[0].replace("/", ".").removesuffix(".__init__")
            if not entry.is_dir() and module not in loaded and module.partition(".")[0] not in UNUSED:
                rest.writestr(zipfile.ZipInfo(entry.filename), full.read(entry))
    return buffer.getvalue()


def sources() -> bytes:
    """The modules of exactsurf that the page runs, byte for byte, as a ZIP file; its time stamps are fixed."""
    package = ROOT / "exactsurf"
    paths = [path for name in SOURCES for path in sorted((package / name).rglob("*.py"))]
    paths += [package / f"{name}.py" for name in SINGLE]
    named = {path.relative_to(ROOT).as_posix(): path for path in paths}
    named |= {path.name: path for path in sorted((HERE / "inside").glob("*.py"))}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:  # stored: the whole is compressed once
        for name, path in named.items():
            archive.writestr(zipfile.ZipInfo(name), path.read_bytes())
    return buffer.getvalue()


def page(files: dict[str, bytes]) -> str:
    """The HTML document."""
    # One module: a page of file:// may start a worker from a data: address, which cannot import others.
    worker = "\n".join((files["pyodide.asm.mjs"].decode(), _unexported(files["pyodide.mjs"].decode()), _text("worker.js")))
    archive = sources()
    memory, loaded = snapshot(files, _imported(archive))
    packed = {
        "worker": worker.encode(),
        "wasm": files["pyodide.asm.wasm"],
        "memory": memory,
        "library": library(files, loaded),
        "sources": archive,
    }
    index = json.loads(files["pyodide-lock.json"])["info"]
    plain = {
        "index": json.dumps({"info": index, "packages": {}}),
        "example": (ROOT / "proofs/golden/accept/xor.json").read_text(encoding="utf-8"),
    }
    blocks = [_block(name, base64.b64encode(gzip.compress(content, 9, mtime=0)).decode()) for name, content in packed.items()]
    blocks += [_block(name, text) for name, text in plain.items()]
    script = _text("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    # Only this script, the worker made of this file, and nothing from or to any network.
    policy = (
        f"default-src 'none'; script-src 'sha256-{digest}' 'wasm-unsafe-eval'; worker-src data:; style-src 'unsafe-inline';"
        " connect-src 'none'; form-action 'none'; base-uri 'none'"
    )
    (version,) = re.findall(r'__version__ = "(.+)"', (ROOT / "exactsurf/__init__.py").read_text(encoding="utf-8"))
    values = {"policy": policy, "style": _text("page.css"), "script": script, "data": "\n".join(blocks), "version": version}
    values |= {"pyodide": PYODIDE, "python": index["python"], "format": FORMAT}
    return re.sub(r"\{\{(\w+)\}\}", lambda match: values[match[1]], _text("page.html"))


def _unexported(loader: str) -> str:
    """The module as a part of another one: its exported function under the name that it exports."""
    found = re.search(r"export\{(\w+) as loadPyodide,[^}]*\};\s*(//.*)?\s*\Z", loader)
    if found is None:
        raise SystemExit("pyodide.mjs does not export loadPyodide as it did")
    return f"{loader[: found.start()]}const loadPyodide = {found[1]};"


def _text(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _block(name: str, text: str) -> str:
    if "</" in text or "<!--" in text:
        raise SystemExit(f"{name} cannot stand in an HTML file as it is")
    return f'<script type="text/plain" id="{name}">{text}</script>'


def main(arguments: list[str]) -> None:
    """Build the page into the file that is named."""
    (target,) = map(Path, arguments)
    text = page(pyodide(Path(tempfile.gettempdir()) / "exactsurf-npm"))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(text.encode())
    print(f"{target}: {len(text.encode()) / 1e6:.1f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
