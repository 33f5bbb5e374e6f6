// The memory of a Python that has started and imported: node snapshot.mjs PYODIDE_FOLDER TARGET MODULE…
// Starting Python takes a browser seconds; laying out this memory takes it a fraction of one. Nothing of exactsurf is in it.
import {writeFileSync} from "node:fs";
import {pathToFileURL} from "node:url";

const [folder, target, ...modules] = process.argv.slice(2);
const {loadPyodide} = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const pyodide = await loadPyodide({indexURL: folder, _makeSnapshot: true, env: {HOME: "/home/pyodide", PYTHONHASHSEED: "0"}});
const loaded = pyodide.runPython(`
import contextlib, gc, importlib, json, sys, zipimport

def load(names):
    for name in names:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)

def blank():
    # What is freed keeps its bytes, and they would be a fifth of the file.
    for size in (*range(16, 528, 16), *(1000 << k for k in range(11))):
        blocks = [bytearray(size) if size > 512 else bytes(max(size - 33, 0)) for _ in range(1_000_000 // size)]
        del blocks

load(${JSON.stringify(modules)})
names = json.dumps(sorted(sys.modules))
zipimport._zip_directory_cache.clear()
sys.path_importer_cache.clear()
gc.collect()
blank()
del load, blank
gc.collect()
names
`);
writeFileSync(target, pyodide.makeMemorySnapshot());
console.log(loaded);
