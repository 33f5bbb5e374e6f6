"use strict";
// The page: files in, verdict out. The check itself is Python in a worker, so that the page answers and can stop it.
const part = (name) => document.getElementById(name);
const MAX_FILE = 1 << 28;
let worker = null, chosen = null, round = 0, started = performance.now(), began = 0, ready = false, waiting = null;

function state(name, status = "") {
  document.documentElement.dataset.state = name;
  part("status").textContent = status;
  part("stop").disabled = name !== "checking";
  part("again").disabled = name === "checking" || chosen === null;
  part("proved").disabled = !["accepted", "rejected", "refused"].includes(name);
}

async function unpacked(name) {
  const text = atob(part(name).textContent.trim()), bytes = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k++) bytes[k] = text.charCodeAt(k);
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(plain).arrayBuffer();
}

// A page of file:// may start a module worker from a data: address only.
const address = (bytes) => new Promise((resolve) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result);
  reader.readAsDataURL(new Blob([bytes], {type: "text/javascript"}));
});
const parts = Promise.all(["worker", "wasm", "library", "sources"].map(unpacked)).then(async ([code, ...rest]) => [await address(code), ...rest]);

// What was said about another certificate, or before the last check began, must never stand beside this one.
const current = (said) => said.round === undefined || said.round === round;

async function start() {
  ready = false;
  const [code, wasm, library, sources] = await parts;
  const next = new Worker(code, {type: "module"});
  worker = next;
  next.onmessage = ({data}) => { if (worker === next && current(data)) heard[data.kind]?.(data); };
  next.onerror = (event) => { if (worker === next) heard.broken({reason: event.message}); };
  next.postMessage({kind: "start", wasm, library, sources, index: part("index").textContent});
}

const heard = {
  ready() {
    ready = true;
    document.documentElement.dataset.ready = Math.round(performance.now() - started);
    if (waiting === null) { if (document.documentElement.dataset.state === "loading") state("ready", "The verifier is ready."); }
    else { const next = waiting; waiting = null; worker.postMessage(next); }
  },
  line({text}) { part("checks").append(Object.assign(document.createElement("li"), {textContent: text})); },
  result(report) {
    document.documentElement.dataset.seconds = ((performance.now() - began) / 1000).toFixed(2);
    const word = {accepted: "Accepted", rejected: "Rejected", refused: "Refused: not checked to the end", broken: "Not checked"};
    part("word").textContent = word[report.status];
    part("sentence").textContent = report.sentence ?? report.reason;
    facts([["risk", report.risk], ["at the field", report.place], ["SHA-256", report.sha256],
      ["took", `${document.documentElement.dataset.seconds} s`]]);
    state(report.status);
  },
  exposition({html}) {
    const root = part("exposition").shadowRoot ?? part("exposition").attachShadow({mode: "open"});
    root.innerHTML = html;
    part("text").hidden = false;
    document.documentElement.dataset.text = "shown";
  },
  second({text}) { part("second").textContent = text; },
  broken({reason}) {
    if (!ready) return state("broken", `This browser cannot run the verifier: ${reason ?? "workers are forbidden"}`);
    heard.result({status: "broken", reason: `The check broke down, so nothing is said about this certificate: ${reason}`});
    restart();
  },
};

function facts(pairs) {
  part("facts").replaceChildren(...pairs.filter(([, value]) => value).flatMap(([name, value]) => [
    Object.assign(document.createElement("dt"), {textContent: name}),
    Object.assign(document.createElement("dd"), {textContent: value})]));
}

function restart() {
  worker?.terminate();
  start();
}

function check() {
  const effort = part("effort").value.trim();
  const wrong = effort && !/^[1-9][0-9]{0,8}$/.test(effort);
  if (wrong) { part("status").textContent = "Seconds are a whole number from 1 to 999999999."; return; }
  for (const name of ["checks", "facts", "second"]) part(name).replaceChildren();
  part("text").hidden = true;
  delete document.documentElement.dataset.text;
  part("verdict").hidden = false;
  part("word").textContent = "Checking …";
  part("sentence").textContent = "";
  part("file").textContent = chosen.name;
  began = performance.now();
  round += 1;
  state("checking", ready ? "" : "The verifier is starting …");
  const message = {kind: "check", round, ...chosen, effort: effort ? Number(effort) : null};
  if (ready) worker.postMessage(message); else waiting = message;
}

async function choose(list) {
  if (document.documentElement.dataset.state === "checking") stop();
  const files = [...list];
  const certificates = files.filter((file) => /\.json(\.gz)?$/i.test(file.name));
  if (!files.length) return;
  if (certificates.length > 1) return say("One certificate at a time, please, with its data file.");
  if (files.some((file) => file.size > MAX_FILE)) return say("A file is longer than 256 MB: use python -m exactsurf.verifier for it.");
  const main = certificates[0] ?? (files.length === 1 && chosen && !/\.json/i.test(files[0].name) ? null : files[0]);
  try {
    const beside = await Promise.all(files.filter((file) => file !== main).map(async (file) => ({name: file.name, bytes: await file.arrayBuffer()})));
    chosen = main ? {name: main.name, bytes: await main.arrayBuffer(), beside} : {...chosen, beside};
  } catch { return say("The file cannot be read."); }
  check();
}

function say(text) { part("status").textContent = text; }

function stop() {
  waiting = null;
  round += 1;
  part("word").textContent = "Stopped";
  part("sentence").textContent = "The check was stopped, so nothing is said about this certificate.";
  state("stopped");
  restart();
}

function example(change) {
  const text = part("example").textContent.trim();
  chosen = {name: change ? "xor, one digit changed" : "xor", bytes: new TextEncoder().encode(change ? text.replace('"1/2"', '"1/3"') : text).buffer,
    beside: []};
  check();
}

part("files").onchange = ({target}) => { choose(target.files).finally(() => { target.value = ""; }); };
part("true").onclick = () => example(false);
part("false").onclick = () => example(true);
part("stop").onclick = stop;
part("again").onclick = check;
part("proved").onclick = () => { part("second").textContent = "The proved checker is at work …"; worker.postMessage({kind: "prove", round, ...chosen}); };
addEventListener("dragover", (event) => { event.preventDefault(); part("drop").classList.add("over"); });
addEventListener("dragleave", () => part("drop").classList.remove("over"));
addEventListener("drop", (event) => { event.preventDefault(); part("drop").classList.remove("over"); choose(event.dataTransfer.files); });
state("loading", "The verifier is starting …");
start();
