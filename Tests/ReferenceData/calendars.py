"""Dates of CF time values in every calendar, by cftime.

Run: python3 Tests/ReferenceData/calendars.py > Tests/ReferenceData/calendars.csv
Made with cftime 1.6; needs `pip install cftime`.
"""
import random

import cftime

random.seed(20260101)
UNITS = [
    ("days since 1970-01-01", 200_000),
    ("days since 0001-01-01 00:00:00", 1_000_000),
    ("hours since 1900-01-01 06:30:00", 3_000_000),
    ("minutes since 2000-02-28 23:59", 10_000_000),
    ("seconds since 1582-10-15", 10_000_000_000),
    ("days since 1850-3-1 12:00:00 +01:30", 50_000),
]
CALENDARS = ["standard", "gregorian", "proleptic_gregorian", "julian", "noleap", "365_day", "all_leap", "366_day", "360_day"]

print("calendar,units,value,year,month,day,second")
for calendar in CALENDARS:
    for units, span in UNITS:
        for i in range(5):
            low = 0 if "0001" in units else -span
            value = random.randint(low, span)
            if i == 4:
                value += 0.25
            date = cftime.num2date(value, units, calendar, only_use_cftime_datetimes=True)
            second = date.hour * 3600 + date.minute * 60 + date.second + date.microsecond * 1e-6
            print(f'{calendar},{units},{value},{date.year},{date.month},{date.day},{second:.3f}')
