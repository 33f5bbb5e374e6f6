// The network of one hidden layer, exactly: predictions, risk, activation pattern, and steps of a walk.
function exactSet(document) {
  const q = Rational.of, row = (values) => values.map(q);
  const set = { ...document };
  set.breakpoints = row(document.breakpoints);
  set.lines = document.lines.map(row);
  set.samples = document.samples.map((sample) => ({
    x: row(sample.x), y: q(sample.y), breakpoints: row(sample.breakpoints), pieces: sample.pieces.map(row),
  }));
  set.valleys = document.valleys.map((valley) => ({
    ...valley, risk: q(valley.risk), barrier: valley.barrier && q(valley.barrier), point: exactPoint(valley.point),
  }));
  set.minima = document.minima.map((found) => ({ ...found, risk: q(found.risk), point: exactPoint(found.point) }));
  set.walks = {};
  for (const [name, walk] of Object.entries(document.walks)) {
    set.walks[name] = { level: q(walk.level), points: walk.points.map(exactPoint) };
  }
  set.drawn = floats(set);
  return set;
}

function exactPoint(document) {
  if (!document) return null;
  const row = (values) => values && values.map(Rational.of);
  return { w: document.w.map(row), b: row(document.b), v: row(document.v), c: document.c === null ? null : Rational.of(document.c) };
}

// A point as one row of numbers, and back.
function flat(point) { return [...point.w.flat(), ...(point.b || []), ...point.v, ...(point.c ? [point.c] : [])]; }

function shaped(numbers, like) {
  const left = [...numbers], take = (count) => left.splice(0, count);
  const w = like.w.map((row) => take(row.length)), b = like.b && take(like.b.length), v = take(like.v.length);
  return { w, b, v, c: like.c && left[0] };
}

function combined(points, factors) {
  const rows = points.map(flat);
  return shaped(rows[0].map((_, k) => dot(rows.map((row) => row[k]), factors)), points[0]);
}

function preActivations(set, point) {
  return point.w.map((row, j) => set.samples.map((sample) => {
    const sum = dot(row, sample.x);
    return point.b ? sum.plus(point.b[j]) : sum;
  }));
}

// The piece left of (or at) a number, and whether the number is a breakpoint.
function pieceOf(breakpoints, value) {
  const order = breakpoints.map((edge) => value.compare(edge));
  return { piece: order.filter((sign) => sign > 0).length, wall: order.includes(0) };
}

function evaluated(set, point) {
  const z = preActivations(set, point);
  const pattern = z.map((row, j) => row.map((value, i) => {
    const found = pieceOf(set.breakpoints, value);
    // Without a bias a unit is 0 on inputs that are all 0, whatever its weights are: no wall.
    return { ...found, wall: found.wall && (Boolean(point.b) || set.samples[i].x.some((entry) => entry.sign)) };
  }));
  const predictions = set.samples.map((_, i) => {
    const terms = point.v.map((v, j) => {
      const [slope, height] = set.lines[pattern[j][i].piece];
      return v.times(slope.times(z[j][i]).plus(height));
    });
    return total(point.c ? [...terms, point.c] : terms);
  });
  const shares = set.samples.map((sample, i) => {
    const f = predictions[i], [a, b, c] = sample.pieces[pieceOf(sample.breakpoints, f).piece];
    return f.times(f.times(a).plus(b)).plus(c);
  });
  return { point, z, pattern, predictions, shares, risk: total(shares) };
}

// The point at the time t of a step: output weights and products are linear in t (proofs/claims/path.md).
function between(start, end, t) {
  const rest = ONE.minus(t), mix = (a, b, share) => a.times(ONE.minus(share)).plus(b.times(share));
  const v = start.v.map((value, j) => rest.times(value).plus(t.times(end.v[j])));
  const share = v.map((value, j) => {
    const moves = start.w[j].some((a, k) => a.compare(end.w[j][k])) || (start.b && start.b[j].compare(end.b[j]));
    return start.v[j].sign && end.v[j].sign && moves ? t.times(end.v[j]).over(value) : t;
  });
  return {
    w: start.w.map((row, j) => row.map((a, k) => mix(a, end.w[j][k], share[j]))),
    b: start.b && start.b.map((a, j) => mix(a, end.b[j], share[j])),
    v,
    c: start.c && mix(start.c, end.c, t),
  };
}

// What is drawn is computed in floats, from the exact numbers.
function floats(set) {
  const row = (values) => values.map((value) => value.float);
  return {
    breakpoints: row(set.breakpoints), lines: set.lines.map(row),
    samples: set.samples.map((s) => ({ x: row(s.x), y: s.y.float, breakpoints: row(s.breakpoints), pieces: s.pieces.map(row) })),
  };
}

function floatPoint(point) {
  const row = (values) => values && values.map((value) => value.float);
  return { w: point.w.map(row), b: row(point.b), v: row(point.v), c: point.c ? point.c.float : 0 };
}

function floatOutput(drawn, point, x) {
  let sum = point.c;
  for (let j = 0; j < point.v.length; j += 1) {
    let z = point.b ? point.b[j] : 0, piece = 0;
    for (let k = 0; k < x.length; k += 1) z += point.w[j][k] * x[k];
    while (piece < drawn.breakpoints.length && z > drawn.breakpoints[piece]) piece += 1;
    sum += point.v[j] * (drawn.lines[piece][0] * z + drawn.lines[piece][1]);
  }
  return sum;
}

function floatRisk(drawn, point) {
  let sum = 0;
  for (const sample of drawn.samples) {
    const f = floatOutput(drawn, point, sample.x);
    let piece = 0;
    while (piece < sample.breakpoints.length && f > sample.breakpoints[piece]) piece += 1;
    const [a, b, c] = sample.pieces[piece];
    sum += (a * f + b) * f + c;
  }
  return sum;
}
