// The explorer: one state, drawn anew after every act.
const documents = JSON.parse(document.getElementById("landscapes").textContent);
const sets = [], STOPS = 60;
const part = (role) => document.querySelector(`[data-role="${role}"]`);
const parts = (role) => [...document.querySelectorAll(`[data-role="${role}"]`)];
const state = { set: 0, from: 0, to: 0, step: 0, at: "walk", decimal: false, turn: -0.62, tilt: 0.85, playing: 0 };
let walk = null, plane = null, mesh = null;

function current() { return (sets[state.set] ||= exactSet(documents[state.set])); }

function number(value) { return written(value, state.decimal); }

// The walk from one valley to another, whichever way round it is kept.
function walkBetween(set, from, to) {
  const there = set.walks[`${from}-${to}`], back = set.walks[`${to}-${from}`], kept = there || back;
  if (!kept || from === to) return null;
  const points = there ? kept.points : [...kept.points].reverse(), count = points.length - 1, each = Math.max(2, Math.round(STOPS / count));
  const found = { points, level: kept.level, each, stops: each * count, steps: points.map((_, k) => k * each) };
  found.pointAt = (step) => {
    const k = Math.min(count - 1, Math.floor(step / each));
    return between(points[k], points[k + 1], new Rational(BigInt(step - k * each), BigInt(each)));
  };
  found.profile = Array.from({ length: found.stops + 1 }, (_, step) => [step, evaluated(set, found.pointAt(step)).risk.float]);
  return found;
}

function pointNow() {
  if (state.at === "walk") return walk ? walk.pointAt(state.step) : current().valleys[state.from].point;
  if (state.at === "plane") return pointOfPlane(plane, ...state.place.map((value) => new Rational(BigInt(value), 40n)));
  return current().minima[state.minimum].point;
}

function choose(from, to) {
  const set = current();
  Object.assign(state, { from, to, step: 0, at: "walk", level: null });
  stop();
  walk = walkBetween(set, from, to);
  state.level = walk && walk.level;
  plane = planeThrough(set, from, to, walk);
  mesh = null;
  show();
}

function firstPair(set) {
  const attained = set.valleys.map((_, k) => k).filter((k) => set.valleys[k].point);
  // The most telling walk leaves the deepest spurious valley.
  const spurious = attained.filter((k) => set.valleys[k].barrier);
  spurious.sort((a, b) => set.valleys[b].barrier.minus(set.valleys[b].risk).compare(set.valleys[a].barrier.minus(set.valleys[a].risk)));
  const from = spurious.length ? spurious[0] : attained[1] ?? attained[0] ?? 0;
  return [from, attained.find((k) => k !== from && set.valleys[k].global) ?? attained.find((k) => k !== from) ?? from];
}

function open(place) {
  state.set = place;
  const set = current();
  part("data").value = documents.findIndex((other) => other.data === set.data);
  part("networks").innerHTML = documents.map((other, k) => (other.data === set.data
    ? `<button type="button" data-set="${k}" aria-pressed="${k === place}">${escaped(other.network)}</button>` : "")).join("");
  const options = (valley, k) => `<option value="${k}" ${valley.point ? "" : "disabled"}>valley ${k}: ${valley.global ? "global minimum" : "spurious"}</option>`;
  for (const role of ["from", "to"]) part(role).innerHTML = set.valleys.map(options).join("");
  choose(...firstPair(set));
}

function stop() {
  clearInterval(state.playing);
  state.playing = 0;
  part("play").textContent = "▶ Walk";
}

function play() {
  if (state.playing || !walk) return stop();
  if (state.at !== "walk" || state.step >= walk.stops) state.step = 0;
  state.at = "walk";
  part("play").textContent = "❚❚ Stop";
  state.playing = setInterval(() => { if (state.step < walk.stops) go(state.step + 1); else stop(); }, 90);
  return show();
}

function go(step) {
  if (!walk) return;
  state.at = "walk";
  state.step = Math.max(0, Math.min(walk.stops, step));
  showPoint();
}

function show() {
  const set = current();
  part("title").textContent = set.title;
  part("about").innerHTML = `${escaped(set.about)} <b>${set.orbits}</b> signed cells up to the order of the units, <b>${set.count}</b> ${set.count === 1 ? "valley" : "valleys"}${set.leftOut ? ` (${set.leftOut} of them are not shown)` : ""}, ${set.others}.`;
  document.body.dataset.numbers = state.decimal ? "decimal" : "exact";
  for (const [role, on] of [["exact", !state.decimal], ["decimal", state.decimal]]) part(role).setAttribute("aria-pressed", on);
  part("tree").innerHTML = treeSvg(set, state);
  part("from").value = state.from;
  part("to").value = state.to;
  part("walking").hidden = !walk;
  part("no-walk").hidden = Boolean(walk);
  part("no-walk").textContent = set.noWalk || "Choose two different valleys for a walk.";
  part("landscape").hidden = !plane;
  if (walk) {
    part("slider").max = walk.stops;
    const higher = set.valleys[state.from].risk;
    const rise = walk.level.minus(higher);
    part("walk-words").innerHTML = `The lowest walk from valley ${state.from} to valley ${state.to} begins at risk <b>${number(higher)}</b>, must rise to <b>${number(walk.level)}</b>`
      + ` (by <b>${number(rise)}</b>) and ends at <b>${number(set.valleys[state.to].risk)}</b>. No walk between these two points stays lower.`;
  }
  if (plane) {
    const [first, second, third] = plane.chosen.map(({ words }) => words);
    part("plane-words").innerHTML = `A plane through ${first}, ${second} and ${third}.`
      + ` Creases are true walls: ${[...new Set(wallsOf(set, plane).map(({ unit }) => unit))].sort().map((unit) => `<span class="unit u${unit % UNITS.length}">unit ${unit + 1}</span>`).join(", ")} bends there at some sample. Lines join points of equal risk; heights are logarithmic, else only the rims would be seen.`
      + (walk ? " The walk leaves the plane between its ends, so the plane shows only these points of it." : "");
  }
  part("minima").innerHTML = minimaTable(set);
  showPoint();
}

function minimaTable(set) {
  if (!set.minima.length) return `<p>${escaped(set.minimaNote || "Every local minimum is the bottom of a valley.")}</p>`;
  const rows = set.minima.map((found, k) => `<tr><td><button type="button" data-minimum="${k}">m${k + 1}</button></td><td>${number(found.risk)}</td><td>${found.dimension}</td><td>${found.copies}</td><td>${[...found.valleys, ...(found.notShown ? [`${found.notShown} not shown`] : [])].join(", ")}</td></tr>`);
  return `<p>Sets of local minima that are no bottoms of valleys: a plateau leads down from them without going up first. ${escaped(set.minimaNote || "")}</p>`
    + `<div class="table"><table><thead><tr><th>go to</th><th>risk</th><th>dimension</th><th>copies</th><th>leads to valleys</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function showPoint() {
  const set = current(), point = pointNow();
  part("point").hidden = !point;
  if (!point) return;
  const found = evaluated(set, point), where = whereText(set);
  document.body.dataset.risk = found.risk.text;
  part("where").textContent = where;
  for (const place of parts("risk")) place.textContent = writtenLong(found.risk, state.decimal);
  if (walk) {
    part("slider").value = state.at === "walk" ? state.step : part("slider").value;
    part("slider").setAttribute("aria-valuetext", `risk ${written(found.risk, state.decimal)}`);
    part("profile").innerHTML = profileSvg(walk, state);
  }
  part("network").innerHTML = networkSvg(set, point, state.decimal);
  part("function").innerHTML = functionSvg(set, point, set.valleys[state.to].point);
  showCell(set, found);
  drawSoon();
}

function whereText(set) {
  if (state.at === "plane") {
    const [s, t] = state.place.map((value) => written(new Rational(BigInt(value), 40n), state.decimal));
    return `On the plane, at s = ${s}, t = ${t}`;
  }
  if (state.at === "minimum") return `Local minimum m${state.minimum + 1}, which is no valley`;
  if (!walk || state.step === 0) return `Bottom of valley ${state.from}`;
  if (state.step === walk.stops) return `Bottom of valley ${state.to}`;
  return `On the walk, ${state.step} of ${walk.stops} steps`;
}

// What the polynomial is near the point: that of the risk only inside a cell and away from kinks of the loss.
function cellWords(walls, kinks) {
  const count = (number, noun) => `${number} ${noun}${number > 1 ? "s" : ""}`;
  if (!walls && !kinks) return "This point lies inside a cell: near it the risk is this polynomial.";
  const places = [...(walls ? [`on ${count(walls, "wall")}`] : []), ...(kinks ? [`on the kink of the loss of ${count(kinks, "sample")}`] : [])];
  return `This point lies ${places.join(" and ")}. The polynomial is that of one side; at the point it has the same value.`;
}

function showCell(set, found) {
  const walls = found.pattern.flat().filter(({ wall }) => wall).length, names = weightNames(set, found.point);
  part("cell-words").textContent = cellWords(walls, set.samples.filter((sample, i) => pieceOf(sample.breakpoints, found.predictions[i]).wall).length);
  const row = (cells, tag = "td") => `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join("")}</tr>`;
  const piece = ({ piece: k, wall }) => (wall ? '<span class="wall">on the wall</span>' : set.pieceNames[k]);
  const outputs = outputPolynomials(set, found);
  const samples = set.samples.map((sample, i) => row([
    sample.x.map(number).join(", "), number(sample.y), ...found.pattern.map((unit) => piece(unit[i])),
    `<span class="poly">${polynomialHtml(outputs[i], names, state.decimal)}</span>`, number(found.predictions[i]), number(found.shares[i]),
  ]));
  const units = found.pattern.map((_, j) => `unit ${j + 1}`);
  part("cell").innerHTML = `<table><thead>${row([set.names.x.map(escaped).join(", "), escaped(set.names.y), ...units, "<var>f</var> on this cell", "<var>f</var>", "its share of the risk"], "th")}</thead><tbody>${samples.join("")}</tbody></table>`;
  const risk = riskPolynomial(set, found);
  part("polynomial").innerHTML = risk.size > 120 ? `${risk.size} terms; the table has its parts.` : `<var>R</var> = ${polynomialHtml(risk, names, state.decimal)}`;
  part("weights").innerHTML = flat(found.point).map((value, k) => `<span class="weight">${names[k]}&nbsp;${number(value).startsWith("≈") ? "" : "=&nbsp;"}${number(value)}</span>`).join(" ");
}

// The surface is made when it is first drawn: numbers come before pictures.
function surface() {
  if (plane && !mesh) {
    mesh = meshOf(current(), plane);
    state.turn = bestTurn(mesh, state, cornerMarks());
  }
  return mesh;
}

function drawSoon() {
  clearTimeout(state.soon);
  state.soon = setTimeout(drawPictures, 0);
}

function cornerMarks() {
  return plane.chosen.map(({ name }, k) => [name, Number(k === 1), Number(k === 2)]).map(([name, s, t]) => ({ name, s, t, z: mesh.height(s, t) }));
}

function drawPictures(ratio) {
  if (!surface()) return;
  const style = getComputedStyle(document.documentElement), options = { ratio, ink: style.color, paper: getComputedStyle(part("view")).getPropertyValue("--paper-now") || "#fff" };
  const marks = cornerMarks();
  const here = hereOnPlane();
  if (here) marks.push({ ...here, z: mesh.height(here.s, here.t), here: true });
  // Most steps of a walk change nothing here.
  const wanted = JSON.stringify([marks, state.turn, state.tilt, options, part("view").clientWidth, part("map").clientWidth]);
  if (wanted === mesh.drawn) return;
  mesh.drawn = wanted;
  drawSurface(part("view"), mesh, state, marks, options);
  drawSurface(part("map"), mesh, null, marks, options);
}

// Where the current point lies on the plane, if it does.
function hereOnPlane() {
  if (state.at === "plane") return { s: state.place[0] / 40, t: state.place[1] / 40 };
  const now = flat(pointNow()).map((value) => value.text).join();
  const found = plane.corners.findIndex((corner) => flat(corner).map((value) => value.text).join() === now);
  return found < 0 ? null : { s: found === 1 ? 1 : 0, t: found === 2 ? 1 : 0 };
}

function moveOnPlane(s, t) {
  if (!plane) return;
  stop();
  state.at = "plane";
  state.place = [s, t].map((value) => Math.max(-10, Math.min(50, value)));
  showPoint();
}
