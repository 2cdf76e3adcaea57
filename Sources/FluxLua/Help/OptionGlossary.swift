import FluxObservations
import LuaRuntime

/// What each option does. The same option has the same name and meaning everywhere, so it is told once; where a place
/// means something of its own, `place.option` comes before the bare name.
enum OptionGlossary {
  /// - Parameter place: `bridge.regional`, `Cube:sel`, or `tensor` for a module that is called.
  /// - Returns: nil for an option that nobody has described: a test looks for those.
  static func text(_ option: String, at place: String) -> String? { texts["\(place).\(option)"] ?? texts[option] }

  /// Name and text of each option of a signature that has one, in their order.
  static func rows(_ signature: LuaSignature, at place: String) -> [(name: String, text: String)] {
    signature.parameters.flatMap { $0.fields ?? [] }.compactMap { field in text(field.name, at: place).map { (field.name, $0) } }
  }

  static let texts: [String: String] = [
    // Streams, and pairs of one's own
    "stream": "what the term looks at in place of a bridge and a target",
    "Bridge:predict.window": "number of the window, for an operator that is not cut by years",
    "Bridge:jacobian.window": "number of the window, for an operator that is not cut by years",
    "Step:predict.window": "number of another window, for an operator that is not cut by years",
    "output": "which of the model's outputs",
    "trainer.paired.names": "what the two variants are called: the baseline's, and that of all terms",
    "format": "of the picture in a notebook: \"png\", or \"svg\", whose lines stay sharp at any size",
    "display.id": "another value shown under the same name takes the place of this one",
    // Which part
    "time": "first and last date, YYYY-MM-DD or shorter; or a Time where an axis is asked",
    "year": "which year; a cube also takes {first, last}",
    "years": "{first, last}; all years when left out",
    "month": "months of the year, 1 to 12", "months": "months of the year, 1 to 12",
    "lat": "degrees north, {from, to}", "lon": "degrees east, {from, to}", "Cube:sel.lon": "degrees east, {from, to}; may cross 180°",
    "cube.new.lat": "centres of the cells, degrees north", "cube.new.lon": "centres of the cells, degrees east",
    "region": "code of a region: BRA, EU; a series takes several", "regions": "which regions; all of the land when left out",
    "objective.regional.regions": "codes of the regions that count; all of the bridge when left out",
    "series.new.regions": "codes, or the Regions themselves, whose areas are kept",
    "bridge.regional.regions": "the regions whose totals are followed",
    "member": "names of ensemble members", "members": "names of the ensemble members, for a tensor [member, region, time]",
    "igbp": "land cover classes: EBF, ENF, …", "sites": "identifiers of sites",
    "towers.open.sites": "path of the table of sites: identifiers, places, classes",

    // Values and files
    "[1]": "the values, dimensions in the order of the summary", "name": "short name of the variable", "long_name": "what it is, in words",
    "unit": "of the values, such as PgC month-1", "units": "unit of the values, such as gC m-2 d-1; empty for none",
    "calendar": "CF name of the calendar of the dates", "variable": "name of the variable, where a file has several",
    "towers.open.variable": "column of NEE, such as NEE_VUT_REF; the network's usual one when left out",
    "columns": "a network's name (FLUXNET2015, ONEFlux, La Thuile, AmeriFlux BASE) or a map {nee = \"FC\", qc = \"FC_QC\"}",
    "tensor.csv.columns": "names or numbers of the columns wanted, in that order; one alone gives [row]",
    "header": "whether the first line names the columns; guessed when left out",
    "delimiter": "what stands between fields: , ; tab or space; guessed when left out", "skip": "lines to pass over at the start",
    "comment": "lines that begin with it are passed over", "missing": "numbers that stand for a missing value; -9999 when left out",
    "dtype": "float32 or float64", "type": "of the file's numbers, as NumPy writes it: f4, f8, <i2, >i2", "deflate": "compression, 0 none to 9 slow", "quiet": "says nothing about what was dropped or taken off",
    "Cube:regrid.quiet": "says nothing about the total", "totals": "value × the part of the cell that is there, so that the total of a flux stays at coasts",
    "skip_bad": "leaves out files that cannot be read, and says so, in place of an error", "into": "path of a file to save the result to",
    "verify": "compares every value with its checksum before any is used",
    "map": "leaves the numbers in the file, whose pages are read when they are looked at",
    "path": "folder to write to; made when it does not exist",

    // Statistics and time
    "weights": "whether cells count by their area over lat and lon", "ddof": "what is taken off n in the divisor: 0 or 1",
    "by": "\"day\" or \"month\"", "metrics.sites.by": "\"igbp\" or \"site\"", "of": "what a bare mass is: \"C\" or \"CO2\"",
    "step": "\"month\", \"day\" or \"8days\": what each map is the mean of", "descending": "largest first",
    "retain": "keeps the record, so that backward can be called again", "draws": "how many resamplings, of sites or of whole years, the 95 % intervals come from; 0 for none",
    "truth": "what a synthetic Earth hides, of twin.truth: judges, never trains",
    "measure": "\"rmse\", \"bias\" or \"r\"", "values": "one number a place", "figure.points.lat": "degrees north, one a place", "figure.points.lon": "degrees east, one a place",
    "Result:report.pft": "fractions of plant functional types, for Figs. B3 and B4", "Result:report.target": "regional months to judge by; the run's own when left out",
    "beside": "\"paper\": the numbers that the paper prints beside ours",

    // Drivers
    "evi": "enhanced vegetation index, 8-daily", "fapar": "fraction of light that leaves absorb, 8-daily",
    "lst_day": "land surface temperature by day, 8-daily", "lst_night": "land surface temperature by night, 8-daily",
    "ndvi": "normalised difference vegetation index, 8-daily", "ndwi": "normalised difference water index, 8-daily",
    "band4": "MODIS band 4 reflectance (green, 545–565 nm), 8-daily", "rg": "global radiation, daily", "tair": "air temperature, daily",
    "precip": "precipitation, daily", "rpot": "radiation at the top of the air; computed when left out",
    "pft": "fractions of plant functional types, for variables that are given by type",
    "grid": "grid of the result; that of the variables when left out", "recipe": "which drivers: \"paper\", \"names\", \"tramontana\", or a table as drivers.recipe takes it",
    "drivers.recipe.[integer]": "a driver: {name = \"AMP_Tair\", formula = \"amplitude(msc(tair))\", unit = \"degC\"}",
    "drivers.recipe.[string]": "the new formula of a driver of `from`",
    "drivers.recipe.from": "the recipe to change", "without": "drivers of `from` to leave out",
    "layers": "layers of the water balance, 1 or 2",
    "Drivers:consistency.drivers": "names of the drivers to compare; all that both have when left out",
    "Drivers:consistency.area": "weighs pixels by their land area in the region; false counts them alike",
    "[integer]": "one cube a driver; its name is the driver's", "drivers.climatology.years": "first and last year whose days the mean year stands for",
    "drivers.water_index.precip": "twelve months, mm month-1 or mm d-1", "drivers.water_index.tair": "twelve months of air temperature",
    "drivers.water_index.rg": "twelve months of shortwave radiation, W m-2",
    "drivers.water_index.fapar": "fraction of light that leaves absorb, twelve months; 1 when left out",
    "capacity": "water that the soil can hold for plants, mm, [lat, lon]; 100 mm when left out",
    "bands": "edges in degrees north: {-90, -30, 30, 90}", "inversions.zonal.variable": "the flux, SFCO2_LND for that of the land",

    // Towers and folds
    "qc": "smallest fraction of good half-hours for which a day is kept", "group_km": "neighbours within this distance share a fold; 0 for none",
    "test_sites": "share of the sites that stay out of everything", "from": "\"grid\", \"tower\" or \"mixed\": where drivers come from",
    "reach": "km within which a site at sea may take a land pixel", "out_of_fold": "each site by the member that held it out; otherwise the mean of all",
    "min_days": "fewest days that make a month's mean", "towers.open.drivers": "columns to keep beside NEE",

    // Models
    "inputs": "names of the drivers, or how many", "hidden": "widths of the hidden layers", "seed": "equal seeds give equal draws, on any machine",

    // Bridges
    "reference": "what runs are compared with", "bridge.regional.reference": "NEE of an earlier product: its totals are what the pixels must follow",
    "twin.archive.reference": "also trains the tower-only product that bridges are fitted to",
    "activation": "of the hidden layers: \"relu\", \"tanh\" or \"gelu\"",
    "Model:().into": "a float32 tensor [sample] to write over",
    "Model:mse.weight": "of each sample, [sample]; all alike when left out",
    "bridge.linear.drivers": "in physical units, [region, pixel, day, driver]",
    "bridge.linear.weights": "what a unit flux of a pixel adds a day, [region, pixel]",
    "bridge.linear.months": "days of each month", "intercepts": "what is added a day, [region]; 0 when left out",
    "bridge.linear.regions": "names of the regions; numbers when left out",
    "drivers": "what the model sees of the land", "candidates": "pixels drawn in each region, of which the Lasso keeps some",
    "clusters": "strata of similar pixels that the draw is spread over; by the eigengap, 4 to 12, when left out",
    "allocation": "\"proportional\" to the strata's sizes, to their \"root\", or \"equal\"", "scale": "\"zscore\" compares shapes of seasonal cycles, \"none\" cycles as they are",
    "bridge.regional.pft": "fractions of plant functional types, [type, lat, lon], for the report",
    "days": "of each month, drawn anew each time; \"all\" of them when left out", "Bridge:robustness.runs": "how many draws",
    "bridge.new.regions": "codes of the rows, or the Regions themselves, whose areas are kept", "r2": "where the Lasso's path stops: R² of the training series",
    "refit": "\"conserving\" keeps the total of a constant flux, \"debias\" is plain least squares, \"none\" is the paper's",
    "area": "weighs pixels by area × land fraction; false sums them as they are",
    "probes": "how many networks with random weights the pixels must stand for too, beside the reference; 0 is the paper's",

    "window": "steps that a path may leave the diagonal by; a tenth of the length when left out, \"none\" for no band",
    "cost": "\"squared\" or \"absolute\" difference of two values", "root": "takes the square root of the path's cost; left out: of squares only",
    "limit": "distances above it may come back as inf; those up to it stay exact", "to": "other series, [other, time]; among themselves when left out",
    "checkpoint": "file that keeps what is done, to go on from after Ctrl-C or a kill",
    "distances": "whether the matrix holds distances, 0 for equal points", "series": "whether the rows are series to be compared first",
    "neighbours": "nearest points that each is joined with", "landmarks": "above so many series, so many are compared and the others follow them",
    "smallest": "fewest groups that the eigengap may choose", "largest": "most groups that the eigengap may choose", "starts": "starts of k-means",
    "bridge.lasso.bias": "the path also goes on until |mean of the prediction / mean of y − 1| is at most this",
    "alphas": "the path's points, descending; 25 a factor of ten when left out", "convention": "\"paper\": α of Eq. 2; \"sklearn\": 2n times smaller",
    "bridge.lasso.weights": "of the samples, [sample]", "penalties": "of the columns, [feature]: factors of α", "intercept": "whether b is free; otherwise 0",
    "standardise": "scales columns to unit variance", "tolerance": "duality gap, relative to the squares of y, at which a point counts as solved",
    "bridge.lasso.years": "the year of each sample: years stay together in cross-validation", "blocks": "parts of the years that are left out in turn",

    // Objectives
    "bridge": "the observation operator whose regions are predicted", "target": "inversions [member, region, month], PgC month-1",
    "norm": "p of the norm over members, or objective.norm(…)", "range_unit": "unit in which 1 + range is taken",
    "normalise": "\"one_plus_range\" (Eq. 7), \"range\" or \"none\"", "extensive": "weighs totals by area as printed (Eq. 8); false divides them by area first",
    "signed": "cubes the signed difference, as printed", "weight": "\"day\" counts every day, \"site\" every site equally",
    "towers": "the samples: site-days, or towers to which drivers are attached",
    "objective.term.towers": "looks at towers only: needs no years, is validated on held-out sites",
    "twin.archive.towers": "number of towers by region, {BRA = 20}, or of the network, {site_offset = 0}",
    "start": "where the log-variances start: \"loss\" or a number", "lr": "learning rate", "objective.kendall.lr": "learning rate of the log-variances, or \"model\"",
    "power": "by term, q in (1/q) (e^-s ℓ + s): 2 as printed, 1 for a first power",

    // Training
    "model": "the architecture; members start from weights of their own", "folds": "how many, or Folds",
    "terms": "by name: {ec = objective.mse(), atm = objective.regional{…}}", "weighting": "how the terms become one number; objective.kendall() when left out",
    "optimizer": "how gradients move weights; optim.adam() when left out", "batch": "samples in a step, about", "epochs": "passes over the towers",
    "max_steps": "steps after which a member ends", "holdout_years": "how many years a fold does not train on, or which",
    "select": "the epoch whose weights are kept, by validation: \"ec\", \"atm\", \"sum\", \"total\", \"last\", or function(e) of e.valid.ec and the like; the smallest wins",
    "patience": "a member ends after so many epochs without a better score",
    "schedule": "optim.cosine() and the like, or function(epoch, epochs) that gives a factor of the learning rate", "on_epoch": "function(e) called after each epoch, with e.epoch, e.train, e.valid",
    "checkpoint_every": "seconds between two writes, at the end of a step; 0: after each",
    "checkpoint_steps": "steps between two writes, where that is sooner",
    "resume": "\"same\": only a checkpoint of this plan, data and script; \"force\": any that fits",
    "log": "file that a line of JSON is added to after each epoch", "gap_every": "epochs between two looks at how far the sparse bridge is from the exact integral",
    "variants": "by name: what each sets in place of the others' options", "seeds": "each deals the folds, draws the years and first weights anew",
    "replicates": "networks of each fold and seed, from other first weights", "variant": "its name", "fold": "from 1", "replicate": "from 1",
    "Result:at.seed": "one of the sweep's seeds", "Result:at_towers.towers": "other site-days with the same drivers; the run's own when left out",
    "baseline": "names of the terms that EC sees", "beta1": "decay of the mean gradient", "beta2": "decay of the mean square", "eps": "added to the root",
    "momentum": "share of the last step's direction that is kept", "nesterov": "looks ahead along the momentum",
    "evaluations": "of loss and gradient in a step, at most", "iterations": "of Newton's method in a step, at most", "memory": "pairs of steps that stand for the curvature",
    "optim.lbfgs.tolerance": "relative change of the loss at which a step ends early; 0 for none",
    "optim.new.name": "what messages and checkpoints call it", "final": "the factor at the end", "optim.cosine.epochs": "how long it falls; the whole run when left out",
    "optim.warmup.epochs": "how long it rises", "after": "the schedule that follows", "every": "epochs between two changes", "factor": "of the learning rate",
    "learn": "numbers to be learnt and where they start, {ec = 0}", "objective.weighting.lr": "learning rate of what is learnt, or \"model\"",
    "weight_decay": "per step, times the learning rate; spares biases",

    // Figures
    "title": "above the panel", "label": "beside the colour bar, with its unit", "range": "{lower, upper} of the colours",
    "figure.scatter.range": "{lower, upper} of both axes", "palette": "vik, batlow, lapaz …; a wrong name lists them all", "width": "of the figure, cm: 17 is a page, 8.5 half of one",
    "xlabel": "below the axis, with its unit", "ylabel": "beside the axis, with its unit; superscripts as in yr⁻¹ are kept",
    "order": "names of runs, in the order in which they are drawn; of the alphabet when left out",
    "figure.lines.x": "values along the axis, for tensors", "figure.scatter.x": "along the axis, such as the observed", "y": "up the axis, such as the modelled",
    "labels": "words below the bars", "figure.bars.errors": "by run, half the length of its error bars", "bins": "boxes a side; 0 draws points", "compare": "whether both axes measure the same",
    "rows": "a word each, from the top", "figure.heatmap.columns": "a word each, from the left",
    "figure.map.label": "below the colour bar, with its unit", "Cube:plot.label": "below the colour bar or beside the axis",

    // Metrics and the twin
    "runs": "by name: what is judged", "run": "what is corrected", "resolution": "degrees of a cell",
    "twin.archive.years": "{first, last}; 2001 to 2008 when left out", "bias": "false or 0 for towers without biases, a factor, or {nocturnal = 0.1}",
    "errors": "of the inversions: a factor, or σ by region {BRA = 0.5}, PgC yr⁻¹",
  ]
}
