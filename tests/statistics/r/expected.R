# Writes expected.json: what R's survey package (4.1-1) says of county.csv. Every figure is computed by it alone.
suppressMessages(library(survey))
options(digits = 17, survey.lonely.psu = "fail")
county <- read.csv("county.csv", fileEncoding = "UTF-8", colClasses = c(q1 = "character"))
county$index <- c("1" = 100, "2" = 75, "3" = 25, "4" = 0)[county$q1]
county$safe <- ifelse(county$q1 %in% 1:4, as.numeric(county$q1 %in% 1:2), NA)
county$answered <- !is.na(county$safe)
# outside of the domain of answers a value is never used, but R multiplies it by a weight of 0
county$index[!county$answered] <- 0
county$safe[!county$answered] <- 0
for (f in c("sex", "age", "urban")) county[[f]] <- factor(county[[f]])

out <- list()
row <- function(case, estimate, by, category, figures) {
  out[[length(out) + 1]] <<- c(list(case = case, estimate = estimate, by = by, category = category), figures)
}
inside <- function(des, rows) des[which(rows), ]
t_of <- function(v, se, df) as.list(setNames(v + c(-1, 1) * qt(.975, df) * se, c("low", "high")))

cell <- function(case, des, rows, by, category, jk = FALSE) {
  n.of <- function(d) sum(weights(d, "sampling") != 0)
  # mean
  d <- inside(des, rows & county$answered); df <- degf(d)
  if (jk) { m <- svymean(~index, d); deff <- NULL }
  else { m <- svymean(~index, d, deff = "replace"); deff <- as.numeric(deff(m)) }
  v <- as.numeric(coef(m)); se <- as.numeric(SE(m))
  row(case, "index", by, category, c(list(n = n.of(d), value = v, se = se), if (!jk) list(deff = deff, df = df), if (!jk) t_of(v, se, df)))
  # proportion, beta and logit
  d <- inside(des, rows & county$answered); df <- degf(d)
  m <- svymean(~safe, d); v <- as.numeric(coef(m)); se <- as.numeric(SE(m))
  figures <- list(n = n.of(d), value = v, se = se)
  if (!jk) {
    beta <- as.numeric(confint(svyciprop(~safe, d, method = "beta")))
    logit <- as.numeric(confint(svyciprop(~safe, d, method = "xlogit")))
    figures <- c(figures, list(df = df, beta = beta, logit = logit))
  }
  row(case, "safe", by, category, figures)
  # ratio
  d <- inside(des, rows); df <- degf(d)
  m <- svyratio(~solved, ~cases, d); v <- as.numeric(coef(m)); se <- as.numeric(SE(m))
  row(case, "solved", by, category, c(list(n = n.of(d), value = v, se = se), if (!jk) c(list(df = df), t_of(v, se, df))))
  # totals
  m <- svytotal(~cases, d); v <- as.numeric(coef(m)); se <- as.numeric(SE(m))
  row(case, "cases", by, category, c(list(n = n.of(d), value = v, se = se), if (!jk) c(list(df = df), t_of(v, se, df))))
  m <- svymean(~minutes, d); v <- as.numeric(coef(m)); se <- as.numeric(SE(m))
  row(case, "minutes", by, category, c(list(n = n.of(d), value = v, se = se), if (!jk) c(list(df = df), t_of(v, se, df))))
}
# B minus A through totals of both sides: svycontrast takes their covariances along
differ <- function(case, des, rows, by, b, a) {
  one <- function(estimate, y, x, keep) {
    of.b <- rows & keep & county[[by]] == b; of.a <- rows & keep & county[[by]] == a
    sides <- update(des, yb = y * of.b, ya = y * of.a, xb = (if (is.null(x)) y else x) * of.b, xa = (if (is.null(x)) y else x) * of.a)
    m <- if (is.null(x)) svytotal(~yb + ya, sides) else svytotal(~yb + xb + ya + xa, sides)
    d <- if (is.null(x)) svycontrast(m, quote(yb - ya)) else svycontrast(m, quote(yb / xb - ya / xa))
    df <- degf(inside(des, of.b | of.a)); v <- as.numeric(coef(d)); se <- as.numeric(SE(d))
    row(case, estimate, by, c(b, a), c(list(n = sum(of.b | of.a), value = v, se = se, df = df), t_of(v, se, df)))
  }
  ones <- rep(1, nrow(county))
  one("index", county$index, ones, county$answered)
  one("safe", county$safe, ones, county$answered)
  one("cases", county$cases, NULL, TRUE)
  one("minutes", county$minutes, ones, TRUE)
  one("solved", county$solved, county$cases, TRUE)
}
all.of <- function(case, des, rows = rep(TRUE, nrow(county)), jk = FALSE) {
  cell(case, des, rows, "overall", NULL, jk)
  for (by in c("sex", "age")) for (category in levels(county[[by]])) cell(case, des, rows & county[[by]] == category, by, category, jk)
  if (!jk) { differ(case, des, rows, "age", "4", "1"); differ(case, des, rows, "sex", "2", "1") }
}
as.total <- function(case, des) row(case, "weights", "row", NULL, list(weights = as.numeric(weights(des))))

N <- sum(unique(county[c("township", "people")])$people)
age.total <- N * c(.24, .27, .29, .20)
sex.total <- N * c(.49, .51)
urban.total <- N * c("农村" = .42, "城镇" = .58)
formula <- ~ age + sex + urban
totals <- c("(Intercept)" = N, age2 = age.total[2], age3 = age.total[3], age4 = age.total[4], sex2 = sex.total[2])
urban.levels <- levels(county$urban)
totals[paste0("urban", urban.levels[2])] <- as.numeric(urban.total[urban.levels[2]])

stratified <- svydesign(id = ~1, strata = ~township, weights = ~weight, data = county)
all.of("stratified", stratified)
all.of("filtered", stratified, county$day == 2)
corrected <- svydesign(id = ~1, strata = ~township, fpc = ~people, data = county)
all.of("corrected", corrected)
deffs <- svymean(~minutes, corrected, deff = TRUE)
row("corrected-deff", "minutes", "overall", NULL, list(deff = as.numeric(deff(deffs))))
clustered <- svydesign(id = ~id, strata = ~district, weights = ~weight, data = county, nest = TRUE)
all.of("clustered", clustered)
corrected.clusters <- svydesign(id = ~id, strata = ~district, weights = ~weight, fpc = ~villages, data = county, nest = TRUE)
all.of("clustered-corrected", corrected.clusters)
from.clusters <- svydesign(id = ~id, strata = ~district, fpc = ~villages, data = county, nest = TRUE)
all.of("clustered-population", from.clusters)

fit <- function(des, method, bounds = c(-Inf, Inf))
  calibrate(des, formula, totals, calfun = method, bounds = bounds, epsilon = 1e-13, maxit = 500)
for (method in c("linear", "raking", "logit")) {
  bounds <- if (method == "logit") c(.2, 4) else c(-Inf, Inf)
  des <- fit(stratified, method, bounds)
  as.total(method, des); all.of(method, des)
}
des <- fit(clustered, "raking")
as.total("clustered-raking", des); all.of("clustered-raking", des)

as.jkn <- function(des) as.svrepdesign(des, type = "JKn")
all.of("jkn", as.jkn(stratified), jk = TRUE)
all.of("jkn-clustered-corrected", as.jkn(corrected.clusters), jk = TRUE)
all.of("jkn-raking", fit(as.jkn(stratified), "raking"), jk = TRUE)
all.of("jkn-clustered-raking", fit(as.jkn(corrected.clusters), "raking"), jk = TRUE)

# who did not respond: factors by class, then the design of the respondents; a jackknife makes the factors anew
responding <- function(w, data) {
  f <- function(of, over) tapply(w * of, data$urban, sum) / tapply(w * over, data$urban, sum)
  known <- !(data$disposition %in% c("UH", "UO")); eligible <- known & data$disposition != "NE"
  answered <- data$disposition == "I"
  a1 <- f(rep(TRUE, nrow(data)), known)[data$urban]
  w <- w * a1 * known
  a2 <- tapply(w * eligible, data$urban, sum) / tapply(w * answered, data$urban, sum)
  list(a1 = as.numeric(a1 * known), a2 = as.numeric(a2[data$urban] * answered), w = as.numeric(w * a2[data$urban] * answered))
}
drawn <- as.numeric(table(county$township)[county$township])
found <- responding(county$people / drawn, county)
row("disposition", "weights", "row", NULL, list(a1 = found$a1, a2 = found$a2, weights = found$w))
county$final <- found$w
answered <- county$disposition == "I"
respondents <- svydesign(id = ~1, strata = ~township, weights = ~final, fpc = ~people, data = county[answered, ])
whole <- as.svrepdesign(svydesign(id = ~1, strata = ~township, fpc = ~people, data = county), type = "JKn")
for (by in c("overall", levels(county$sex))) {
  inside.it <- if (by == "overall") rep(TRUE, nrow(county)) else county$sex == by
  place <- if (by == "overall") list("overall", NULL) else list("sex", by)
  m <- svymean(~minutes, inside(respondents, inside.it[answered]))
  row("disposition", "minutes", place[[1]], place[[2]],
      list(n = sum(answered & inside.it), value = as.numeric(coef(m)), se = as.numeric(SE(m))))
  mean.of <- function(w, data) { w <- responding(w, data)$w * inside.it; sum(w * data$minutes) / sum(w) }
  m <- withReplicates(whole, mean.of)
  row("jkn-disposition", "minutes", place[[1]], place[[2]],
      list(n = sum(answered & inside.it), value = as.numeric(coef(m)), se = as.numeric(SE(m))))
}

# a stratum with one unit, by its deviation from the grand mean
options(survey.lonely.psu = "adjust")
alone <- county[county$township != "柳河镇" | seq_len(nrow(county)) == 1, ]
des <- svydesign(id = ~1, strata = ~township, weights = ~weight, data = alone)
m <- svymean(~minutes, des)
row("lonely", "minutes", "overall", NULL, list(value = as.numeric(coef(m)), se = as.numeric(SE(m))))

con <- file("expected.json", "w", encoding = "UTF-8")
writeLines(jsonlite::toJSON(out, auto_unbox = TRUE, digits = NA, null = "null"), con)
close(con)
