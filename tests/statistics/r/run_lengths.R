# Average run lengths of EWMA (two-sided, constant limits) and CUSUM (one-sided), as R's package spc has them. Writes
# run_lengths.json. Run here: Rscript run_lengths.R   (R 4.2.2, spc 0.6.7)
library(spc)
library(jsonlite)

shifts <- c(0, 0.5, 1, 2)
rows <- list()
for (p in list(c(0.2, 2.962), c(0.1, 2.814), c(0.2, 3.6)))
  rows <- c(rows, list(list(chart = "ewma", first = p[1], limit = p[2], arl = sapply(shifts, function(m) as.numeric(xewma.arl(p[1], p[2], m, sided = "two", r = 120))))))
for (p in list(c(0.5, 4), c(0.5, 5), c(0.25, 8)))
  rows <- c(rows, list(list(chart = "cusum", first = p[1], limit = p[2], arl = sapply(shifts, function(m) as.numeric(xcusum.arl(p[1], p[2], m, sided = "one", r = 120))))))
write_json(list(shifts = shifts, rows = rows), "run_lengths.json", digits = NA, pretty = TRUE, auto_unbox = TRUE)
