// Behind Pyodide in one module: Python starts from bytes that the page hands over, and nothing can be fetched.
const given = new Map();
globalThis.fetch = async (where) => {
  const name = new URL(where.url ?? where).pathname.slice(1);
  if (!given.has(name)) throw new Error(`this page loads nothing, and was asked for ${name}`);
  return new Response(given.get(name), {headers: {"Content-Type": "application/wasm"}});
};
globalThis.WebSocket = globalThis.XMLHttpRequest = undefined;
let python = null;

async function start({wasm, library, memory, sources, index}) {
  given.set("pyodide.asm.wasm", wasm).set("python_stdlib.zip", library);
  const pyodide = await loadPyodide({indexURL: "https://page.invalid/", createPyodideModule: _createPyodideModule, lockFileContents: index,
    packageBaseUrl: "https://page.invalid/", _loadSnapshot: new Uint8Array(memory)});
  given.clear();
  pyodide.FS.writeFile("/exactsurf.zip", new Uint8Array(sources));
  pyodide.runPython("import sys; sys.path.insert(0, '/exactsurf.zip')");
  python = pyodide.pyimport("referee");
  postMessage({kind: "ready"});
}

const filesOf = ({bytes, beside}) => [new Uint8Array(bytes), beside.map(({name}) => name), beside.map((file) => new Uint8Array(file.bytes))];

function check({round, effort, ...chosen}) {
  const report = python.check(...filesOf(chosen), effort ?? 0, (text) => postMessage({kind: "line", round, text}));
  postMessage({kind: "result", round, ...JSON.parse(report)});
}

const tasks = {
  start,
  check,
  tell: ({round, bytes}) => postMessage({kind: "exposition", round, html: python.exposition(new Uint8Array(bytes))}),
  prove: ({round, ...chosen}) => postMessage({kind: "proved", round, answer: python.prove(...filesOf(chosen))}),
};
let last = Promise.resolve();
onmessage = ({data}) => {
  last = last.then(() => tasks[data.kind](data)).catch((error) => {
    const reason = String(error?.message ?? error).trim().split("\n").at(-1);
    postMessage({kind: "broken", round: data.round, task: data.kind, deep: error instanceof RangeError || /recursion/i.test(reason), reason});
  });
};
