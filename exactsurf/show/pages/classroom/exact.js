// Exact rational numbers: what the page computes and writes; floats only place what is drawn.
function gcd(a, b) {
  a = a < 0n ? -a : a;
  while (b) [a, b] = [b < 0n ? -b : b, a % b];
  return a;
}

class Rational {
  constructor(top, bottom = 1n) {
    const common = gcd(top, bottom) * (bottom < 0n ? -1n : 1n);
    this.top = top / common;
    this.bottom = bottom / common;
  }
  static of(text) {
    const [top, bottom = "1"] = String(text).split("/");
    return new Rational(BigInt(top), BigInt(bottom));
  }
  plus(other) { return new Rational(this.top * other.bottom + other.top * this.bottom, this.bottom * other.bottom); }
  minus(other) { return new Rational(this.top * other.bottom - other.top * this.bottom, this.bottom * other.bottom); }
  times(other) { return new Rational(this.top * other.top, this.bottom * other.bottom); }
  over(other) { return new Rational(this.top * other.bottom, this.bottom * other.top); }
  compare(other) {
    const difference = this.top * other.bottom - other.top * this.bottom;
    return difference > 0n ? 1 : difference < 0n ? -1 : 0;
  }
  get sign() { return this.top > 0n ? 1 : this.top < 0n ? -1 : 0; }
  get text() { return this.bottom === 1n ? `${this.top}` : `${this.top}/${this.bottom}`; }
  get digits() {
    const sizes = [this.top < 0n ? -this.top : this.top, this.bottom].map((part) => part.toString().length);
    return this.bottom === 1n ? [sizes[0], 0] : sizes;
  }
  // For drawing only.
  get float() {
    const [top, bottom] = this.digits, excess = BigInt(Math.max(0, Math.max(top, bottom) - 300));
    return Number(this.top / 10n ** excess) / Number(this.bottom / 10n ** excess);
  }
}

const ZERO = new Rational(0n), ONE = new Rational(1n);

function total(values) { return values.reduce((sum, value) => sum.plus(value), ZERO); }

function dot(a, b) { return total(a.map((value, k) => value.times(b[k]))); }

// Rounded to significant digits, half away from zero; whether that is the number itself is said too.
function rounded(value, significant = 6) {
  if (!value.sign) return { text: "0", exact: true };
  const top = value.top < 0n ? -value.top : value.top, bottom = value.bottom;
  const power = (k) => 10n ** BigInt(k);
  let exponent = top.toString().length - bottom.toString().length;
  const reaches = (k) => (k >= 0 ? top >= bottom * power(k) : top * power(-k) >= bottom);
  while (!reaches(exponent)) exponent -= 1;
  const shift = significant - 1 - exponent;
  const upper = shift >= 0 ? top * power(shift) : top, lower = shift >= 0 ? bottom : bottom * power(-shift);
  let digits = ((2n * upper + lower) / (2n * lower)).toString();
  const exact = upper % lower === 0n;
  if (digits.length > significant) {
    digits = digits.slice(0, significant);
    exponent += 1;
  }
  digits = digits.replace(/0+$/, "");
  const sign = value.sign < 0 ? "−" : "";
  if (exponent < -4 || exponent > 8) {
    return { text: `${sign}${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ""}·10^${exponent}`, exact };
  }
  if (exponent < 0) return { text: `${sign}0.${"0".repeat(-exponent - 1)}${digits}`, exact };
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0"), rest = digits.slice(exponent + 1);
  return { text: `${sign}${whole}${rest ? `.${rest}` : ""}`, exact };
}

const LONGEST = 24; // digits of a number that is written as a fraction

// A number as the page writes it: what stands without ≈ is exact.
function written(value, decimal, longest = LONGEST) {
  const [top, bottom] = value.digits;
  if (!decimal && top + bottom <= longest) return value.text.replace("-", "−");
  const { text, exact } = rounded(value);
  return exact ? text : `≈ ${text}`;
}

// The same, and what was left out of a long one.
function writtenLong(value, decimal) {
  const [top, bottom] = value.digits;
  const short = written(value, decimal);
  if (decimal || top + bottom <= LONGEST) return short;
  return `${short} (rounded; the exact value is a fraction of ${top} digits over ${bottom})`;
}
