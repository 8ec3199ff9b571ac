# Writes county.csv: answers of a fictional county, made up by chance with a fixed seed. Run in this folder:
#   Rscript county.R && Rscript expected.R
# Strata are six townships with samples of unequal size; villages are the clusters; weights differ inside strata.
set.seed(20261127)
townships <- c("柳河镇", "枣园镇", "青石乡", "白杨乡", "南屏镇", "北塘镇")
people <- c(9000, 7200, 300, 2500, 12000, 4100)
villages <- c(30, 24, 12, 16, 40, 20)
drawn <- c(60, 48, 30, 36, 54, 42)
rows <- lapply(seq_along(townships), function(h) {
  n <- drawn[h]
  village <- sort(sample(1:6, n, replace = TRUE))
  data.frame(township = townships[h], district = c("东片", "西片")[1 + h %% 2], village = village,
             people = people[h], villages = c(96, 46)[1 + h %% 2] + 0 * village)
})
county <- do.call(rbind, rows)
n <- nrow(county)
county$sex <- sample(1:2, n, replace = TRUE, prob = c(.47, .53))
county$age <- sample(1:4, n, replace = TRUE, prob = c(.2, .25, .3, .25))
county$urban <- ifelse(runif(n) < ifelse(county$township %in% townships[c(1, 2, 5)], .7, .25), "城镇", "农村")
county$day <- sample(1:3, n, replace = TRUE)
county$weight <- round(county$people / drawn[match(county$township, townships)] *
                       exp(rnorm(n, 0, .45)) * ifelse(county$age == 1, 1.6, 1), 3)
mood <- rnorm(n, ifelse(county$urban == "城镇", .3, -.1) + .15 * county$age, 1) + rnorm(36, 0, .5)[
  6 * (match(county$township, townships) - 1) + county$village]
county$q1 <- cut(mood, c(-Inf, -1.2, -.4, .8, Inf), labels = 4:1)
county$q1 <- as.character(county$q1)
county$q1[sample(n, 14)] <- "dk"
county$q1[sample(n, 6)] <- ""
county$cases <- rpois(n, exp(-.5 - .3 * mood))
county$solved <- rbinom(n, county$cases, .8)
county$minutes <- round(rgamma(n, 3, 1) * 4 + county$age, 2)
county$id <- paste0(county$township, county$village)
county$disposition <- sample(c("I", "P", "R", "NC", "O", "UH", "UO", "NE"), n, replace = TRUE,
                             prob = c(.62, .03, .06, .08, .02, .1, .04, .05))
write.csv(county, "county.csv", row.names = FALSE, quote = FALSE, fileEncoding = "UTF-8")
