# Cuts of the rows on standard input by the package survey, rule "math".
#   psql ... -c "COPY oracle_row TO STDOUT (FORMAT csv)" | Rscript ranking.R
suppressPackageStartupMessages(library(survey))
rows <- read.csv(file("stdin"), header = FALSE, col.names = c("shape", "kind", "i", "score", "weight"),
                 colClasses = c("character", "character", "integer", "numeric", "numeric"))
for (shape in unique(rows$shape)) for (kind in unique(rows$kind)) {
    part <- rows[rows$shape == shape & rows$kind == kind, ]
    if (sum(part$weight) == 0) next
    for (n in c(2, 3, 10, 100)) {
        design <- svydesign(ids = ~1, weights = ~weight, data = part[part$weight > 0, ])
        cuts <- svyquantile(~score, design, quantiles = (1:(n - 1)) / n, qrule = "math", ci = FALSE)$score
        cat(sprintf("%s,%s,%d,%d,%.17g\n", shape, kind, n, 1:(n - 1), as.vector(cuts)), sep = "")
    }
}
