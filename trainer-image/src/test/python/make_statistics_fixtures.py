"""Reference values for the statistics of an evaluation, from scipy and statsmodels.

    pip install scipy==1.17.1 statsmodels==0.15.0
    python make_statistics_fixtures.py ../resources/statistics/reference.json
"""

import json
import sys

import numpy
import scipy
import statsmodels
from scipy.stats import bootstrap
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint


def wilson():
    rows = []
    for n in (1, 7, 40, 96, 135, 1000):
        for successes in sorted({0, 1, n // 3, n - 1, n}):
            lower, upper = proportion_confint(successes, n, alpha=0.05, method="wilson")
            rows.append({"successes": successes, "n": n, "lower95": lower, "upper95": upper})
    return rows


def exact_mcnemar():
    rows = []
    for both, first, second, neither in [
        (10, 0, 0, 5), (10, 1, 0, 5), (3, 6, 1, 20), (0, 12, 12, 0), (50, 3, 14, 68), (0, 135, 0, 0), (1, 40, 22, 9),
    ]:
        p = mcnemar([[both, first], [second, neither]], exact=True).pvalue
        rows.append({"both": both, "onlyFirst": first, "onlySecond": second, "neither": neither, "p": float(p)})
    return rows


def holm():
    rows = []
    for p in ([0.01, 0.04, 0.03], [0.5], [0.2, 0.9, 0.9, 0.001], [1e-12, 0.02, 0.02, 0.02, 0.6]):
        rows.append({"p": p, "adjusted": list(multipletests(p, method="holm")[1])})
    return rows


def bootstraps():
    rows = []
    generator = numpy.random.default_rng(0)
    for n, shift, draw in ((135, 0.3, generator.normal), (40, 0.0, generator.exponential), (60, -2.0, generator.normal)):
        values = numpy.round(draw(size=n) + shift, 6)
        interval = bootstrap(
            (values,), numpy.mean, n_resamples=200_000, method="percentile", rng=1, batch=1000
        ).confidence_interval
        rows.append({
            "values": values.tolist(), "mean": float(values.mean()), "lower95": float(interval.low),
            "upper95": float(interval.high), "standardError": float(values.std(ddof=1) / n ** 0.5),
        })
    return rows


if __name__ == "__main__":
    fixtures = {
        "madeWith": f"scipy {scipy.__version__}, statsmodels {statsmodels.__version__}, numpy {numpy.__version__}",
        "wilson": wilson(), "mcnemar": exact_mcnemar(), "holm": holm(), "bootstrap": bootstraps(),
    }
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump(fixtures, file, indent=1)
        file.write("\n")
