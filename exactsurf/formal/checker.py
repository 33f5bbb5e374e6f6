"""The checker that is proved correct in proofs/formal/, extracted from Coq by `make formal`; not to be edited."""
# mypy: ignore-errors
# ruff: noqa

import math
import operator
from functools import partial


def _div(a, b):
    return a // b if b else 0


def _modulo(a, b):
    return a % b if b else a


def _power(a, b):
    return a**b if b >= 0 else 0


def _log2(a):
    return a.bit_length() - 1 if a > 0 else 0


def _to_pos(a):
    return max(a, 1)


def _text(string):
    found = ()
    for character in reversed(string):
        found = (ord(character), found)
    return found


def negb(b):
    if b:
        return False
    return True


def eqb(b1, b2):
    if b1:
        return b2
    if b2:
        return False
    return True


def qopp(x):
    return ((-x[0]), x[1])


def all_(f, l):
    while True:
        if not l:
            return True
        a, l_1 = l
        if f(a):
            l = l_1
            continue
        return False


def some(f, l):
    while True:
        if not l:
            return False
        a, l_1 = l
        if f(a):
            return True
        l = l_1
        continue


def rev_onto(l, acc):
    while True:
        if not l:
            return acc
        a, l_1 = l
        l, acc = l_1, (a, acc)
        continue


def map_onto(f, l, acc):
    while True:
        if not l:
            return acc
        a, l_1 = l
        l, acc = l_1, (f(a), acc)
        continue


def tmap(f, l):
    return rev_onto(map_onto(f, l, ()), ())


def zip_onto(f, u, v, acc):
    while True:
        if not u:
            return acc
        a, u_1 = u
        if not v:
            return acc
        b, v_1 = v
        u, v, acc = u_1, v_1, (f(a, b), acc)
        continue


def tzip(f, u, v):
    return rev_onto(zip_onto(f, u, v, ()), ())


def fold(f, b, l):
    while True:
        if not l:
            return b
        a, l_1 = l
        b, l = f(b, a), l_1
        continue


def filter_onto(f, l, acc):
    while True:
        if not l:
            return acc
        a, l_1 = l
        l, acc = l_1, ((a, acc) if (f(a)) else acc)
        continue


def tfilter(f, l):
    return rev_onto(filter_onto(f, l, ()), ())


def collect_onto(f, l, acc):
    while True:
        if not l:
            return (rev_onto(acc, ()),)
        a, l_1 = l
        value = f(a)
        if value is not None:
            l, acc = l_1, (value[0], acc)
            continue
        return None


def collect(f, l):
    return collect_onto(f, l, ())


def count_from(n, l):
    while True:
        if not l:
            return n
        n, l = (n + 1), l[1]
        continue


def count(l):
    return count_from(0, l)


def has_length(n, l):
    return (count(l) == n)


def add_row(cols, row):
    return tzip((lambda a, col: (a, col)), row, cols)


def transpose(rows):
    if not rows:
        return ()
    return fold(add_row, tmap((lambda unused: ()), rows[0]), rev_onto(rows, ()))


def common(d, e):
    if (_modulo(d, e) == 0):
        return d
    return max(math.lcm(d, e), 1)


def over(d, q0):
    return (q0[0] * _div(d, q0[1]))


def common_of(d, l):
    return fold((lambda d0, q0: common(d0, q0[1])), d, l)


def align(l):
    d = common_of(1, l)
    return (tmap(partial(over, d), l), d)


def common_row(ds, row):
    return tzip((lambda d, q0: common(d, q0[1])), ds, row)


def common_rows(rows):
    if not rows:
        return ()
    return fold(common_row, tmap((lambda unused: 1), rows[0]), rows)


def table_of(rows):
    ds = common_rows(rows)
    return (tmap(partial(tzip, over, ds), rows), ds)


def zdot(acc, u, v):
    while True:
        if not u:
            return acc
        a, u_1 = u
        if not v:
            return acc
        b, v_1 = v
        acc, u, v = (acc + (a * b)), u_1, v_1
        continue


def zsum(u):
    return fold(operator.add, 0, u)


def is_zero(u):
    return all_(partial(operator.eq, 0), u)


def same(u, v):
    while True:
        if not u:
            if not v:
                return True
            return False
        a, u_1 = u
        if not v:
            return False
        b, v_1 = v
        if (a == b):
            u, v = u_1, v_1
            continue
        return False


def quotient(n, d):
    g = math.gcd(n, d)
    return (_div(n, g), max(_div(d, g), 1))


def qadd(x, y):
    return quotient(((x[0] * y[1]) + (y[0] * x[1])), (x[1] * y[1]))


def qopp0(x):
    return ((-x[0]), x[1])


def qmul(x, y):
    return quotient((x[0] * y[0]), (x[1] * y[1]))


def qltb(x, y):
    return ((x[0] * y[1]) < (y[0] * x[1]))


def qleb(x, y):
    return ((x[0] * y[1]) <= (y[0] * x[1]))


def qeqb(x, y):
    return ((x[0] * y[1]) == (y[0] * x[1]))


most_bits = 2097152


few_bits = 262144


def measure(most, st, q0):
    if st is not None:
        d = common(st[0][0], q0[1])
        if (most < _log2(d)):
            return None
        n = _log2(abs(q0[0]))
        return ((d, (n if (st[0][1] < n) else st[0][1])),)
    return None


def is_short(l):
    value = fold(partial(measure, most_bits), ((1, 0),), l)
    if value is not None:
        return True
    return False


def first_intercept(h):
    value = fold((lambda st, ta: ((qadd(st[0], qmul(qadd(ta[1], qopp0(st[1])), ta[0])) if (qltb(ta[0], (0, 1))) else st[0]), ta[1])), (h[1], h[0]), h[2])
    return value[0]


def next_lines(h):
    def step(st, ta):
        next = (ta[1], qadd(st[0][1], qmul(qadd(st[0][0], qopp0(ta[1])), ta[0])))
        return (next, ((ta[0], next), st[1]))
    value = fold(step, ((h[0], first_intercept(h)), ()), h[2])
    return value[1]


def compile(h):
    c = first_intercept(h)
    ks = rev_onto(next_lines(h), ())
    d_1 = fold((lambda d, k: common(common(d, k[1][0][1]), k[1][1][1])), common(common(1, h[0][1]), c[1]), ks)
    return (d_1, (over(d_1, h[0]), over(d_1, c)), tmap((lambda k_1, d_1=d_1: (k_1[0], (over(d_1, k_1[1][0]), over(d_1, k_1[1][1])))), ks))


def locate(ln, ks, z0, d):
    while True:
        if not ks:
            return (ln, ln, False)
        p, rest = ks
        n = (z0 * p[0][1])
        m = (p[0][0] * d)
        if (n < m):
            return (ln, ln, False)
        if (n == m):
            return (ln, p[1], True)
        ln, ks = p[1], rest
        continue


def place_of(h, z0, d):
    return locate(h[1], h[2], z0, d)


def value_on(ln, z0, d):
    return ((ln[0] * z0) + (ln[1] * d))


def make_unit(ds, w, b):
    ws = tzip((lambda q0, d: (q0[0], (q0[1] * d))), w, ds)
    d_1 = common_of(b[1], ws)
    return (over(d_1, b), tmap(partial(over, d_1), ws), d_1)


def make_units(ds, l):
    if l[1] is not None:
        return tzip(partial(make_unit, ds), l[0], l[1][0])
    return tmap((lambda w, ds=ds: make_unit(ds, w, (0, 1))), l[0])


def read_row(us, row):
    return tmap((lambda u, row=row: zdot(u[0], u[1], row)), us)


def activate(h, ds, zs):
    def step(z0, d, h=h):
        value = place_of(h, z0, d)
        return value_on(value[1], z0, d)
    return tzip(step, zs, ds)


def forward(h, ls, t):
    while True:
        if not ls:
            return t
        l, rest = ls
        us = make_units(t[1], l)
        ds = tmap((lambda u: u[2]), us)
        if not rest:
            return (tmap(partial(read_row, us), t[0]), ds)
        ls, t = rest, (tmap((lambda row, ds=ds, h=h, us=us: activate(h, ds, read_row(us, row))), t[0]), tmap(partial(operator.mul, h[0]), ds))
        continue


def common_quadratic(d, q0):
    return common(common(common(d, q0[0][0][1]), q0[0][1][1]), q0[1][1])


def over_quadratic(d, e, q0):
    return (((over(d, q0[0][0]) * (e * e)), (over(d, q0[0][1]) * e)), over(d, q0[1]))


def compile_loss(l, e0):
    d_1 = fold((lambda d, k: common_quadratic(d, k[1])), common_quadratic(1, l[1]), l[2])
    e_1 = fold((lambda e, k_1: common(e, k_1[0][1])), e0, l[2])
    return (d_1, e_1, over_quadratic(d_1, e_1, l[1]), tmap((lambda k_2, d_1=d_1, e_1=e_1: (over(e_1, k_2[0]), over_quadratic(d_1, e_1, k_2[1]))), l[2]))


def locate_quadratic(q0, ks, n):
    while True:
        if not ks:
            return (q0, q0)
        p, rest = ks
        if (n < p[0]):
            return (q0, q0)
        if (n == p[0]):
            return (q0, p[1])
        q0, ks = p[1], rest
        continue


def quadratics_at(l, n):
    return locate_quadratic(l[2], l[3], n)


def zvalue(q0, n):
    return (q0[0][0] + (n * (q0[0][1] + (q0[1] * n))))


def zslope(q0, n):
    return (q0[0][1] + (2 * (q0[1] * n)))


def qvalue(q0, u):
    return qadd(q0[0][0], qmul(u, qadd(q0[0][1], qmul(q0[1], u))))


def qslope(q0, u):
    return qadd(q0[0][1], qmul(qadd(q0[1], q0[1]), u))


def bowl(q0):
    return qleb((0, 1), q0[1])


def convex_from(t0, q0, ks):
    while True:
        if bowl(q0):
            if not ks:
                return True
            p, rest = ks
            if (((qltb(t0[0], p[0]) if t0 is not None else True) and qeqb(qvalue(q0, p[0]), qvalue(p[1], p[0]))) and qleb(qslope(q0, p[0]), qslope(p[1], p[0]))):
                t0, q0, ks = (p[0],), p[1], rest
                continue
            return False
        return False


def convex(l):
    return convex_from(None, l[1], l[2])


def label(g, y):
    if g == 'Difference':
        return True
    if g == 'Margin':
        def step(b):
            if qeqb(b, (1, 1)):
                return True
            return qeqb(b, ((-1), 1))
        return all_(step, y)
    def step_1(b_1):
        if qeqb(b_1, (1, 1)):
            return True
        return qeqb(b_1, (0, 1))
    if all_(step_1, y):
        return (count(tfilter((lambda b_2: qeqb(b_2, (1, 1))), y)) == 1)
    return False


def right_prediction(acc, e, f, y):
    while True:
        if not f:
            return acc
        a, f_1 = f
        if not y:
            return acc
        b, y_1 = y
        acc, f, y = ((acc + a) if (b == e) else acc), f_1, y_1
        continue


def gap_at(g, e, right, a, b):
    if g == 'Difference':
        return ((a - b),)
    if g == 'Margin':
        return ((a if (0 < b) else (-a)),)
    if (b == e):
        return None
    return ((a - right),)


def gaps_of(g, e, f, y):
    return tzip(partial(gap_at, g, e, right_prediction(0, e, f, y)), f, y)


def rescale(e, ds, row):
    return tzip((lambda n, d, e=e: (n * _div(e, d))), row, ds)


def fit_of(l, f, y, ws):
    e0 = fold(common, fold(common, 1, f[1]), y[1])
    ls = compile_loss(l, e0)
    d = common_of(1, ws)
    def step(ab, w, d=d, f=f, l=l, ls=ls, y=y):
        a = rescale(ls[1], f[1], ab[0])
        b = rescale(ls[1], y[1], ab[1])
        return (b, gaps_of(l[0], ls[1], a, b), over(d, w))
    return (ls, d, tzip(step, tzip((lambda x, x0: (x, x0)), f[0], y[0]), ws))


def gap_value(ls, acc, n):
    if n is not None:
        value = quadratics_at(ls, n[0])
        return (acc + zvalue(value[0], n[0]))
    return acc


def risk_of(s, t):
    total = fold((lambda acc, row, t=t: (acc + (row[2] * fold(partial(gap_value, t[0]), 0, row[1])))), 0, t[2])
    return ((s[0] * total), (s[1] * (t[1] * (t[0][0] * (t[0][1] * t[0][1])))))


def slopes_at(ls, n):
    value = quadratics_at(ls, n)
    return (zslope(value[0], n), zslope(value[1], n))


def is_kink(ls, n):
    if n is not None:
        value = slopes_at(ls, n[0])
        return negb((value[0] == value[1]))
    return False


def has_kinks(t):
    return some((lambda row, t=t: some(partial(is_kink, t[0]), row[1])), t[2])


def spread(g, e, rho, y):
    if g == 'Difference':
        return rho
    if g == 'Margin':
        def step(r, b):
            if (0 < b):
                return r
            return (-r)
        return tzip(step, rho, y)
    s = zsum(rho)
    def step_1(r_1, b_1, e=e, s=s):
        if (b_1 == e):
            return (-s)
        return r_1
    return tzip(step_1, rho, y)


def gather(g, e, r, y):
    if g == 'Difference':
        return r
    if g == 'Margin':
        def step(r0, b):
            if (0 < b):
                return r0
            return (-r0)
        return tzip(step, r, y)
    def step_1(r0_1, b_1, e=e):
        if (b_1 == e):
            return 0
        return r0_1
    return tzip(step_1, r, y)


def smooth_slope(ls, n):
    if n is not None:
        value = slopes_at(ls, n[0])
        return value[0]
    return 0


def between(ls, p, q0, rho, n):
    if n is not None:
        value = slopes_at(ls, n[0])
        if ((value[0] * p) <= (rho * q0)):
            return ((rho * q0) <= (value[1] * p))
        return False
    return (rho == 0)


def is_short_table(rows):
    value = fold(partial(fold, partial(measure, most_bits)), ((1, 0),), rows)
    if value is not None:
        return True
    return False


def subgradient_of(g, s, t, given):
    if given is not None:
        if ((has_kinks(t)) and is_short_table(given[0])):
            d = fold(common_of, 1, given[0])
            rows = tmap(partial(tmap, partial(over, d)), given[0])
            if (count(rows) == count(t[2])):
                def step(row, own, d=d, g=g, s=s, t=t):
                    c = ((s[0] * own[2]), (s[1] * t[1]))
                    p = (c[0] * d)
                    q0 = (c[1] * (t[0][0] * t[0][1]))
                    rho = gather(g, t[0][1], row, own[0])
                    if ((count(row) == count(own[1])) and same(spread(g, t[0][1], rho, own[0]), row)):
                        return all_((lambda x_1: x_1), tzip(partial(between, t[0], p, q0), rho, own[1]))
                    return False
                chosen = all_((lambda x: x), tzip(step, rows, t[2]))
            else:
                chosen = False
            if chosen:
                return ((rows, (1, d)),)
            return None
        return None
    if has_kinks(t):
        return None
    return ((tmap((lambda row_1, g=g, t=t: tmap(partial(operator.mul, row_1[2]), spread(g, t[0][1], tmap(partial(smooth_slope, t[0]), row_1[1]), row_1[0]))), t[2]), (s[0], (s[1] * (t[1] * (t[0][0] * t[0][1]))))),)


most_work = _power(2, 33)


most_comparisons = _power(2, 27)


def measure_layer(st, l):
    return fold(partial(measure, few_bits), fold(partial(fold, partial(measure, few_bits)), st, l[0]), (l[1][0] if l[1] is not None else ()))


def measure_quadratic(st, q0):
    return measure(few_bits, measure(few_bits, measure(few_bits, st, q0[0][0]), q0[0][1]), q0[1])


def within_reach_times(times, p, ls):
    st_1 = fold((lambda st, s: measure(few_bits, fold(partial(measure, few_bits), fold(partial(measure, few_bits), st, s[0]), s[1]), s[2])), ((1, 0),), p[5])
    st0_1 = fold((lambda st0, k: measure(few_bits, measure(few_bits, st0, k[0]), k[1])), measure(few_bits, measure(few_bits, st_1, p[2][0]), p[2][1]), p[2][2])
    st1_1 = fold((lambda st1, k_1: measure_quadratic(measure(few_bits, st1, k_1[0]), k_1[1])), measure_quadratic(st0_1, p[3][1]), p[3][2])
    value = fold(measure_layer, st1_1, ls)
    if value is not None:
        if ((((times * count(p[5])) * zsum(p[0])) * (count(p[2][2]) + count(p[3][2]))) <= most_comparisons):
            return ((((times * ((_log2(value[0][0]) + value[0][1]) + 64)) * (count(ls) + 1)) * (count(p[5]) * zsum(p[0]))) <= most_work)
        return False
    return False


def within_reach(p, ls):
    return within_reach_times(1, p, ls)


def take_field(name, l, passed):
    while True:
        if not l:
            return None
        p, l_1 = l
        if same(p[0], name):
            return ((p[1], rev_onto(passed, l_1)),)
        l, passed = l_1, ((p[0], p[1]), passed)
        continue


def take_fields(names, l, found):
    while True:
        if not names:
            if not l:
                return (rev_onto(found, ()),)
            return None
        n, names_1 = names
        value = take_field(n, l, ())
        if value is not None:
            names, l, found = names_1, value[0][1], (value[0][0], found)
            continue
        return None


def fields(names, j):
    if j[0] == 'Fields':
        return take_fields(names, j[1], ())
    return None


def field(name, j):
    if j[0] == 'Fields':
        value = take_field(name, j[1], ())
        if value is not None:
            return (value[0][0],)
        return None
    return None


def has_field(name, j):
    value = field(name, j)
    if value is not None:
        return True
    return False


def items(read, j):
    if j[0] == 'Items':
        return collect(read, j[1])
    return None


def index(j):
    if j[0] == 'Integer':
        return (j[1],)
    return None


def truth(j):
    if j[0] == 'Truth':
        return (j[1],)
    return None


def digit(base, c):
    if ((48 <= c) and (c <= 57)):
        return (c - 48)
    if (((base == 16) and (97 <= c)) and (c <= 102)):
        return (c - 87)
    return (-1)


longest_piece = _power(2, 256)


def digits(base, limit, high, weight, low, s):
    while True:
        if not s:
            return ((((high * weight) + low), ()),)
        c, s_1 = s
        d = digit(base, c)
        if (d < 0):
            return ((((high * weight) + low), s),)
        if (limit <= 0):
            return None
        if (longest_piece < weight):
            limit, high, weight, low, s = (limit - 1), ((high * (weight * base)) + ((low * base) + d)), 1, 0, s_1
            continue
        limit, weight, low, s = (limit - 1), (weight * base), ((low * base) + d), s_1
        continue


most_decimal_digits = 4000


most_hexadecimal_digits = 250000


def whole_number(s):
    if not s:
        return None
    c, rest = s
    if (c == 48):
        if not rest:
            return ((0, rest),)
        x, h = rest
        if (x == 120):
            if not h:
                return None
            if (0 < digit(16, h[0])):
                return digits(16, most_hexadecimal_digits, 0, 1, 0, h)
            return None
        return ((0, rest),)
    if (0 < digit(10, c)):
        return digits(10, most_decimal_digits, 0, 1, 0, s)
    return None


def unsigned_number(negative, s):
    value = whole_number(s)
    if value is not None:
        if (negative and (value[0][0] == 0)):
            return None
        n0 = ((-value[0][0]) if negative else value[0][0])
        if not value[0][1]:
            return ((n0, 1),)
        c, s_1 = value[0][1]
        if (c == 47):
            value_1 = whole_number(s_1)
            if value_1 is not None:
                if not value_1[0][1]:
                    if ((2 <= value_1[0][0]) and (math.gcd(n0, value_1[0][0]) == 1)):
                        return ((n0, max(value_1[0][0], 1)),)
                    return None
                return None
            return None
        return None
    return None


def number(j):
    if j[0] == 'Text':
        if not j[1]:
            return None
        c, s = j[1]
        if (c == 45):
            return unsigned_number(True, s)
        return unsigned_number(False, j[1])
    return None


def vector(n, j):
    value = items(number, j)
    if value is not None:
        if has_length(n, value[0]):
            return (value[0],)
        return None
    return None


def matrix(rows, columns, j):
    value = items(partial(vector, columns), j)
    if value is not None:
        if has_length(rows, value[0]):
            return (value[0],)
        return None
    return None


def decimal(fuel, n, acc):
    while True:
        if fuel == 0:
            return acc
        if (n < 10):
            return ((48 + n), acc)
        fuel, n, acc = (fuel - 1), _div(n, 10), ((48 + _modulo(n, 10)), acc)
        continue


def decimal_text(n):
    return decimal(20, n, ())


k_format = _text('format')


k_format_1 = _text('exactsurf-certificate/1')


k_format_2 = _text('exactsurf-certificate/2')


k_claim = _text('claim')


k_problem = _text('problem')


k_parameters = _text('parameters')


k_evidence = _text('evidence')


k_kind = _text('kind')


k_sentence = _text('sentence')


k_risk = _text('risk')


k_widths = _text('widths')


k_biases = _text('biases')


k_activation = _text('activation')


k_breakpoints = _text('breakpoints')


k_slopes = _text('slopes')


k_value_at_0 = _text('value_at_0')


k_loss = _text('loss')


k_name = _text('name')


k_scale = _text('scale')


k_delta = _text('delta')


k_squared = _text('squared')


k_absolute = _text('absolute')


k_huber = _text('huber')


k_hinge = _text('hinge')


k_gap = _text('gap')


k_pieces = _text('pieces')


k_difference = _text('difference')


k_margin = _text('margin')


k_lead = _text('lead')


k_weights = _text('weights')


k_data = _text('data')


k_csv = _text('csv')


k_x = _text('x')


k_y = _text('y')


k_local_minimum = _text('local minimum')


k_spurious = _text('spurious local minimum')


k_not_a_local_minimum = _text('not a local minimum')


k_path = _text('path')


k_level = _text('level')


k_barrier = _text('barrier')


phrase_barrier_0 = _text('Every path between the first and the last point of the given path reaches a ')


phrase_barrier_1 = _text('risk of at least ')


phrase_barrier_sample = _text(' sample, and the given path no more.')


phrase_barrier_samples = _text(' samples, and the given path no more.')


phrase_path_0 = _text('The given path leads from its first point to its last at a ')


phrase_path_1 = _text('risk of at most ')


k_global_minimum = _text('global minimum')


k_lower_bound = _text('lower bound')


k_bound = _text('bound')


k_nodes = _text('nodes')


k_split = _text('split')


k_plus = _text('plus')


k_minus = _text('minus')


k_empty = _text('empty')


phrase_bound_0 = _text('The ')


phrase_bound_sample = _text(' sample is at least ')


phrase_bound_samples = _text(' samples is at least ')


phrase_bound_1 = _text(' at all parameters.')


phrase_0 = _text('The given parameters are ')


phrase_a = _text('a ')


phrase_1 = _text(' of the ')


phrase_2 = _text('risk of the ')


phrase_3 = _text(' network on ')


phrase_blank = _text(' ')


phrase_sample = _text(' sample.')


phrase_samples = _text(' samples.')


phrase_dash = _text('-')


def string_of(j):
    if j[0] == 'Text':
        return (j[1],)
    return None


def kind_of(s):
    if same(s, k_local_minimum):
        return ('LocalMinimum',)
    if same(s, k_spurious):
        return ('SpuriousLocalMinimum',)
    if same(s, k_not_a_local_minimum):
        return ('NotALocalMinimum',)
    return None


def increasing(ts):
    while True:
        if not ts:
            return True
        t, rest = ts
        if (not rest or qltb(t, rest[0])):
            ts = rest
            continue
        return False


def read_activation(j):
    value = fields((k_breakpoints, (k_slopes, (k_value_at_0, ()))), j)
    if value is not None:
        if not value[0]:
            return None
        bs, l0 = value[0]
        if not l0:
            return None
        ss, l1 = l0
        if not l1:
            return None
        v, l2 = l1
        if not l2:
            value_1 = items(number, bs)
            if value_1 is not None:
                value_2 = items(number, ss)
                if value_2 is not None:
                    value_3 = number(v)
                    if value_3 is not None:
                        if not value_2[0]:
                            return None
                        a, rest = value_2[0]
                        if increasing(value_1[0]):
                            if (count(value_1[0]) == count(rest)):
                                return ((a, value_3[0], tzip((lambda x, x0: (x, x0)), value_1[0], rest)),)
                            return None
                        return None
                    return None
                return None
            return None
        return None
    return None


squared = ('Difference', (((0, 1), (0, 1)), (1, 1)), ())


absolute = ('Difference', (((0, 1), qopp((1, 1))), (0, 1)), (((0, 1), (((0, 1), (1, 1)), (0, 1))), ()))


def huber(d):
    e = qmul(((-1), 2), qmul(d, d))
    return ('Difference', ((e, qopp0(d)), (0, 1)), ((qopp0(d), (((0, 1), (0, 1)), (1, 2))), ((d, ((e, d), (0, 1))), ())))


hinge = ('Margin', (((1, 1), qopp((1, 1))), (0, 1)), (((1, 1), (((0, 1), (0, 1)), (0, 1))), ()))


hinge_of_classes = ('Classes', (((0, 1), (0, 1)), (0, 1)), ((qopp((1, 1)), (((1, 1), (1, 1)), (0, 1))), ()))


def join(parts):
    return fold((lambda behind, part1: rev_onto(rev_onto(part1, ()), behind)), (), rev_onto(parts, ()))


def read_loss(outputs, j):
    value = field(k_name, j)
    if value is not None:
        value_1 = string_of(value[0])
        if value_1 is not None:
            if same(value_1[0], k_huber):
                value_2 = fields((k_name, (k_scale, (k_delta, ()))), j)
                if value_2 is not None:
                    if not value_2[0]:
                        return None
                    if not value_2[0][1]:
                        return None
                    s, l1 = value_2[0][1]
                    if not l1:
                        return None
                    d, l2 = l1
                    if not l2:
                        value_3 = number(s)
                        if value_3 is not None:
                            value_4 = number(d)
                            if value_4 is not None:
                                if qltb((0, 1), value_3[0]):
                                    if qltb((0, 1), value_4[0]):
                                        return (((huber(value_4[0]), join((value_1[0], (phrase_blank, ())))), value_3[0]),)
                                    return None
                                return None
                            return None
                        return None
                    return None
                return None
            value_5 = fields((k_name, (k_scale, ())), j)
            if value_5 is not None:
                if not value_5[0]:
                    return None
                if not value_5[0][1]:
                    return None
                s_1, l1_1 = value_5[0][1]
                if not l1_1:
                    value_6 = number(s_1)
                    if value_6 is not None:
                        if qltb((0, 1), value_6[0]):
                            if same(value_1[0], k_squared):
                                return (((squared, join((value_1[0], (phrase_blank, ())))), value_6[0]),)
                            if same(value_1[0], k_absolute):
                                return (((absolute, join((value_1[0], (phrase_blank, ())))), value_6[0]),)
                            if same(value_1[0], k_hinge):
                                return ((((hinge if (outputs == 1) else hinge_of_classes), join((value_1[0], (phrase_blank, ())))), value_6[0]),)
                            return None
                        return None
                    return None
                return None
            return None
        return None
    return None


def read_gap(outputs, s):
    if same(s, k_difference):
        return ('Difference',)
    if same(s, k_margin):
        return ('Margin',)
    if ((same(s, k_lead)) and (2 <= outputs)):
        return ('Classes',)
    return None


def read_piece(j):
    value = items(number, j)
    if value is not None:
        if not value[0]:
            return None
        a, l0 = value[0]
        if not l0:
            return None
        b, l1 = l0
        if not l1:
            return None
        c, l2 = l1
        if not l2:
            return (((c, b), a),)
        return None
    return None


def read_pieces(outputs, j):
    value = fields((k_gap, (k_breakpoints, (k_pieces, ()))), j)
    if value is not None:
        if not value[0]:
            return None
        gj, l0 = value[0]
        if not l0:
            return None
        bj, l1 = l0
        if not l1:
            return None
        pj, l2 = l1
        if not l2:
            value_1 = string_of(gj)
            if value_1 is not None:
                value_2 = read_gap(outputs, value_1[0])
                if value_2 is not None:
                    value_3 = items(number, bj)
                    if value_3 is not None:
                        value_4 = items(read_piece, pj)
                        if value_4 is not None:
                            if not value_4[0]:
                                return None
                            q0, rest = value_4[0]
                            if (count(value_3[0]) == count(rest)):
                                return ((((value_2[0], q0, tzip((lambda x, x0: (x, x0)), value_3[0], rest)), ()), (1, 1)),)
                            return None
                        return None
                    return None
                return None
            return None
        return None
    return None


def last_of(d, l):
    while True:
        if not l:
            return d
        a, l_1 = l
        d, l = a, l_1
        continue


def read_data(inputs, outputs, j):
    value = fields((k_x, (k_y, ())), j)
    if value is not None:
        if not value[0]:
            return None
        xs, l0 = value[0]
        if not l0:
            return None
        ys, l1 = l0
        if not l1:
            value_1 = items(partial(vector, inputs), xs)
            if value_1 is not None:
                value_2 = items(partial(vector, outputs), ys)
                if value_2 is not None:
                    if (0 < count(value_1[0])):
                        if (count(value_1[0]) == count(value_2[0])):
                            return (tzip((lambda x0, x1: (x0, x1)), value_1[0], value_2[0]),)
                        return None
                    return None
                return None
            return None
        return None
    return None


def read_weights(rows, given):
    if not given:
        return (tmap((lambda unused: (1, 1)), rows),)
    value = vector(count(rows), given[0])
    if value is not None:
        if all_(partial(qltb, (0, 1)), value[0]):
            return (value[0],)
        return None
    return None


def sample_of(xy, w):
    return (xy[0], xy[1], w)


def read_problem(two, j):
    more = ((k_weights, ()) if (two and has_field(k_weights, j)) else ())
    value = fields((k_widths, (k_biases, (k_activation, (k_loss, (k_data, more))))), j)
    if value is not None:
        if not value[0]:
            return None
        ws, l1 = value[0]
        if not l1:
            return None
        bs, l2 = l1
        if not l2:
            return None
        a, l3 = l2
        if not l3:
            return None
        l, l4 = l3
        if not l4:
            return None
        d, given = l4
        value_1 = items(index, ws)
        if value_1 is not None:
            value_2 = items(truth, bs)
            if value_2 is not None:
                value_3 = read_activation(a)
                if value_3 is not None:
                    if not value_1[0]:
                        return None
                    inputs, rest = value_1[0]
                    outputs = last_of(0, rest)
                    if all_(partial(operator.le, 1), value_1[0]):
                        if (1 <= count(rest)):
                            if (count(value_2[0]) == count(rest)):
                                value_4 = (read_pieces(outputs, l) if two else read_loss(outputs, l))
                                if value_4 is not None:
                                    value_5 = read_data(inputs, outputs, d)
                                    if value_5 is not None:
                                        if all_((lambda xy, value_4=value_4: label(value_4[0][0][0][0], xy[1])), value_5[0]):
                                            value_6 = read_weights(value_5[0], given)
                                            if value_6 is not None:
                                                return (((value_1[0], value_2[0], value_3[0], value_4[0][0][0], value_4[0][1], tzip(sample_of, value_5[0], value_6[0])), value_4[0][0][1]),)
                                            return None
                                        return None
                                    return None
                                return None
                            return None
                        return None
                    return None
                return None
            return None
        return None
    return None


def take_layers(number0, n, ms, bs, fs, found):
    while True:
        if not ms:
            if not bs:
                if not fs:
                    return (rev_onto(found, ()),)
                return None
            return None
        m, ms_1 = ms
        if not bs:
            return None
        b, bs_1 = bs
        name = decimal_text(number0)
        value = take_field((87, name), fs, ())
        if value is not None:
            value_1 = matrix(m, n, value[0][0])
            if value_1 is not None:
                if b:
                    value_2 = take_field((98, name), value[0][1], ())
                    if value_2 is not None:
                        value_3 = vector(m, value_2[0][0])
                        if value_3 is not None:
                            number0, n, ms, bs, fs, found = (number0 + 1), m, ms_1, bs_1, value_2[0][1], ((value_1[0], (value_3[0],)), found)
                            continue
                        return None
                    return None
                number0, n, ms, bs, fs, found = (number0 + 1), m, ms_1, bs_1, value[0][1], ((value_1[0], None), found)
                continue
            return None
        return None


def read_parameters(p, j):
    if not p[0]:
        return None
    n, ms = p[0]
    if j[0] == 'Fields':
        return take_layers(1, n, ms, p[1], j[1], ())
    return None


def phrase(k):
    if k == 'LocalMinimum':
        return rev_onto(rev_onto(phrase_a, ()), k_local_minimum)
    if k == 'SpuriousLocalMinimum':
        return rev_onto(rev_onto(phrase_a, ()), k_spurious)
    return k_not_a_local_minimum


def architecture(ws):
    if not ws:
        return ()
    w, rest = ws
    return join((decimal_text(w), tmap((lambda v: rev_onto(phrase_dash, decimal_text(v))), rest)))


def on_samples(p):
    n = count(p[5])
    return join((architecture(p[0]), (phrase_3, (decimal_text(n), ((phrase_sample if (n == 1) else phrase_samples), ())))))


def sentence(k, name, p):
    return join((phrase_0, (phrase(k), (phrase_1, (name, (phrase_2, (on_samples(p), ())))))))


def path_sentence(name, level0, p):
    return join((phrase_path_0, (name, (phrase_path_1, (level0, (phrase_1, (on_samples(p), ())))))))


def barrier_sentence(name, level0, p):
    n = count(p[5])
    return join((phrase_barrier_0, (name, (phrase_barrier_1, (level0, (phrase_1, (architecture(p[0]), (phrase_3, (decimal_text(n), ((phrase_barrier_sample if (n == 1) else phrase_barrier_samples), ()))))))))))


def minimum_sentence(name, p):
    return join((phrase_0, (phrase_a, (k_global_minimum, (phrase_1, (name, (phrase_2, (on_samples(p), ()))))))))


def bound_sentence(name, bound, p):
    n = count(p[5])
    return join((phrase_bound_0, (name, (phrase_2, (architecture(p[0]), (phrase_3, (decimal_text(n), ((phrase_bound_sample if (n == 1) else phrase_bound_samples), (bound, (phrase_bound_1, ()))))))))))


def format_2(version):
    if same(version, k_format_2):
        return (True,)
    if same(version, k_format_1):
        return (False,)
    return None


def read_point(j):
    value = fields((k_format, (k_claim, (k_problem, (k_parameters, (k_evidence, ()))))), j)
    if value is not None:
        if not value[0]:
            return None
        f, l0 = value[0]
        if not l0:
            return None
        c, l1 = l0
        if not l1:
            return None
        pj, l2 = l1
        if not l2:
            return None
        tj, l3 = l2
        if not l3:
            return None
        e, l4 = l3
        if not l4:
            value_1 = string_of(f)
            if value_1 is not None:
                value_2 = format_2(value_1[0])
                if value_2 is not None:
                    value_3 = fields((k_kind, (k_sentence, (k_risk, ()))), c)
                    if value_3 is not None:
                        if not value_3[0]:
                            return None
                        kj, l6 = value_3[0]
                        if not l6:
                            return None
                        sj, l7 = l6
                        if not l7:
                            return None
                        rj, l8 = l7
                        if not l8:
                            value_4 = string_of(kj)
                            if value_4 is not None:
                                value_5 = kind_of(value_4[0])
                                if value_5 is not None:
                                    value_6 = string_of(sj)
                                    if value_6 is not None:
                                        value_7 = number(rj)
                                        if value_7 is not None:
                                            value_8 = read_problem(value_2[0], pj)
                                            if value_8 is not None:
                                                if same(value_6[0], sentence(value_5[0], value_8[0][1], value_8[0][0])):
                                                    value_9 = read_parameters(value_8[0][0], tj)
                                                    if value_9 is not None:
                                                        return (((value_5[0], value_8[0][0], value_9[0], value_7[0]), e),)
                                                    return None
                                                return None
                                            return None
                                        return None
                                    return None
                                return None
                            return None
                        return None
                    return None
                return None
            return None
        return None
    return None


def read_path(barrier, j):
    value = fields((k_format, (k_claim, (k_problem, (k_evidence, ())))), j)
    if value is not None:
        if not value[0]:
            return None
        f, l0 = value[0]
        if not l0:
            return None
        c, l1 = l0
        if not l1:
            return None
        pj, l2 = l1
        if not l2:
            return None
        e, l3 = l2
        if not l3:
            value_1 = string_of(f)
            if value_1 is not None:
                value_2 = format_2(value_1[0])
                if value_2 is not None:
                    value_3 = fields((k_kind, (k_sentence, (k_level, ()))), c)
                    if value_3 is not None:
                        if not value_3[0]:
                            return None
                        if not value_3[0][1]:
                            return None
                        sj, l6 = value_3[0][1]
                        if not l6:
                            return None
                        lj, l7 = l6
                        if not l7:
                            value_4 = field(k_path, e)
                            if value_4 is not None:
                                if barrier:
                                    value_5 = string_of(sj)
                                    if value_5 is not None:
                                        value_6 = string_of(lj)
                                        if value_6 is not None:
                                            value_7 = number(lj)
                                            if value_7 is not None:
                                                value_8 = read_problem(value_2[0], pj)
                                                if value_8 is not None:
                                                    if same(value_5[0], (barrier_sentence(value_8[0][1], value_6[0], value_8[0][0]) if barrier else path_sentence(value_8[0][1], value_6[0], value_8[0][0]))):
                                                        value_9 = items(partial(read_parameters, value_8[0][0]), value_4[0])
                                                        if value_9 is not None:
                                                            if (2 <= count(value_9[0])):
                                                                return (((value_8[0][0], value_9[0], value_7[0]), e),)
                                                            return None
                                                        return None
                                                    return None
                                                return None
                                            return None
                                        return None
                                    return None
                                value_10 = fields((k_path, ()), e)
                                if value_10 is not None:
                                    value_11 = string_of(sj)
                                    if value_11 is not None:
                                        value_12 = string_of(lj)
                                        if value_12 is not None:
                                            value_13 = number(lj)
                                            if value_13 is not None:
                                                value_14 = read_problem(value_2[0], pj)
                                                if value_14 is not None:
                                                    if same(value_11[0], (barrier_sentence(value_14[0][1], value_12[0], value_14[0][0]) if barrier else path_sentence(value_14[0][1], value_12[0], value_14[0][0]))):
                                                        value_15 = items(partial(read_parameters, value_14[0][0]), value_4[0])
                                                        if value_15 is not None:
                                                            if (2 <= count(value_15[0])):
                                                                return (((value_14[0][0], value_15[0], value_13[0]), e),)
                                                            return None
                                                        return None
                                                    return None
                                                return None
                                            return None
                                        return None
                                    return None
                                return None
                            return None
                        return None
                    return None
                return None
            return None
        return None
    return None


def has_kind(k, j):
    value = field(k_claim, j)
    if value is not None:
        value_1 = field(k_kind, value[0])
        if value_1 is not None:
            if value_1[0][0] == 'Text':
                return same(value_1[0][1], k)
            return False
        return False
    return False


def read_bound(j):
    if has_kind(k_lower_bound, j):
        value = fields((k_format, (k_claim, (k_problem, (k_evidence, ())))), j)
        if value is not None:
            if not value[0]:
                return None
            f, l0 = value[0]
            if not l0:
                return None
            c, l1 = l0
            if not l1:
                return None
            pj, l2 = l1
            if not l2:
                return None
            e, l3 = l2
            if not l3:
                value_1 = string_of(f)
                if value_1 is not None:
                    value_2 = format_2(value_1[0])
                    if value_2 is not None:
                        value_3 = fields((k_kind, (k_sentence, (k_bound, ()))), c)
                        if value_3 is not None:
                            if not value_3[0]:
                                return None
                            if not value_3[0][1]:
                                return None
                            sj, l6 = value_3[0][1]
                            if not l6:
                                return None
                            bj, l7 = l6
                            if not l7:
                                value_4 = string_of(sj)
                                if value_4 is not None:
                                    value_5 = string_of(bj)
                                    if value_5 is not None:
                                        value_6 = number(bj)
                                        if value_6 is not None:
                                            value_7 = read_problem(value_2[0], pj)
                                            if value_7 is not None:
                                                if same(value_4[0], bound_sentence(value_7[0][1], value_5[0], value_7[0][0])):
                                                    return (((value_7[0][0], None, value_6[0]), e),)
                                                return None
                                            return None
                                        return None
                                    return None
                                return None
                            return None
                        return None
                    return None
                return None
            return None
        return None
    value_8 = fields((k_format, (k_claim, (k_problem, (k_parameters, (k_evidence, ()))))), j)
    if value_8 is not None:
        if not value_8[0]:
            return None
        f_1, l0_1 = value_8[0]
        if not l0_1:
            return None
        c_1, l1_1 = l0_1
        if not l1_1:
            return None
        pj_1, l2_1 = l1_1
        if not l2_1:
            return None
        tj, l3_1 = l2_1
        if not l3_1:
            return None
        e_1, l4 = l3_1
        if not l4:
            value_9 = string_of(f_1)
            if value_9 is not None:
                value_10 = format_2(value_9[0])
                if value_10 is not None:
                    value_11 = fields((k_kind, (k_sentence, (k_risk, ()))), c_1)
                    if value_11 is not None:
                        if not value_11[0]:
                            return None
                        if not value_11[0][1]:
                            return None
                        sj_1, l7_1 = value_11[0][1]
                        if not l7_1:
                            return None
                        rj, l8 = l7_1
                        if not l8:
                            value_12 = string_of(sj_1)
                            if value_12 is not None:
                                value_13 = number(rj)
                                if value_13 is not None:
                                    value_14 = read_problem(value_10[0], pj_1)
                                    if value_14 is not None:
                                        if same(value_12[0], minimum_sentence(value_14[0][1], value_14[0][0])):
                                            value_15 = read_parameters(value_14[0][0], tj)
                                            if value_15 is not None:
                                                return (((value_14[0][0], (value_15[0],), value_13[0]), e_1),)
                                            return None
                                        return None
                                    return None
                                return None
                            return None
                        return None
                    return None
                return None
            return None
        return None
    return None


def is_about_all(j):
    if has_kind(k_lower_bound, j):
        return True
    return has_kind(k_global_minimum, j)


def has_bias(l):
    if l[1] is not None:
        return True
    return False


def bends_here(p):
    return negb((p[0][0] == p[1][0]))


def is_flat(p):
    if (p[0][0] == 0):
        return (p[1][0] == 0)
    return False


def is_still(l, x):
    if ((negb(has_bias(l))) and x[1]):
        return is_zero(x[0])
    return False


def places_of(h, us, ds, x):
    return tzip(partial(place_of, h), read_row(us, x[0]), ds)


def unambiguous(h, l, us, ds, x):
    if is_still(l, x):
        return True
    return negb(some(bends_here, places_of(h, us, ds, x)))


def pass_on(h, l, us, ds, x):
    return (activate(h, ds, read_row(us, x[0])), ((is_still(l, x)) or all_(is_flat, places_of(h, us, ds, x))))


def lines_of(h, us, ds, x):
    return tmap((lambda p: p[1]), places_of(h, us, ds, x))


def trace(h, ls, ds, xs, below):
    while True:
        if not ls:
            return None
        l, rest = ls
        if not rest:
            return ((below, has_bias(l)),)
        us = make_units(ds, l)
        ds_1 = tmap((lambda u: u[2]), us)
        if all_(partial(unambiguous, h, l, us, ds_1), xs):
            found = tmap(partial(lines_of, h, us, ds_1), xs)
            ls, ds, xs, below = rest, tmap(partial(operator.mul, h[0]), ds_1), tmap(partial(pass_on, h, l, us, ds_1), xs), ((has_bias(l), transpose(tmap(partial(tmap, (lambda p: p[0])), found)), transpose(tmap(partial(tmap, (lambda p_1: p_1[1])), found))), below)
            continue
        return None


def add_vector(vs, v):
    if ((is_zero(v)) or some(partial(same, v), vs)):
        return vs
    return (v, vs)


def distinct(vs):
    return fold(add_vector, (), vs)


def products(ss, vs):
    return fold((lambda found, s, vs=vs: fold((lambda found0, v, s=s: add_vector(found0, tzip(operator.mul, s, v))), found, vs)), (), ss)


def orthogonal(vs, cs):
    return all_((lambda c, vs=vs: all_((lambda v, c=c: (zdot(0, v, c) == 0)), vs)), cs)


def no_mean(b, vs):
    if b:
        return all_((lambda v: (zsum(v) == 0)), vs)
    return True


most_products = 2000


def descend(levels, vs, columns):
    while True:
        if not levels:
            if orthogonal(vs, columns):
                return 'Accepted'
            return 'Rejected'
        lv, below = levels
        ss = distinct(lv[1])
        if (most_products < (count(ss) * count(vs))):
            return 'Unknown'
        if orthogonal(vs, distinct(lv[2])):
            vs_1 = products(ss, vs)
            if no_mean(lv[0], vs_1):
                levels, vs = below, vs_1
                continue
            return 'Rejected'
        return 'Rejected'


def keep(r, rows):
    return tfilter((lambda s: negb(is_zero(s[0]))), tzip((lambda x, x0: (x, x0)), r[0], rows))


def check_paths(h, ls, x, r):
    kept = keep(r, x[0])
    value = trace(h, ls, x[1], tmap((lambda s: (s[1], True)), kept), ())
    if value is not None:
        vs = distinct(transpose(tmap((lambda p0: p0[0]), kept)))
        if no_mean(value[0][1], vs):
            return descend(value[0][0], vs, distinct(transpose(tmap((lambda p0_1: p0_1[1]), kept))))
        return 'Rejected'
    return 'Rejected'


def find(name, l):
    while True:
        if not l:
            return None
        p, l_1 = l
        if (p[0] == name):
            return (p[1],)
        l = l_1
        continue


def mem(name, l):
    value = find(name, l)
    if value is not None:
        return True
    return False


def twice(l):
    while True:
        if not l:
            return False
        p, l_1 = l
        if mem(p[0], l_1):
            return True
        l = l_1
        continue


def take_from(name, l, passed):
    while True:
        if not l:
            return None
        p, l_1 = l
        if (p[0] == name):
            return ((p[1], rev_onto(passed, l_1)),)
        l, passed = l_1, ((p[0], p[1]), passed)
        continue


def walk(is_plane, leaf0, empty, i, pending, nodes):
    while True:
        if not nodes:
            if not pending:
                return True
            return False
        nd, rest = nodes
        value = take_from(i, pending, ())
        if value is not None:
            if nd[0] == 'Split':
                if (((((((i < nd[2]) and (i < nd[3])) and negb((nd[2] == nd[3]))) and negb(mem(nd[2], value[0][1]))) and negb(mem(nd[3], value[0][1]))) and is_plane(nd[1])) and negb(mem(nd[1], value[0][0]))):
                    i, pending, nodes = (i + 1), ((nd[2], ((nd[1], True), value[0][0])), ((nd[3], ((nd[1], False), value[0][0])), value[0][1])), rest
                    continue
                return False
            if nd[0] == 'Multipliers':
                if leaf0(value[0][0], nd[1]):
                    i, pending, nodes = (i + 1), value[0][1], rest
                    continue
                return False
            if empty(value[0][0], nd[1]):
                i, pending, nodes = (i + 1), value[0][1], rest
                continue
            return False
        return False


def lead(v):
    while True:
        if not v:
            return 0
        a, v_1 = v
        if (a == 0):
            v = v_1
            continue
        return a


def divisor(v):
    g = fold(math.gcd, 0, v)
    if (lead(v) < 0):
        return (-g)
    return g


def add_plane(name, v, k, ps, passed):
    while True:
        if not ps:
            return ((name, (v, k)), passed)
        p0, ps_1 = ps
        if same(v, p0[1][0]):
            return rev_onto(passed, ((p0[0], (p0[1][0], (p0[1][1] + k))), ps_1))
        ps, passed = ps_1, ((p0[0], p0[1]), passed)
        continue


def bend_of(r, p):
    return (r * (p[1][0] - p[0][0]))


def gather_planes(i, samples, ps):
    while True:
        if not samples:
            return (ps,)
        p0, rest = samples
        if (p0[1][1][2] and negb(is_zero(p0[0]))):
            g = divisor(p0[0])
            v = tmap((lambda a, g=g: _div(a, g)), p0[0])
            if same(tmap(partial(operator.mul, g), v), p0[0]):
                i, samples, ps = (i + 1), rest, add_plane(i, v, (bend_of(p0[1][0], p0[1][1]) * abs(g)), ps, ())
                continue
            return None
        i, samples = (i + 1), rest
        continue


def scaled_mu(p, mu):
    return (mu[0], (mu[1] * max(lead(p[0]), 1)))


def kappa(f, p):
    return ((p[1] * f[2][0]), f[2][1])


def listed(f, l):
    if (count(f[1]) < count(l)):
        return None
    if ((twice(l)) or negb(is_short(tmap((lambda p: p[1]), l)))):
        return None
    def step(cm, f=f):
        value = find(cm[0], f[1])
        if value is not None:
            if (0 < lead(value[0][0])):
                return ((cm[0], (value[0], scaled_mu(value[0], cm[1]))),)
            return None
        return None
    return collect(step, l)


def add_scaled(m, acc, v):
    return tzip((lambda a, n, m=m: (a + (m * n))), acc, v)


def combination(n, l):
    value = align(tmap((lambda p: p[1]), l))
    return (fold((lambda acc, vm: add_scaled(vm[1], acc, vm[0])), tmap((lambda unused: 0), n), tzip((lambda v, m: (v[0], m)), l, value[0])), value[1])


def equal_to(d, v, g):
    while True:
        if not v:
            if not g:
                return True
            return False
        a, v_1 = v
        if not g:
            return False
        q0, g_1 = g
        if ((a * q0[1]) == (q0[0] * d)):
            v, g = v_1, g_1
            continue
        return False


def mu_fits(k, mu, s):
    if s is not None:
        if s[0]:
            return qleb(qopp0(k), mu)
        return qleb(mu, k)
    if qleb(qopp0(k), mu):
        return qleb(mu, k)
    return False


def leaf_holds(f, ss, mu):
    value = listed(f, mu)
    if value is not None:
        if (all_((lambda e, f=f, ss=ss: mu_fits(kappa(f, e[1][0]), e[1][1], find(e[0], ss))), value[0])):
            def step(np, mu=mu):
                if (0 <= np[1][1]):
                    return True
                return mem(np[0], mu)
            chosen = all_(step, f[1])
        else:
            chosen = False
        if chosen:
            value_1 = combination(f[0], tmap((lambda e_1: (e_1[1][0][0], e_1[1][1])), value[0]))
            return equal_to(value_1[1], value_1[0], f[0])
        return False
    return False


def signed(s, q0):
    if s is not None:
        if s[0]:
            return q0
        return qopp0(q0)
    return q0


def is_empty(f, ss, la):
    value = listed(f, la)
    if value is not None:
        def step(e, ss=ss):
            if mem(e[0], ss):
                return qleb((0, 1), e[1][1])
            return False
        if ((all_(step, value[0])) and some((lambda e_1: qltb((0, 1), e_1[1][1])), value[0])):
            value_1 = combination(f[0], tmap((lambda e_2, ss=ss: (e_2[1][0][0], signed(find(e_2[0], ss), e_2[1][1]))), value[0]))
            return is_zero(value_1[0])
        return False
    return False


def append(l, a):
    return rev_onto(rev_onto(l, ()), (a, ()))


def extend(b, t):
    if b:
        return (tmap((lambda row: append(row, 1)), t[0]), append(t[1], 1))
    return t


def extended_rows(l):
    if l[1] is not None:
        return tzip(append, l[0], l[1][0])
    return l[0]


def unitwise_of(h, t, r, factor):
    d = fold(common, 1, t[1])
    return (t[0], tmap(partial(rescale, d, t[1]), t[0]), transpose(t[0]), t[1], d, r, (factor[0], (factor[1] * (2 * h[0]))))


def form_of(u, s, ps):
    sums = tzip((lambda r, p, s=s: (s * (r * (p[0][0] + p[1][0])))), u[5], ps)
    g = tzip((lambda col, d, sums=sums, u=u: ((zdot(0, sums, col) * u[6][0]), (u[6][1] * d))), u[2], u[3])
    value = gather_planes(0, tzip((lambda x, x0: (x, x0)), u[1], tzip((lambda r_1, p_1, s=s: ((s * r_1), p_1)), u[5], ps)), ())
    if value is not None:
        return ((g, value[0], (u[6][0], (u[6][1] * u[4]))),)
    return None


def is_still_form(f):
    if all_((lambda q0: (q0[0] == 0)), f[0]):
        return all_((lambda np: (np[1][1] == 0)), f[1])
    return False


def is_nil(l):
    if not l:
        return True
    return False


def check_unit(h, u, w, v, nodes):
    row = make_unit(u[3], w, (0, 1))
    zs = tmap(partial(zdot, row[0], row[1]), u[0])
    ps = tmap((lambda z0, h=h, row=row: place_of(h, z0, row[2])), zs)
    if (zdot(0, u[5], tzip((lambda z0_1, p, row=row: value_on(p[1], z0_1, row[2])), zs, ps)) == 0):
        value = form_of(u, ((-1) if (qltb(v, (0, 1))) else 1), ps)
        if value is not None:
            if (v[0] == 0):
                if is_nil(nodes):
                    return is_still_form(value[0])
                return False
            if negb(is_nil(nodes)):
                return walk((lambda c, value=value: mem(c, value[0][1])), partial(leaf_holds, value[0]), partial(is_empty, value[0]), 0, ((0, ()), ()), nodes)
            return False
        return False
    return False


def check_units(h, u, ws, vs, units):
    while True:
        if not ws:
            if not vs:
                if not units:
                    return True
                return False
            return False
        w, ws_1 = ws
        if not vs:
            return False
        v, vs_1 = vs
        if not units:
            return False
        t, units_1 = units
        if check_unit(h, u, w, v, t):
            ws, vs, units = ws_1, vs_1, units_1
            continue
        return False


def first_of(row):
    if not row:
        return 0
    return row[0]


def check_unitwise(h, ls, x, r, units):
    if not ls:
        return False
    l1, l = ls
    if not l:
        return False
    l2, l0 = l
    if not l0:
        if not l2[0]:
            return False
        vs, l3 = l2[0]
        if not l3:
            r1 = tmap(first_of, r[0])
            if ((zsum(r1) == 0) if l2[1] is not None else True):
                t = extend((l1[1] is not None and True), x)
                return check_units(h, unitwise_of(h, t, r1, r[1]), extended_rows(l1), vs, units)
            return False
        return False
    return False


def kappa_at(f, c):
    value = find(c, f[1])
    if value is not None:
        return kappa(f, value[0])
    return (0, 1)


def same_plane(a, b):
    if (a[0] == b[0]):
        return same(a[1][0], b[1][0])
    return False


def same_planes(f, g):
    if (count(f[1]) == count(g[1])):
        return all_((lambda x: x), tzip(same_plane, f[1], g[1]))
    return False


def mu_of(fs, mu, c):
    value = find(c, mu)
    if value is not None:
        return value[0]
    return tmap((lambda unused: (0, 1)), fs)


def side(fs, p, c, ms, tau):
    return tzip((lambda f, m, c=c, p=p, tau=tau: qadd(qmul(tau, scaled_mu(p, m)), kappa_at(f, c))), fs, ms)


def qdot(u, v):
    return fold(qadd, (0, 1), tzip(qmul, u, v))


def good_side(v, a):
    if all_((lambda q0: (q0[0] == 0)), a):
        return True
    return qltb((0, 1), qdot(v, a))


def plane_holds(fs, v, ss, mu, np):
    ms = mu_of(fs, mu, np[0])
    plus = side(fs, np[1], np[0], ms, (1, 1))
    minus = side(fs, np[1], np[0], ms, ((-1), 1))
    if ((0 < lead(np[1][0])) and (count(ms) == count(fs))):
        value = find(np[0], ss)
        if value is not None:
            if value[0]:
                return good_side(v, plus)
            return good_side(v, minus)
        if good_side(v, plus):
            return good_side(v, minus)
        return False
    return False


def gradients_hold(ps, fs, mus):
    while True:
        if not fs:
            return True
        f, fs_1 = fs
        l = tzip((lambda np, ms: (np[1][0], scaled_mu(np[1], ((0, 1) if not ms else ms[0])))), ps, mus)
        if (is_short(tmap((lambda p: p[1]), l))):
            value = combination(f[0], l)
            chosen = equal_to(value[1], value[0], f[0])
        else:
            chosen = False
        if chosen:
            def step(ms_1):
                if not ms_1:
                    return ()
                return ms_1[1]
            fs, mus = fs_1, tmap(step, mus)
            continue
        return False


def vector_leaf_holds(fs, v, ss, mu):
    if not fs:
        return False
    if ((count(mu) <= count(fs[0][1])) and negb(twice(mu))):
        def step(cm, fs=fs):
            if mem(cm[0], fs[0][1]):
                return (count(cm[1]) == count(fs))
            return False
        chosen = all_(step, mu)
    else:
        chosen = False
    if (chosen and all_(partial(plane_holds, fs, v, ss, mu), fs[0][1])):
        return gradients_hold(fs[0][1], fs, tmap((lambda np, fs=fs, mu=mu: mu_of(fs, mu, np[0])), fs[0][1]))
    return False


def check_vector_unit(h, us, w, v, nodes):
    if not us:
        return False
    row = make_unit(us[0][3], w, (0, 1))
    zs = tmap(partial(zdot, row[0], row[1]), us[0][0])
    ps = tmap((lambda z0, h=h, row=row: place_of(h, z0, row[2])), zs)
    hs = tzip((lambda z0_1, p, row=row: value_on(p[1], z0_1, row[2])), zs, ps)
    if all_((lambda u, hs=hs: (zdot(0, u[5], hs) == 0)), us):
        value = collect((lambda u_1, ps=ps: form_of(u_1, 1, ps)), us)
        if value is not None:
            if not value[0]:
                return False
            if ((all_(partial(same_planes, value[0][0]), value[0])) and negb(is_nil(nodes))):
                return walk((lambda c, value=value: mem(c, value[0][0][1])), partial(vector_leaf_holds, value[0], v), partial(is_empty, value[0][0]), 0, ((0, ()), ()), nodes)
            return False
        return False
    return False


def head(row):
    if not row:
        return (0, 1)
    return row[0]


def tail(row):
    if not row:
        return ()
    return row[1]


def check_vector_units(h, us, ws, w2, units):
    while True:
        if not ws:
            if not units:
                return True
            return False
        w, ws_1 = ws
        if not units:
            return False
        t, units_1 = units
        if check_vector_unit(h, us, w, tmap(head, w2), t):
            ws, w2, units = ws_1, tmap(tail, w2), units_1
            continue
        return False


def check_unitwise_vectors(h, ls, x, r, units):
    if not ls:
        return False
    l1, l = ls
    if not l:
        return False
    l2, l0 = l
    if not l0:
        columns = transpose(r[0])
        if (all_((lambda c: (zsum(c) == 0)), columns) if l2[1] is not None else True):
            t = extend((l1[1] is not None and True), x)
            return check_vector_units(h, tmap((lambda c_1, h=h, r=r, t=t: unitwise_of(h, t, c_1, r[1])), columns), extended_rows(l1), l2[0], units)
        return False
    return False


def sadd(a, b):
    return tzip(qadd, a, b)


def sscale(c, a):
    return tmap(partial(qmul, c), a)


def shift(a):
    return tzip((lambda x, unused: x), ((0, 1), a), a)


def smul(a, b):
    if not a:
        return tmap((lambda unused: (0, 1)), b)
    c, a_1 = a
    return sadd(sscale(c, b), shift(smul(a_1, b)))


def constant_series(like, c):
    if not like:
        return ()
    return (c, tmap((lambda unused: (0, 1)), like[1]))


def lead_sign(a):
    while True:
        if not a:
            return 'Eq'
        c, a_1 = a
        if (c[0] == 0):
            a = a_1
            continue
        if (c[0] < 0):
            return 'Lt'
        return 'Gt'


def rest_of(a):
    if not a:
        return ()
    return a[1]


def value_0(a):
    if not a:
        return (0, 1)
    return a[0]


def sdot(zero, w, x):
    return fold(sadd, zero, tzip(smul, w, x))


def saffine(zero, l, x):
    z0 = tmap((lambda w, x=x, zero=zero: sdot(zero, w, x)), l[0])
    if l[1] is not None:
        return tzip(sadd, z0, l[1][0])
    return z0


def slope_towards(h, a):
    value = value_0(a)
    value_1 = value_0(a)
    p = place_of(h, value[0], value_1[1])
    value_2 = lead_sign(rest_of(a))
    value_3 = (p[0] if value_2 == 'Lt' else p[1])
    return (value_3[0], h[0])


def value_at(h, c):
    value = place_of(h, c[0], c[1])
    return (value_on(value[1], c[0], c[1]), (h[0] * c[1]))


def sactivate(h, a):
    if not a:
        return ()
    c, r = a
    return (value_at(h, c), sscale(slope_towards(h, a), r))


def sforward(h, zero, ls, x):
    while True:
        if not ls:
            return x
        l, rest = ls
        if not rest:
            return saffine(zero, l, x)
        ls, x = rest, tmap(partial(sactivate, h), saffine(zero, l, x))
        continue


def piece_towards(q0, ks, u, side1):
    while True:
        if not ks:
            return q0
        p, rest = ks
        if qltb(u, p[0]):
            return q0
        if qeqb(u, p[0]):
            if side1 == 'Gt':
                return p[1]
            return q0
        q0, ks = p[1], rest
        continue


def svalue(zero, q0, a):
    return sadd(constant_series(zero, q0[0][0]), smul(a, sadd(constant_series(zero, q0[0][1]), sscale(q0[1], a))))


def sloss(zero, l, a):
    return svalue(zero, piece_towards(l[1], l[2], value_0(a), lead_sign(rest_of(a))), a)


def sgap(zero, g, right, a, b):
    if g == 'Difference':
        return (sadd(a, constant_series(zero, qopp0(b))),)
    if g == 'Margin':
        return (sscale(b, a),)
    if qeqb(b, (1, 1)):
        return None
    return (sadd(a, sscale(((-1), 1), right)),)


def sterm(zero, l, right, acc, ab):
    value = sgap(zero, l[0], right, ab[0], ab[1])
    if value is not None:
        return sadd(acc, sloss(zero, l, value[0]))
    return acc


def ssample(h, zero, p, ls, acc, s):
    f = sforward(h, zero, ls, tmap(partial(constant_series, zero), s[0]))
    right = fold(sadd, zero, tzip((lambda a, b: sscale(b, a)), f, s[1]))
    return sadd(acc, sscale(s[2], fold(partial(sterm, zero, p[3], right), zero, tzip((lambda x, x0: (x, x0)), f, s[1]))))


def srisk(h, zero, p, ls):
    return sscale(p[4], fold(partial(ssample, h, zero, p, ls), zero, p[5]))


def fit_series(zero, a):
    if not zero:
        return ()
    if not a:
        return zero
    c, a_1 = a
    return (c, fit_series(zero[1], a_1))


def add_entry(c, a):
    return (c, a)


def add_layer(l, s):
    return (tzip(partial(tzip, add_entry), l[0], s[0]), (((tzip(add_entry, l[1][0], s[1][0]),) if s[1] is not None else None) if l[1] is not None else None))


def empty_layer(l):
    return (tmap(partial(tmap, (lambda unused: ())), l[0]), ((tmap((lambda unused_1: ()), l[1][0]),) if l[1] is not None else None))


def curve_of(ls, cs):
    return fold((lambda ss, c: tzip(add_layer, c, ss)), tmap(empty_layer, ls), rev_onto((ls, cs), ()))


def fit_layer(zero, s):
    return (tmap(partial(tmap, partial(fit_series, zero)), s[0]), ((tmap(partial(fit_series, zero), s[1][0]),) if s[1] is not None else None))


def zeros(n):
    if n == 0:
        return ()
    return ((0, 1), zeros((n - 1)))


def nat_of(fuel, n):
    if fuel == 0:
        return 0
    if (n <= 0):
        return 0
    return (nat_of((fuel - 1), (n - 1)) + 1)


def first_fall(l):
    while True:
        if not l:
            return None
        c, r = l
        if not r:
            if (c[0] < 0):
                return (c,)
            return None
        if (c[0] == 0):
            l = r
            continue
        return None


def curve_fall(p, ls, cs, order, risk0):
    zero = zeros((nat_of(100, order) + 1))
    r = srisk(compile(p[2]), zero, p, tmap(partial(fit_layer, zero), curve_of(ls, cs)))
    if qeqb(value_0(r), risk0):
        return first_fall(rest_of(r))
    return None


def check_curve(p, ls, cs, order, risk0, stated):
    value = curve_fall(p, ls, cs, order, risk0)
    if value is not None:
        return qeqb(value[0], stated)
    return False


def pick(i, l):
    while True:
        if not l:
            return None
        a, l_1 = l
        if (i == 0):
            return (a,)
        i, l = (i - 1), l_1
        continue


def put(i, v, l):
    value = fold((lambda st, a, i=i, v=v: ((st[0] + 1), ((v if (st[0] == i) else a), st[1]))), (0, ()), l)
    return rev_onto(value[1], ())


def same_sizes(l, c):
    if ((count(l[0]) == count(c[0])) and all_((lambda x: x), tzip((lambda u, v: (count(u) == count(v))), l[0], c[0]))):
        if l[1] is not None:
            if c[1] is not None:
                return (count(l[1][0]) == count(c[1][0]))
            return False
        if c[1] is not None:
            return False
        return True
    return False


def all_same_sizes(ls, cs):
    if (count(ls) == count(cs)):
        return all_((lambda x: x), tzip(same_sizes, ls, cs))
    return False


def zero_layer(l):
    return (tmap(partial(tmap, (lambda unused: (0, 1))), l[0]), ((tmap((lambda unused_1: (0, 1)), l[1][0]),) if l[1] is not None else None))


def with_row(j, delta, l):
    back = rev_onto(delta, ())
    if l[1] is not None:
        if not back:
            return l
        c, front = back
        return (put(j, rev_onto(front, ()), l[0]), (put(j, c, l[1][0]),))
    return (put(j, delta, l[0]), None)


def with_entry(k, j, v, l):
    value = pick(k, l[0])
    if value is not None:
        return (put(k, put(j, v, value[0]), l[0]), l[1])
    return l


def sign_of(q0):
    if (q0[0] < 0):
        return ((-1), 1)
    return (1, 1)


def dead_sums(h, t, rs, factor, w, delta):
    u = make_unit(t[1], w, (0, 1))
    v = make_unit(t[1], delta, (0, 1))
    zs = tmap(partial(zdot, u[0], u[1]), t[0])
    ds = tmap(partial(zdot, v[0], v[1]), t[0])
    ps = tmap((lambda z0, h=h, u=u: place_of(h, z0, u[2])), zs)
    def step(p, d):
        value = (p[1] if (0 < d) else p[0])
        return (d * value[0])
    moves0 = tzip(step, ps, ds)
    return (((factor[0] * zdot(0, rs, tzip((lambda z0_1, p_1, u=u: value_on(p_1[1], z0_1, u[2])), zs, ps))), (factor[1] * (h[0] * u[2]))), ((factor[0] * zdot(0, rs, moves0)), (factor[1] * (h[0] * v[2]))))


def check_dead_unit(p, h, ls, x, r, j, k, delta, risk0, stated):
    if not ls:
        return False
    l1, l = ls
    if not l:
        return False
    l2, l0 = l
    if not l0:
        value = pick(j, extended_rows(l1))
        if value is not None:
            def step(row, j=j):
                value_1 = pick(j, row)
                if value_1 is not None:
                    return (value_1[0][0] == 0)
                return False
            if (((all_(step, l2[0])) and (k < count(l2[0]))) and (count(delta) == count(value[0]))):
                t = extend((l1[1] is not None and True), x)
                def step_1(row_1, k=k):
                    value_2 = pick(k, row_1)
                    if value_2 is not None:
                        return value_2[0]
                    return 0
                rk = tmap(step_1, r[0])
                value_3 = dead_sums(h, t, rk, r[1], value[0], delta)
                moved = with_row(j, delta, zero_layer(l1))
                still = zero_layer(l1)
                kept = zero_layer(l2)
                cs = (((moved, (kept, ())), ((still, (with_entry(k, j, qopp0(sign_of(value_3[1])), kept), ())), ())) if (value_3[0][0] == 0) else ((moved, (with_entry(k, j, qopp0(sign_of(value_3[0])), kept), ())), ()))
                if (((qeqb(value_3[1], stated)) and negb((stated[0] == 0))) and all_(partial(all_same_sizes, ls), cs)):
                    value_4 = curve_fall(p, ls, cs, (3 if (value_3[0][0] == 0) else 1), risk0)
                    if value_4 is not None:
                        return True
                    return False
                return False
            return False
        return False
    return False


def weight_name(j):
    return (-(j + 1))


def is_positive(lf, j):
    return some(partial(operator.eq, j), lf[3])


def indices_onto(i, l, acc):
    while True:
        if not l:
            return rev_onto(acc, ())
        i, l, acc = (i + 1), l[1], (i, acc)
        continue


def indices(l):
    return indices_onto(0, l, ())


def unit_for(h, t, w):
    u = make_unit(t[1], w, (0, 1))
    zs = tmap(partial(zdot, u[0], u[1]), t[0])
    ps = tmap((lambda z0, h=h, u=u: place_of(h, z0, u[2])), zs)
    return (ps, tzip((lambda z0_1, p, u=u: value_on(p[1], z0_1, u[2])), zs, ps))


def is_boundary(row, p):
    if negb((p[0][0] == p[1][0])):
        return negb(is_zero(row))
    return False


def is_dead(v):
    return (v[0] == 0)


def is_split(c, name):
    if (name < 0):
        value = pick(((-name) - 1), c[4])
        if value is not None:
            return is_dead(value[0])
        return False
    value_1 = pick(_div(name, c[0]), c[3])
    if value_1 is not None:
        value_2 = pick(_modulo(name, c[0]), c[1])
        if value_2 is not None:
            value_3 = pick(_modulo(name, c[0]), value_1[0][0])
            if value_3 is not None:
                return is_boundary(value_2[0], value_3[0])
            return False
        return False
    return False


def term_slope(c, factor, v, r, a):
    return qmul(v, ((factor[0] * (r * a)), (factor[1] * c[5])))


def coefficient(c, ss, lf, factor, v, j, it):
    name = ((j * c[0]) + it[0])
    right = term_slope(c, factor, v, it[1][1][1], it[1][1][0][1][0])
    if negb(is_boundary(it[1][0], it[1][1][0])):
        return (right,)
    value = find(name, ss)
    if value is not None:
        own = (right if value[0] else term_slope(c, factor, v, it[1][1][1], it[1][1][0][0][0]))
        value_1 = find(name, lf[0])
        if value_1 is not None:
            if qleb((0, 1), value_1[0]):
                return (qadd(own, (qopp0(value_1[0]) if value[0] else value_1[0])),)
            return None
        return (own,)
    value_2 = find(name, lf[2])
    if value_2 is not None:
        if ((qleb((0, 1), value_2[0])) and qleb(value_2[0], term_slope(c, factor, v, it[1][1][1], (it[1][1][0][1][0] - it[1][1][0][0][0])))):
            return (qadd(right, qopp0(value_2[0])),)
        return None
    if (it[1][1][1] == 0):
        return ((0, 1),)
    return None


def items_of(c, u, rs):
    return tzip((lambda x, x0: (x, x0)), indices(c[1]), tzip((lambda x_1, x0_1: (x_1, x0_1)), c[1], tzip((lambda x_2, x0_2: (x_2, x0_2)), u[0], rs)))


def zero_like(rows):
    if not rows:
        return ()
    return tmap((lambda unused: (0, 1)), rows[0])


def is_still0(c, ss, lf, factor, v, rs, j, u):
    value = collect(partial(coefficient, c, ss, lf, factor, v, j), items_of(c, u, rs))
    if value is not None:
        value_1 = combination(zero_like(c[2]), tzip((lambda x, x0: (x, x0)), c[2], value[0]))
        return is_zero(value_1[0])
    return False


def check_unit_at(c, ss, lf, factor, v, rs, j, u):
    s = zdot(0, rs, u[1])
    if is_dead(v):
        value = find(weight_name(j), ss)
        if value is not None:
            if is_positive(lf, j):
                if value[0]:
                    return (0 < s)
                return (s < 0)
            if ((0 <= s) if value[0] else (s <= 0)):
                return is_still0(c, ss, lf, factor, ((1, 1) if value[0] else ((-1), 1)), rs, j, u)
            return False
        return False
    if (s == 0):
        return is_still0(c, ss, lf, factor, v, rs, j, u)
    return False


def check_units_at(c, ss, lf, factor, rs, j, us, vs):
    while True:
        if not us:
            if not vs:
                return True
            return False
        u, us_1 = us
        if not vs:
            return False
        v, vs_1 = vs
        if check_unit_at(c, ss, lf, factor, v, rs, j, u):
            j, us, vs = (j + 1), us_1, vs_1
            continue
        return False


def part_of(c, ss, j, la):
    def step(nl, c=c, ss=ss):
        value = pick(_modulo(nl[0], c[0]), c[2])
        if value is not None:
            return ((value[0], signed(find(nl[0], ss), nl[1])),)
        return None
    return collect(step, tfilter((lambda nl_1, c=c, j=j: (_div(nl_1[0], c[0]) == j)), la))


def is_empty_at(c, ss, la, j):
    value = part_of(c, ss, j, la)
    if value is not None:
        value_1 = combination(zero_like(c[2]), value[0])
        return is_zero(value_1[0])
    return False


def differ(most, l):
    if (count(l) <= most):
        return negb(twice(l))
    return False


def is_empty_cone(c, ss, la):
    if (differ(count(ss), la)):
        def step(nl, ss=ss):
            if ((0 <= nl[0]) and mem(nl[0], ss)):
                return qleb((0, 1), nl[1])
            return False
        chosen = all_(step, la)
    else:
        chosen = False
    if (chosen and some((lambda nl_1: qltb((0, 1), nl_1[1])), la)):
        return all_((lambda nl_2, c=c, la=la, ss=ss: is_empty_at(c, ss, la, _div(nl_2[0], c[0]))), la)
    return False


def slope_row(t, s, listed0, g, i, row):
    if some(partial(is_kink, t[0]), row[1]):
        value = find(i, listed0)
        return ((value[0] if value is not None else (0, 1)), ())
    return tmap((lambda n, row=row, s=s, t=t: ((s[0] * (row[2] * n)), (s[1] * (t[1] * (t[0][0] * t[0][1]))))), spread(g, t[0][1], tmap(partial(smooth_slope, t[0]), row[1]), row[0]))


def leaf_subgradient(p, t, lf):
    given = ((tzip(partial(slope_row, t, p[4], lf[1], p[3][0]), indices(t[2]), t[2]),) if (has_kinks(t)) else None)
    return subgradient_of(p[3][0], p[4], t, given)


def boundary_names(c, lf):
    return tzip((lambda j, u, c=c, lf=lf: tzip((lambda i, rp, c=c, j=j, lf=lf: (((j * c[0]) + i), ((is_boundary(rp[0], rp[1])) and negb(is_positive(lf, j))))), indices(c[1]), tzip((lambda x, x0: (x, x0)), c[1], u[0]))), indices(c[3]), c[3])


def participants(c, ss, lf):
    def step_1(acc, u, lf=lf, ss=ss):
        def step(a, nb, lf=lf, ss=ss):
            if a:
                if ((negb(nb[1])) or mem(nb[0], ss)):
                    return True
                return mem(nb[0], lf[2])
            return False
        return tzip(step, acc, u)
    return fold(step_1, tmap((lambda unused: True), c[1]), boundary_names(c, lf))


def takes_part(c, parts, name):
    if (0 <= name):
        value = pick(_modulo(name, c[0]), parts)
        if value is not None:
            return value[0]
        return False
    return False


def lists_fit(c, t, ss, lf, rs):
    parts = participants(c, ss, lf)
    if (differ(count(ss), lf[0])):
        def step(nl, c=c, parts=parts, ss=ss):
            if ((mem(nl[0], ss)) and takes_part(c, parts, nl[0])):
                return qltb((0, 1), nl[1])
            return False
        chosen = all_(step, lf[0])
    else:
        chosen = False
    if (chosen and differ((c[0] * count(c[3])), lf[2])):
        def step_1(nm, c=c, lf=lf, parts=parts, ss=ss):
            if (((negb(mem(nm[0], ss))) and is_split(c, nm[0])) and negb(is_positive(lf, _div(nm[0], c[0])))):
                return takes_part(c, parts, nm[0])
            return False
        chosen_1 = all_(step_1, lf[2])
    else:
        chosen_1 = False
    if (((chosen_1 and differ(c[0], lf[1])) and differ(count(c[3]), tmap((lambda j: (j, j)), lf[3]))) and all_((lambda j_1, c=c: is_split(c, weight_name(j_1))), lf[3])):
        def step_2(nr, parts=parts, t=t):
            value = pick(nr[0], parts)
            if value is not None:
                value_1 = pick(nr[0], t[2])
                if value_1 is not None:
                    if value[0]:
                        return some(partial(is_kink, t[0]), value_1[0][1])
                    return False
                return False
            return False
        chosen_2 = all_(step_2, lf[1])
    else:
        chosen_2 = False
    if chosen_2:
        def step_3(i, x_1, lf=lf, t=t):
            if x_1[0]:
                if negb(some(partial(is_kink, t[0]), x_1[1][0][1])):
                    return True
                return mem(i, lf[1])
            return (x_1[1][1] == 0)
        return all_((lambda x: x), tzip(step_3, indices(parts), tzip((lambda x_2, x0: (x_2, x0)), parts, tzip((lambda x_3, x0_1: (x_3, x0_1)), t[2], rs))))
    return False


def check_leaf(p, c, t, b2, ss, lf):
    numbers = (tmap((lambda p0: p0[1]), lf[0]), (tmap((lambda p0_1: p0_1[1]), lf[1]), (tmap((lambda p0_2: p0_2[1]), lf[2]), ())))
    value = (leaf_subgradient(p, t, lf) if (is_short_table(numbers)) else None)
    if value is not None:
        rs = tmap(first_of, value[0][0])
        if (((zsum(rs) == 0) if b2 else True) and lists_fit(c, t, ss, lf, rs)):
            return check_units_at(c, ss, lf, value[0][1], rs, 0, c[3], c[4])
        return False
    return False


def has_bias0(l):
    if l[1] is not None:
        return True
    return False


def check_convex_cells(p, h, ls, x, t, nodes):
    if not ls:
        return False
    l1, l = ls
    if not l:
        return False
    l2, l0 = l
    if not l0:
        if not l2[0]:
            return False
        v, l3 = l2[0]
        if not l3:
            t1 = extend(has_bias0(l1), x)
            d = fold(common, 1, t1[1])
            c = (count(t1[0]), t1[0], tmap(partial(rescale, d, t1[1]), t1[0]), tmap(partial(unit_for, h, t1), extended_rows(l1)), v, h[0])
            return walk(partial(is_split, c), partial(check_leaf, p, c, t, has_bias0(l2)), partial(is_empty_cone, c), 0, ((0, ()), ()), nodes)
        return False
    return False


def qplus(x, y):
    if (x[0] == 0):
        return y
    if (y[0] == 0):
        return x
    return qadd(x, y)


def qtimes(x, y):
    if (x[0] == 0):
        return (0, 1)
    if (y[0] == 0):
        return (0, 1)
    return qmul(x, y)


def qinverse(x):
    if (0 < x[0]):
        return (x[1], max(x[0], 1))
    return ((-x[1]), max((-x[0]), 1))


def vadd(u, v):
    if not u:
        return v
    a, u_1 = u
    if not v:
        return u
    b, v_1 = v
    return (qplus(a, b), vadd(u_1, v_1))


def vscale(c, u):
    if (c[0] == 0):
        return ()
    return tmap(partial(qtimes, c), u)


def fadd(f, g):
    if not f:
        return g
    u, f_1 = f
    if not g:
        return f
    v, g_1 = g
    return (vadd(u, v), fadd(f_1, g_1))


def fscale(c, f):
    if (c[0] == 0):
        return ()
    return tmap(partial(vscale, c), f)


def vzero(v):
    return all_((lambda q0: (q0[0] == 0)), v)


def product(u, v):
    if not u:
        return ()
    a, u_1 = u
    if not v:
        return ()
    b, v_1 = v
    return ((() if ((a[0] == 0) and (b[0] == 0)) else (qtimes(a, b), vadd(vscale(a, v_1), vscale(b, u_1)))), product(u_1, v_1))


def tail_of(l):
    if not l:
        return ()
    return l[1]


def head_of(l):
    if not l:
        return (0, 1)
    return l[0]


def first_row(f):
    if not f:
        return ()
    return f[0]


def take_pivot(ws, passed):
    while True:
        if not ws:
            return None
        w, ws_1 = ws
        value = head_of(w)
        if (value[0] == 0):
            ws, passed = ws_1, (w, passed)
            continue
        return ((w, rev_onto(passed, ws_1)),)


def is_positive_on(ps, ws, f):
    while True:
        if not ps:
            return True
        a = head_of(first_row(f))
        b = tail_of(first_row(f))
        rest = tail_of(f)
        value = take_pivot(ws, ())
        if value is not None:
            m = vscale(qopp0(qinverse(head_of(value[0][0]))), tail_of(value[0][0]))
            ps, ws, f = ps[1], tmap((lambda v, m=m: vadd(vscale(head_of(v), m), tail_of(v))), value[0][1]), fadd(rest, fadd(fscale(a, product(m, m)), product(m, b)))
            continue
        if (0 < a[0]):
            ps, ws, f = ps[1], tmap(tail_of, ws), fadd(rest, fscale(qmul(((-1), 4), qinverse(a)), product(b, b)))
            continue
        return False


def jconstant(c):
    return (c, (), ())


def jadd(a, b):
    return (qplus(a[0], b[0]), vadd(a[1], b[1]), fadd(a[2], b[2]))


def jscale(c, a):
    return (qtimes(c, a[0]), vscale(c, a[1]), fscale(c, a[2]))


def jmul(a, b):
    return (qtimes(a[0], b[0]), vadd(vscale(a[0], b[1]), vscale(b[0], a[1])), fadd(fadd(fscale(a[0], b[2]), fscale(b[0], a[2])), product(a[1], b[1])))


def row_jets(u, row):
    if not row:
        return ((), u)
    q0, row_1 = row
    value = row_jets(((0, 1), u), row_1)
    return (((q0, u, ()), value[0]), value[1])


def rows_jets(u, rows):
    if not rows:
        return ((), u)
    row, rows_1 = rows
    value = row_jets(u, row)
    value_1 = rows_jets(value[1], rows_1)
    return ((value[0], value_1[0]), value_1[1])


def layers_jets(u, ls):
    if not ls:
        return ()
    l, ls_1 = ls
    value = rows_jets(u, l[0])
    if l[1] is not None:
        value_1 = row_jets(value[1], l[1][0])
        return ((value[0], (value_1[0],)), layers_jets(value_1[1], ls_1))
    return ((value[0], None), layers_jets(value[1], ls_1))


def row_entries(l):
    return fold((lambda acc, row: rev_onto(row, acc)), (rev_onto(l[1][0], ()) if l[1] is not None else ()), l[0])


def entries_of(ls):
    return fold((lambda acc, l: rev_onto(row_entries(l), acc)), (), ls)


def pair_code(a, b):
    return (((a + b) * ((a + b) + 1)) + (2 * b))


def boundary_name(l, j, i):
    return pair_code(pair_code(l, j), i)


def jdot(w, x):
    return fold(jadd, jconstant((0, 1)), tzip((lambda a, r: jmul(a, r[0])), w, x))


def jaffine(l, x):
    z0 = tmap((lambda w, x=x: jdot(w, x)), l[0])
    if l[1] is not None:
        return tzip(jadd, z0, l[1][0])
    return z0


def is_still_layer(l, x):
    if l[1] is not None:
        return False
    def step(r):
        if r[1]:
            return (r[0][0][0] == 0)
        return False
    return all_(step, x)


def jline(h, a, z0):
    s = (a, h[0])
    return (value_at(h, z0[0]), vscale(s, z0[1]), fscale(s, z0[2]))


def jactivate(h, sign, still, i, l, jz):
    p = place_of(h, jz[1][0][0], jz[1][0][1])
    if still:
        return (((jconstant(value_at(h, jz[1][0])), True), None),)
    if (p[0][0] == p[1][0]):
        return (((jline(h, p[1][0], jz[1]), (p[1][0] == 0)), None),)
    value = sign(boundary_name(l, jz[0], i))
    if value is not None:
        return (((jline(h, (p[1][0] if value[0] else p[0][0]), jz[1]), False), ((boundary_name(l, jz[0], i), l, value[0], jz[1]),)),)
    return None


def add_wall(ws, u):
    if u[1] is not None:
        return (u[1][0], ws)
    return ws


def expand(h, sign, i, l, ls, x, walls0):
    while True:
        if not ls:
            return None
        lay, rest = ls
        zs = jaffine(lay, x)
        if not rest:
            return ((walls0, zs),)
        value = collect(partial(jactivate, h, sign, is_still_layer(lay, x), i, l), tzip((lambda x0, x1: (x0, x1)), indices(zs), zs))
        if value is not None:
            l, ls, x, walls0 = (l + 1), rest, tmap((lambda p: p[0]), value[0]), fold(add_wall, walls0, value[0])
            continue
        return None


def jinputs(x):
    return tmap((lambda q0: (jconstant(q0), True)), x)


def jgap(g, right, a, b):
    if g == 'Difference':
        return (jadd(a, jconstant(qopp0(b))),)
    if g == 'Margin':
        return (jscale(b, a),)
    if qeqb(b, (1, 1)):
        return None
    return (jadd(a, jscale(((-1), 1), right)),)


def jright(f, y):
    return fold(jadd, jconstant((0, 1)), tzip((lambda a, b: jscale(b, a)), f, y))


def left_piece(l, u):
    return piece_towards(l[1], l[2], u, 'Lt')


def right_piece(l, u):
    return piece_towards(l[1], l[2], u, 'Gt')


no_part = ((), (), (), 0)


def padd(a, b):
    return (vadd(a[0], b[0]), fadd(a[1], b[1]), rev_onto(a[2], b[2]), (a[3] + b[3]))


def term_part(l, m, given, u):
    p = left_piece(l, u[0])
    q0 = right_piece(l, u[0])
    a = qmul(m, qslope(p, u[0]))
    b = qmul(m, qslope(q0, u[0]))
    if qeqb(a, b):
        k = qmul(m, (p[1] if (qltb(p[1], q0[1])) else q0[1]))
        return ((vscale(a, u[1]), fadd(fscale(a, u[2]), fscale(k, product(u[1], u[1]))), (), 0),)
    if given is not None:
        if ((((qleb(a, given[0])) and qleb(given[0], b)) and qleb((0, 1), p[1])) and qleb((0, 1), q0[1])):
            return ((vscale(given[0], u[1]), fscale(given[0], u[2]), ((u[1], ()) if ((qltb(a, given[0])) and qltb(given[0], b)) else ()), 1),)
        return None
    return None


def is_lowest(l, u):
    if qleb(qslope(left_piece(l, u[0]), u[0]), (0, 1)):
        return qleb((0, 1), qslope(right_piece(l, u[0]), u[0]))
    return False


def output_part(c, lf, s, right, kab):
    value = jgap(c[1][0], right, kab[1][0], kab[1][1])
    if value is not None:
        value_1 = find(pair_code(s[0], kab[0]), lf[1])
        given = (((qmul(kab[1][1], value_1[0]) if c[1][0] == 'Margin' else value_1[0]),) if value_1 is not None else None)
        return term_part(c[1], qmul(c[2], s[1][2]), given, value[0])
    return (no_part,)


def predictions_part(c, lf, s, f):
    value = collect(partial(output_part, c, lf, s, jright(f, s[1][1])), tzip((lambda x, x0: (x, x0)), indices(f), tzip((lambda x_1, x0_1: (x_1, x0_1)), f, s[1][1])))
    if value is not None:
        return (fold(padd, no_part, value[0]),)
    return None


def is_lowest_at(c, s):
    right = jright(s[3], s[1][1])
    def step(ab, c=c, right=right):
        value = jgap(c[1][0], right, ab[0], ab[1])
        if value is not None:
            return is_lowest(c[1], value[0])
        return True
    return all_(step, tzip((lambda x, x0: (x, x0)), s[3], s[1][1]))


def on_pieces(c, ss, s):
    if not s[2]:
        return (((), s[3]),)
    return expand(c[0], (lambda n, ss=ss: find(n, ss)), s[0], 1, c[3], jinputs(s[1][0]), ())


def sample_part(c, ss, lf, s):
    value = on_pieces(c, ss, s)
    if value is not None:
        value_1 = predictions_part(c, lf, s, value[0][1])
        if value_1 is not None:
            return ((value_1[0], value[0][0]),)
        return None
    if is_lowest_at(c, s):
        return ((no_part, ()),)
    return None


def signed_by(tau, q0):
    if tau:
        return q0
    return qopp0(q0)


def named_walls(ws):
    return tmap((lambda w: (w[0], w)), ws)


def lambda_part(ws, nl):
    value = find(nl[0], ws)
    if value is not None:
        if qltb((0, 1), nl[1]):
            s = signed_by(negb(value[0][2]), nl[1])
            return ((vscale(s, value[0][3][1]), fscale(s, value[0][3][2]), (value[0][3][1], ()), 0),)
        return None
    return None


def nu_part(ws, e):
    value = find(e[0][0], ws)
    if value is not None:
        value_1 = find(e[0][1], ws)
        if value_1 is not None:
            if qleb((0, 1), e[1]):
                s = qmul(((-1), 2), signed_by(eqb(value[0][2], value_1[0][2]), e[1]))
                return (((), fscale(s, product(value[0][3][1], value_1[0][3][1])), (), 0),)
            return None
        return None
    return None


def leaf_part(c, ss, lf):
    value = collect(partial(sample_part, c, ss, lf), c[4])
    if value is not None:
        ws = named_walls(fold((lambda acc, tw: rev_onto(tw[1], acc)), (), value[0]))
        value_1 = collect(partial(lambda_part, ws), lf[0])
        if value_1 is not None:
            value_2 = collect(partial(nu_part, ws), lf[2])
            if value_2 is not None:
                return (fold(padd, fold(padd, fold(padd, no_part, tmap((lambda p: p[0]), value[0])), value_1[0]), value_2[0]),)
            return None
        return None
    return None


def first_order(c, ss, lf):
    value = leaf_part(c, ss, lf)
    if value is not None:
        if ((((vzero(value[0][0])) and (value[0][3] == count(lf[1]))) and differ(value[0][3], lf[1])) and differ(count(ss), lf[0])):
            return (value[0],)
        return None
    return None


def first_order_holds(c, ss, lf):
    value = first_order(c, ss, lf)
    if value is not None:
        return True
    return False


def second_order_holds(c, ps, ss, lf):
    value = first_order(c, ss, lf)
    if value is not None:
        return is_positive_on(ps, value[0][2], value[0][1])
    return False


def empty_term(c, ss, nl):
    value = find(nl[0], c[5])
    if value is not None:
        value_1 = find(nl[0], ss)
        if value_1 is not None:
            if ((value[0][1] == 1) and qleb((0, 1), nl[1])):
                return (vscale(signed_by(value_1[0], nl[1]), value[0][3][1]),)
            return None
        return None
    return None


def has_no_direction(c, ss, la):
    if ((differ(count(ss), la)) and some((lambda nl: qltb((0, 1), nl[1])), la)):
        value = collect(partial(empty_term, c, ss), la)
        if value is not None:
            return vzero(fold(vadd, (), value[0]))
        return False
    return False


def make_expansion(h, ls, is_):
    value = expand(h, (lambda unused: (True,)), is_[0], 1, ls, jinputs(is_[1][0]), ())
    if value is not None:
        return ((is_[0], is_[1], value[0][0], value[0][1]),)
    return None


def make_setting(p, h, ls):
    js = layers_jets(((1, 1), ()), ls)
    value = collect(partial(make_expansion, h, js), tzip((lambda x, x0: (x, x0)), indices(p[5]), p[5]))
    if value is not None:
        return ((h, p[3], p[4], js, value[0], named_walls(fold((lambda acc, e: rev_onto(e[2], acc)), (), value[0]))),)
    return None


def is_boundary_pair(c, ps, name):
    value = find(name, c[5])
    if value is not None:
        if (value[0][1] == 1):
            if ((negb(vzero(value[0][3][1]))) and (count(value[0][3][1]) <= count(ps))):
                return is_nil(value[0][3][2])
            return False
        return True
    return False


def check_second_order(p, h, ls, nodes):
    value = make_setting(p, h, ls)
    if value is not None:
        ps = entries_of(ls)
        if walk(partial(is_boundary_pair, value[0], ps), partial(second_order_holds, value[0], ps), partial(has_no_direction, value[0]), 0, ((0, ()), ()), nodes):
            return 'Positive'
        if walk(partial(is_boundary_pair, value[0], ps), partial(first_order_holds, value[0]), partial(has_no_direction, value[0]), 0, ((0, ()), ()), nodes):
            return 'NotPositive'
        return 'NoMultipliers'
    return 'NoMultipliers'


def biases_of(l):
    if l[1] is not None:
        return l[1][0]
    return tmap((lambda unused: (0, 1)), l[0])


def units_of(l1, vs):
    return tzip((lambda wb, v: (wb[0], wb[1], v)), tzip((lambda x, x0: (x, x0)), l1[0], biases_of(l1)), vs)


def same_numbers(u, v):
    while True:
        if not u:
            if not v:
                return True
            return False
        a, u_1 = u
        if not v:
            return False
        b, v_1 = v
        if qeqb(a, b):
            u, v = u_1, v_1
            continue
        return False


def is_off(v):
    return (v[0] == 0)


def moves(a, b):
    return negb((((is_off(a[2])) and is_off(b[2])) or ((qeqb(a[1], b[1])) and same_numbers(a[0], b[0]))))


def one_sign(v, v_1):
    if ((qltb((0, 1), v)) and qltb((0, 1), v_1)):
        return True
    if qltb(v, (0, 1)):
        return qltb(v_1, (0, 1))
    return False


def may_move(us, us_1):
    while True:
        if not us:
            return True
        a, us0 = us
        if not us_1:
            return True
        b, us0_1 = us_1
        if ((negb(moves(a, b))) or one_sign(a[2], b[2])):
            us, us_1 = us0, us0_1
            continue
        return False


def side0(z0, d, t):
    return ((z0 * t[1]) - (t[0] * d))


def not_between(z0, d, z, d_1, t):
    a = side0(z0, d, t)
    b = side0(z, d_1, t)
    if (a < 0):
        return (b <= 0)
    if (0 < a):
        return (0 <= b)
    return True


def row_stays(ts, ms, row, ds, row_1, ds_1):
    while True:
        if not ms:
            return True
        m, ms0 = ms
        if not row:
            return True
        z0, row0 = row
        if not ds:
            return True
        d, ds0 = ds
        if not row_1:
            return True
        z, row0_1 = row_1
        if not ds_1:
            return True
        d_1, ds0_1 = ds_1
        if ((negb(m)) or all_(partial(not_between, z0, d, z, d_1), ts)):
            ms, row, ds, row_1, ds_1 = ms0, row0, ds0, row0_1, ds0_1
            continue
        return False


def rows_stay(ts, ms, rows, ds, rows_1, ds_1):
    while True:
        if not rows:
            return True
        row, rows0 = rows
        if not rows_1:
            return True
        row_1, rows0_1 = rows_1
        if row_stays(ts, ms, row, ds, row_1, ds_1):
            rows, rows_1 = rows0, rows0_1
            continue
        return False


def hidden(x, l):
    us = make_units(x[1], l)
    return (tmap(partial(read_row, us), x[0]), tmap((lambda u: u[2]), us))


def check_step(ts, x, ls, ls_1):
    if not ls:
        return False
    l1, l = ls
    if not l:
        return False
    l2, l0 = l
    if not l0:
        if not ls_1:
            return False
        l1_1, l3 = ls_1
        if not l3:
            return False
        l2_1, l4 = l3
        if not l4:
            if not l2[0]:
                return False
            vs, l5 = l2[0]
            if not l5:
                if not l2_1[0]:
                    return False
                vs_1, l6 = l2_1[0]
                if not l6:
                    us = units_of(l1, vs)
                    us_1 = units_of(l1_1, vs_1)
                    if may_move(us, us_1):
                        a = hidden(x, l1)
                        b = hidden(x, l1_1)
                        return rows_stay(ts, tzip(moves, us, us_1), a[0], a[1], b[0], b[1])
                    return False
                return False
            return False
        return False
    return False


def check_steps(ts, x, ls, rest):
    while True:
        if not rest:
            return True
        ls_1, rest_1 = rest
        if check_step(ts, x, ls, ls_1):
            ls, rest = ls_1, rest_1
            continue
        return False


def one_hidden_layer(p):
    if not p[0]:
        return False
    if not p[0][1]:
        return False
    if not p[0][1][1]:
        return False
    m, l1 = p[0][1][1]
    if not l1:
        if (m == 1):
            return negb((count(p[2][2]) == 0))
        return False
    return False


def new_children(i, cs, others):
    while True:
        if not cs:
            return (others,)
        p, cs_1 = cs
        if ((i < p[0]) and negb(mem(p[0], others))):
            cs, others = cs_1, ((p[0], p[1]), others)
            continue
        return None


def visit(step0, i, pending, nodes):
    while True:
        if not nodes:
            return is_nil(pending)
        nd, rest = nodes
        value = take_from(i, pending, ())
        if value is not None:
            value_1 = step0(value[0][0], nd)
            if value_1 is not None:
                value_2 = new_children(i, value_1[0], value[0][1])
                if value_2 is not None:
                    i, pending, nodes = (i + 1), value_2[0], rest
                    continue
                return False
            return False
        return False


def side_of(s):
    if s:
        return 'AtLeast'
    return 'AtMost'


def side_from(n, s, ss, passed):
    while True:
        if not ss:
            return None
        o, rest = ss
        if (n == 0):
            if o is not None:
                return None
            return (rev_onto(passed, ((side_of(s),), rest)),)
        n, ss, passed = (n - 1), rest, (o, passed)
        continue


def with_side(n, s, ss):
    return side_from(n, s, ss, ())


def same_side(a, b):
    if a is not None:
        if a[0] == 'AtLeast':
            if b is not None:
                if b[0] == 'AtLeast':
                    return True
                return False
            return False
        if a[0] == 'AtMost':
            if b is not None:
                if b[0] == 'AtMost':
                    return True
                return False
            return False
        if b is not None:
            if b[0] == 'OnWall':
                return True
            return False
        return False
    if b is not None:
        return False
    return True


def same_sides(u, v):
    while True:
        if not u:
            if not v:
                return True
            return False
        a, u_1 = u
        if not v:
            return False
        b, v_1 = v
        if same_side(a, b):
            u, v = u_1, v_1
            continue
        return False


def implies(b, a):
    if a is not None:
        if b is not None:
            if b[0] == 'OnWall':
                return True
            return same_side(a, b)
        return same_side(a, b)
    return True


def within(u, v):
    while True:
        if not u:
            if not v:
                return True
            return False
        a, u_1 = u
        if not v:
            return False
        b, v_1 = v
        if implies(b, a):
            u, v = u_1, v_1
            continue
        return False


def turns(h):
    value = fold((lambda st, ta: (ta[1], ((ta[0], qadd(ta[1], qopp0(st[0]))), st[1]))), (h[0], ()), h[2])
    return rev_onto(value[1], ())


def origin(h):
    def step(c, td):
        if qltb(td[0], (0, 1)):
            return qadd(c, qmul(td[1], td[0]))
        return c
    return fold(step, h[1], turns(h))


def qdiv(x, y):
    return quotient((x[0] * y[1]), (x[1] * y[0]))


def tflat(f, l):
    return rev_onto(fold((lambda acc, a, f=f: rev_onto(f(a), acc)), (), l), ())


def walls_of(h, t):
    ks = turns(h)
    value = align(tmap((lambda p: p[0]), ks))
    return (ks, transpose(rev_onto(rev_onto(t[0], ()), tflat((lambda row, ks=ks: tmap((lambda unused, row=row: row), ks)), t[0]))), rev_onto(rev_onto(tmap((lambda unused_1: 0), t[0]), ()), tflat((lambda unused_2, value=value: value[0]), t[0])), value[1], tflat((lambda row_1, ks=ks: tmap((lambda unused_3, row_1=row_1: negb(is_zero(row_1))), ks)), t[0]))


def is_line(c, s, g):
    if s is not None:
        if s[0] == 'AtLeast':
            return qleb(g, c)
        if s[0] == 'AtMost':
            return qleb((0, 1), g)
        return True
    if qleb((0, 1), g):
        return qleb(g, c)
    return False


def usual_line(c, s):
    if s is not None:
        if s[0] == 'AtLeast':
            return c
        return (0, 1)
    return (0, 1)


def lines_onto(i, cs, ss, given, acc):
    while True:
        if not cs:
            if not ss:
                if is_nil(given):
                    return (rev_onto(acc, ()),)
                return None
            return None
        c, cs_1 = cs
        if not ss:
            return None
        s, ss_1 = ss
        if not given:
            g = usual_line(c, s)
            if is_line(c, s, g):
                i, cs, ss, given, acc = (i + 1), cs_1, ss_1, (), (g, acc)
                continue
            return None
        p, rest = given
        if (p[0] == i):
            if is_line(c, s, p[1]):
                i, cs, ss, given, acc = (i + 1), cs_1, ss_1, rest, (p[1], acc)
                continue
            return None
        g_1 = usual_line(c, s)
        if is_line(c, s, g_1):
            i, cs, ss, acc = (i + 1), cs_1, ss_1, (g_1, acc)
            continue
        return None


def lines(cs, ss, given):
    return lines_onto(0, cs, ss, given, ())


def constant_of(k, a, g):
    value = align(rev_onto(rev_onto(a, ()), g))
    if all_((lambda col, value=value: (zdot(0, value[0], col) == 0)), k[1]):
        return (((-zdot(0, value[0], k[2])), (value[1] * k[3])),)
    return None


def linear_of(h, k, q0):
    return (tmap(partial(qmul, h[0]), q0), tflat((lambda a, k=k: tmap((lambda td, a=a: qmul(a, td[1])), k[0])), q0), qmul(origin(h), fold(qadd, (0, 1), q0)))


def zeros0(l):
    return tmap((lambda unused: (0, 1)), l)


def constant_at(k, a, c, ss, given):
    value = lines(c, ss, given)
    if value is not None:
        value_1 = constant_of(k, a, value[0])
        if value_1 is not None:
            return ((value[0], value_1[0]),)
        return None
    return None


def take_step(k, f, ss, nd):
    if nd[0] == 'Halve':
        value = with_side(nd[1], True, ss)
        if value is not None:
            value_1 = with_side(nd[1], False, ss)
            if value_1 is not None:
                return (((nd[2], value[0]), ((nd[3], value_1[0]), ())),)
            return None
        return None
    if nd[0] == 'Follows':
        value_2 = find(nd[1], nd[2])
        s = (qltb((0, 1), value_2[0]) if value_2 is not None else True)
        value_3 = with_side(nd[1], s, ss)
        if value_3 is not None:
            value_4 = with_side(nd[1], negb(s), ss)
            if value_4 is not None:
                value_5 = constant_at(k, zeros0(f[0]), zeros0(f[1]), value_4[0], nd[2])
                if value_5 is not None:
                    if (qleb((0, 1), value_5[0][1])):
                        value_6 = pick(nd[1], value_5[0][0])
                        chosen = (value_6 is not None and negb(qeqb(value_6[0], (0, 1))))
                    else:
                        chosen = False
                    if chosen:
                        return (((nd[3], value_3[0]), ()),)
                    return None
                return None
            return None
        return None
    if nd[0] == 'Void':
        value_7 = constant_at(k, zeros0(f[0]), zeros0(f[1]), ss, nd[1])
        if value_7 is not None:
            if qltb((0, 1), value_7[0][1]):
                return ((),)
            return None
        return None
    value_8 = constant_at(k, f[0], f[1], ss, nd[1])
    if value_8 is not None:
        if qleb((0, 1), qadd(f[2], value_8[0][1])):
            return ((),)
        return None
    return None


def check_form(h, k, duals, f):
    value = pick(f[0], duals)
    if value is not None:
        return visit(partial(take_step, k, linear_of(h, k, (value[0] if f[1] else tmap(qopp0, value[0])))), 0, ((0, f[2]), ()), f[3])
    return False


def place_of_slope(q0, ks, s):
    while True:
        inside = qdiv(qadd(s, qopp0(q0[0][1])), qadd(q0[1], q0[1]))
        if not ks:
            return inside
        p, rest = ks
        if qltb(s, qslope(q0, p[0])):
            return inside
        if qleb(s, qslope(p[1], p[0])):
            return p[0]
        q0, ks = p[1], rest
        continue


def has_slope(q0, ks, u, s):
    while True:
        if not ks:
            return qeqb(s, qslope(q0, u))
        p, rest = ks
        if qltb(u, p[0]):
            return qeqb(s, qslope(q0, u))
        if qeqb(u, p[0]):
            if qleb(qslope(q0, p[0]), s):
                return qleb(s, qslope(p[1], p[0]))
            return False
        q0, ks = p[1], rest
        continue


def value_at0(q0, ks, u):
    while True:
        if not ks:
            return qvalue(q0, u)
        p, rest = ks
        if qleb(u, p[0]):
            return qvalue(q0, u)
        q0, ks = p[1], rest
        continue


def sample_bound(l, c, y, r):
    sigma = ((qopp0(r) if (qltb(y, (0, 1))) else r) if l[0] == 'Margin' else r)
    s = qdiv(sigma, c)
    u = place_of_slope(l[1], l[2], s)
    if has_slope(l[1], l[2], u, s):
        b = qadd(qmul(c, value_at0(l[1], l[2], u)), qopp0(qmul(sigma, u)))
        if l[0] == 'Difference':
            return (qadd(b, qopp0(qmul(r, y))),)
        if l[0] == 'Margin':
            return (b,)
        return None
    return None


def add_bound(p, acc, sr):
    if acc is not None:
        if not sr[0][1]:
            return None
        y, l = sr[0][1]
        if not l:
            value = sample_bound(p[3], qmul(p[4], sr[0][2]), y, sr[1])
            if value is not None:
                return (qadd(acc[0], value[0]),)
            return None
        return None
    return None


def check_dual(p, b2, bound, r):
    if ((count(r) == count(p[5])) and (qeqb(fold(qadd, (0, 1), r), (0, 1)) if b2 else True)):
        value = fold(partial(add_bound, p), ((0, 1),), tzip((lambda x, x0: (x, x0)), p[5], r))
        if value is not None:
            return qleb(bound, value[0])
        return False
    return False


def same_region(a, b):
    if same_side(a[0], b[0]):
        return same_sides(a[1], b[1])
    return False


def cut(wall0, s, a):
    if wall0 is not None:
        value = with_side(wall0[0], s, a[1])
        if value is not None:
            return ((a[0], value[0]),)
        return None
    if a[0] is not None:
        return None
    return (((side_of(s),), a[1]),)


def replace_from(n, a, l, passed):
    while True:
        if not l:
            return rev_onto(passed, ())
        b, l_1 = l
        if (n == 0):
            return rev_onto(passed, (a, l_1))
        n, l, passed = (n - 1), l_1, (b, passed)
        continue


def is_cuttable(k, wall0):
    if wall0 is not None:
        value = pick(wall0[0], k[4])
        if value is not None:
            return value[0]
        return False
    return True


def says(forms, d, s, a, n):
    value = pick(n, forms)
    if value is not None:
        if ((value[0][0] == d) and eqb(value[0][1], s)):
            return within(value[0][2], a[1])
        return False
    return False


def unit_bounded(forms, d, a, ns):
    if (((some(partial(says, forms, d, True, a), ns) if a[0][0] == 'AtLeast' else True) if a[0] is not None else some(partial(says, forms, d, True, a), ns)) and ((some(partial(says, forms, d, False, a), ns) if a[0][0] == 'AtMost' else True) if a[0] is not None else some(partial(says, forms, d, False, a), ns))):
        def step(n, forms=forms):
            value = pick(n, forms)
            if value is not None:
                return True
            return False
        return all_(step, ns)
    return False


def cut_step(k, duals, forms, regions0, nd):
    if nd[0] == 'Cut':
        if is_cuttable(k, nd[2]):
            value = pick(nd[1], regions0)
            if value is not None:
                value_1 = cut(nd[2], True, value[0])
                if value_1 is not None:
                    value_2 = cut(nd[2], False, value[0])
                    if value_2 is not None:
                        def step(b, value=value, value_2=value_2):
                            if same_region(value[0], b):
                                return value_2[0]
                            return b
                        return (((nd[3], replace_from(nd[1], value_1[0], regions0, ())), ((nd[4], tmap(step, regions0)), ())),)
                    return None
                return None
            return None
        return None
    if ((((0 <= nd[1]) and (nd[1] < duals)) and (count(nd[2]) == count(regions0))) and all_((lambda x: x), tzip(partial(unit_bounded, forms, nd[1]), regions0, nd[2]))):
        return ((),)
    return None


def first_leaf(nodes):
    while True:
        if not nodes:
            return None
        t, rest = nodes
        if t[0] == 'Cut':
            nodes = rest
            continue
        return (t[2],)


def check_bound(p, bound, e):
    if not p[0]:
        return False
    if not p[0][1]:
        return False
    m, l0 = p[0][1]
    if not l0:
        return False
    one, l1 = l0
    if not l1:
        if not p[1]:
            return False
        b1, l2 = p[1]
        if not l2:
            return False
        b2, l3 = l2
        if not l3:
            t = extend(b1, table_of(tmap((lambda s: s[0]), p[5])))
            k = walls_of(p[2], t)
            free = tflat((lambda unused, k=k: tmap((lambda unused_1: None), k[0])), t[0])
            if (((one == 1) and negb(is_nil(k[0]))) and all_(partial(check_dual, p, b2, bound), e[0])):
                def step(f, e=e, free=free, k=k, p=p):
                    if has_length(count(free), f[2]):
                        return check_form(p[2], k, e[0], f)
                    return False
                chosen = all_(step, e[1])
            else:
                chosen = False
            if chosen:
                value = first_leaf(e[2])
                if value is not None:
                    if has_length(m, value[0]):
                        return visit(partial(cut_step, k, count(e[0]), e[1]), 0, ((0, tmap((lambda unused_2, free=free: (None, free)), value[0])), ()), e[2])
                    return False
                return False
            return False
        return False
    return False


def slopes_in(nd):
    if nd[0] == 'Halve':
        return ()
    if nd[0] == 'Follows':
        return tmap((lambda p: p[1]), nd[2])
    if nd[0] == 'Void':
        return tmap((lambda p_1: p_1[1]), nd[1])
    return tmap((lambda p_2: p_2[1]), nd[1])


def widest(st, l):
    if st is not None:
        value = fold(partial(measure, few_bits), ((1, 0),), l)
        if value is not None:
            n = (_log2(value[0][0]) + value[0][1])
            return ((n if (st[0] < n) else st[0]),)
        return None
    return None


def open_nodes(children):
    value = fold((lambda st, c: (((st[0] + c) - 1), (st[1] + st[0]))), (1, 0), children)
    return value[1]


def children_of_step(nd):
    if nd[0] == 'Halve':
        return 2
    if nd[0] == 'Follows':
        return 1
    return 0


def children_of_node(nd):
    if nd[0] == 'Cut':
        return 2
    return 0


most_open = _power(2, 22)


most_walls = _power(2, 23)


def forms_listed(acc, nd):
    if nd[0] == 'Cut':
        return acc
    return fold((lambda a, l: (a + count(l))), acc, nd[2])


def bound_within_reach(p, e):
    n = count(p[5])
    k = count(p[2][2])
    m = (n * (k + 1))
    total = fold((lambda a, f: ((a + 1) + count(f[3]))), 1, e[1])
    nodes = count(e[2])
    forms = count(e[1])
    value = first_leaf(e[2])
    units = (count(value[0]) if value is not None else 0)
    value_1 = fold((lambda st, f_1: fold((lambda st0, nd: widest(st0, slopes_in(nd))), st, f_1[3])), fold(widest, (0,), e[0]), e[1])
    if value_1 is not None:
        if ((((within_reach_times((total + count(e[0])), p, ())) and (((total * m) * (value_1[0] + 64)) <= most_comparisons)) and (((nodes * units) * m) <= most_walls)) and ((fold(forms_listed, 0, e[2]) * (forms + m)) <= most_comparisons)):
            return (fold((lambda a_1, f_2: (a_1 + open_nodes(tmap(children_of_step, f_2[3])))), open_nodes(tmap(children_of_node, e[2])), e[1]) <= most_open)
        return False
    return False


def halves(k, j, wall0, rs):
    if is_cuttable(k, wall0):
        value = pick(j, rs)
        if value is not None:
            value_1 = cut(wall0, True, value[0])
            if value_1 is not None:
                value_2 = cut(wall0, False, value[0])
                if value_2 is not None:
                    return ((replace_from(j, value_1[0], rs, ()), replace_from(j, value_2[0], rs, ())),)
                return None
            return None
        return None
    return None


def is_high(duals, forms, d, ns, rs):
    if (((0 <= d) and (d < duals)) and (count(ns) == count(rs))):
        return all_((lambda x: x), tzip(partial(unit_bounded, forms, d), rs, ns))
    return False


def leaves(k, duals, forms, i, pending, nodes, firsts, lasts):
    while True:
        if not nodes:
            if is_nil(pending):
                return ((firsts, lasts),)
            return None
        nd, rest = nodes
        value = take_from(i, pending, ())
        if value is not None:
            if nd[0] == 'Parted':
                value_1 = halves(k, nd[1], nd[2], value[0][0])
                if value_1 is not None:
                    value_2 = new_children(i, ((nd[3], value_1[0][0]), ((nd[4], value_1[0][1]), ())), value[0][1])
                    if value_2 is not None:
                        i, pending, nodes = (i + 1), value_2[0], rest
                        continue
                    return None
                return None
            if nd[0] == 'Beside':
                if nd[1]:
                    i, pending, nodes, lasts = (i + 1), value[0][1], rest, (value[0][0], lasts)
                    continue
                i, pending, nodes, firsts = (i + 1), value[0][1], rest, (value[0][0], firsts)
                continue
            if is_high(duals, forms, nd[1], nd[2], value[0][0]):
                i, pending, nodes = (i + 1), value[0][1], rest
                continue
            return None
        return None


def meet_side(a, b):
    if a is not None:
        if b is not None:
            if same_side(a, b):
                return a
            return ('OnWall',)
        return a
    return b


def meet(a, b):
    return (meet_side(a[0], b[0]), tzip(meet_side, a[1], b[1]))


def meets_all(duals, forms, rs, lasts, ms):
    while True:
        if not lasts:
            return (ms,)
        rs_1, rest = lasts
        if not ms:
            return None
        m, ms_1 = ms
        if is_high(duals, forms, m[0], m[1], tzip(meet, rs, rs_1)):
            lasts, ms = rest, ms_1
            continue
        return None


def all_meet(duals, forms, firsts, lasts, ms):
    while True:
        if not firsts:
            return is_nil(ms)
        rs, rest = firsts
        value = meets_all(duals, forms, rs, lasts, ms)
        if value is not None:
            firsts, ms = rest, value[0]
            continue
        return False


def has_sign(s, n):
    if s is not None:
        if s[0] == 'AtLeast':
            return (0 <= n)
        if s[0] == 'AtMost':
            return (n <= 0)
        return (n == 0)
    return True


def have_signs(ss, ns):
    while True:
        if not ss:
            if not ns:
                return True
            return False
        s, ss_1 = ss
        if not ns:
            return False
        n, ns_1 = ns
        if has_sign(s, n):
            ss, ns = ss_1, ns_1
            continue
        return False


def sides_of(ts, d, zs):
    return tflat((lambda z0, d=d, ts=ts: tmap(partial(side0, z0, d), ts)), zs)


def lies_in(ts, rs, vs, ds, columns):
    while True:
        if not rs:
            if not vs:
                if not ds:
                    if not columns:
                        return True
                    return False
                return False
            return False
        a, rs_1 = rs
        if not vs:
            return False
        v, vs_1 = vs
        if not ds:
            return False
        d, ds_1 = ds
        if not columns:
            return False
        zs, columns_1 = columns
        if ((has_sign(a[0], v[0])) and have_signs(a[1], sides_of(ts, d, zs))):
            rs, vs, ds, columns = rs_1, vs_1, ds_1, columns_1
            continue
        return False


def is_in(ts, x, ls, found):
    if not ls:
        return False
    l1, l = ls
    if not l:
        return False
    l2, l0 = l
    if not l0:
        if not l2[0]:
            return False
        vs, l3 = l2[0]
        if not l3:
            z0 = hidden(x, l1)
            columns = transpose(z0[0])
            return some((lambda rs, columns=columns, ts=ts, vs=vs, z0=z0: lies_in(ts, rs, vs, z0[1], columns)), found)
        return False
    return False


def last_point(ls, rest):
    while True:
        if not rest:
            return ls
        ls_1, rest_1 = rest
        ls, rest = ls_1, rest_1
        continue


def check_separation(p, level0, first, last, e):
    if not p[1]:
        return False
    b1, l = p[1]
    if not l:
        return False
    b2, l0 = l
    if not l0:
        if not first:
            return False
        l1, l2 = first
        if not l2:
            return False
        if not l2[1]:
            x = table_of(tmap((lambda s: s[0]), p[5]))
            t = extend(b1, x)
            k = walls_of(p[2], t)
            ts = tmap((lambda p0: p0[0]), k[0])
            free = tflat((lambda unused, k=k: tmap((lambda unused_1: None), k[0])), t[0])
            n = count(e[0])
            if (all_(partial(check_dual, p, b2, level0), e[0])):
                def step(f, e=e, free=free, k=k, p=p):
                    if has_length(count(free), f[2]):
                        return check_form(p[2], k, e[0], f)
                    return False
                chosen = all_(step, e[1])
            else:
                chosen = False
            if chosen:
                value = leaves(k, n, e[1], 0, ((0, tmap((lambda unused_2, free=free: (None, free)), l1[0])), ()), e[2], (), ())
                if value is not None:
                    if ((all_meet(n, e[1], rev_onto(value[0][0], ()), rev_onto(value[0][1], ()), e[3])) and is_in(ts, x, first, value[0][0])):
                        return is_in(ts, x, last, value[0][1])
                    return False
                return False
            return False
        return False
    return False


k_duals = _text('duals')


k_dual = _text('dual')


k_forms = _text('forms')


k_sign = _text('sign')


k_region = _text('region')


k_implied = _text('implied')


k_then = _text('then')


def wall_number(n, m, i, k):
    value = index(i)
    if value is not None:
        value_1 = index(k)
        if value_1 is not None:
            if (value[0] < n):
                if (value_1[0] < m):
                    return (((value[0] * m) + value_1[0]),)
                return None
            return None
        return None
    return None


def read_wall(n, m, j):
    if j[0] == 'Items':
        if not j[1]:
            return None
        i, l0 = j[1]
        if not l0:
            return None
        k, l1 = l0
        if not l1:
            return wall_number(n, m, i, k)
        return None
    return None


def read_at_wall(n, m, read, j):
    if j[0] == 'Items':
        if not j[1]:
            return None
        i, l0 = j[1]
        if not l0:
            return None
        k, l1 = l0
        if not l1:
            return None
        v, l2 = l1
        if not l2:
            value = wall_number(n, m, i, k)
            if value is not None:
                value_1 = read(v)
                if value_1 is not None:
                    return ((value[0], value_1[0]),)
                return None
            return None
        return None
    return None


def read_slopes(n, m, j):
    return items(partial(read_at_wall, n, m, number), j)


def read_sign(j):
    value = index(j)
    if value is not None:
        if (value[0] == 1):
            return (True,)
        if (value[0] == 0):
            return (False,)
        return None
    return None


def read_side(on_walls, j):
    value = index(j)
    if value is not None:
        if (value[0] == 1):
            return ('AtLeast',)
        if (value[0] == 0):
            return ('AtMost',)
        if (on_walls and (value[0] == 2)):
            return ('OnWall',)
        return None
    return None


def read_step(n, m, j):
    if has_field(k_split, j):
        value = fields((k_split, (k_plus, (k_minus, ()))), j)
        if value is not None:
            if not value[0]:
                return None
            w, l0 = value[0]
            if not l0:
                return None
            a, l1 = l0
            if not l1:
                return None
            b, l2 = l1
            if not l2:
                value_1 = read_wall(n, m, w)
                if value_1 is not None:
                    value_2 = index(a)
                    if value_2 is not None:
                        value_3 = index(b)
                        if value_3 is not None:
                            return (('Halve', value_1[0], value_2[0], value_3[0]),)
                        return None
                    return None
                return None
            return None
        return None
    if has_field(k_implied, j):
        value_4 = fields((k_implied, (k_slopes, (k_then, ()))), j)
        if value_4 is not None:
            if not value_4[0]:
                return None
            w_1, l1_1 = value_4[0]
            if not l1_1:
                return None
            l, l2_1 = l1_1
            if not l2_1:
                return None
            t, l3 = l2_1
            if not l3:
                value_5 = read_wall(n, m, w_1)
                if value_5 is not None:
                    value_6 = read_slopes(n, m, l)
                    if value_6 is not None:
                        value_7 = index(t)
                        if value_7 is not None:
                            return (('Follows', value_5[0], value_6[0], value_7[0]),)
                        return None
                    return None
                return None
            return None
        return None
    if has_field(k_empty, j):
        value_8 = fields((k_empty, ()), j)
        if value_8 is not None:
            if not value_8[0]:
                return None
            l_1, l1_2 = value_8[0]
            if not l1_2:
                value_9 = read_slopes(n, m, l_1)
                if value_9 is not None:
                    return (('Void', value_9[0]),)
                return None
            return None
        return None
    value_10 = fields((k_slopes, ()), j)
    if value_10 is not None:
        if not value_10[0]:
            return None
        l_2, l1_3 = value_10[0]
        if not l1_3:
            value_11 = read_slopes(n, m, l_2)
            if value_11 is not None:
                return (('Holds', value_11[0]),)
            return None
        return None
    return None


def sides_onto(i, free, given, acc):
    while True:
        if not free:
            if is_nil(given):
                return (rev_onto(acc, ()),)
            return None
        if not given:
            i, free, given, acc = (i + 1), free[1], (), (None, acc)
            continue
        p, later = given
        if (p[0] == i):
            i, free, given, acc = (i + 1), free[1], later, ((p[1],), acc)
            continue
        i, free, acc = (i + 1), free[1], (None, acc)
        continue


def read_form(on_walls, n, m, free, j):
    value = fields((k_dual, (k_sign, (k_region, (k_nodes, ())))), j)
    if value is not None:
        if not value[0]:
            return None
        dj, l0 = value[0]
        if not l0:
            return None
        sj, l1 = l0
        if not l1:
            return None
        rj, l2 = l1
        if not l2:
            return None
        nj, l3 = l2
        if not l3:
            value_1 = index(dj)
            if value_1 is not None:
                value_2 = read_sign(sj)
                if value_2 is not None:
                    value_3 = items(partial(read_at_wall, n, m, partial(read_side, on_walls)), rj)
                    if value_3 is not None:
                        value_4 = sides_onto(0, free, value_3[0], ())
                        if value_4 is not None:
                            value_5 = items(partial(read_step, n, m), nj)
                            if value_5 is not None:
                                return ((value_1[0], value_2[0], value_4[0], value_5[0]),)
                            return None
                        return None
                    return None
                return None
            return None
        return None
    return None


def read_tree_node(n, m, j):
    if has_field(k_dual, j):
        value = fields((k_dual, (k_forms, ())), j)
        if value is not None:
            if not value[0]:
                return None
            dj, l0 = value[0]
            if not l0:
                return None
            fj, l1 = l0
            if not l1:
                value_1 = index(dj)
                if value_1 is not None:
                    value_2 = items(partial(items, index), fj)
                    if value_2 is not None:
                        return (('Bounded', value_1[0], value_2[0]),)
                    return None
                return None
            return None
        return None
    value_3 = fields((k_split, (k_plus, (k_minus, ()))), j)
    if value_3 is not None:
        if not value_3[0]:
            return None
        w, l0_1 = value_3[0]
        if not l0_1:
            return None
        a, l1_1 = l0_1
        if not l1_1:
            return None
        b, l2 = l1_1
        if not l2:
            value_4 = index(a)
            if value_4 is not None:
                value_5 = index(b)
                if value_5 is not None:
                    if w[0] == 'Items':
                        if not w[1]:
                            return None
                        u, l4 = w[1]
                        if not l4:
                            value_6 = index(u)
                            if value_6 is not None:
                                return (('Cut', value_6[0], None, value_4[0], value_5[0]),)
                            return None
                        i, l5 = l4
                        if not l5:
                            return None
                        k, l6 = l5
                        if not l6:
                            value_7 = index(u)
                            if value_7 is not None:
                                value_8 = wall_number(n, m, i, k)
                                if value_8 is not None:
                                    return (('Cut', value_7[0], (value_8[0],), value_4[0], value_5[0]),)
                                return None
                            return None
                        return None
                    return None
                return None
            return None
        return None
    return None


def read_bound_evidence(p, j):
    n = count(p[5])
    m = count(p[2][2])
    value = fields((k_duals, (k_forms, (k_nodes, ()))), j)
    if value is not None:
        if not value[0]:
            return None
        dj, l0 = value[0]
        if not l0:
            return None
        fj, l1 = l0
        if not l1:
            return None
        nj, l2 = l1
        if not l2:
            value_1 = items(partial(vector, n), dj)
            if value_1 is not None:
                free = tflat((lambda unused, p=p: tmap((lambda unused_1: None), p[2][2])), p[5])
                value_2 = items(partial(read_form, False, n, m, free), fj)
                if value_2 is not None:
                    value_3 = items(partial(read_tree_node, n, m), nj)
                    if value_3 is not None:
                        return ((value_1[0], value_2[0], value_3[0]),)
                    return None
                return None
            return None
        return None
    return None


k_side = _text('side')


k_meetings = _text('meetings')


def read_part(n, m, j):
    if has_field(k_side, j):
        value = fields((k_side, ()), j)
        if value is not None:
            if not value[0]:
                return None
            s, l0 = value[0]
            if not l0:
                value_1 = read_sign(s)
                if value_1 is not None:
                    return (('Beside', value_1[0]),)
                return None
            return None
        return None
    value_2 = read_tree_node(n, m, j)
    if value_2 is not None:
        if value_2[0][0] == 'Cut':
            return (('Parted', value_2[0][1], value_2[0][2], value_2[0][3], value_2[0][4]),)
        return (('High', value_2[0][1], value_2[0][2]),)
    return None


def read_meeting(j):
    value = fields((k_dual, (k_forms, ())), j)
    if value is not None:
        if not value[0]:
            return None
        dj, l0 = value[0]
        if not l0:
            return None
        fj, l1 = l0
        if not l1:
            value_1 = index(dj)
            if value_1 is not None:
                value_2 = items(partial(items, index), fj)
                if value_2 is not None:
                    return ((value_1[0], value_2[0]),)
                return None
            return None
        return None
    return None


def read_barrier_evidence(p, j):
    n = count(p[5])
    m = count(p[2][2])
    value = fields((k_path, (k_duals, (k_forms, (k_nodes, (k_meetings, ()))))), j)
    if value is not None:
        if not value[0]:
            return None
        if not value[0][1]:
            return None
        dj, l1 = value[0][1]
        if not l1:
            return None
        fj, l2 = l1
        if not l2:
            return None
        nj, l3 = l2
        if not l3:
            return None
        mj, l4 = l3
        if not l4:
            value_1 = items(partial(vector, n), dj)
            if value_1 is not None:
                free = tflat((lambda unused, p=p: tmap((lambda unused_1: None), p[2][2])), p[5])
                value_2 = items(partial(read_form, True, n, m, free), fj)
                if value_2 is not None:
                    value_3 = items(partial(read_part, n, m), nj)
                    if value_3 is not None:
                        value_4 = items(read_meeting, mj)
                        if value_4 is not None:
                            return ((value_1[0], value_2[0], value_3[0], value_4[0]),)
                        return None
                    return None
                return None
            return None
        return None
    return None


def before_leaf(d, ns, tree):
    return (('Cut', 0, None, 0, 0), (('Bounded', d, ns), tree))


def as_bound(units, e):
    def step(nd):
        if nd[0] == 'Parted':
            return ('Cut', nd[1], nd[2], nd[3], nd[4])
        if nd[0] == 'Beside':
            return ('Bounded', 0, ())
        return ('Bounded', nd[1], nd[2])
    tree = tmap(step, e[2])
    tree0_1 = fold((lambda tree0, m: before_leaf(m[0], m[1], tree0)), tree, e[3])
    return (e[0], e[1], before_leaf(0, tmap((lambda unused: ()), units), tree0_1))


k_wall_multipliers = _text('multipliers')


k_kink_slopes = _text('subgradient')


k_products = _text('products')


def read_boundary_name(j):
    value = items(index, j)
    if value is not None:
        if not value[0]:
            return None
        l, l1 = value[0]
        if not l1:
            return None
        u, l2 = l1
        if not l2:
            return None
        i, l3 = l2
        if not l3:
            return (boundary_name(l, u, i),)
        return None
    return None


def read_weighted(j):
    if j[0] == 'Items':
        if not j[1]:
            return None
        b, l0 = j[1]
        if not l0:
            return None
        m, l1 = l0
        if not l1:
            value = read_boundary_name(b)
            if value is not None:
                value_1 = number(m)
                if value_1 is not None:
                    return ((value[0], value_1[0]),)
                return None
            return None
        return None
    return None


def read_subgradient_entry(j):
    if j[0] == 'Items':
        if not j[1]:
            return None
        i, l0 = j[1]
        if not l0:
            return None
        k, l1 = l0
        if not l1:
            return None
        r, l2 = l1
        if not l2:
            value = index(i)
            if value is not None:
                value_1 = index(k)
                if value_1 is not None:
                    value_2 = number(r)
                    if value_2 is not None:
                        return ((pair_code(value[0], value_1[0]), value_2[0]),)
                    return None
                return None
            return None
        return None
    return None


def read_product(j):
    if j[0] == 'Items':
        if not j[1]:
            return None
        a, l0 = j[1]
        if not l0:
            return None
        b, l1 = l0
        if not l1:
            return None
        m, l2 = l1
        if not l2:
            value = read_boundary_name(a)
            if value is not None:
                value_1 = read_boundary_name(b)
                if value_1 is not None:
                    value_2 = number(m)
                    if value_2 is not None:
                        return (((value[0], value_1[0]), value_2[0]),)
                    return None
                return None
            return None
        return None
    return None


def read_second_node(j):
    if has_field(k_split, j):
        value = fields((k_split, (k_plus, (k_minus, ()))), j)
        if value is not None:
            if not value[0]:
                return None
            b, l0 = value[0]
            if not l0:
                return None
            p, l1 = l0
            if not l1:
                return None
            m, l2 = l1
            if not l2:
                value_1 = read_boundary_name(b)
                if value_1 is not None:
                    value_2 = index(p)
                    if value_2 is not None:
                        value_3 = index(m)
                        if value_3 is not None:
                            return (('Split', value_1[0], value_2[0], value_3[0]),)
                        return None
                    return None
                return None
            return None
        return None
    if has_field(k_empty, j):
        value_4 = fields((k_empty, ()), j)
        if value_4 is not None:
            if not value_4[0]:
                return None
            e, l0_1 = value_4[0]
            if not l0_1:
                value_5 = items(read_weighted, e)
                if value_5 is not None:
                    return (('Empty', value_5[0]),)
                return None
            return None
        return None
    value_6 = fields((k_wall_multipliers, (k_kink_slopes, (k_products, ()))), j)
    if value_6 is not None:
        if not value_6[0]:
            return None
        mj, l0_2 = value_6[0]
        if not l0_2:
            return None
        sj, l1_1 = l0_2
        if not l1_1:
            return None
        pj, l2_1 = l1_1
        if not l2_1:
            value_7 = items(read_weighted, mj)
            if value_7 is not None:
                value_8 = items(read_subgradient_entry, sj)
                if value_8 is not None:
                    value_9 = items(read_product, pj)
                    if value_9 is not None:
                        return (('Multipliers', (value_7[0], value_8[0], value_9[0])),)
                    return None
                return None
            return None
        return None
    return None


most_parameters = 150


most_operations = _power(2, 27)


def numbers_of(nd):
    if nd[0] == 'Split':
        return ()
    if nd[0] == 'Multipliers':
        return rev_onto(tmap((lambda p: p[1]), nd[1][0]), rev_onto(tmap((lambda p_1: p_1[1]), nd[1][1]), tmap((lambda p_2: p_2[1]), nd[1][2])))
    return tmap((lambda p_3: p_3[1]), nd[1])


def numbers_in(p, ls, nodes):
    return rev_onto(tmap(numbers_of, nodes), rev_onto(tmap((lambda s: (s[2], rev_onto(s[0], s[1]))), p[5]), ((p[4], entries_of(ls)), (tmap((lambda p0: p0[0]), p[2][2]), ((p[2][0], (p[2][1], tmap((lambda p0_1: p0_1[1]), p[2][2]))), (tmap((lambda p0_2: p0_2[0]), p[3][2]), ()))))))


def second_order_within_reach(p, ls, nodes):
    n = count(entries_of(ls))
    if (n <= most_parameters):
        value = fold(partial(fold, partial(measure, few_bits)), ((1, 0),), numbers_in(p, ls, nodes))
        if value is not None:
            bits = _div((_log2(value[0][0]) + value[0][1]), 128)
            samples = (((count(p[5]) * (64 + (n * n))) * (2 + bits)) * (2 + bits))
            elimination = _div(((((n * n) * n) * (4 + (bits * n))) * (4 + (bits * n))), 16)
            return ((count(nodes) * (samples + elimination)) <= most_operations)
        return False
    return False


k_lower_points = _text('lower_points')


k_rule = _text('rule')


k_subgradient = _text('subgradient')


k_units = _text('units')


k_multipliers = _text('multipliers')


k_paths = _text('paths')


k_merged = _text('merged')


k_unitwise = _text('unitwise')


k_evidence_local_minimum = _text('local_minimum')


k_descent = _text('descent')


k_curve = _text('curve')


k_order = _text('order')


k_coefficient = _text('coefficient')


k_direction = _text('direction')


k_derivative = _text('derivative')


k_lower_point = _text('lower_point')


k_unitwise_vectors = _text('unitwise vectors')


k_dead_unit = _text('dead unit')


k_unit = _text('unit')


k_weight_decay = _text('weight_decay')


k_tree = _text('tree')


k_convex_cells = _text('convex cells')


k_second_order = _text('second order')


k_output_weight = _text('output weight')


k_positive = _text('positive')


k_unsplit = _text('unsplit')


k_output = _text('output')


other_rules = (_text('positive products'), (_text('low rank'), (_text('unitwise decay'), (_text('kinked paths'), ()))))


def read_pair(read, j):
    if j[0] == 'Items':
        if not j[1]:
            return None
        c, l0 = j[1]
        if not l0:
            return None
        m, l1 = l0
        if not l1:
            value = index(c)
            if value is not None:
                value_1 = read(m)
                if value_1 is not None:
                    return ((value[0], value_1[0]),)
                return None
            return None
        return None
    return None


def read_node(read, j):
    if has_field(k_split, j):
        value = fields((k_split, (k_plus, (k_minus, ()))), j)
        if value is not None:
            if not value[0]:
                return None
            c, l0 = value[0]
            if not l0:
                return None
            p, l1 = l0
            if not l1:
                return None
            m, l2 = l1
            if not l2:
                value_1 = index(c)
                if value_1 is not None:
                    value_2 = index(p)
                    if value_2 is not None:
                        value_3 = index(m)
                        if value_3 is not None:
                            return (('Split', value_1[0], value_2[0], value_3[0]),)
                        return None
                    return None
                return None
            return None
        return None
    if has_field(k_empty, j):
        value_4 = fields((k_empty, ()), j)
        if value_4 is not None:
            if not value_4[0]:
                return None
            e, l0_1 = value_4[0]
            if not l0_1:
                value_5 = items(partial(read_pair, number), e)
                if value_5 is not None:
                    return (('Empty', value_5[0]),)
                return None
            return None
        return None
    value_6 = fields((k_multipliers, ()), j)
    if value_6 is not None:
        if not value_6[0]:
            return None
        m_1, l0_2 = value_6[0]
        if not l0_2:
            value_7 = read(m_1)
            if value_7 is not None:
                return (('Multipliers', value_7[0]),)
            return None
        return None
    return None


def read_unit(read, j):
    value = fields((k_nodes, ()), j)
    if value is not None:
        if not value[0]:
            return None
        ns, l0 = value[0]
        if not l0:
            return items(partial(read_node, read), ns)
        return None
    return None


def read_boundary(n, j):
    value = items(index, j)
    if value is not None:
        if not value[0]:
            return None
        l, l1 = value[0]
        if not l1:
            return None
        u, l2 = l1
        if not l2:
            return None
        i, l3 = l2
        if not l3:
            if (l == 1):
                if (i < n):
                    return (((u * n) + i),)
                return None
            return None
        return None
    return None


def read_named(name, read, j):
    if j[0] == 'Items':
        if not j[1]:
            return None
        c, l0 = j[1]
        if not l0:
            return None
        m, l1 = l0
        if not l1:
            value = name(c)
            if value is not None:
                value_1 = read(m)
                if value_1 is not None:
                    return ((value[0], value_1[0]),)
                return None
            return None
        return None
    return None


def read_kink(j):
    if j[0] == 'Items':
        if not j[1]:
            return None
        i, l0 = j[1]
        if not l0:
            return None
        k, l1 = l0
        if not l1:
            return None
        r, l2 = l1
        if not l2:
            value = index(i)
            if value is not None:
                value_1 = index(k)
                if value_1 is not None:
                    value_2 = number(r)
                    if value_2 is not None:
                        if (value_1[0] == 0):
                            return ((value[0], value_2[0]),)
                        return None
                    return None
                return None
            return None
        return None
    return None


def read_cell_leaf(n, j):
    more = ((k_unsplit, ()) if (has_field(k_unsplit, j)) else ())
    value = fields((k_multipliers, (k_subgradient, (k_positive, more))), j)
    if value is not None:
        if not value[0]:
            return None
        mj, l0 = value[0]
        if not l0:
            return None
        sj, l1 = l0
        if not l1:
            return None
        pj, uj = l1
        value_1 = items(partial(read_named, partial(read_boundary, n), number), mj)
        if value_1 is not None:
            value_2 = items(read_kink, sj)
            if value_2 is not None:
                value_3 = items(index, pj)
                if value_3 is not None:
                    value_4 = (((),) if not uj else items(partial(read_named, partial(read_boundary, n), number), uj[0]))
                    if value_4 is not None:
                        return ((value_1[0], value_2[0], value_4[0], value_3[0]),)
                    return None
                return None
            return None
        return None
    return None


def read_cell_node(n, j):
    if has_field(k_split, j):
        value = fields((k_split, (k_plus, (k_minus, ()))), j)
        if value is not None:
            if not value[0]:
                return None
            c, l0 = value[0]
            if not l0:
                return None
            p, l1 = l0
            if not l1:
                return None
            m, l2 = l1
            if not l2:
                value_1 = read_boundary(n, c)
                if value_1 is not None:
                    value_2 = index(p)
                    if value_2 is not None:
                        value_3 = index(m)
                        if value_3 is not None:
                            return (('Split', value_1[0], value_2[0], value_3[0]),)
                        return None
                    return None
                return None
            return None
        return None
    if has_field(k_output_weight, j):
        value_4 = fields((k_output_weight, (k_plus, (k_minus, ()))), j)
        if value_4 is not None:
            if not value_4[0]:
                return None
            u, l0_1 = value_4[0]
            if not l0_1:
                return None
            p_1, l1_1 = l0_1
            if not l1_1:
                return None
            m_1, l2_1 = l1_1
            if not l2_1:
                value_5 = index(u)
                if value_5 is not None:
                    value_6 = index(p_1)
                    if value_6 is not None:
                        value_7 = index(m_1)
                        if value_7 is not None:
                            return (('Split', weight_name(value_5[0]), value_6[0], value_7[0]),)
                        return None
                    return None
                return None
            return None
        return None
    if has_field(k_empty, j):
        value_8 = fields((k_empty, ()), j)
        if value_8 is not None:
            if not value_8[0]:
                return None
            e, l0_2 = value_8[0]
            if not l0_2:
                value_9 = items(partial(read_named, partial(read_boundary, n), number), e)
                if value_9 is not None:
                    return (('Empty', value_9[0]),)
                return None
            return None
        return None
    value_10 = read_cell_leaf(n, j)
    if value_10 is not None:
        return (('Multipliers', value_10[0]),)
    return None


def read_subgradient(p, j):
    value = field(k_subgradient, j)
    if value is not None:
        value_1 = matrix(count(p[5]), last_of(0, p[0]), value[0])
        if value_1 is not None:
            return ((value_1[0],),)
        return None
    return (None,)


def fit_for(p, h, x, y, ls):
    return fit_of(p[3], forward(h, ls, x), y, tmap((lambda s: s[2]), p[5]))


def stated_risk(p, h, x, y, ls, r):
    return qeqb(risk_of(p[4], fit_for(p, h, x, y, ls)), r)


def check_lower_point(p, h, x, y, claimed, j):
    value = fields((k_parameters, (k_risk, ())), j)
    if value is not None:
        if not value[0]:
            return 'Rejected'
        tj, l0 = value[0]
        if not l0:
            return 'Rejected'
        rj, l1 = l0
        if not l1:
            value_1 = read_parameters(p, tj)
            if value_1 is not None:
                value_2 = number(rj)
                if value_2 is not None:
                    if within_reach(p, value_1[0]):
                        if ((stated_risk(p, h, x, y, value_1[0], value_2[0])) and qltb(value_2[0], claimed)):
                            return 'Accepted'
                        return 'Rejected'
                    return 'Unknown'
                return 'Rejected'
            return 'Rejected'
        return 'Rejected'
    return 'Rejected'


def check_all(check0, l):
    while True:
        if not l:
            return 'Accepted'
        a, l_1 = l
        value = check0(a)
        if value == 'Accepted':
            l = l_1
            continue
        return value


def check_lower_points(p, h, x, y, claimed, j):
    if j[0] == 'Items':
        if is_nil(j[1]):
            return 'Rejected'
        return check_all(partial(check_lower_point, p, h, x, y, claimed), j[1])
    return 'Rejected'


def check_local_minimum(s, h, x, t, j):
    value = field(k_rule, j)
    if value is not None:
        if value[0][0] == 'Text':
            value_1 = read_subgradient(s[1], j)
            if value_1 is not None:
                if some(partial(same, value[0][1]), other_rules):
                    return 'Unknown'
                if same(value[0][1], k_convex_cells):
                    value_2 = fields((k_rule, (k_nodes, ())), j)
                    if value_2 is not None:
                        if not value_2[0]:
                            return 'Rejected'
                        if not value_2[0][1]:
                            return 'Rejected'
                        nj, l1 = value_2[0][1]
                        if not l1:
                            value_3 = items(partial(read_cell_node, count(s[1][5])), nj)
                            if value_3 is not None:
                                if check_convex_cells(s[1], h, s[2], x, t, value_3[0]):
                                    return 'Accepted'
                                return 'Rejected'
                            return 'Rejected'
                        return 'Rejected'
                    return 'Rejected'
                if same(value[0][1], k_second_order):
                    value_4 = fields((k_rule, (k_nodes, ())), j)
                    if value_4 is not None:
                        if not value_4[0]:
                            return 'Rejected'
                        if not value_4[0][1]:
                            return 'Rejected'
                        nj_1, l1_1 = value_4[0][1]
                        if not l1_1:
                            value_5 = items(read_second_node, nj_1)
                            if value_5 is not None:
                                if negb(second_order_within_reach(s[1], s[2], value_5[0])):
                                    return 'Unknown'
                                value_6 = check_second_order(s[1], h, s[2], value_5[0])
                                if value_6 == 'Positive':
                                    return 'Accepted'
                                if value_6 == 'NotPositive':
                                    return 'Unknown'
                                return 'Rejected'
                            return 'Rejected'
                        return 'Rejected'
                    return 'Rejected'
                more = ((k_subgradient, ()) if value_1[0] is not None else ())
                value_7 = subgradient_of(s[1][3][0], s[1][4], t, value_1[0])
                if value_7 is not None:
                    if same(value[0][1], k_paths):
                        if has_field(k_merged, j):
                            return 'Unknown'
                        value_8 = fields((k_rule, more), j)
                        if value_8 is not None:
                            return check_paths(h, s[2], x, value_7[0])
                        return 'Rejected'
                    if same(value[0][1], k_unitwise):
                        value_9 = fields((k_rule, (k_units, more)), j)
                        if value_9 is not None:
                            if not value_9[0]:
                                return 'Rejected'
                            if not value_9[0][1]:
                                return 'Rejected'
                            value_10 = items(partial(read_unit, partial(items, partial(read_pair, number))), value_9[0][1][0])
                            if value_10 is not None:
                                if check_unitwise(h, s[2], x, value_7[0], value_10[0]):
                                    return 'Accepted'
                                return 'Rejected'
                            return 'Rejected'
                        return 'Rejected'
                    if same(value[0][1], k_unitwise_vectors):
                        value_11 = fields((k_rule, (k_units, more)), j)
                        if value_11 is not None:
                            if not value_11[0]:
                                return 'Rejected'
                            if not value_11[0][1]:
                                return 'Rejected'
                            value_12 = items(partial(read_unit, partial(items, partial(read_pair, partial(items, number)))), value_11[0][1][0])
                            if value_12 is not None:
                                if check_unitwise_vectors(h, s[2], x, value_7[0], value_12[0]):
                                    return 'Accepted'
                                return 'Rejected'
                            return 'Rejected'
                        return 'Rejected'
                    return 'Rejected'
                return 'Rejected'
            return 'Rejected'
        return 'Rejected'
    return 'Rejected'


def check_fall(s, h, x, y, curve, order, stated, lower):
    value = check_lower_point(s[1], h, x, y, s[3], lower)
    if value == 'Accepted':
        if all_(partial(within_reach, s[1]), curve):
            if check_curve(s[1], s[2], curve, order, s[3], stated):
                return 'Accepted'
            return 'Rejected'
        return 'Unknown'
    return value


most_order = 100


def check_descent(s, h, x, y, t, j):
    value = field(k_rule, j)
    if value is not None:
        if value[0][0] == 'Text':
            if same(value[0][1], k_direction):
                value_1 = fields((k_rule, (k_direction, (k_derivative, (k_lower_point, ())))), j)
                if value_1 is not None:
                    if not value_1[0]:
                        return 'Rejected'
                    if not value_1[0][1]:
                        return 'Rejected'
                    dj, l1 = value_1[0][1]
                    if not l1:
                        return 'Rejected'
                    cj, l2 = l1
                    if not l2:
                        return 'Rejected'
                    lj, l3 = l2
                    if not l3:
                        value_2 = read_parameters(s[1], dj)
                        if value_2 is not None:
                            value_3 = number(cj)
                            if value_3 is not None:
                                return check_fall(s, h, x, y, (value_2[0], ()), 1, value_3[0], lj)
                            return 'Rejected'
                        return 'Rejected'
                    return 'Rejected'
                return 'Rejected'
            if same(value[0][1], k_curve):
                value_4 = fields((k_rule, (k_curve, (k_order, (k_coefficient, (k_lower_point, ()))))), j)
                if value_4 is not None:
                    if not value_4[0]:
                        return 'Rejected'
                    if not value_4[0][1]:
                        return 'Rejected'
                    cj_1, l1_1 = value_4[0][1]
                    if not l1_1:
                        return 'Rejected'
                    oj, l2_1 = l1_1
                    if not l2_1:
                        return 'Rejected'
                    vj, l3_1 = l2_1
                    if not l3_1:
                        return 'Rejected'
                    lj_1, l4 = l3_1
                    if not l4:
                        value_5 = items(partial(read_parameters, s[1]), cj_1)
                        if value_5 is not None:
                            value_6 = index(oj)
                            if value_6 is not None:
                                value_7 = number(vj)
                                if value_7 is not None:
                                    if (((negb(is_nil(value_5[0]))) and (1 <= value_6[0])) and (value_6[0] <= most_order)):
                                        return check_fall(s, h, x, y, value_5[0], value_6[0], value_7[0], lj_1)
                                    return 'Rejected'
                                return 'Rejected'
                            return 'Rejected'
                        return 'Rejected'
                    return 'Rejected'
                return 'Rejected'
            if same(value[0][1], k_dead_unit):
                value_8 = fields((k_rule, (k_unit, (k_output, (k_delta, (k_derivative, (k_lower_point, ())))))), j)
                if value_8 is not None:
                    if not value_8[0]:
                        return 'Rejected'
                    if not value_8[0][1]:
                        return 'Rejected'
                    uj, l1_2 = value_8[0][1]
                    if not l1_2:
                        return 'Rejected'
                    oj_1, l2_2 = l1_2
                    if not l2_2:
                        return 'Rejected'
                    dj_1, l3_2 = l2_2
                    if not l3_2:
                        return 'Rejected'
                    cj_2, l4_1 = l3_2
                    if not l4_1:
                        return 'Rejected'
                    lj_2, l5 = l4_1
                    if not l5:
                        value_9 = index(uj)
                        if value_9 is not None:
                            value_10 = index(oj_1)
                            if value_10 is not None:
                                value_11 = items(number, dj_1)
                                if value_11 is not None:
                                    value_12 = number(cj_2)
                                    if value_12 is not None:
                                        value_13 = subgradient_of(s[1][3][0], s[1][4], t, None)
                                        if value_13 is not None:
                                            if negb(is_short(value_11[0])):
                                                return 'Unknown'
                                            value_14 = check_lower_point(s[1], h, x, y, s[3], lj_2)
                                            if value_14 == 'Accepted':
                                                if check_dead_unit(s[1], h, s[2], x, value_13[0], value_9[0], value_10[0], value_11[0], s[3], value_12[0]):
                                                    return 'Accepted'
                                                return 'Rejected'
                                            return value_14
                                        return 'Rejected'
                                    return 'Rejected'
                                return 'Rejected'
                            return 'Rejected'
                        return 'Rejected'
                    return 'Rejected'
                return 'Rejected'
            return 'Rejected'
        return 'Rejected'
    return 'Rejected'


def check_evidence(s, h, x, y, t, j):
    if s[0] == 'LocalMinimum':
        value = fields((k_evidence_local_minimum, ()), j)
        if value is not None:
            if not value[0]:
                return 'Rejected'
            m, l0 = value[0]
            if not l0:
                return check_local_minimum(s, h, x, t, m)
            return 'Rejected'
        return 'Rejected'
    if s[0] == 'SpuriousLocalMinimum':
        value_1 = fields((k_evidence_local_minimum, (k_lower_points, ())), j)
        if value_1 is not None:
            if not value_1[0]:
                return 'Rejected'
            m_1, l1 = value_1[0]
            if not l1:
                return 'Rejected'
            l, l2 = l1
            if not l2:
                value_2 = check_lower_points(s[1], h, x, y, s[3], l)
                if value_2 == 'Accepted':
                    return check_local_minimum(s, h, x, t, m_1)
                return value_2
            return 'Rejected'
        return 'Rejected'
    value_3 = fields((k_descent, ()), j)
    if value_3 is not None:
        if not value_3[0]:
            return 'Rejected'
        d, l0_1 = value_3[0]
        if not l0_1:
            return check_descent(s, h, x, y, t, d)
        return 'Rejected'
    return 'Rejected'


def check_statement(s, e):
    if negb(within_reach(s[1], s[2])):
        return 'Unknown'
    h = compile(s[1][2])
    x = table_of(tmap((lambda s0: s0[0]), s[1][5]))
    y = table_of(tmap((lambda s0_1: s0_1[1]), s[1][5]))
    t = fit_for(s[1], h, x, y, s[2])
    if ((convex(s[1][3])) and qeqb(risk_of(s[1][4], t), s[3])):
        return check_evidence(s, h, x, y, t, e)
    return 'Rejected'


def at_most(p, h, x, y, level0, ls):
    return qleb(risk_of(p[4], fit_for(p, h, x, y, ls)), level0)


def check_path(s):
    if negb(all_(partial(within_reach_times, count(s[1]), s[0]), s[1])):
        return 'Unknown'
    h = compile(s[0][2])
    x = table_of(tmap((lambda s0: s0[0]), s[0][5]))
    y = table_of(tmap((lambda s0_1: s0_1[1]), s[0][5]))
    if not s[1]:
        return 'Rejected'
    ls, rest = s[1]
    if ((((one_hidden_layer(s[0])) and convex(s[0][3])) and all_(partial(at_most, s[0], h, x, y, s[2]), s[1])) and check_steps(tmap((lambda p0: p0[0]), s[0][2][2]), x, ls, rest)):
        return 'Accepted'
    return 'Rejected'


def is_below(p, h, x, y, level0, ls):
    return qltb(risk_of(p[4], fit_for(p, h, x, y, ls)), level0)


def check_barrier(s, ej):
    value = check_path(s)
    if value == 'Accepted':
        value_1 = read_barrier_evidence(s[0], ej)
        if value_1 is not None:
            if not s[1]:
                return 'Rejected'
            ls, rest = s[1]
            if negb(bound_within_reach(s[0], as_bound((() if not ls else ls[0][0]), value_1[0]))):
                return 'Unknown'
            h = compile(s[0][2])
            x = table_of(tmap((lambda s0: s0[0]), s[0][5]))
            y = table_of(tmap((lambda s0_1: s0_1[1]), s[0][5]))
            last = last_point(ls, rest)
            if (((is_below(s[0], h, x, y, s[2], ls)) and is_below(s[0], h, x, y, s[2], last)) and check_separation(s[0], s[2], ls, last, value_1[0])):
                return 'Accepted'
            return 'Rejected'
        return 'Rejected'
    return value


def check_all_parameters(s, ej):
    value = read_bound_evidence(s[0], ej)
    if value is not None:
        if negb(bound_within_reach(s[0], value[0])):
            return 'Unknown'
        if negb(((convex(s[0][3])) and check_bound(s[0], s[2], value[0]))):
            return 'Rejected'
        if s[1] is not None:
            h = compile(s[0][2])
            x = table_of(tmap((lambda s0: s0[0]), s[0][5]))
            y = table_of(tmap((lambda s0_1: s0_1[1]), s[0][5]))
            if negb(within_reach(s[0], s[1][0])):
                return 'Unknown'
            if stated_risk(s[0], h, x, y, s[1][0], s[2]):
                return 'Accepted'
            return 'Rejected'
        return 'Accepted'
    return 'Rejected'


most_layers = 1000


def says_format_2(j):
    value = field(k_format, j)
    if value is not None:
        if value[0][0] == 'Text':
            return same(value[0][1], k_format_2)
        return False
    return False


def is_other_kind(k):
    value = kind_of(k)
    if value is not None:
        return False
    return negb(((((same(k, k_path)) or same(k, k_barrier)) or same(k, k_lower_bound)) or same(k, k_global_minimum)))


def has_forms(j):
    if says_format_2(j):
        value = field(k_evidence, j)
        if value is not None:
            return has_field(k_forms, value[0])
        return False
    return False


def is_beyond(j):
    value = field(k_claim, j)
    if value is not None:
        value_1 = field(k_kind, value[0])
        chosen = (value_1 is not None and (value_1[0][0] == 'Text' and is_other_kind(value_1[0][1])))
    else:
        chosen = False
    if (chosen or (((is_about_all(j)) or has_kind(k_barrier, j)) and negb(has_forms(j)))):
        return True
    value_2 = field(k_problem, j)
    if value_2 is not None:
        value_3 = field(k_data, value_2[0])
        if (value_3 is not None and has_field(k_csv, value_3[0])):
            chosen_3 = True
        else:
            if (says_format_2(j)):
                if (has_field(k_weight_decay, value_2[0])):
                    chosen_1 = True
                else:
                    value_4 = field(k_loss, value_2[0])
                    chosen_1 = (value_4 is not None and has_field(k_tree, value_4[0]))
                chosen_2 = chosen_1
            else:
                chosen_2 = False
            chosen_3 = chosen_2
        if chosen_3:
            return True
        value_5 = field(k_widths, value_2[0])
        if value_5 is not None:
            if value_5[0][0] == 'Items':
                return (most_layers < count(value_5[0][1]))
            return False
        return False
    return False


def check(j):
    if is_beyond(j):
        return 'Unknown'
    if has_kind(k_path, j):
        value = read_path(False, j)
        if value is not None:
            return check_path(value[0][0])
        return 'Rejected'
    if has_kind(k_barrier, j):
        value_1 = read_path(True, j)
        if value_1 is not None:
            return check_barrier(value_1[0][0], value_1[0][1])
        return 'Rejected'
    if is_about_all(j):
        value_2 = read_bound(j)
        if value_2 is not None:
            return check_all_parameters(value_2[0][0], value_2[0][1])
        return 'Rejected'
    value_3 = read_point(j)
    if value_3 is not None:
        return check_statement(value_3[0][0], value_3[0][1])
    return 'Rejected'
