#!/usr/bin/env python3
"""Reference numbers for FluxDriversTests, computed independently with numpy.

Use:  python3 Tests/ReferenceData/drivers.py      (writes the .csv files beside itself)

potential_radiation.csv  latitude, day of year, daily mean (W m-2): the sun's
    height integrated numerically over the hours, not the closed formula.
mean_seasonal_cycle.csv  rows "slots", 4 x 46 yearly values with gaps (nan), then
    "cycle", the 365 days made of them: numpy.nanmean, numpy.interp with a period,
    a circular convolution, numpy.interp again.
leap_year_cycle.csv  the cycle of a daily variable over 2003-2006 (2004 is a leap year), 365 days; then its
    amplitude, minimum, maximum and mean. The variable is made of integers, `weather`, repeated in the test.
water_balance.csv  layers, loops of the spin-up, precipitation, evapotranspiration, runoff and change of storage of the
    last loop (mm), then the index of every 15th day of three years. The forcing is made of integers, `forcing`.
"""
import datetime
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


def weather(date):
    day = date.timetuple().tm_yday
    return np.float32((day * day * 7 + date.year * 13) % 500) / np.float32(8)


def leap_year_cycle():
    years = []
    for year in range(2003, 2007):
        days = (datetime.date(year + 1, 1, 1) - datetime.date(year, 1, 1)).days
        values = np.array([weather(datetime.date(year, 1, 1) + datetime.timedelta(d)) for d in range(days)], dtype=np.float64)
        # Eight days a slot from 1 January of each year, as MODIS has them; the last has 5 or 6.
        years.append([values[s * 8:(s + 1) * 8 if s < 45 else None].mean() for s in range(46)])
    return mean_seasonal_cycle(np.array(years))


def forcing(day):
    """Rain (mm), air temperature (degC), potential evaporation (mm), net radiation (W m-2), fAPAR of a day from 0."""
    season = day % 365
    rain = day * 53 % 400 / 24 if day * 37 % 5 == 0 else 0
    return rain, 24 - abs(season - 200) / 4 + day * 17 % 7, day * 29 % 56 / 8, day * 31 % 200, 0.25 + season % 96 / 128


def water_balance(layers):
    """Plain Python, SCIENCE section 2: capacities 15 and 100 mm, supply 0.05 a day, melt 3 mm a degree (+ 2 mm a MJ)."""
    def year(upper, lower, snow):
        index, inflow, evaporated, runoff = [], 0.0, 0.0, 0.0
        for day in range(3 * 365):
            rain, warmth, potential, net, fapar = forcing(day)
            inflow += rain
            water = 0.0
            if warmth < 0:
                snow += rain
            else:
                melt = min(snow, 3 * warmth + (2 * net * 86400 / 1e6 if layers == 1 else 0))
                snow -= melt
                water = rain + melt
            demand = potential * fapar
            if layers == 2:
                upper += water
                lower += max(0, upper - 15)
                upper = min(upper, 15)
                runoff += max(0, lower - 100)
                lower = min(lower, 100)
                first = min(demand, 0.05 * upper)
                second = min(demand - first, 0.05 * lower)
                upper, lower = upper - first, lower - second
                evaporated += first + second
            else:
                lower += water
                runoff += max(0, lower - 100)
                lower = min(lower, 100)
                used = min(demand, 0.05 * lower)
                lower -= used
                evaporated += used
            index.append(lower / 100)
        return (upper, lower, snow), index, (inflow, evaporated, runoff)

    state, loops = (7.5 if layers == 2 else 0.0, 50.0, 0.0), 0
    while True:
        after, _, _ = year(*state)
        loops += 1
        settled = abs(after[0] - state[0]) + abs(after[1] - state[1]) < 0.1
        state = after
        if settled or loops == 100:
            break
    after, index, fluxes = year(*state)
    return loops, [*fluxes, sum(after) - sum(state)], index[::15]


def main():
    with open(os.path.join(HERE, "leap_year_cycle.csv"), "w") as out:
        cycle = leap_year_cycle()
        print("cycle", *(f"{v:.9f}" for v in cycle), sep=",", file=out)
        print("range", *(f"{v:.9f}" for v in (np.ptp(cycle), cycle.min(), cycle.max(), cycle.mean())), sep=",", file=out)
    with open(os.path.join(HERE, "water_balance.csv"), "w") as out:
        for layers in (2, 1):
            loops, fluxes, index = water_balance(layers)
            print(layers, loops, *(f"{v:.9f}" for v in fluxes), *(f"{v:.9f}" for v in index), sep=",", file=out)
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
