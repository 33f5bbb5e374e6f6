// The risk on the cell of a point: a polynomial in the weights, exactly.
const SUB = (number) => `<sub>${number}</sub>`;

function weightNames(set, point) {
  const inputs = point.w[0].length, units = point.v.length;
  const index = (j, k) => (units > 1 ? j + 1 : "") + (inputs > 1 ? (units > 1 ? "," : "") + (k + 1) : "");
  const named = (letter, text) => `<var>${letter}</var>${text === "" ? "" : SUB(text)}`;
  return [
    ...point.w.flatMap((row, j) => row.map((_, k) => named("w", index(j, k)))),
    ...(point.b || []).map((_, j) => named("b", units > 1 ? j + 1 : "")),
    ...point.v.map((_, j) => named("v", units > 1 ? j + 1 : "")),
    ...(point.c ? [named("c", "")] : []),
  ];
}

function polynomialSum(a, b) {
  const sum = new Map(a);
  for (const [key, value] of b) sum.set(key, (sum.get(key) || ZERO).plus(value));
  for (const [key, value] of sum) if (!value.sign) sum.delete(key);
  return sum;
}

function polynomialProduct(a, b) {
  let sum = new Map();
  for (const [left, x] of a) {
    const part = new Map();
    for (const [right, y] of b) {
      const other = right.split(","), key = left.split(",").map((e, k) => Number(e) + Number(other[k])).join(",");
      part.set(key, (part.get(key) || ZERO).plus(x.times(y)));
    }
    sum = polynomialSum(sum, part);
  }
  return sum;
}

// A cell that has the point in its closure: on a wall, one beside it (there its polynomial has the same value).
function cellBeside(set, found) {
  const inputs = found.point.w[0].length;
  return found.pattern.map((row) => {
    if (found.point.b) return row.map(({ piece }) => piece); // the bias a little lower
    for (let k = 1; ; k += 1) {
      const move = [...Array(inputs).keys()].map((e) => new Rational(BigInt(k) ** BigInt(e)));
      const signs = row.map((entry, i) => (entry.wall ? dot(move, set.samples[i].x).sign : -1));
      if (!signs.includes(0)) return row.map(({ piece }, i) => piece + (signs[i] > 0 ? 1 : 0));
    }
  });
}

function outputPolynomials(set, found) {
  const { point } = found, cell = cellBeside(set, found), size = flat(point).length, inputs = point.w[0].length;
  const biases = point.w.length * inputs, outputs = biases + (point.b ? point.b.length : 0);
  const key = (...places) => Array.from({ length: size }, (_, k) => places.filter((place) => place === k).length).join(",");
  return set.samples.map((sample, i) => {
    let sum = new Map(point.c ? [[key(size - 1), ONE]] : []);
    point.v.forEach((_, j) => {
      const [slope, height] = set.lines[cell[j][i]], terms = new Map();
      sample.x.forEach((x, k) => terms.set(key(j * inputs + k, outputs + j), slope.times(x)));
      if (point.b) terms.set(key(biases + j, outputs + j), slope);
      sum = polynomialSum(sum, polynomialSum(terms, new Map([[key(outputs + j), height]])));
    });
    return sum;
  });
}

function riskPolynomial(set, found) {
  let sum = new Map();
  outputPolynomials(set, found).forEach((f, i) => {
    const sample = set.samples[i], [a, b, c] = sample.pieces[pieceOf(sample.breakpoints, found.predictions[i]).piece];
    const constant = (value) => new Map([[Array(flat(found.point).length).fill(0).join(","), value]]);
    sum = polynomialSum(sum, polynomialProduct(f, polynomialSum(polynomialProduct(f, constant(a)), constant(b))));
    sum = polynomialSum(sum, constant(c));
  });
  return sum;
}

function valueOf(polynomial, numbers) {
  return total([...polynomial].map(([key, value]) =>
    key.split(",").reduce((product, e, k) => [...Array(Number(e))].reduce((all) => all.times(numbers[k]), product), value)));
}

function polynomialHtml(polynomial, names, decimal) {
  const terms = [...polynomial].map(([key, value]) => {
    const exponents = key.split(",").map(Number), degree = exponents.reduce((a, b) => a + b);
    const letters = exponents.map((e, k) => (e ? names[k] + (e > 1 ? `<sup>${e}</sup>` : "") : "")).filter(Boolean).join("&hairsp;");
    return { value, degree, letters, order: exponents };
  });
  terms.sort((a, b) => b.degree - a.degree || b.order.join().localeCompare(a.order.join()));
  const parts = terms.map(({ value, letters }, k) => {
    const size = value.sign < 0 ? ZERO.minus(value) : value;
    const number = letters && !size.compare(ONE) ? "" : written(size, decimal);
    const sign = value.sign < 0 ? "−" : k ? "+" : "";
    const bracketed = number.startsWith("≈") && letters ? `(${number})` : number;
    return `<span class="term">${sign}${sign && k ? "&thinsp;" : ""}${bracketed}${number && letters ? "&thinsp;" : ""}${letters}</span>`;
  });
  return parts.join(" ") || "0";
}
