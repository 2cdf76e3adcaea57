"""What xarray and cftime read from the real files kept beside the package.

Run: python3 Tests/ReferenceData/real_files.py ../shared/data > Tests/ReferenceData/real_files.csv
Made with xarray 2025 and netCDF4 1.7; needs `pip install xarray netCDF4 cftime`.

One line a variable: its dimensions with the latitude from south to north and the longitude in
[-180, 180), valid values, their sum, the mean of value x (1 + index in that order), first and last date.
"""
import sys

import numpy as np
import xarray as xr

ROOT = sys.argv[1]
FILES = [
    ("misc_netcdf/cf_0_air_temperature.nc", ["tas"]),
    ("misc_netcdf/cf_air_temperature.nc", ["tas"]),
    ("misc_netcdf/cf_timeseries.nc", ["air_potential_temperature"]),
    ("misc_netcdf/cf_wind_components.nc", ["ua", "va", "orog"]),
    ("misc_netcdf/cfdm_parent.nc", ["eastward_wind"]),
    ("misc_netcdf/esmval_ta_day_CESM2_noleap.nc", ["ta"]),
    ("drivers/climatology/BIOME4_inputdata.nc", ["whc", "perc", "tmin"]),
    ("drivers/climatology/plasim_T42_land_climatology.nc", ["forest"]),
    ("drivers/climatology/speedy_albedo.nc", ["alb"]),
    ("drivers/climatology/speedy_land_surface_temperature.nc", ["lst"]),
    ("drivers/climatology/speedy_soil_moisture.nc", ["swl2"]),
    ("drivers/climatology/speedy_vegetation.nc", ["vegh"]),
    ("drivers/era/era5_1995-07-14T12.nc", ["t2m", "u10", "t2m_C"]),
    ("drivers/era/T2m_1x1_197901.nc", ["T"]),
    ("drivers/masks/era5_landmask_0.25.nc", ["land"]),
    ("drivers/masks/isca_era_land_t42.nc", ["zsurf"]),
    ("drivers/masks/landsea_1x1.nc", ["LSMASK"]),
    ("drivers/site_forcing/DE-Gri_pyrealm_splash_cru_ts4.07_2000_2019.nc", ["pet", "wn"]),
    ("inversions/zonal_monthly/CAMSv20r1.fluxes_za_ts_monthly.nc", ["SFCO2_LND"]),
    ("inversions/zonal_monthly/CT2019B.fluxes_za_ts_monthly.nc", ["SFCO2"]),
    ("inversions/zonal_monthly/CTE2020.fluxes_za_ts_monthly.nc", ["SFCO2_LND", "SFCO2_FFF"]),
    ("inversions/zonal_monthly/MIROC.fluxes_za_ts_monthly.nc", ["SFCO2_OCN"]),
    ("inversions/zonal_monthly/s99oc_SOCCOM_v2020.fluxes_za_ts_monthly.nc", ["SFCO2_LND"]),
    ("inversions/zonal_monthly/TM5-Flux-mmf.fluxes_za_ts_monthly.nc", ["SFCO2_LND"]),
    ("regions/reccap2_18regions_0p5deg.nc", ["region", "land"]),
    ("regions/reccap2_18regions_1deg.nc", ["region"]),
]


def stamp(date):
    return f"{date.year}-{date.month}-{date.day}-{date.hour * 3600 + date.minute * 60 + date.second}"


print("file,variable,shape,valid,sum,indexed_mean,first,last")
for name, variables in FILES:
    data = xr.open_dataset(f"{ROOT}/{name}", decode_times=False)
    for variable in variables:
        field = data[variable].squeeze()
        latitude = next((d for d in field.dims if d in ("lat", "latitude")), None)
        longitude = next((d for d in field.dims if d in ("lon", "longitude")), None)
        if latitude:
            field = field.sortby(latitude)
        if longitude:
            field = field.assign_coords({longitude: (field[longitude].astype(float) + 180) % 360 - 180}).sortby(longitude)
        rest = [d for d in field.dims if d not in (latitude, longitude, "time")]
        order = rest + ["time"] * ("time" in field.dims) + [d for d in (latitude, longitude) if d]
        values = field.transpose(*order).values.astype(float).ravel()
        # xarray keeps the library's own fill where a file declares none; nobody wrote those values.
        valid = np.isfinite(values) & (np.abs(values) < 1e36)
        indexed = (values * (1 + np.arange(values.size)))[valid].mean()
        first = last = ""
        units = data["time"].attrs.get("units", "") if "time" in data else ""
        if "since" in units and ("time" in data[variable].dims or "time" in data[variable].coords):
            times = xr.decode_cf(data[["time"]], decode_times=xr.coders.CFDatetimeCoder(use_cftime=True))["time"].values.ravel()
            first, last = stamp(times[0]), stamp(times[-1])
        shape = "x".join(str(n) for n in field.transpose(*order).shape)
        print(f"{name},{variable},{shape},{valid.sum()},{values[valid].sum():.9g},{indexed:.9g},{first},{last}")
