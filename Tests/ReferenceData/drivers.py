#!/usr/bin/env python3
"""Reference numbers for FluxDriversTests, computed independently with numpy.

Use:  python3 Tests/ReferenceData/drivers.py      (writes the .csv files beside itself)

potential_radiation.csv  latitude, day of year, daily mean (W m-2): the sun's
    height integrated numerically over the hours, not the closed formula.
mean_seasonal_cycle.csv  rows "slots", 4 x 46 yearly values with gaps (nan), then
    "cycle", the 365 days made of them: numpy.nanmean, numpy.interp with a period,
    a circular convolution, numpy.interp again.
"""
import os
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def potential_radiation(latitude, day):
    phi = np.deg2rad(latitude)
    delta = 0.409 * np.sin(2 * np.pi * day / 365 - 1.39)
    distance = 1 + 0.033 * np.cos(2 * np.pi * day / 365)
    hour = (np.arange(200_000) + 0.5) / 200_000 * 2 * np.pi - np.pi
    height = np.sin(phi) * np.sin(delta) + np.cos(phi) * np.cos(delta) * np.cos(hour)
    return 1361 * distance * np.maximum(height, 0).mean()


def mean_seasonal_cycle(years):
    valid = np.isfinite(years).sum(axis=0)
    total = np.nansum(years, axis=0)
    mean = np.where(valid >= 3, total / np.maximum(valid, 1), np.nan)
    first = np.arange(46) * 8
    centre = (first + np.minimum(first + 8, 365) - 1) / 2
    have = np.isfinite(mean)
    filled = np.interp(centre, centre[have], mean[have], period=365)
    smooth = (np.roll(filled, 1) + filled + np.roll(filled, -1)) / 3
    return np.interp(np.arange(365), centre, smooth, period=365)


def main():
    with open(os.path.join(HERE, "potential_radiation.csv"), "w") as out:
        for latitude in (-90, -66.6, -23.5, 0, 10.25, 45, 66.6, 72.25, 90):
            for day in (1, 59, 60, 80, 172, 266, 355, 365, 366):
                print(latitude, day, f"{potential_radiation(latitude, day):.6f}", sep=",", file=out)
    random = np.random.default_rng(2)
    slots = np.arange(46)
    years = 0.4 + 0.3 * np.sin(2 * np.pi * (slots - 8) / 46) + 0.05 * random.standard_normal((4, 46))
    years = np.round(years, 4)
    years[random.random((4, 46)) < 0.15] = np.nan
    years[:2, 43:] = np.nan  # a gap that crosses the new year
    years[1:3, :2] = np.nan
    with open(os.path.join(HERE, "mean_seasonal_cycle.csv"), "w") as out:
        for row in years:
            print("slots", *row, sep=",", file=out)
        print("cycle", *(f"{v:.10f}" for v in mean_seasonal_cycle(years)), sep=",", file=out)


if __name__ == "__main__":
    main()
