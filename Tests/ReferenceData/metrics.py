"""Writes metrics.json: what SciPy and NumPy say of pairs of lists, and of intervals by resampling.

Run with NumPy and SciPy:  python3 metrics.py > metrics.json
The draws are those of the program (xoshiro256**, Lemire), written again here, so that intervals can be compared digit by digit.
"""

import json
import warnings

import numpy as np
from scipy import signal, stats

warnings.simplefilter("ignore")
MASK = (1 << 64) - 1


class RandomStream:
    def __init__(self, seed, purpose):
        h = 0xCBF29CE484222325
        for byte in purpose.encode():
            h = ((h ^ byte) * 0x100000001B3) & MASK
        mixer = ((seed * 0xD1342543DE82EF95) & MASK) ^ h
        self.s = []
        for _ in range(4):
            mixer = (mixer + 0x9E3779B97F4A7C15) & MASK
            z = mixer
            z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
            z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
            self.s.append(z ^ (z >> 31))

    def next(self):
        s = self.s
        x = (s[1] * 5) & MASK
        result = (((x << 7) | (x >> 57)) & MASK) * 9 & MASK
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = ((s[3] << 45) | (s[3] >> 19)) & MASK
        return result

    def below(self, bound):
        m = self.next() * bound
        if (m & MASK) < bound:
            t = (-bound & MASK) % bound
            while (m & MASK) < t:
                m = self.next() * bound
        return m >> 64


def samples(count, draws, seed):
    random = RandomStream(seed, "bootstrap")
    return [[random.below(count) for _ in range(count)] for _ in range(draws)]


def present(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    kept = ~np.isnan(a) & ~np.isnan(b)  # infinite values stay
    return a[kept], b[kept]


def pearson(a, b):
    a, b = present(a, b)
    if len(a) < 2 or np.all(a == a[0]) or np.all(b == b[0]):
        return np.nan
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return np.corrcoef(a, b)[0, 1]
    return stats.pearsonr(a, b).statistic


def rmse(a, b):
    a, b = present(a, b)
    return np.sqrt(np.mean((a - b) ** 2))


def bias(a, b):
    a, b = present(a, b)
    return np.mean(a - b)


def r2(a, b):
    a, b = present(a, b)
    if len(b) == 0 or np.all(b == b[0]):
        return np.nan
    return 1 - np.sum((b - a) ** 2) / np.sum((b - b.mean()) ** 2)


def iav(a):
    a = np.asarray(a, float)
    kept = ~np.isnan(a)
    if kept.sum() < 10 or np.isinf(a).any():
        return np.nan
    if kept.all():
        return np.std(signal.detrend(a), ddof=1)
    line = stats.linregress(np.flatnonzero(kept), a[kept])
    return np.std(a[kept] - line.slope * np.flatnonzero(kept), ddof=1)


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(v) for v in value]
    if isinstance(value, str):
        return value
    if isinstance(value, (int, np.integer)):
        return int(value)
    return float(value) if np.isfinite(value) else "inf" if value > 0 else "-inf" if value < 0 else None


rng = np.random.default_rng(7)
nan = np.nan
x = rng.normal(size=60)
y = 0.6 * x + 0.8 * rng.normal(size=60)
gaps = x.copy()
gaps[[0, 7, 8, 59]] = nan
holes = y.copy()
holes[[3, 7, 20]] = nan
pairs = {
    "plain": (x, y), "missing on one side": (gaps, y), "missing on both": (gaps, holes), "all missing": (np.full(5, nan), y[:5]),
    "empty": ([], []), "single point": ([2.5], [1.5]), "single present pair": ([nan, 2.5, 3], [1, 1.5, nan]), "two points": ([1, 2], [5, 3]),
    "constant modelled": (np.full(9, 0.1), y[:9]), "constant observed": (x[:9], np.full(9, 0.1)), "both constant": (np.full(9, 0.1), np.full(9, 0.3)),
    "equal": (x, x), "opposite": (x, -x), "far from zero": (x + 1e6, y + 1e6), "tiny": (x * 1e-12, y * 1e-12), "huge": (x * 1e100, y * 1e100),
    "infinite": ([1, np.inf, 3, 4], [1, 2, 2, 5]), "minus infinite": ([1, -np.inf, 3, nan], [1, 2, 2, np.inf]),
    "infinite observed": ([1, 2, 3, 4], [1, np.inf, 2, 5]), "both infinite": ([1, np.inf, 3, 4], [1, np.inf, 2, 5]), "all infinite": ([np.inf, np.inf], [1, 2]),
}
result = {"pairs": [], "annual": []}
for name, (a, b) in pairs.items():
    e = r2(a, b)
    result["pairs"].append({
        "name": name, "modelled": a, "observed": b,
        "pearson": pearson(a, b), "rmse": rmse(a, b), "bias": bias(a, b), "r2": e, "nnse": 1 / (2 - e),
    })
trend = 0.3 * np.arange(17) - 3 + rng.normal(size=17)
for a in [trend, trend[:10], trend[:9], np.full(12, -2.0), np.arange(10.0), np.where(np.arange(17) == 4, nan, trend),
          np.where(np.arange(13) == 0, nan, trend[:13]), np.where(np.arange(13) % 3 == 0, nan, trend[:13]), np.where(np.arange(17) == 4, np.inf, trend)]:
    result["annual"].append({"annual": a, "iav": iav(a)})

# Two regions of six years: R and RMSE of months, mean seasonal cycles and years, each over years drawn with replacement.
years, draws, seed = 6, 400, 3
months = np.arange(12 * years)
a = np.stack([np.sin(months / 12 * 2 * np.pi) + 0.5 * rng.normal(size=months.size), rng.normal(size=months.size)])
b = np.stack([np.sin(months / 12 * 2 * np.pi + 0.3) + 0.2 * rng.normal(size=months.size), a[1] + 0.4 * rng.normal(size=months.size)])
a[0, 17] = nan


def measures(a, b):
    """Each of shape [year, month]; months that one side lacks count for neither."""
    lacks = np.isnan(a) | np.isnan(b)
    a, b = (np.where(lacks, nan, v) for v in (a, b))
    cycles = [np.nanmean(v, axis=0) for v in (a, b)]
    annual = [v.sum(axis=1) for v in (a, b)]
    return {
        "monthly_r": pearson(a.ravel(), b.ravel()), "monthly_rmse": rmse(a.ravel(), b.ravel()), "msc_r": pearson(*cycles), "msc_rmse": rmse(*cycles),
        "annual_r": pearson(*annual), "annual_rmse": rmse(*annual),
    }


def interval(values):
    values = np.asarray([v for v in values if np.isfinite(v)])
    return np.quantile(values, [0.025, 0.975])


drawn = samples(years, draws, seed)
rows = {}
for region, (m, o) in {"A": (a[0], b[0]), "B": (a[1], b[1]), "globe": (a.sum(axis=0), b.sum(axis=0))}.items():
    m, o = m.reshape(years, 12), o.reshape(years, 12)
    each = [measures(m[s], o[s]) for s in drawn]
    rows[region] = {k: [v, *interval([e[k] for e in each])] for k, v in measures(m, o).items()}
result["regional"] = {"years": years, "draws": draws, "seed": seed, "modelled": a, "observed": b, "rows": rows}

# Seven sites of unequal length; site means differ, days are missing.
lengths = [3, 40, 1, 12, 25, 8, 30]
site = np.repeat(np.arange(len(lengths)), lengths)
observed = (rng.normal(size=len(lengths)) * 2 - 1)[site] + rng.normal(size=site.size)
observed = observed.astype(np.float32).astype(float)
modelled = 0.7 * observed + 0.6 * rng.normal(size=site.size) + 100
modelled[[5, 60]] = nan
order = [np.flatnonzero(site == s) for s in range(len(lengths))]
each = [np.concatenate([order[s] for s in sample]) for sample in samples(len(lengths), draws, seed)]
result["towers"] = {
    "site": site, "draws": draws, "seed": seed, "modelled": modelled, "observed": observed,
    "rmse": [rmse(modelled, observed), *interval([rmse(modelled[i], observed[i]) for i in each])],
    "r": [pearson(modelled, observed), *interval([pearson(modelled[i], observed[i]) for i in each])],
}
print(json.dumps(plain(result)))
