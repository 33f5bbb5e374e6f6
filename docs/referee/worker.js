// Behind Pyodide in one module: Python starts from bytes that the page hands over, and nothing can be fetched.
const given = new Map();
globalThis.fetch = async (where) => {
  const name = new URL(where.url ?? where).pathname.slice(1);
  if (!given.has(name)) throw new Error(`this page loads nothing, and was asked for ${name}`);
  return new Response(given.get(name), {headers: {"Content-Type": "application/wasm"}});
};
globalThis.WebSocket = globalThis.XMLHttpRequest = undefined;
let python = null;

async function start({wasm, library, sources, index}) {
  given.set("pyodide.asm.wasm", wasm).set("python_stdlib.zip", library);
  const pyodide = await loadPyodide({indexURL: "https://page.invalid/", createPyodideModule: _createPyodideModule, lockFileContents: index,
    packageBaseUrl: "https://page.invalid/"});
  pyodide.FS.writeFile("/exactsurf.zip", new Uint8Array(sources));
  pyodide.runPython("import sys; sys.path.insert(0, '/exactsurf.zip')");
  python = pyodide.pyimport("referee");
  postMessage({kind: "ready"});
}

function check({round, bytes, beside, effort}) {
  const names = beside.map(({name}) => name), files = beside.map((file) => new Uint8Array(file.bytes));
  const document = new Uint8Array(bytes);
  const report = JSON.parse(python.check(document, names, files, effort ?? 0, (text) => postMessage({kind: "line", round, text})));
  postMessage({kind: "result", round, ...report});
  if (report.status === "accepted") {
    postMessage({kind: "exposition", round, html: python.exposition(document)});
  }
}

onmessage = async ({data}) => {
  try {
    if (data.kind === "start") await start(data);
    else if (data.kind === "check") check(data);
    else if (data.kind === "prove") postMessage({kind: "second", round: data.round, text: python.prove(new Uint8Array(data.bytes))});
  } catch (error) { postMessage({kind: "broken", round: data.round, reason: String(error?.message ?? error).trim().split("\n").at(-1)}); }
};
