"""Statistics of a small cube by xarray and numpy.

Run: python3 Tests/ReferenceData/cube_statistics.py > Tests/ReferenceData/cube_statistics.csv
Made with xarray 2025; needs `pip install xarray`.

The cube: daily 2003 and 2004 on a grid of 30 degrees, value ((7919 t + 104729 i + 1299709 j) mod 1009) / 8 - 50,
missing where (t + 3 i + 5 j) mod 11 is 0 (t day, i row from the south, j column from -165 degrees).
"""
import numpy as np
import pandas as pd
import xarray as xr

days, rows, columns = 731, 6, 12
t, i, j = np.meshgrid(np.arange(days), np.arange(rows), np.arange(columns), indexing="ij")
values = ((7919 * t + 104729 * i + 1299709 * j) % 1009) / 8 - 50
values[(t + 3 * i + 5 * j) % 11 == 0] = np.nan
cube = xr.DataArray(
    values, dims=("time", "lat", "lon"),
    coords={"time": pd.date_range("2003-01-01", periods=days), "lat": np.arange(-75, 90, 30.0), "lon": np.arange(-165, 180, 30.0)})
edges = np.deg2rad(np.arange(-90, 91, 30))
area = xr.DataArray(np.diff(np.sin(edges)), dims="lat", coords={"lat": cube.lat})


def show(name, array):
    flat = np.asarray(array, float).ravel()
    valid = np.isfinite(flat)
    indexed = (flat * (1 + np.arange(flat.size)))[valid].sum()
    print(f"{name},{flat.size},{valid.sum()},{flat[valid].sum():.10g},{indexed:.10g}")


print("name,count,valid,sum,indexed_sum")
for statistic in ["mean", "sum", "std", "min", "max", "median"]:
    options = {"min_count": 1} if statistic == "sum" else {}
    show(f"{statistic} time", getattr(cube, statistic)("time", **options))
show("mean lat", cube.weighted(area).mean("lat"))
show("mean lon", cube.mean("lon"))
show("mean lat lon", cube.weighted(area).mean(("lat", "lon")))
show("std lat lon", cube.weighted(area).std(("lat", "lon")))
show("median lat lon", cube.median(("lat", "lon")))
show("mean time lat lon", cube.weighted(area).mean())
show("median time lat lon", cube.median())
show("plain mean lat lon", cube.mean(("lat", "lon")))
show("monthly mean", cube.resample(time="MS").mean())
show("annual mean", cube.resample(time="YS").mean())
show("annual plain sum", cube.resample(time="YS").sum(min_count=1))
show("month cycle", cube.groupby("time.month").mean())
show("month anomaly", cube.groupby("time.month") - cube.groupby("time.month").mean())
show("coarsened", (cube * area).coarsen(lat=2, lon=2).sum() / (area * cube.notnull()).coarsen(lat=2, lon=2).sum())
x = np.arange(days, dtype=float)
detrended = np.full(values.shape, np.nan)
for row in range(rows):
    for column in range(columns):
        y = values[:, row, column]
        ok = np.isfinite(y)
        slope = np.polyfit(x[ok], y[ok], 1)[0]
        detrended[:, row, column] = y - slope * (x - x[ok].mean())
show("detrended", detrended)
