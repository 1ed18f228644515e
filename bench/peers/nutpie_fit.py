"""PyMC's model sampled by nutpie, in its fastest coding: one gather a covariate, masked coefficients left out, centred."""
from common import *


def model_of(d):
    import pymc as pm, pytensor.tensor as pt
    p, k, j = d["priors"], d["terms"], d["count"]
    mean = [p["intercept"][0]] + [p["weights"][0]] * (k - 1)
    sd = [p["intercept"][1]] + [p["weights"][1]] * (k - 1)
    import numpy as np
    with pm.Model() as model:
        if d["pooled"]:
            mu = pm.Normal("mu", np.array(mean), np.array(sd), shape=k)
            tau = pm.HalfNormal("tau", np.array([p["intercept_sd"]] + [p["weights_sd"]] * (k - 1)), shape=k)
            b = pm.Normal("b", mu[d["term_of"]], tau[d["term_of"]], shape=j)
        else:
            b = pm.Normal("b", np.array(mean)[d["term_of"]], np.array(sd)[d["term_of"]], shape=j)
        at = d["index"][d["group"]]
        eta = b[at[:, 0]]
        for column in range(1, k):
            eta = eta + d["design"][:, column].copy() * b[at[:, column]]
        if d["family"] == "gaussian":
            pm.Normal("obs", eta, pm.HalfNormal("scale", p["scale"]), observed=d["y"])
        elif d["family"] == "bernoulli":
            pm.Bernoulli("obs", logit_p=eta, observed=d["y"])
        else:
            pm.Poisson("obs", mu=pt.exp(eta), observed=d["y"])
    return model


def main():
    o = arguments()
    import numpy as np, pymc as pm, pytensor, nutpie
    d = load(o.folder)
    compiled = nutpie.compile_pymc_model(model_of(d), backend="numba")
    names = ["b"] + (["scale"] if d["family"] == "gaussian" else []) + (["mu", "tau"] if d["pooled"] else [])

    def sample(seed, warmup=o.warmup, draws=o.draws):
        with Clock() as clock:
            trace = nutpie.sample(compiled, draws=draws, tune=warmup, chains=o.chains, seed=seed, progress_bar=False)
        statistics = trace.sample_stats
        samples = {k: trace.posterior[k].values for k in names}
        return clock, samples, statistics["diverging"].values.sum(), int(statistics["n_steps"].values.sum())

    versions = dict(nutpie=nutpie.__version__, pymc=pm.__version__, pytensor=pytensor.__version__)
    if o.runs == 0:
        import arviz as az
        print(az.summary(az.convert_to_dataset(sample(o.seed)[1]), hdi_prob=0.9))
        return emit(versions, [])
    # nutpie compiles before it samples: a few iterations see that nothing is left to be done once.
    sample(o.seed, 5, 5) if o.way == "cold" else sample(o.seed)
    emit(versions, [measured(*sample(o.seed + 1 + k)) for k in range(o.runs)])


if __name__ == "__main__":
    main()
