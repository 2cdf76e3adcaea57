"""What CDO makes of real files: regional sums, regrids, seasonal means, anomalies, trends.

Run: python3 Tests/ReferenceData/cdo.py ../shared/data > Tests/ReferenceData/cdo.csv
Made with CDO 2.1.1 (Debian package `cdo`); needs `pip install numpy netCDF4`.

One line a result: file, variable, operation, argument, shape, valid values, their sum, and some 40 valid values evenly spread over
the result as index=value; its axes are time, latitude from south to north, longitude in [-180, 180). Double precision within CDO.

- region_numbers: the numbers of the 18 regions of the mask at 0.5 degrees on the file's grid, by `remapnn`.
- sum_ours, sum_cdo: sums over these regions (a cell belongs to the mask's cell 1e-6 degrees north-east of its centre) of value x
  cell area, in unit of the value x m2, [time, region]: with areas R^2 dlon (sin lat2 - sin lat1), R = 6371007 m, edges halfway between
  centres, and with `gridarea`, whose cells are great-circle polygons on a sphere of 6371000 m.
- remapcon, remapbil, remapnn: onto the global grid of the named step.
- ymonmean, ymonsub, ydaymean, ydaysub, yearmonmean, monmean, timmean, timstd: as `cdo` calls them; detrend: by the dates, the mean
  added again.
"""
import os
import subprocess
import sys
import tempfile

import netCDF4
import numpy as np

ROOT = sys.argv[1]
MASK = ROOT + "/regions/reccap2_18regions_0p5deg.nc"
FOLDER = tempfile.mkdtemp()
R = 6371007.0
# Files whose time unit CDO cannot place get a plain monthly axis.
PLAIN_TIME = ["-settaxis,2001-01-01,00:00:00,1month"]
CLIMATOLOGY = "drivers/climatology/"
FIELDS = [
    (CLIMATOLOGY + "BIOME4_inputdata.nc", "prec", PLAIN_TIME),
    ("drivers/era/T2m_1x1_197901.nc", "T", PLAIN_TIME),
    (CLIMATOLOGY + "speedy_land_surface_temperature.nc", "lst", []),
    (CLIMATOLOGY + "plasim_T42_land_climatology.nc", "lai", []),
    ("drivers/era/era5_1995-07-14T12.nc", "t2m", PLAIN_TIME),
]
SERIES = [
    ("inversions/zonal_monthly/CAMSv20r1.fluxes_za_ts_monthly.nc", "SFCO2_LND", ["ymonmean", "ymonsub", "yearmonmean", "timmean", "detrend"]),
    ("inversions/zonal_monthly/CT2019B.fluxes_za_ts_monthly.nc", "SFCO2", ["ymonmean", "ymonsub", "timstd"]),
    ("inversions/zonal_monthly/s99oc_SOCCOM_v2020.fluxes_za_ts_monthly.nc", "SFCO2_LND", ["ymonmean", "ymonsub"]),
    ("misc_netcdf/esmval_ta_day_CESM2_noleap.nc", "ta", ["ydaymean", "ydaysub", "monmean", "yearmean"]),
    ("misc_netcdf/cf_timeseries.nc", "air_potential_temperature", ["ymonmean", "ymonsub", "timmean", "timstd"]),
]


def cdo(*words):
    """Runs CDO and gives the file that it wrote."""
    out = tempfile.mktemp(suffix=".nc", dir=FOLDER)
    subprocess.run(["cdo", "-s", "-O", "-b", "F64", "-f", "nc4", *words, out], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return out


def axes(data, variable):
    names = data[variable].dimensions
    find = lambda kinds: next((d for d in names if d in kinds), None)
    return find(("time",)), find(("lat", "latitude")), find(("lon", "longitude"))


def values(path, variable):
    """[time, lat, lon] in the order of the table, NaN where missing."""
    with netCDF4.Dataset(path) as data:
        field = np.ma.filled(data[variable][:].astype(float), np.nan)
        time, latitude, longitude = axes(data, variable)
        names = list(data[variable].dimensions)
        if latitude:
            field = np.take(field, np.argsort(data[latitude][:]), axis=names.index(latitude))
        if longitude:
            east = (data[longitude][:].astype(float) + 180) % 360 - 180
            field = np.take(field, np.argsort(east), axis=names.index(longitude))
        # Further axes go first.
        rest = [d for d in names if d not in (time, latitude, longitude)]
        order = rest + [d for d in (time, latitude, longitude) if d]
        return field.transpose([names.index(d) for d in order]).squeeze()


def line(file, variable, operation, argument, field):
    field = np.asarray(field)
    flat = field.ravel()
    valid = ~np.isnan(flat)
    places = np.flatnonzero(valid)
    samples = " ".join(f"{i}={flat[i]:.12g}" for i in places[::max(1, places.size // 40)])
    shape = "x".join(str(n) for n in field.shape)
    print(f"{file},{variable},{operation},{argument},{shape},{valid.sum()},{flat[valid].sum():.12g},{samples}", flush=True)


def cell_areas(path, variable):
    """R^2 dlon (sin lat2 - sin lat1) in the file's own order, edges halfway between centres."""
    with netCDF4.Dataset(path) as data:
        _, latitude, longitude = axes(data, variable)
        lat, lon = data[latitude][:].astype(float).data, data[longitude][:].astype(float).data
    middle = (lat[1:] + lat[:-1]) / 2

    def outer(centre, spacing):
        edge, pole = centre + spacing / 2, np.copysign(90, spacing)
        return pole if abs(pole - edge) < abs(spacing) / 2 * (1 - 1e-3) else np.clip(edge, -90, 90)

    edges = np.concatenate([[outer(lat[0], lat[0] - lat[1])], middle, [outer(lat[-1], lat[-1] - lat[-2])]])
    return R * R * np.deg2rad(abs(lon[1] - lon[0])) * np.outer(np.abs(np.diff(np.sin(np.deg2rad(edges)))), np.ones(len(lon)))


def add_field(source, name, field):
    """A copy of a map with other values."""
    path = tempfile.mktemp(suffix=".nc", dir=FOLDER)
    subprocess.run(["cp", source, path], check=True)
    with netCDF4.Dataset(path, "a") as data:
        data[name][:] = field.reshape(data[name].shape)
    return path


def numbers(path, variable):
    """The region number of each cell, in the file's own order."""
    with netCDF4.Dataset(MASK) as data:
        mask = values(MASK, "region")
        assert abs(data["lat"][0]) == 89.75 and mask.shape == (360, 720)
    with netCDF4.Dataset(path) as data:
        _, latitude, longitude = axes(data, variable)
        lat, lon = data[latitude][:].astype(float).data, data[longitude][:].astype(float).data
    rows = np.clip(((lat + 1e-6 + 90) // 0.5).astype(int), 0, 359)
    columns = (((lon + 1e-6 + 180) % 360) // 0.5).astype(int)
    return np.nan_to_num(mask)[np.ix_(rows, columns)]


def regional_sums(field, variable, mask, area):
    """[time, region] by `fldsum` of value x area x (region is k)."""
    sums = []
    for region in range(1, 19):
        part = cdo("-fldsum", "-mul", "-mul", field, area, "-eqc,%d" % region, mask)
        sums.append(np.atleast_1d(values(part, variable)))
    return np.stack(sums, axis=-1)


print("file,variable,operation,argument,shape,valid,sum,samples")
for file, variable, preparation in FIELDS:
    field = cdo(*preparation, "-selname," + variable, f"{ROOT}/{file}")
    area = cdo("gridarea", "-seltimestep,1", field)
    mask = add_field(area, "cell_area", numbers(area, "cell_area"))
    line(file, variable, "sum_cdo", "", regional_sums(field, variable, mask, area))
    ours = add_field(area, "cell_area", cell_areas(area, "cell_area"))
    line(file, variable, "sum_ours", "", regional_sums(field, variable, mask, ours))
    if "era5" in file:
        continue  # a part of the globe
    if variable in ("lst", "lai"):  # no centre lies midway between two of the mask
        line(file, variable, "region_numbers", "remapnn", values(cdo("-remapnn," + field, "-selname,region", MASK), "region"))
    # No centre of these grids lies midway between two of a file, or beyond its outermost row, where customs differ.
    for step in (6, 10):
        grid = os.path.join(FOLDER, f"grid{step}")
        with open(grid, "w") as text:
            text.write(f"gridtype = lonlat\nxsize = {360 // step}\nysize = {180 // step}\nxfirst = {-180 + step / 2}\nxinc = {step}\n"
                       f"yfirst = {-90 + step / 2}\nyinc = {step}\n")
        for method in ("remapcon", "remapbil", "remapnn"):
            line(file, variable, method, step, values(cdo(f"{method},{grid}", field), variable))
for file, variable, operations in SERIES:
    # One file leaves the library's own fill undeclared.
    field = cdo("-setctomiss,9.969209968386869e36", "-selname," + variable, f"{ROOT}/{file}")
    for operation in operations:
        words = [operation, field]
        if operation.endswith("sub"):
            words = [operation, field, "-" + operation.replace("sub", "mean"), field]
        if operation == "detrend":
            words = ["add", "-detrend,equal=false", field, "-timmean", field]
        line(file, variable, operation, "", values(cdo(*words), variable))
