// Pictures as SVG: the disconnectivity graph, the walk from the side, the network, its function.
const PLUS = "#0072b2", MINUS = "#d55e00";
const f1 = (value) => value.toFixed(1);
const escaped = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

function svg(width, height, title, body, more = "") {
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ${more || 'role="img"'}><title>${title}</title>${body}</svg>`;
}

function treeSvg(set, state) {
  const leaves = set.tree.filter((branch) => branch.valley !== null).length, left = 84, top = 14, bottom = 34, height = 300;
  const width = left + 24 + 46 * Math.max(leaves, 4), at = (value) => Rational.of(value).float;
  const lows = set.tree.map((branch) => at(branch.low)), highs = set.tree.map((branch) => at(branch.high));
  const low = Math.min(...lows), high = Math.max(...highs);
  const x = (position) => left + 24 + 46 * at(position), y = (level) => height - bottom - ((level - low) / (high - low || 1)) * (height - top - bottom);
  const known = Object.fromEntries(set.tree.map((branch) => [branch.node, branch]));
  const line = (x1, y1, x2, y2, kind) => `<line x1="${f1(x1)}" y1="${f1(y1)}" x2="${f1(x2)}" y2="${f1(y2)}" class="${kind}"/>`;
  let lines = "", marks = "", ticks = "";
  let last = Infinity;
  for (const level of [...new Set(set.tree.map((branch) => branch.low))].sort((a, b) => at(a) - at(b))) {
    const here = y(at(level));
    if (last - here < 17) continue;
    last = here;
    lines += line(left - 4, here, width, here, "level");
    ticks += `<text x="${left - 8}" y="${f1(here + 4)}" class="tick" text-anchor="end">${written(Rational.of(level), state.decimal, 9)}</text>`;
  }
  const walked = state.level && y(state.level.float);
  if (walked) lines += line(left, walked, width, walked, "flood");
  for (const branch of set.tree) {
    const here = x(branch.position), base = y(at(branch.low));
    lines += line(here, base, here, y(at(branch.high)), "branch");
    if (branch.children.length) {
      const ends = [branch.children[0], branch.children.at(-1)].map((child) => x(known[child].position));
      lines += line(ends[0], base, ends[1], base, "branch");
    }
    if (branch.valley === null) continue;
    const place = branch.valley, valley = set.valleys[place], role = place === state.from ? "start" : place === state.to ? "goal" : "";
    const shape = valley.global
      ? `<circle cx="${f1(here)}" cy="${f1(base)}" r="9"/>`
      : `<polygon points="${[[-10, -8], [10, -8], [0, 10]].map(([a, b]) => `${f1(here + a)},${f1(base + b)}`).join(" ")}"/>`;
    const kind = `${valley.global ? "global minimum" : "spurious valley"}${valley.point ? "" : ", only approached"}`;
    const label = `valley ${place}, ${kind}, risk ${valley.risk.text}${role ? `, ${role} of the walk` : ""}`;
    marks += `<g class="valley ${valley.global ? "global" : "spurious"} ${valley.point ? "" : "open"} ${role}" data-valley="${place}" tabindex="0" `
      + `role="button" aria-pressed="${role !== ""}" aria-label="${label}"><title>${label}</title>`
      + `<rect x="${f1(here - 22)}" y="${f1(base - 20)}" width="44" height="52" class="touch"/>${shape}`
      + `<text x="${f1(here)}" y="${f1(base + 27)}" text-anchor="middle">${place}</text></g>`;
  }
  return svg(width, height, "disconnectivity graph: choose a valley", lines + ticks + marks, 'role="group"');
}

function profileSvg(walk, state) {
  const width = 560, height = 190, left = 12, right = 12, top = 22, bottom = 26;
  const risks = walk.profile, low = Math.min(...risks.map(([, r]) => r)), high = walk.level.float;
  const x = (at) => left + (at / walk.stops) * (width - left - right), y = (risk) => height - bottom - ((risk - low) / (high - low || 1)) * (height - top - bottom);
  const line = risks.map(([at, risk]) => `${f1(x(at))},${f1(y(risk))}`).join(" ");
  const floor = `${f1(x(walk.stops))},${height - bottom + 8} ${f1(x(0))},${height - bottom + 8}`;
  const dots = walk.steps.map((at) => risks.find(([k]) => k === at)).map(([at, risk]) => `<circle cx="${f1(x(at))}" cy="${f1(y(risk))}" r="2.6" class="stop"/>`);
  const here = state.at === "walk" ? risks.find(([k]) => k === state.step) : null;
  const walker = here ? `<circle cx="${f1(x(here[0]))}" cy="${f1(y(here[1]))}" r="8" class="walker"/>` : "";
  const ends = `<text x="${left}" y="${height - 4}" class="tick">valley ${state.from}</text><text x="${width - right}" y="${height - 4}" class="tick" text-anchor="end">valley ${state.to}</text>`;
  const pass = `<line x1="${left}" x2="${width - right}" y1="${f1(y(high))}" y2="${f1(y(high))}" class="flood"/><text x="${width - right}" y="${f1(y(high) - 7)}" class="tick" text-anchor="end">highest point ${written(walk.level, state.decimal, 16)}</text>`;
  return svg(width, height, "the risk along the walk", `<polygon points="${line} ${floor}" class="ground"/><polyline points="${line}" class="profile"/>${dots.join("")}${pass}${ends}${walker}`);
}

function networkSvg(set, point, decimal) {
  const inputs = point.w[0].length, units = point.v.length, across = 165, edge = 40, down = 78, radius = 19;
  const most = Math.max(inputs, units), height = 2 * edge + down * (most - 1) + 26, width = 2 * edge + 2 * across;
  if (most > 7) return "";
  const place = (layer, k) => [edge + across * layer, height / 2 - 8 + down * (k - ([inputs, units, 1][layer] - 1) / 2)];
  const largest = (row) => Math.max(...row.map((value) => Math.abs(value.float))) || 1;
  const wide = largest(point.w.flat()), out = largest(point.v), text = (value) => written(value, decimal, 9);
  let lines = "", labels = "", discs = "";
  const label = (x, y, words, kind = "weight") => `<text x="${f1(x)}" y="${f1(y)}" class="${kind}" text-anchor="middle">${words}</text>`;
  const link = (from, to, value, most, along) => {
    const [x1, y1] = from, [x2, y2] = to, size = 1 + (4 * Math.abs(value.float)) / most;
    const style = value.sign > 0 ? `stroke="${PLUS}"` : value.sign < 0 ? `stroke="${MINUS}" stroke-dasharray="7 5"` : 'stroke="#888" stroke-dasharray="1 6"';
    lines += `<line x1="${f1(x1)}" y1="${f1(y1)}" x2="${f1(x2)}" y2="${f1(y2)}" stroke-width="${f1(value.sign ? size : 1.5)}" stroke-linecap="round" ${style}/>`;
    labels += label(x1 + along * (x2 - x1), y1 + along * (y2 - y1) + 4, text(value));
  };
  const disc = ([x, y], name, bias, kind) => {
    discs += `<circle cx="${f1(x)}" cy="${f1(y)}" r="${radius}" class="disc ${kind}"/>${label(x, y + 5, name, "unit")}`;
    if (!bias) return;
    const [size, sign] = [text(bias.sign < 0 ? ZERO.minus(bias) : bias), bias.sign < 0 ? "−" : "+"];
    discs += label(x, y + radius + 16, size.startsWith("≈") ? `≈ ${sign} ${size.slice(2)}` : `${sign} ${size}`);
  };
  point.w.forEach((row, j) => row.forEach((value, k) => link(place(0, k), place(1, j), value, wide, inputs > 1 ? [0.3, 0.68, 0.46][(j + 2 * k) % 3] : 0.5)));
  point.v.forEach((value, j) => link(place(1, j), place(2, 0), value, out, 0.5));
  const sub = (letter, k, count) => (count > 1 ? `${letter}<tspan dy="3" font-size="10">${k + 1}</tspan>` : letter);
  for (let k = 0; k < inputs; k += 1) disc(place(0, k), sub("x", k, inputs), null, "");
  point.v.forEach((_, j) => disc(place(1, j), sub("h", j, 2), point.b && point.b[j], `u${j % UNITS.length}`));
  disc(place(2, 0), "f", point.c, "");
  return svg(width, height, "the network: solid lines are positive weights, dashed ones negative, dotted ones zero", lines + labels + discs);
}

function frameOf(set) {
  const range = (values, part) => {
    const low = Math.min(...values), high = Math.max(...values), margin = (high - low) * part || 1;
    return [low - margin, high + margin];
  };
  const { samples } = set.drawn;
  return { x: samples[0].x.map((_, k) => range(samples.map((s) => s.x[k]), 0.125)), y: range(samples.map((s) => s.y), 0.3) };
}

// Values whose labels do not run into each other.
function apart(values, place, least) {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  return sorted.reduce((kept, value) => (kept.length && Math.abs(place(value) - place(kept.at(-1))) < least ? kept : [...kept, value]), []);
}

function functionSvg(set, point, ghost) {
  const inputs = point.w[0].length, width = 420, height = 300, edge = 34, frame = frameOf(set), drawn = floatPoint(point);
  const scale = ([low, high], from, to) => (value) => from + ((value - low) / (high - low)) * (to - from);
  const x = scale(frame.x[0], edge, width - edge), ticks = (axis, values) => values.map((v) => axis(v)).join("");
  const border = `<rect x="${edge}" y="${edge / 2}" width="${width - 2 * edge}" height="${height - 1.5 * edge}" class="frame"/>`;
  const clip = (body) => `<svg x="${edge}" y="${edge / 2}" width="${width - 2 * edge}" height="${height - 1.5 * edge}" viewBox="${edge} ${edge / 2} ${width - 2 * edge} ${height - 1.5 * edge}">${body}</svg>`;
  const short = (value) => Number(value.toPrecision(3));
  if (inputs === 1) {
    const y = scale(frame.y, height - edge, edge / 2);
    const graph = (params) => {
      const bends = params.w.flatMap((row, j) => set.drawn.breakpoints.map((edgeAt) => (edgeAt - (params.b ? params.b[j] : 0)) / row[0]));
      const at = [...frame.x[0], ...bends.filter((v) => v > frame.x[0][0] && v < frame.x[0][1])].sort((a, b) => a - b);
      return at.map((v) => `${f1(x(v))},${f1(y(floatOutput(set.drawn, params, [v])))}`).join(" ");
    };
    const misses = set.drawn.samples.map((s) => `<line x1="${f1(x(s.x[0]))}" x2="${f1(x(s.x[0]))}" y1="${f1(y(s.y))}" y2="${f1(y(floatOutput(set.drawn, drawn, s.x)))}" class="miss"/>`);
    const dots = set.drawn.samples.map((s) => `<circle cx="${f1(x(s.x[0]))}" cy="${f1(y(s.y))}" r="5.5" class="sample"/>`);
    const old = ghost ? `<polyline points="${graph(floatPoint(ghost))}" class="ghost"/>` : "";
    const below = ticks((v) => `<text x="${f1(x(v))}" y="${height - edge + 18}" class="tick" text-anchor="middle">${short(v)}</text>`, apart(set.drawn.samples.map((s) => s.x[0]), x, 26));
    const beside = ticks((v) => `<text x="${edge - 6}" y="${f1(y(v) + 4)}" class="tick" text-anchor="end">${short(v)}</text>`, apart(set.drawn.samples.map((s) => s.y), y, 15));
    return svg(width, height, "the function of the network, and the samples as circles", `${border}${clip(`${old}${misses.join("")}<polyline points="${graph(drawn)}" class="graph"/>`)}${dots.join("")}${below}${beside}`);
  }
  if (inputs === 2) {
    const y = scale(frame.x[1], height - edge, edge / 2), [low, high] = frame.y;
    let parts = [[[0, 0], [1, 0], [1, 1], [0, 1]].map(([a, b]) => ({ s: frame.x[0][a], t: frame.x[1][b], z: 0, edge: null }))];
    drawn.w.forEach((row, j) => set.drawn.breakpoints.forEach((v) => { if (row[0] || row[1]) parts = cutAll(parts, [row[0], row[1], (drawn.b ? drawn.b[j] : 0) - v], j + 1); }));
    const colour = (value) => shade((value - low) / (high - low), 1);
    const value = (s, t) => floatOutput(set.drawn, drawn, [s, t]);
    const regions = parts.map((part, k) => {
      const cs = part.reduce((sum, p) => sum + p.s, 0) / part.length, ct = part.reduce((sum, p) => sum + p.t, 0) / part.length, base = value(cs, ct);
      const outline = part.map((p) => `${f1(x(p.s))},${f1(y(p.t))}`).join(" "), inside = (p) => [cs + 0.2 * (p.s - cs), ct + 0.2 * (p.t - ct)];
      // Affine on the region: two differences tell its gradient in pixels.
      const [p, q] = part.map(inside), [dx1, dy1, d1] = [x(p[0]) - x(cs), y(p[1]) - y(ct), value(...p) - base], [dx2, dy2, d2] = [x(q[0]) - x(cs), y(q[1]) - y(ct), value(...q) - base];
      const det = dx1 * dy2 - dx2 * dy1, gx = (d1 * dy2 - d2 * dy1) / det, gy = (dx1 * d2 - dx2 * d1) / det, size = gx * gx + gy * gy;
      if (!(size > 1e-12)) return `<polygon points="${outline}" fill="${colour(base)}" class="region"/>`;
      const to = (target) => [x(cs) + (gx * (target - base)) / size, y(ct) + (gy * (target - base)) / size], [a, b] = [to(low), to(high)];
      const stops = Array.from({ length: 9 }, (_, n) => `<stop offset="${n / 8}" stop-color="${colour(low + (n / 8) * (high - low))}"/>`).join("");
      return `<linearGradient id="region${k}" gradientUnits="userSpaceOnUse" x1="${f1(a[0])}" y1="${f1(a[1])}" x2="${f1(b[0])}" y2="${f1(b[1])}">${stops}</linearGradient><polygon points="${outline}" fill="url(#region${k})" class="region"/>`;
    });
    const dots = set.drawn.samples.map((s) => `<circle cx="${f1(x(s.x[0]))}" cy="${f1(y(s.x[1]))}" r="9" style="fill: ${colour(s.y)}" class="sample filled"/>`);
    return svg(width, height, "the function of the network as colour, and the samples as circles of the colour of their target", `${clip(regions.join(""))}${border}${dots.join("")}`);
  }
  const y = scale(frame.y, height - edge, edge / 2), step = (width - 2 * edge) / set.drawn.samples.length;
  const bars = set.drawn.samples.map((s, i) => `<line x1="${f1(edge + step * (i + 0.5))}" x2="${f1(edge + step * (i + 0.5))}" y1="${f1(y(s.y))}" y2="${f1(y(floatOutput(set.drawn, drawn, s.x)))}" class="miss"/><circle cx="${f1(edge + step * (i + 0.5))}" cy="${f1(y(s.y))}" r="5" class="sample"/><circle cx="${f1(edge + step * (i + 0.5))}" cy="${f1(y(floatOutput(set.drawn, drawn, s.x)))}" r="4" fill="${PLUS}"/>`);
  return svg(width, height, "targets as circles and predictions as dots, sample by sample", border + bars.join(""));
}
