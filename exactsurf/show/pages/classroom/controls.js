// Mouse, touch and keyboard.
function listen() {
  const on = (role, kind, act) => part(role).addEventListener(kind, act);
  on("data", "change", (event) => open(Number(event.target.value)));
  on("networks", "click", (event) => event.target.dataset.set && open(Number(event.target.dataset.set)));
  on("exact", "click", () => numbers(false));
  on("decimal", "click", () => numbers(true));
  on("theme", "click", theme);
  on("print", "click", () => window.print());
  on("from", "change", (event) => choose(Number(event.target.value), state.to));
  on("to", "change", (event) => choose(state.from, Number(event.target.value)));
  on("swap", "click", () => choose(state.to, state.from));
  on("play", "click", play);
  on("slider", "input", (event) => { stop(); go(Number(event.target.value)); });
  on("minima", "click", (event) => {
    if (event.target.dataset.minimum === undefined) return;
    stop();
    Object.assign(state, { at: "minimum", minimum: Number(event.target.dataset.minimum) });
    showPoint();
    part("point").scrollIntoView({ block: "nearest" });
  });
  on("tree", "click", (event) => pick(event.target.closest("[data-valley]"), event.shiftKey));
  on("tree", "keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    const mark = event.target.closest("[data-valley]");
    pick(mark, event.shiftKey);
    if (mark) document.querySelector(`[data-valley="${mark.dataset.valley}"]`).focus();
  });
  turning(part("view"));
  pointing(part("map"));
  document.addEventListener("keydown", key);
  window.addEventListener("resize", drawSoon);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawSoon);
  window.addEventListener("beforeprint", () => { document.documentElement.dataset.printing = "yes"; drawPictures(4); });
  window.addEventListener("afterprint", () => { delete document.documentElement.dataset.printing; drawPictures(); });
}

function pick(mark, asGoal) {
  if (!mark) return;
  const place = Number(mark.dataset.valley);
  if (!current().valleys[place].point) return;
  if (asGoal) choose(state.from, place);
  else choose(place, place === state.to ? state.from : state.to);
}

function numbers(decimal) {
  state.decimal = decimal;
  show();
}

function theme() {
  const dark = getComputedStyle(document.documentElement).getPropertyValue("--is-dark").trim() === "1";
  document.documentElement.dataset.theme = dark ? "light" : "dark";
  drawSoon();
}

function turning(canvas) {
  let last = null;
  canvas.addEventListener("pointerdown", (event) => { last = event; canvas.setPointerCapture(event.pointerId); });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    turn((event.clientX - last.clientX) / 150, (event.clientY - last.clientY) / 200);
    last = event;
  });
  for (const kind of ["pointerup", "pointercancel"]) canvas.addEventListener(kind, () => { last = null; });
}

function turn(about, up) {
  state.turn += about;
  state.tilt = Math.max(0.15, Math.min(1.4, state.tilt + up));
  drawSoon();
}

function pointing(canvas) {
  const point = (event) => {
    const box = canvas.getBoundingClientRect(), scale = box.width / (1.5 * 1.06);
    moveOnPlane(Math.round(40 * (0.5 + (event.clientX - box.x - box.width / 2) / scale)), Math.round(40 * (0.5 - (event.clientY - box.y - box.height / 2) / scale)));
  };
  canvas.addEventListener("pointerdown", point);
  canvas.addEventListener("pointermove", (event) => event.buttons && point(event));
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("select, summary")) return;
  const arrow = ARROWS[event.key], place = event.target.dataset.role;
  if (event.target.matches("button") && (event.key === " " || event.key === "Enter")) return;
  if (arrow && place === "view") turn(arrow[0] / 10, arrow[1] / 12);
  else if (arrow && place === "map") {
    const here = hereOnPlane() || { s: 0.5, t: 0.5 };
    moveOnPlane(Math.round(40 * here.s) + arrow[0], Math.round(40 * here.t) + arrow[1]);
  } else if (arrow && arrow[0]) { stop(); go(state.step + arrow[0]); }
  else if (event.key === "Home") { stop(); go(0); }
  else if (event.key === "End") { stop(); go(walk ? walk.stops : 0); }
  else if (event.key === " ") play();
  else if (event.key === "e") numbers(!state.decimal);
  else if (event.key === "d") theme();
  else if (event.key === "n") open((state.set + 1) % documents.length);
  else if (event.key === "s") choose(state.to, state.from);
  else if (/^Digit\d$/.test(event.code)) pick(document.querySelector(`[data-valley="${event.code[5]}"]`), event.shiftKey);
  else return;
  event.preventDefault();
}

function start() {
  const wanted = new URLSearchParams(location.hash.slice(1)), number = (name) => (wanted.has(name) ? Number(wanted.get(name)) : null);
  part("data").innerHTML = documents.map((set, k) => (documents.findIndex((other) => other.data === set.data) === k ? `<option value="${k}">${escaped(set.data)}</option>` : "")).join("");
  part("choice-of-data").hidden = documents.length < 2;
  state.decimal = wanted.get("numbers") === "decimal";
  if (wanted.get("theme")) document.documentElement.dataset.theme = wanted.get("theme");
  listen();
  open(documents[number("set") ?? 0] ? number("set") ?? 0 : 0);
  const count = current().valleys.length, [from, to] = [number("from") ?? state.from, number("to") ?? state.to];
  if ((from !== state.from || to !== state.to) && from < count && to < count) choose(from, to);
  if (number("step")) go(number("step"));
  document.body.dataset.state = "ready";
}

start();
