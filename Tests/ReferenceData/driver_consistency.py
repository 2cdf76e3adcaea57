#!/usr/bin/env python3
"""Reference numbers for FluxEvaluationTests: driver distributions at towers and on the land, by numpy and scipy.

Use:  python3 Tests/ReferenceData/driver_consistency.py      (writes driver_consistency.csv beside itself)

Six land pixels on a grid of 30 degrees, the days of 2003 and 2004, three drivers whose values are made of integers (see
`value`, repeated in the test), two regions that share a pixel, samples of three sites. A row each:
weighting (alike or area), driver, region, then days, towers' mean and standard deviation, land's, standardised mean
difference, Kolmogorov-Smirnov (scipy.stats.ks_2samp for pixels alike), shares outside the own and all towers' 1-99 %.
"""
import os
import warnings
import numpy as np
from scipy.stats import ks_2samp

HERE = os.path.dirname(os.path.abspath(__file__))
RADIUS, DAYS = 6_371_007.0, 731
CELLS = [5, 30, 31, 40, 50, 60]
REGIONS = {"ONE": {5: 0.5, 30: 1.0, 31: 0.25}, "TWO": {31: 0.5, 40: 1.0, 50: float(np.float32(0.3))}}
SITES = [5, 31, 60]  # in the middle of these cells; 60 lies in no region
KINDS = {"amplitude": "constant", "cycle": "seasonal", "weather": "daily"}


def value(driver, row, pixel):
    n = (driver * 7919 + row * row * 31 + row * 7 * (pixel + 1) + pixel * 977) % (400 + 150 * pixel)
    return np.float32(n) / np.float32(8) + np.float32(driver * 100)


def tower_value(driver, sample):
    return np.float32((sample * 37 + driver * 11) % 300) / np.float32(8) + np.float32(driver * 100)


def season(day):
    """Day of the 365-day cycle; 2003 has 365 days, 29 February 2004 takes the 28th."""
    if day < 365:
        return day
    day -= 365
    return day if day < 59 else day - 1


def cell_area(cell):
    row = cell // 12
    south, north = np.deg2rad(-90 + 30 * row), np.deg2rad(-60 + 30 * row)
    return RADIUS**2 * np.deg2rad(30) * (np.sin(north) - np.sin(south))


def weighted_ks(sample, values, weights):
    points = np.unique(np.concatenate([sample, values]))
    order = np.argsort(values, kind="stable")
    total = np.concatenate([[0], np.cumsum(weights[order])])
    land = total[np.searchsorted(values[order], points, side="right")] / weights.sum()
    towers = np.searchsorted(np.sort(sample), points, side="right") / len(sample)
    return np.abs(land - towers).max()


def main():
    warnings.simplefilter("ignore")
    site = np.array([0, 0, 0, 0, 1, 1, 2] * 40)  # 280 samples
    site_region = {0: "ONE", 1: "TWO", 2: None}  # cell 31 has more of TWO
    out = open(os.path.join(HERE, "driver_consistency.csv"), "w")
    for weighting in ("alike", "area"):
        for index, (driver, kind) in enumerate(KINDS.items()):
            def series(pixel):
                days = range(DAYS)
                rows = [0] * DAYS if kind == "constant" else [season(d) for d in days] if kind == "seasonal" else days
                return np.array([value(index, row, pixel) for row in rows], dtype=np.float64)
            towers = np.array([tower_value(index, s) for s in range(len(site))], dtype=np.float64)
            everywhere = {}
            for fractions in REGIONS.values():
                for cell, fraction in fractions.items():
                    everywhere[cell] = everywhere.get(cell, 0) + fraction
            low, high = np.quantile(towers, [0.01, 0.99])
            for region, fractions in {"globe": everywhere, **REGIONS}.items():
                own = towers if region == "globe" else towers[[site_region[s] == region for s in site]]
                values = np.concatenate([series(CELLS.index(c)) for c in fractions])
                weights = np.repeat(
                    [f * cell_area(c) if weighting == "area" else 1.0 for c, f in fractions.items()], DAYS)
                mean = np.average(values, weights=weights)
                sd = np.sqrt(np.average((values - mean) ** 2, weights=weights))
                shift = (mean - own.mean()) / np.sqrt((own.var() + sd**2) / 2)
                ks = weighted_ks(own, values, weights)
                if weighting == "alike":
                    assert abs(ks - ks_2samp(own, values).statistic) < 1e-12
                a, b = np.quantile(own, [0.01, 0.99])
                outside = np.average((values < a) | (values > b), weights=weights)
                beyond = np.average((values < low) | (values > high), weights=weights)
                numbers = [own.mean(), own.std(), mean, sd, shift, ks, outside, beyond]
                print(weighting, driver, region, len(own), *(f"{n:.12g}" for n in numbers), sep=",", file=out)


if __name__ == "__main__":
    main()
