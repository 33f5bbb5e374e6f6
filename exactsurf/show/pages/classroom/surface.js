// The surface over a plane through three points: true walls as creases, contour lines, in perspective and from above.
const WINDOW = [-0.25, 1.25], STEPS = 40, LEVELS = 18, STEEPNESS = 0.55, DISTANCE = 2.4;
const RAMP = ["#0b2545", "#134074", "#1b6a8c", "#3f9a94", "#8dc49a", "#d9dfa4", "#f6e9c9", "#fffaf0"];
const UNITS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

// A plane through two bottoms and the highest inner point of the walk, or what else does not lie on one line with them.
function planeThrough(set, from, to, walk) {
  const bottom = (place) => ({ name: `${place}`, words: `the bottom of valley ${place}`, point: set.valleys[place].point });
  const minima = set.minima.map((found, k) => ({ name: `m${k + 1}`, words: `local minimum m${k + 1}`, point: found.point }));
  const inner = walk ? walk.points.slice(1, -1) : [], middle = walk && !inner.length ? [walk.pointAt(Math.round(walk.stops / 2))] : [];
  const top = { name: "T", words: walk && inner.length ? "the highest point T of the walk" : "the middle T of the walk" };
  const risen = [...inner, ...middle].map((point) => ({ ...top, point, risk: evaluated(set, point).risk }));
  risen.sort((a, b) => b.risk.compare(a.risk));
  if (risen.length > 1) risen.slice(1).forEach((corner) => { corner.words = "another point T of the walk"; });
  const others = set.valleys.map((valley, k) => k).filter((k) => k !== from && k !== to && set.valleys[k].point).map(bottom);
  const rest = [...(walk ? [bottom(to)] : []), ...risen, ...others, ...minima], start = bottom(from);
  if (!start.point) return null;
  const away = ({ point }) => flat(point).map((value, k) => value.minus(flat(start.point)[k]));
  for (const [k, second] of rest.entries()) {
    const along = away(second), length = dot(along, along);
    if (!length.sign) continue;
    for (const third of rest.slice(k + 1)) {
      const up = away(third), straight = length.times(dot(up, up)).minus(dot(along, up).times(dot(along, up)));
      if (straight.sign) return { chosen: [start, second, third], corners: [start, second, third].map(({ point }) => point) };
    }
    if (walk) break;
  }
  return null;
}

function pointOfPlane(plane, s, t) { return combined(plane.corners, [ONE.minus(s).minus(t), s, t]); }

function heightOver(set, plane) {
  const [a, b, c] = plane.corners.map((corner) => flat(corner).map((value) => value.float)), like = plane.corners[0];
  // One point that is filled anew each time: this is called ten thousand times.
  const point = floatPoint(like), rows = [...point.w, ...(point.b ? [point.b] : []), point.v];
  return (s, t) => {
    let k = 0;
    const value = () => a[k] + s * (b[k] - a[k]) + t * (c[k] - a[k]);
    for (const row of rows) for (let e = 0; e < row.length; e += 1, k += 1) row[e] = value();
    if (like.c) point.c = value();
    return floatRisk(set.drawn, point);
  };
}

// Lines on which a unit sits on a breakpoint: a·s + b·t + c = 0.
function wallsOf(set, plane) {
  const rows = plane.corners.map((corner) => preActivations(set, corner)), found = [];
  rows[0].forEach((row, unit) => row.forEach((_, sample) => set.breakpoints.forEach((edge) => {
    const [c, a, b] = rows.map((z) => z[unit][sample].minus(edge));
    const line = [a.minus(c), b.minus(c), c];
    if (line[0].sign || line[1].sign) found.push({ unit, sample, line: line.map((value) => value.float) });
  })));
  return found;
}

// A convex polygon [x, y, …, label of the edge that begins here], cut by a function that is linear along its edges.
function cutPolygon(polygon, values, side, label) {
  const found = [];
  polygon.forEach((corner, k) => {
    const next = (k + 1) % polygon.length, here = side * values[k], there = side * values[next];
    if (here >= 0) found.push(here > 0 || there >= 0 ? corner : { ...corner, edge: label });
    if ((here > 0 && there < 0) || (here < 0 && there > 0)) {
      const share = here / (here - there), mix = (name) => corner[name] + share * (polygon[next][name] - corner[name]);
      found.push({ s: mix("s"), t: mix("t"), z: mix("z"), edge: here > 0 ? label : corner.edge });
    }
  });
  return found;
}

function cutAll(polygons, line, label) {
  const found = [];
  for (const polygon of polygons) {
    const values = polygon.map(({ s, t }) => {
      const value = line[0] * s + line[1] * t + line[2];
      return Math.abs(value) < 1e-9 * (Math.abs(line[0]) + Math.abs(line[1]) + Math.abs(line[2])) ? 0 : value;
    });
    if (values.every((value) => value >= 0) || values.every((value) => value <= 0)) {
      // An edge that lies on the line is a wall too.
      found.push(polygon.map((corner, k) =>
        (label && !values[k] && !values[(k + 1) % values.length] ? { ...corner, edge: label } : corner)));
      continue;
    }
    for (const side of [1, -1]) {
      const part = cutPolygon(polygon, values, side, label);
      if (part.length > 2) found.push(part);
    }
  }
  return found;
}

function meshOf(set, plane) {
  const [low, high] = WINDOW, height = heightOver(set, plane), walls = wallsOf(set, plane);
  let polygons = [[[low, low], [high, low], [high, high], [low, high]].map(([s, t]) => ({ s, t, z: 0, edge: -1 }))];
  walls.forEach((wall, k) => { polygons = cutAll(polygons, wall.line, k + 1); });
  for (let k = 1; k < STEPS; k += 1) {
    const value = low + (k * (high - low)) / STEPS;
    polygons = cutAll(cutAll(polygons, [1, 0, -value], null), [0, 1, -value], null);
  }
  for (const polygon of polygons) for (const corner of polygon) corner.z = height(corner.s, corner.t);
  const corners = plane.corners.map((_, k) => height(k === 1 ? 1 : 0, k === 2 ? 1 : 0));
  const all = polygons.flat().map(({ z }) => z), bottom = all.reduce((a, b) => Math.min(a, b)), top = all.reduce((a, b) => Math.max(a, b));
  // Logarithmic heights, about even up to what lies between the valleys: else only the rims would be seen.
  const unit = (Math.max(...corners) - bottom || top - bottom || 1) / 3, rise = (risk) => Math.log1p((risk - bottom) / unit);
  const levels = Array.from({ length: LEVELS }, (_, k) => bottom + unit * Math.expm1((rise(top) * (k + 0.5)) / LEVELS));
  const mesh = { polygons, walls, height, rise: (risk) => rise(risk) / (rise(top) || 1), levels };
  // What does not depend on the view is computed once.
  for (const polygon of polygons) Object.assign(polygon, { light: lightOn(polygon, mesh), bands: bandsOf(polygon, mesh) });
  mesh.sides = sidesOf(mesh, bottom - unit * 0.35);
  return mesh;
}

// The block that the surface is the top of.
function sidesOf(mesh, floor) {
  const found = [], tones = ["#24344f", "#31456a"];
  for (const polygon of mesh.polygons) {
    polygon.forEach((corner, k) => {
      if (corner.edge !== -1) return;
      const next = polygon[(k + 1) % polygon.length], side = [corner, next, { ...next, z: floor }, { ...corner, z: floor }];
      const isLevel = Math.abs(corner.s - next.s) > Math.abs(corner.t - next.t), middle = (WINDOW[0] + WINDOW[1]) / 2;
      side.side = tones[isLevel ? 0 : 1];
      side.outward = isLevel ? [0, Math.sign(corner.t - middle)] : [Math.sign(corner.s - middle), 0];
      found.push(side);
    });
  }
  return found;
}

function shade(share, light) {
  const place = Math.min(0.9999, Math.max(0, share)) * (RAMP.length - 1), k = Math.floor(place);
  const parts = [1, 3, 5].map((at) => {
    const [a, b] = [RAMP[k], RAMP[k + 1]].map((colour) => parseInt(colour.slice(at, at + 2), 16));
    return Math.round(Math.min(255, (a + (place - k) * (b - a)) * light));
  });
  return `rgb(${parts.join(",")})`;
}

function segmentsAt(polygon, level) {
  const found = [];
  polygon.forEach((corner, k) => {
    const next = polygon[(k + 1) % polygon.length];
    if ((corner.z < level) === (next.z < level)) return;
    const share = (level - corner.z) / (next.z - corner.z);
    found.push({ s: corner.s + share * (next.s - corner.s), t: corner.t + share * (next.t - corner.t), z: level });
  });
  return found.length === 2 ? [found] : [];
}

// Looking down on the plane, or from a point beside it; the picture fills its frame.
function camera(mesh, view, width) {
  const middle = (WINDOW[0] + WINDOW[1]) / 2, span = WINDOW[1] - WINDOW[0];
  if (!view) {
    const scale = width / (span * 1.06);
    return { height: width, place: (p) => ({ x: width / 2 + (p.s - middle) * scale, y: width / 2 - (p.t - middle) * scale, depth: 0 }) };
  }
  const [sin, cos, tilt, flatness] = [Math.sin(view.turn), Math.cos(view.turn), Math.sin(view.tilt), Math.cos(view.tilt)];
  const seen = (p) => {
    const x = (p.s - middle) / span, y = (p.t - middle) / span, z = STEEPNESS * (mesh.rise(p.z) - 0.5);
    const across = cos * x + sin * y, away = cos * y - sin * x;
    const depth = away * flatness - z * tilt, near = DISTANCE / (DISTANCE + depth);
    return { x: across * near, y: (away * tilt + z * flatness) * near, depth };
  };
  const dots = [...mesh.polygons, ...mesh.sides].flat().map(seen), extent = (name) => dots.reduce(([a, b], dot) => [Math.min(a, dot[name]), Math.max(b, dot[name])], [9, -9]);
  const [left, right] = extent("x"), [low, high] = extent("y"), height = width * 0.82;
  const scale = Math.min((0.96 * width) / (right - left), (0.94 * height) / (high - low));
  const place = (p) => {
    const { x, y, depth } = seen(p);
    return { x: width / 2 + (x - (left + right) / 2) * scale, y: height / 2 - (y - (low + high) / 2) * scale, depth };
  };
  return { height, place };
}

function isFacing([s, t], view) {
  return DISTANCE * Math.cos(view.tilt) * (s * Math.sin(view.turn) - t * Math.cos(view.turn)) > 0.5;
}

// Whether the surface stands between a mark and the viewer.
function isHidden(mesh, view, { s, t, z }) {
  const span = WINDOW[1] - WINDOW[0];
  for (let d = 0.03; d < 1.4; d += 0.03) {
    const [a, b] = [s + Math.sin(view.turn) * d * span, t - Math.cos(view.turn) * d * span];
    if (Math.min(a, b) < WINDOW[0] || Math.max(a, b) > WINDOW[1]) return false;
    if (STEEPNESS * (mesh.rise(mesh.height(a, b)) - mesh.rise(z)) > d * Math.tan(view.tilt) + 0.01) return true;
  }
  return false;
}

// The direction from which most marks are seen, and of these the one nearest to the usual one.
function bestTurn(mesh, view, marks) {
  const turns = Array.from({ length: 24 }, (_, k) => -0.62 + (k % 2 ? 1 : -1) * Math.ceil(k / 2) * (Math.PI / 12));
  const hidden = turns.map((turn) => marks.filter((mark) => isHidden(mesh, { ...view, turn }, mark)).length);
  return turns[hidden.indexOf(Math.min(...hidden))];
}

function drawSurface(canvas, mesh, view, marks, options) {
  const ratio = options.ratio || Math.max(2, window.devicePixelRatio || 1), width = canvas.clientWidth || 480, unit = width / 520;
  const { height, place } = camera(mesh, view, width), paint = canvas.getContext("2d");
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  canvas.style.aspectRatio = `${width} / ${height}`;
  paint.setTransform(ratio, 0, 0, ratio, 0, 0);
  paint.lineJoin = "round";
  const measured = (part) => {
    const dots = part.map(place);
    return { part, dots, depth: dots.reduce((sum, { depth }) => sum + depth, 0) / dots.length };
  };
  const shown = mesh.polygons.map(measured).sort((a, b) => b.depth - a.depth);
  // Sides that face the viewer hide all that is behind them.
  if (view) shown.push(...mesh.sides.filter((side) => isFacing(side.outward, view)).map(measured));
  const trace = (dots) => {
    paint.beginPath();
    dots.forEach(({ x, y }, k) => (k ? paint.lineTo(x, y) : paint.moveTo(x, y)));
  };
  const fill = (dots, colour) => {
    trace(dots);
    paint.closePath();
    paint.fillStyle = paint.strokeStyle = colour;
    paint.lineWidth = 0.8;
    paint.fill();
    paint.stroke();
  };
  const stroke = (dots, colour, thick) => {
    trace(dots);
    paint.strokeStyle = colour;
    paint.lineWidth = thick * unit;
    paint.stroke();
  };
  const creases = [];
  for (const { part, dots } of shown) {
    if (part.side) {
      fill(dots, part.side);
      continue;
    }
    const light = part.light * (view ? 1 : 0.35) + (view ? 0 : 0.65);
    for (const { corners, share } of part.bands) fill(corners.map(place), shade(share, light));
    for (const { upper } of part.bands) if (upper) stroke(upper.map(place), "rgba(8,20,40,.6)", 0.9);
    part.forEach((corner, k) => {
      const ends = [dots[k], dots[(k + 1) % dots.length]];
      if (corner.edge < 0) stroke(ends, "#0b1a2e", 1.4);
      if (!(corner.edge > 0)) return;
      const colour = UNITS[mesh.walls[corner.edge - 1].unit % UNITS.length];
      if (view) stroke(ends, colour, 2.6);
      else creases.push([ends, colour]);
    });
  }
  for (const [ends] of creases) stroke(ends, "rgba(255,255,255,.75)", 4);
  for (const [ends, colour] of creases) stroke(ends, colour, 2.2);
  for (const mark of marks) {
    paint.globalAlpha = view && isHidden(mesh, view, mark) ? 0.45 : 1;
    drawMark(paint, place(mark), mark, unit, options);
  }
  paint.globalAlpha = 1;
}

// The parts of a polygon between neighbouring levels, each with its place from 0 to 1 and the contour line above it.
function bandsOf(part, mesh) {
  const heights = part.map(({ z }) => z), low = Math.min(...heights), high = Math.max(...heights), found = [];
  let rest = part, band = mesh.levels.findIndex((level) => level > low);
  if (band < 0) band = LEVELS;
  for (; ; band += 1) {
    const level = band < LEVELS ? mesh.levels[band] : Infinity, share = band / LEVELS;
    if (!(level < high)) return [...found, { corners: rest, share }];
    const below = cutPolygon(rest, rest.map(({ z }) => level - z), 1, 0), ends = segmentsAt(rest, level)[0];
    if (below.length > 2) found.push({ corners: below, share, upper: ends });
    rest = cutPolygon(rest, rest.map(({ z }) => z - level), 1, 0);
    if (rest.length < 3) return found;
  }
}

// Light from the upper left, by the slope in the middle of a polygon.
function lightOn(part, mesh) {
  const middle = (name) => part.reduce((sum, p) => sum + p[name], 0) / part.length, s = middle("s"), t = middle("t"), e = 0.004;
  const up = (a, b) => STEEPNESS * 1.5 * mesh.rise(mesh.height(a, b));
  const x = (up(s - e, t) - up(s + e, t)) / (2 * e), y = (up(s, t - e) - up(s, t + e)) / (2 * e), size = Math.hypot(x, y, 1);
  return 0.78 + (0.36 * (-0.55 * x - 0.3 * y + 0.7)) / size;
}

function drawMark(paint, { x, y }, mark, unit, options) {
  paint.beginPath();
  paint.arc(x, y, (mark.here ? 6.5 : 5) * unit, 0, 2 * Math.PI);
  paint.fillStyle = mark.here ? "#ff7a1a" : "#ffffff";
  paint.strokeStyle = "#0b1a2e";
  paint.lineWidth = 1.8 * unit;
  paint.fill();
  paint.stroke();
  if (!mark.name) return;
  paint.font = `600 ${13 * unit}px system-ui, "DejaVu Sans", sans-serif`;
  paint.lineWidth = 4 * unit;
  paint.strokeStyle = options.paper;
  paint.fillStyle = options.ink;
  paint.strokeText(mark.name, x + 9 * unit, y - 8 * unit);
  paint.fillText(mark.name, x + 9 * unit, y - 8 * unit);
}
