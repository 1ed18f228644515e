"""NumPyro. --way plain: as its users write it (plates, vectorized chains, the progress bar on). --way jitted: the whole run under one jit,
chain after chain, masked coefficients left out, compiled ahead of time."""
from common import *


def plain_model(d):
    import jax.numpy as jnp, numpyro, numpyro.distributions as dist
    p = d["priors"]
    mask, group, x, y = jnp.array(d["mask"], dtype=float), jnp.array(d["group"]), jnp.array(d["x"]), jnp.array(d["y"])

    def model():
        with numpyro.plate("groups", mask.shape[0]):
            alpha = numpyro.sample("alpha", dist.Normal(*p["intercept"]))
            with numpyro.plate("covariates", mask.shape[1]):
                w = numpyro.sample("w", dist.Normal(*p["weights"]))
        scale = numpyro.sample("scale", dist.HalfNormal(p["scale"]))
        mu = alpha[group] + jnp.sum(x * (w.T * mask)[group], axis=-1)
        with numpyro.plate("rows", len(y)):
            numpyro.sample("obs", dist.Normal(mu, scale), obs=y)

    return model


def jitted_model(d):
    import jax.numpy as jnp, numpyro, numpyro.distributions as dist
    p, k = d["priors"], d["terms"]
    term_of, index = jnp.array(d["term_of"]), jnp.array(d["index"])
    mean = jnp.array([p["intercept"][0]] + [p["weights"][0]] * (k - 1))
    sd = jnp.array([p["intercept"][1]] + [p["weights"][1]] * (k - 1))

    def model(design, group, y):
        if d["pooled"]:
            mu = numpyro.sample("mu", dist.Normal(mean, sd))
            tau = numpyro.sample("tau", dist.HalfNormal(jnp.array([p["intercept_sd"]] + [p["weights_sd"]] * (k - 1))))
            b = numpyro.sample("b", dist.Normal(mu[term_of], tau[term_of]))
        else:
            b = numpyro.sample("b", dist.Normal(mean[term_of], sd[term_of]))
        eta = (design * b[index][group]).sum(-1)
        if d["family"] == "gaussian":
            obs = dist.Normal(eta, numpyro.sample("scale", dist.HalfNormal(p["scale"])))
        else:
            obs = dist.Bernoulli(logits=eta) if d["family"] == "bernoulli" else dist.Poisson(jnp.exp(eta))
        numpyro.sample("obs", obs, obs=y)

    return model


def main():
    o = arguments()
    import jax, jax.numpy as jnp, numpy as np, numpyro
    from numpyro.infer import MCMC, NUTS
    d = load(o.folder)
    sizes = dict(num_warmup=o.warmup, num_samples=o.draws, num_chains=o.chains)
    fields = ("diverging", "num_steps")
    if o.way == "plain":
        mcmc = MCMC(NUTS(plain_model(d)), chain_method="vectorized", progress_bar=True, **sizes)

        def sample(seed):
            with Clock() as clock:
                mcmc.run(jax.random.PRNGKey(seed), extra_fields=fields)
                samples = jax.block_until_ready(mcmc.get_samples(group_by_chain=True))
            return clock, samples, mcmc.get_extra_fields()
    else:
        def run(key, design, group, y):
            inner = MCMC(NUTS(jitted_model(d)), chain_method="sequential", progress_bar=False, **sizes)
            inner.run(key, design, group, y, extra_fields=fields)
            return inner.get_samples(group_by_chain=True), inner.get_extra_fields()

        data = (jnp.array(d["design"]), jnp.array(d["group"]), jnp.array(d["y"]))
        compiled = jax.jit(run).lower(jax.random.PRNGKey(0), *data).compile()

        def sample(seed):
            with Clock() as clock:
                samples, extra = jax.block_until_ready(compiled(jax.random.PRNGKey(seed), *data))
            return clock, samples, extra

    def line(clock, samples, extra):
        kept = {k: np.asarray(v) for k, v in samples.items()}
        if "w" in kept:  # chains × draws × covariates × groups: the cells that exist
            kept["w"] = kept["w"][:, :, d["mask"].T]
        return measured(clock, kept, extra["diverging"].sum(), int(extra["num_steps"].sum()))

    versions = dict(numpyro=numpyro.__version__, jax=jax.__version__)
    if o.runs == 0:
        mcmc.run(jax.random.PRNGKey(o.seed))
        mcmc.print_summary()
        return emit(versions, [])
    if o.way == "plain":
        sample(o.seed)
    emit(versions, [line(*sample(o.seed + 1 + k)) for k in range(o.runs)])


if __name__ == "__main__":
    main()
