"""What xarray and cftime read from every file of misc_netcdf: odd netCDF files gathered from other projects' tests.

Run: python3 Tests/ReferenceData/misc_netcdf.py ../shared/data/misc_netcdf > Tests/ReferenceData/misc_netcdf.csv
Needs `pip install xarray netCDF4 cftime`.

One line for each variable on latitude and longitude (`opens`), for each time coordinate (`times`), and one for each file
that holds no such variable (`refused`, with words of the reason that the message must name, and what xarray makes of it).

- opens: shape and valid values with the latitude from south to north and the longitude in [-180, 180); their sum; the mean of
  value x (1 + index) in that order; first and last date; the sum over all dates of year x 10000 + month x 100 + day + share of the day.
- times: the number of times in place of the shape, and the dates as above.
"""
import glob
import os
import sys
import warnings

import numpy as np
import xarray as xr

warnings.filterwarnings("ignore")
CODER = xr.coders.CFDatetimeCoder(use_cftime=True)
LATITUDES, LONGITUDES = ("lat", "latitude"), ("lon", "longitude")
# Files without a rectilinear grid, and what a reader of the message must learn.
REASONS = {
    "cfdm_contiguous.nc": "have no latitude",  # stations, ragged
    "cfdm_external.nc": "'latitude' has no coordinate variable",
    "cfdm_geometry.nc": "have no latitude",  # polygons
    "cfdm_subsampled.nc": "have no latitude",  # coordinates to be interpolated
    "geocat_noleap_names_with_minus.nc": "have no latitude",  # global means
    "geocat_scrip_simple.nc": "have no latitude",  # unstructured
    "unidata_enum_data.nc": "enum type 'cloud_class_t'",
    "unidata_group_data.nc": "have no latitude",
    "unidata_nctest_cdf5.nc": "have no latitude",
    "unidata_ref_hdf5_compat1.nc": "have no latitude",
    "unidata_ref_hdf5_compat2.nc": "have no latitude",
    "unidata_ref_hdf5_compat3.nc": "compound type 'cmp1'",
    "unidata_ref_nctest_64bit_offset.nc": "have no latitude",
    "unidata_ref_nctest_classic.nc": "have no latitude",
    "unidata_ref_test_360_day_1900.nc": "have no latitude",  # a time axis alone
    "unidata_ref_test_365_day_1900.nc": "have no latitude",
    "unidata_ref_test_corrupt_magic.nc": "only of string",
    "unidata_ref_tst_compounds.nc": "compound type 'obs_t'",
    "unidata_ref_tst_irish_rover.nc": "enum type 'cargo'",
    "unidata_unlimtest2.nc": "compound type 'CROP_HARVESTING_ACREAGE'",
    "unidata_vlen_data.nc": "variable-length type",
}


def dates(data, name):
    """First and last date, and the sum of all as numbers."""
    times = xr.decode_cf(data[[name]], decode_times=CODER)[name].values.ravel()

    def number(t):
        return t.year * 10000 + t.month * 100 + t.day + (t.hour * 3600 + t.minute * 60 + t.second + t.microsecond / 1e6) / 86400

    def stamp(t):
        return f"{t.year}-{t.month}-{t.day}-{t.hour * 3600 + t.minute * 60 + t.second}"

    return len(times), stamp(times[0]), stamp(times[-1]), f"{sum(map(number, times)):.15g}"


def has_axis(data, variable, names):
    return any(d in data.coords and data[d].dims == (d,) for d in data[variable].dims if d in names)


def field_line(name, data, variable):
    field = data[variable].squeeze()
    latitude = next(d for d in field.dims if d in LATITUDES)
    longitude = next(d for d in field.dims if d in LONGITUDES)
    field = field.sortby(latitude)
    field = field.assign_coords({longitude: (field[longitude].astype(float) + 180) % 360 - 180}).sortby(longitude)
    rest = [d for d in field.dims if d not in (latitude, longitude, "time")]
    order = rest + ["time"] * ("time" in field.dims) + [latitude, longitude]
    values = field.transpose(*order).values.astype(float).ravel()
    # xarray keeps the library's own fill where a file declares none; nobody wrote those values.
    valid = np.isfinite(values) & (np.abs(values) < 1e36)
    indexed = (values * (1 + np.arange(values.size)))[valid].mean()
    has_time = "time" in data[variable].dims
    _, first, last, total = dates(data, "time") if has_time else (0, "", "", "")
    shape = "x".join(str(n) for n in field.transpose(*order).shape)
    print(f"{name},opens,{variable},{shape},{valid.sum()},{values[valid].sum():.9g},{indexed:.9g},{first},{last},{total}")


print("file,what,variable,shape,valid,sum,indexed_mean,first,last,date_sum")
for path in sorted(glob.glob(sys.argv[1] + "/*.nc")):
    name = os.path.basename(path)
    try:
        data = xr.open_dataset(path, decode_times=False)
    except Exception as error:
        print(f"{name},refused,{REASONS[name]},,,,,,,xarray refuses: {type(error).__name__}")
        continue
    gridded = [v for v in data.data_vars if has_axis(data, v, LATITUDES) and has_axis(data, v, LONGITUDES)]
    for variable in gridded:
        field_line(name, data, variable)
    time = data.variables.get("time")
    if time is not None and time.dims == ("time",) and " since " in time.attrs.get("units", "") and not gridded:
        count, first, last, total = dates(data, "time")
        print(f"{name},times,time,{count},,,,{first},{last},{total}")
    if not gridded:
        print(f"{name},refused,{REASONS[name]},,,,,,,xarray: {len(data.variables)} variables without a grid")
