"""PyMC's model sampled by nutpie, centred. --way plain (pooled Gaussian): as its users write it, every cell sampled and multiplied by the mask.
Else in its fastest coding: one gather a covariate, masked coefficients left out."""
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


def plain_model_of(d):
    import pymc as pm
    p, groups, covariates = d["priors"], *d["mask"].shape
    with pm.Model() as model:
        mu_alpha, tau_alpha = pm.Normal("mu_alpha", *p["intercept"]), pm.HalfNormal("tau_alpha", p["intercept_sd"])
        mu_w, tau_w = pm.Normal("mu_w", *p["weights"], shape=covariates), pm.HalfNormal("tau_w", p["weights_sd"], shape=covariates)
        alpha = pm.Normal("alpha", mu_alpha, tau_alpha, shape=groups)
        w = pm.Normal("w", mu_w[:, None], tau_w[:, None], shape=(covariates, groups))
        eta = alpha[d["group"]] + (d["x"] * (w.T * d["mask"])[d["group"]]).sum(-1)
        pm.Normal("obs", eta, pm.HalfNormal("scale", p["scale"]), observed=d["y"])
    return model


def main():
    o = arguments()
    import numpy as np, pymc as pm, pytensor, nutpie
    d = load(o.folder)
    plain = o.way == "plain"
    compiled = nutpie.compile_pymc_model(plain_model_of(d) if plain else model_of(d), backend="numba")
    names = ["alpha", "w", "scale", "mu_alpha", "tau_alpha", "mu_w", "tau_w"] if plain else ["b"] + (["scale"] if d["family"] == "gaussian" else []) + (["mu", "tau"] if d["pooled"] else [])

    def sample(seed, warmup=o.warmup, draws=o.draws):
        with Clock() as clock:
            trace = nutpie.sample(compiled, draws=draws, tune=warmup, chains=o.chains, seed=seed, progress_bar=False)
        statistics = trace.sample_stats
        samples = {k: trace.posterior[k].values for k in names}
        if plain:  # chains × draws × covariates × groups: the cells that exist
            samples["w"] = samples["w"][:, :, d["mask"].T]
        return clock, samples, statistics["diverging"].values.sum(), int(statistics["n_steps"].values.sum())

    versions = dict(nutpie=nutpie.__version__, pymc=pm.__version__, pytensor=pytensor.__version__)
    if o.runs == 0:
        import arviz as az
        print(az.summary(az.convert_to_dataset(sample(o.seed)[1]), hdi_prob=0.9))
        return emit(versions, [])
    # nutpie compiles before it samples: a few iterations see that nothing is left to be done once.
    sample(o.seed, 5, 5) if o.way in ("cold", "plain") else sample(o.seed)
    emit(versions, [measured(*sample(o.seed + 1 + k)) for k in range(o.runs)])


if __name__ == "__main__":
    main()
