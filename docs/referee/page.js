"use strict";
// The page: files in, verdict out. The check itself is Python in a worker, so that the page answers and can stop it.
const part = (name) => document.getElementById(name);
const MAX_FILE = 1 << 28;
let verifier = null, second = null, asked = 0, chosen = null, round = 0, started = performance.now(), began = 0, ready = false, status = null;

function state(name, status = "") {
  document.documentElement.dataset.state = name;
  part("status").textContent = status;
  part("stop").disabled = name !== "checking";
  part("again").disabled = name === "checking" || chosen === null;
}

function bytesOf(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const plain = atob(text), bytes = new Uint8Array(plain.length);
  for (let k = 0; k < plain.length; k++) bytes[k] = plain.charCodeAt(k);
  return bytes;
}

async function unpacked(name) {
  const plain = new Blob([bytesOf(part(name).textContent)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(plain).arrayBuffer();
}

// A page of file:// may start a module worker from a data: address only.
const address = (bytes) => new Promise((resolve) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result);
  reader.readAsDataURL(new Blob([bytes], {type: "text/javascript"}));
});
const parts = Promise.all(["worker", "wasm", "library", "memory", "sources"].map(unpacked))
  .then(async ([code, wasm, library, memory, sources]) => [await address(code), {wasm, library, memory, sources}]);

// What was said about another certificate, or before the last check began, must never stand beside this one.
const current = (said) => said.round === undefined || said.round === round;

// A Python of its own in a worker. It starts at once and answers in order; what is asked earlier waits.
function python(heard) {
  const self = {worker: null, ended: false, ask(message) { self.begun.then(() => self.worker?.postMessage(message)); }};
  self.end = () => { self.ended = true; self.worker?.terminate(); self.worker = null; };
  self.begun = parts.then(([code, content]) => {
    if (self.ended) return;
    self.worker = new Worker(code, {type: "module"});
    self.worker.onmessage = ({data}) => { if (!self.ended && current(data)) heard[data.kind]?.(data); };
    self.worker.onerror = (event) => { if (!self.ended) heard.broken({task: "start", reason: event.message}); };
    self.worker.postMessage({kind: "start", ...content, index: part("index").textContent});
  }).catch((error) => heard.broken({task: "start", reason: error.message}));
  return self;
}

function start() {
  ready = false;
  verifier = python(checking);
}

const DEEP = "The file is nested more deeply than the stack of this browser reaches, so nothing is said about it."
  + " In a terminal: python -m exactsurf.verifier FILE";

const checking = {
  ready() {
    ready = true;
    document.documentElement.dataset.ready = Math.round(performance.now() - started);
    const {state: now} = document.documentElement.dataset;
    if (now === "loading") state("ready", "The verifier is ready.");
    else if (now === "checking") part("status").textContent = "";
  },
  line({text}) { part("checks").append(Object.assign(document.createElement("li"), {textContent: text})); },
  result(report) {
    document.documentElement.dataset.seconds = ((performance.now() - began) / 1000).toFixed(2);
    const word = {accepted: "Accepted", rejected: "Rejected", refused: "Refused: not checked to the end", broken: "Not checked"};
    part("word").textContent = word[report.status];
    part("sentence").textContent = report.sentence ?? report.reason;
    facts([["risk", report.risk], ["at the field", report.place], ["SHA-256", report.sha256],
      ["took", `${document.documentElement.dataset.seconds} s`]]);
    state(status = report.status);
    if (report.sha256) ask(["prove", ...(status === "accepted" ? ["tell"] : [])]);
  },
  broken({task, reason, deep}) {
    if (task === "start") return state("broken", `This browser cannot run the verifier: ${reason ?? "workers are forbidden"}`);
    checking.result(deep ? {status: "refused", reason: DEEP}
      : {status: "broken", reason: `The check broke down, so nothing is said about this certificate: ${reason}`});
    restart();
  },
};

// The proved checker and the words come from a second Python, so that they never delay a verdict.
const telling = {
  proved({answer}) {
    asked -= 1;
    const against = {accepted: "rejected", rejected: "accepted"}[status];
    const apart = answer.startsWith(`${against} `);
    said(`${answer[0].toUpperCase()}${answer.slice(1)}.${apart ? " The two checkers disagree, and one of them is wrong: please report this file." : ""}`);
  },
  exposition({html}) {
    asked -= 1;
    const root = part("exposition").shadowRoot ?? part("exposition").attachShadow({mode: "open"});
    root.innerHTML = html;
    part("text").hidden = false;
    document.documentElement.dataset.text = "shown";
  },
  broken({task, deep, reason}) {
    if (task !== "tell") said(deep ? "The proved checker does not read what is nested so deeply." : `The proved checker broke down: ${reason}`);
    forget();
  },
};

function said(text) { part("second").textContent = text; }

function ask(kinds) {
  second ??= python(telling);
  said("The proved checker is at work …");
  for (const kind of kinds) { asked += 1; second.ask({kind, round, ...chosen}); }
}

function forget() {
  second?.end();
  second = null;
  asked = 0;
}

function facts(pairs) {
  part("facts").replaceChildren(...pairs.filter(([, value]) => value).flatMap(([name, value]) => [
    Object.assign(document.createElement("dt"), {textContent: name}),
    Object.assign(document.createElement("dd"), {textContent: value})]));
}

function restart() {
  verifier.end();
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
  if (asked) forget();
  began = performance.now();
  round += 1;
  state("checking", ready ? "" : "The verifier is starting …");
  verifier.ask({kind: "check", round, ...chosen, effort: effort ? Number(effort) : null});
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
addEventListener("dragover", (event) => { event.preventDefault(); part("drop").classList.add("over"); });
addEventListener("dragleave", () => part("drop").classList.remove("over"));
addEventListener("drop", (event) => { event.preventDefault(); part("drop").classList.remove("over"); choose(event.dataTransfer.files); });
state("loading", "The verifier is starting …");
start();
