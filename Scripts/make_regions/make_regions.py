#!/usr/bin/env python3
"""How much of each 0.5° cell belongs to each of the 18 land regions?

The polygons are those of the Digital Chart of the World as Debian packages it
for GMT (`gmt-dcw`), one or more a country; `countries.csv` says which region a
country belongs to, `regions.csv` names the regions. Inland waters do not count
as land: lakes of `gmt-gshhg-low` (level 2, islands in them are land) are cut out,
because net ecosystem exchange excludes them. Greenland and Antarctica are outside.

Each cell is crossed by 20 parallels. Along a parallel the intersection with the
polygons is exact (even-odd rule); lakes are cut at 0.05°. Parallels are weighted by
the cosine of latitude, so a fraction is one of area, not of degrees. A fraction is
stored as an integer of 1/250, and those of a cell never add up to more than 1.

Use:  Scripts/make_regions/run        (writes Sources/CRegionMask/reccap2.nc)
Needs the Debian packages gmt gmt-dcw gmt-gshhg-low netcdf-bin python3-numpy.
"""
import csv
import subprocess
import sys
from pathlib import Path

import numpy

STEP = 0.5               # cell size, degrees
PER_CELL = 10            # columns and lake rows in a cell
LINES = 2                # parallels in a lake row
COLUMNS = int(360 / STEP) * PER_CELL
ROWS = int(180 / STEP) * PER_CELL
STEPS = 250              # a fraction of one is stored as 250
HERE = Path(__file__).resolve().parent


def gmt(*arguments):
    return subprocess.run(["gmt", *arguments], check=True, stdout=subprocess.PIPE).stdout


def rings(code):
    """The closed rings of a country, [vertex, (longitude, latitude)], longitude continuous."""
    result, ring = [], []
    for line in gmt("coast", "-E" + code, "-M").decode("utf-8", "replace").split("\n"):
        if line.startswith(">") or not line.strip():
            if len(ring) > 2:
                result.append(numpy.array(ring))
            ring = []
        else:
            ring.append([float(v) for v in line.split()[:2]])
    for ring in result:   # GMT folds longitudes into 0…360, which tears rings at Greenwich
        jumps = numpy.diff(ring[:, 0])
        ring[1:, 0] -= 360 * numpy.cumsum(numpy.round(jumps / 360))
    return result


def coverage(code):
    """Part of every sub-cell, [row, column] at 0.05°, that a country covers, and its first row."""
    edges = []
    for ring in rings(code):
        edges.append(numpy.hstack([ring, numpy.roll(ring, -1, axis=0)]))
    x0, y0, x1, y1 = numpy.vstack(edges).T
    # Parallel k lies at latitude -90 + (k + 0.5) h.
    h = STEP / PER_CELL / LINES
    k0, k1 = (y0 + 90) / h - 0.5, (y1 + 90) / h - 0.5
    first, last = numpy.ceil(numpy.minimum(k0, k1)), numpy.ceil(numpy.maximum(k0, k1))   # half open
    counts = (last - first).astype(int)
    edge = numpy.repeat(numpy.arange(len(counts)), counts)
    line = (first[edge] + numpy.arange(len(edge)) - (numpy.cumsum(counts) - counts)[edge]).astype(int)
    x = x0[edge] + (line - k0[edge]) / (k1[edge] - k0[edge]) * (x1[edge] - x0[edge])
    order = numpy.lexsort((x, line))
    line, x = line[order], x[order]
    # In sorted order the crossings of a line alternate between entering and leaving.
    start = numpy.r_[True, line[1:] != line[:-1]]
    position = numpy.arange(len(line)) - numpy.maximum.accumulate(numpy.where(start, numpy.arange(len(line)), 0))
    sign = 1.0 - 2.0 * (position % 2)
    if not len(line):   # smaller than the distance of two parallels
        return 0, numpy.zeros((0, COLUMNS))
    bottom = line.min() // LINES
    rows = line.max() // LINES - bottom + 1
    # H(x - x_crossing), integrated over each column: the column of the crossing gets
    # a part, all later ones the whole. Three turns hold any ring once it is continuous.
    column = (x + 540) / (STEP / PER_CELL)
    whole = numpy.floor(column).astype(int)
    part = column - whole
    wide = 3 * COLUMNS + 2
    index = (line // LINES - bottom) * wide + whole
    change = numpy.bincount(index, sign * (1 - part), rows * wide)
    change += numpy.bincount(index + 1, sign * part, rows * wide)
    share = numpy.cumsum(change.reshape(rows, wide), axis=1)[:, :3 * COLUMNS] / LINES
    return bottom, share.reshape(rows, 3, COLUMNS).sum(axis=1)   # three turns from -540 to 540


def lakes(scratch):
    """1 where the centre of a sub-cell lies in a lake, [row, column], south to north, west to east."""
    name = scratch / "lakes.nc"
    gmt("grdlandmask", "-Rd", f"-I{STEP / PER_CELL}", "-r", "-Dl", "-N0/0/1/0/1", f"-G{name}=nb")
    raw = gmt("grd2xyz", f"{name}=nb", "-ZBLu")
    return numpy.frombuffer(raw, numpy.uint8).reshape(ROWS, COLUMNS) != 0


def fractions(scratch):
    """Area fraction of each region in each cell, [region, row, column], in 1/250, and the regions."""
    regions = list(csv.DictReader(open(HERE / "regions.csv", encoding="utf-8")))
    countries = list(csv.DictReader(open(HERE / "countries.csv", encoding="utf-8")))
    dry = ~lakes(scratch)
    latitude = numpy.radians(-90 + (numpy.arange(ROWS) + 0.5) * STEP / PER_CELL)
    weight = numpy.cos(latitude).reshape(-1, PER_CELL)
    weight = (weight / weight.sum(axis=1, keepdims=True)).reshape(-1, 1)
    result = []
    for region in regions:
        total = numpy.zeros((ROWS, COLUMNS), numpy.float32)
        for country in countries:
            if country["region"] == region["code"]:
                bottom, share = coverage(country["dcw"])
                total[bottom:bottom + len(share)] += share
        numpy.clip(total, 0, 1, out=total)
        total *= dry
        total *= weight
        cells = total.reshape(ROWS // PER_CELL, PER_CELL, COLUMNS // PER_CELL, PER_CELL).sum(axis=(1, 3))
        result.append(cells / PER_CELL)
        print(f"{region['code']:5}{area(result[-1]):9.3f} million km²", file=sys.stderr)
    exact = numpy.array(result, float)
    exact /= numpy.maximum(1, exact.sum(axis=0))   # neighbours in DCW overlap by slivers
    stored = numpy.round(exact * STEPS).astype(int)
    surplus = stored.sum(axis=0) - STEPS           # three halves may round up
    for r, c in zip(*numpy.nonzero(surplus > 0)):
        stored[stored[:, r, c].argmax(), r, c] -= surplus[r, c]
    return regions, stored


def area(fraction):
    """Area of a map of fractions, million km²."""
    edges = numpy.sin(numpy.radians(-90 + STEP * numpy.arange(fraction.shape[0] + 1)))
    row = 6371.007**2 * numpy.radians(STEP) * numpy.diff(edges) / 1e6
    return float((fraction.sum(axis=1) * row).sum())


def cdl(regions, stored):
    """The file as text for ncgen: one entry for each region of each cell that has land."""
    order = numpy.transpose(stored, (1, 2, 0)).reshape(-1, len(regions))
    cell, region = numpy.nonzero(order)
    fraction = order[cell, region]
    width = max(len(r["name"]) for r in regions)
    joined = lambda values: ", ".join(str(v) for v in values)
    packed = lambda v: f'    {v}:_Storage = "chunked" ; {v}:_ChunkSizes = {len(cell)} ; {v}:_Shuffle = "true" ; {v}:_DeflateLevel = 9 ;\n'
    return f"""netcdf reccap2 {{
dimensions:
    entry = {len(cell)} ; region = {len(regions)} ; lat = {stored.shape[1]} ; lon = {stored.shape[2]} ; code_length = 4 ; name_length = {width} ;
variables:
    char code(region, code_length) ;
    char name(region, name_length) ;
    int entry(entry) ;
    entry:compress = "lat lon" ;
    entry:comment = "row x columns + column, from 0; rows south to north from -90, columns west to east from -180" ;
    byte entry_region(entry) ;
    entry_region:long_name = "position of the region in code and name, from 0" ;
    ubyte land_fraction(entry) ;
    land_fraction:long_name = "part of the cell's area that is land of the region, without inland waters" ;
    land_fraction:units = "1" ;
    land_fraction:scale_factor = {1 / STEPS} ;
{packed("entry")}{packed("entry_region")}{packed("land_fraction")}
    :Conventions = "CF-1.8" ;
    :title = "18 land regions as in RECCAP2, by country, on 0.5 degrees" ;
    :source = "Digital Chart of the World for GMT (gmt-dcw, LGPL-3+), lakes of GSHHG low resolution (LGPL-3+); Scripts/make_regions" ;
data:
    code = {joined('"' + r["code"] + '"' for r in regions)} ;
    name = {joined('"' + r["name"] + '"' for r in regions)} ;
    entry = {joined(cell)} ;
    entry_region = {joined(region)} ;
    land_fraction = {joined(fraction)} ;
}}
"""


def main():
    out, scratch = Path(sys.argv[1]), Path(sys.argv[2])
    regions, stored = fractions(scratch)
    areas = [area(s / STEPS) for s in stored]
    for r, a in zip(regions, areas):
        print(f"{r['code']:5}{a:9.3f}")
    print(f"land {sum(areas):9.3f} million km², {(stored.sum(axis=0) > 0).sum()} cells")
    text = scratch / "reccap2.cdl"
    text.write_text(cdl(regions, stored), encoding="utf-8")
    subprocess.run(["ncgen", "-k", "nc4", "-o", out, text], check=True)
    print(f"{out}: {out.stat().st_size} bytes")


main()
