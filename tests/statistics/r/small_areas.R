# Small areas by REML with known variances, as R's package metafor fits them: the random-effects regression of y on x with variances D
# is the model of Fay and Herriot. Writes small_areas.json. Run here: Rscript small_areas.R   (R 4.2.2, metafor 3.8.1)
library(metafor)
library(jsonlite)

areas <- data.frame(
  y = c(0.91, 0.84, 0.88, 0.79, 0.93, 0.86, 0.90, 0.75, 0.83, 0.89, 0.95, 0.81),
  D = c(4, 9, 6, 25, 5, 12, 7, 30, 10, 8, 4, 16) / 10000,
  x = c(1.2, 2.0, 1.5, 2.6, 1.0, 1.9, 1.4, 3.1, 2.2, 1.3, 0.8, 2.1),
  z = c(0.4, 0.1, 0.9, 0.3, 0.8, 0.2, 0.5, 0.1, 0.7, 0.9, 0.6, 0.3)
)

fitted <- function(formula) {
  model <- rma(yi = y, vi = D, mods = formula, data = areas, method = "REML", control = list(threshold = 1e-14, maxiter = 10000))
  best <- blup(model)
  list(
    between = model$tau2, beta = as.vector(model$beta),
    estimate = best$pred, g1g2 = best$se^2, synthetic = as.vector(fitted.values(model))
  )
}

write_json(
  list(areas = areas, mean_only = fitted(~1), with_x = fitted(~x), with_z = fitted(~z)),
  "small_areas.json", digits = NA, pretty = TRUE, auto_unbox = TRUE
)
