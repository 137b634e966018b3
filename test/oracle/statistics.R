# What R says of the data that test/pgtap/statistics.sql generates. Prints the
# rows of test/oracle/statistics.sql; `make check-r` compares them.
#
# Quantiles and indicators come from the packages survey and laeken; what those
# do not have is written out here from its definition, in plain R.
suppressPackageStartupMessages({
    library(survey)
    library(laeken)
})

i <- 1:2000
x <- 150000 + ((i * 7919) %% 1009) * ((i * 1047) %% 997) * 7
tied <- i %% 5 == 0
x[tied] <- x[tied] - x[tied] %% 100000 + 100000
# The sum of the persons is odd: where exactly half of the weight lies at or below
# a score, laeken's median is the next score, ours the middle of the two.
weights <- list(person = 1 + (i * 31) %% 7 + (i == 1), survey = 0.5 + ((i * 37) %% 101) / 8)
region <- (i * 13) %% 6
benefit <- ifelse((i * 17) %% 3 == 0 | x < 900000, 100000 + ((i * 3) %% 4) * 50000, 0)
line <- 700000 + region * 100000
gets <- benefit > 0
poor <- x < line

lines <- character()
say <- function(what, name, value) {
    lines <<- c(lines, sprintf("('%s', '%s', %d, %.17g)", what, name, seq_along(value), value))
}

lorenz <- function(x, w, p) {
    a <- tapply(w, x, sum)
    v <- as.numeric(names(a))
    s <- tapply(w * x, x, sum)
    approx(c(0, cumsum(a)) / sum(a), c(0, cumsum(s)) / sum(s), p)$y
}
curve_of <- function(b, x, w, p) {
    a <- tapply(w, x, sum)
    s <- tapply(w * b, x, sum)
    approx(c(0, cumsum(a)) / sum(a), c(0, cumsum(s)) / sum(s), p)$y
}
entropy <- function(x, w, a) {
    r <- x / weighted.mean(x, w)
    if (a == 0) return(-weighted.mean(log(r), w))
    if (a == 1) return(weighted.mean(r * log(r), w))
    (weighted.mean(r^a, w) - 1) / (a * (a - 1))
}
atkinson <- function(x, w, e) {
    r <- x / weighted.mean(x, w)
    if (e == 1) return(1 - exp(weighted.mean(log(r), w)))
    1 - weighted.mean(r^(1 - e), w)^(1 / (1 - e))
}
gini_ <- function(x, w) gini(x, weights = w)$value / 100
# Hmisc's wtd.quantile, type "quantile", weights that count
continuous <- function(x, w, p) {
    a <- cumsum(tapply(w, x, sum))
    v <- as.numeric(names(a))
    at <- 1 + (sum(w) - 1) * p
    low <- pmax(floor(at), 1)
    high <- pmin(low + 1, sum(w))
    f <- at - floor(at)
    q <- approx(a, v, c(low, high), method = "constant", f = 1, rule = 2)$y
    (1 - f) * q[seq_along(p)] + f * q[-seq_along(p)]
}
midrank <- function(x, w) {
    a <- tapply(w, x, sum)
    as.numeric((cumsum(a) - a / 2)[as.character(x)] / sum(w))
}

for (what in names(weights)) {
    w <- weights[[what]]
    design <- svydesign(ids = ~1, weights = ~w, data = data.frame(x = x, w = w))
    p <- c(0.01, 0.05, 0.1, 0.25, 0.55, 0.9, 0.99)
    say(what, "weighted_percentile_disc",
        svyquantile(~x, design, p, qrule = "math", se = FALSE, ci = FALSE)$x[1, ])
    say(what, "weighted_percentile_cont", continuous(x, w, p))
    say(what, "weighted_median", weightedMedian(x, w))
    say(what, "lorenz", lorenz(x, w, (1:10) / 10))
    say(what, "gini", gini_(x, w))
    say(what, "quintile_share_ratio", qsr(x, weights = w)$value)
    say(what, "at_risk_of_poverty", arpr(x, weights = w)$value / 100)
    say(what, "at_risk_of_poverty_half", arpr(x, weights = w, p = 0.5)$value / 100)
    say(what, "theil_t", entropy(x, w, 1))
    say(what, "theil_l", entropy(x, w, 0))
    for (a in c(-1, 0.5, 2, 3.5)) say(what, sprintf("generalized_entropy_%g", a), entropy(x, w, a))
    for (e in c(0.5, 1, 2)) say(what, sprintf("atkinson_%g", e), atkinson(x, w, e))
    l <- lorenz(x, w, c(0.4, 0.8, 0.9))
    say(what, "palma", (1 - l[3]) / l[1])
    say(what, "share_between", l[2] - l[1])
    for (a in c(0, 1, 2, 1.5))
        say(what, sprintf("fgt_%g", a), sum(w * ifelse(x < line, (1 - pmin(x / line, 1))^a, 0)) / sum(w))
    say(what, "watts", sum(w * ifelse(x < line, log(line / x), 0)) / sum(w))
    m <- weighted.mean(benefit, w)
    say(what, "concentration_index", 2 * weighted.mean((benefit - m) * (midrank(x, w) - 0.5), w) / m)
    say(what, "concentration_curve", curve_of(benefit, x, w, (1:5) / 5))
    say(what, "cgh_index", curve_of(benefit, x, w, 0.4) / 0.4)
    tp <- sum(w[poor & gets]); fp <- sum(w[!poor & gets]); fn <- sum(w[poor & !gets]); tn <- sum(w[!poor & !gets])
    say(what, "targeting_errors",
        c(tp, fp, fn, tn, fn / (tp + fn), fp / (fp + tn), fp / (tp + fp), (fp + fn) / sum(w), (tp + fp) / sum(w),
          tp / (tp + fn) - fp / (fp + tn), (tp / (tp + fp)) / ((tp + fn) / sum(w))))
    mu <- weighted.mean(x, w)
    g <- split(seq_along(x), region)
    share <- sapply(g, function(k) sum(w[k] * x[k])) / sum(w * x)
    size <- sapply(g, function(k) sum(w[k])) / sum(w)
    mean_ <- sapply(g, function(k) weighted.mean(x[k], w[k]))
    within <- sum(share * sapply(g, function(k) entropy(x[k], w[k], 1)))
    between <- sum(share * log(mean_ / mu))
    say(what, "theil_decompose", c(within + between, within, between))
    within <- sum(share * size * sapply(g, function(k) gini_(x[k], w[k])))
    between <- gini_(mean_, size)
    say(what, "gini_decompose", c(gini_(x, w), within, between, gini_(x, w) - within - between))
    cuts <- svyquantile(~x, design, (1:4) / 5, qrule = "math", se = FALSE, ci = FALSE)$x[1, ]
    d <- findInterval(x, cuts, left.open = TRUE) + 1
    for (k in 1:5)
        say(what, sprintf("quantile_table_%d", k),
            c(k, min(x[d == k]), max(x[d == k]), sum(d == k), sum(w[d == k]), weighted.mean(x[d == k], w[d == k]),
              sum((w * x)[d == k]) / sum(w * x)))
    for (k in 1:5)
        say(what, sprintf("benefit_incidence_%d", k),
            c(k, sum(w[d == k]), sum((w * benefit)[d == k]), weighted.mean(benefit[d == k], w[d == k]),
              sum((w * benefit)[d == k]) / sum(w * benefit)))
}

cat("-- Written by test/oracle/statistics.R: what R says. Do not edit.\n")
cat("INSERT INTO r_figure VALUES\n", paste(lines, collapse = ",\n"), ";\n", sep = "")
