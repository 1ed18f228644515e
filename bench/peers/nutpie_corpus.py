"""A model of the corpus as its users write it in PyMC, sampled by nutpie: for each seed the draws, and the CPU seconds that sampling took when compiled.

Takes the folder of a model (problem.json, see ../corpus/models.mjs), names of parameters and seeds; writes draws-SEED.bin in it (parameters × chains ×
draws, doubles) and prints one JSON line a seed.
"""
import json, os, re, sys
from common import Clock


def main():
    folder, names, seeds, warmup, draws = sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
    import numpy as np, pymc as pm, pytensor.tensor as pt, nutpie
    with open(os.path.join(folder, "problem.json")) as f:
        p = json.load(f)
    group, groups, count = np.array(p["group"]), p["groups"], len(p["groups"])
    column = lambda name: None if p[name] is None else np.array(p[name], dtype=float)
    mask = np.array(p["mask"])

    def prior(name, text, positive=False, **shape):
        dist, args = re.fullmatch(r"(\w+)\((.*)\)", text).groups()
        a = [float(v) for v in args.split(",")] if args else []
        make = {
            "normal": lambda: pm.Normal(name, *a, **shape), "student_t": lambda: pm.StudentT(name, nu=a[0], mu=a[1], sigma=a[2], **shape),
            "cauchy": lambda: pm.Cauchy(name, *a, **shape), "laplace": lambda: pm.Laplace(name, *a, **shape),
            "uniform": lambda: pm.Uniform(name, max(0, a[0]) if positive else a[0], a[1], **shape), "half_normal": lambda: pm.HalfNormal(name, a[0], **shape),
            "half_student_t": lambda: pm.HalfStudentT(name, nu=a[0], sigma=a[1], **shape), "half_cauchy": lambda: pm.HalfCauchy(name, a[0], **shape),
            "exponential": lambda: pm.Exponential(name, a[0], **shape), "gamma": lambda: pm.Gamma(name, alpha=a[0], beta=a[1], **shape),
            "inverse_gamma": lambda: pm.InverseGamma(name, alpha=a[0], beta=a[1], **shape), "lognormal": lambda: pm.LogNormal(name, a[0], a[1], **shape),
        }
        return make[dist]()

    where = {}  # parameter's name → (variable, index)
    with pm.Model() as model:
        eta = np.log(column("exposure")) if p["exposure"] is not None else np.zeros(len(group))
        for k, t in enumerate(p["terms"]):
            base = "alpha" if t["kind"] == "intercept" else f"w[{t['name']}]"
            name = "alpha" if t["kind"] == "intercept" else f"w_{t['name']}"
            of = lambda g: f"alpha[{g}]" if t["kind"] == "intercept" else f"w[{t['name']}, {g}]"
            on = np.nonzero(mask[:, k])[0]
            if len(on) == 0:
                continue
            at = np.zeros(count, dtype=int)
            at[on] = np.arange(len(on))
            if t["pooling"] == "complete":
                b = prior(name, t["prior"])
                where[base] = (name, ())
                value = b
            else:
                if t["pooling"] == "partial":
                    mu, tau = prior(f"mu_{name}", t["prior"]), prior(f"tau_{name}", t["sd"], True)
                    where[f"mu_{base}"], where[f"tau_{base}"] = (f"mu_{name}", ()), (f"tau_{name}", ())
                    z = pm.Normal(f"z_{name}", 0, 1, shape=len(on))
                    b = pm.Deterministic(name, mu + tau * z)
                else:
                    b = prior(name, t["prior"], shape=len(on))
                for i, g in enumerate(on):
                    where[of(groups[g])] = (name, (i,))
                value = b[at[group]]
            x = 1.0 if t["kind"] == "intercept" else np.where(mask[group, k] == 1, np.array(p["x"][t["name"]], dtype=float), 0.0)
            eta = eta + value * (mask[group, k] * x)
        y, family = column("y"), p["family"]
        sigma = column("se")
        if p["scale"] is not None:
            by_group = p["scale"]["by"] == "group"
            s = prior("scale", p["scale"]["prior"], True, **({"shape": count} if by_group else {}))
            sigma = s[group] if by_group else s
            for i in range(count) if by_group else [None]:
                where["scale" if i is None else f"scale[{groups[i]}]"] = ("scale", () if i is None else (i,))
        extra = p["nu"] or p["shape"]
        if extra is not None:
            key = "nu" if p["nu"] else "shape"
            e = prior(key, extra, True)
            where[key] = (key, ())
        likelihood = {
            "gaussian": lambda: pm.Normal.dist(eta, sigma), "student_t": lambda: pm.StudentT.dist(nu=e, mu=eta, sigma=sigma),
            "bernoulli": lambda: pm.Bernoulli.dist(logit_p=eta), "binomial": lambda: pm.Binomial.dist(n=column("trials"), logit_p=eta),
            "poisson": lambda: pm.Poisson.dist(mu=pt.exp(eta)), "negative_binomial": lambda: pm.NegativeBinomial.dist(mu=pt.exp(eta), alpha=e),
        }[family]()
        weights = column("weights")
        pm.Potential("rows", (pm.logp(likelihood, y if family in ("gaussian", "student_t") else y.astype(int)) * (1.0 if weights is None else weights)).sum())
    compiled = nutpie.compile_pymc_model(model, backend="numba")
    nutpie.sample(compiled, draws=5, tune=20, chains=4, seed=1, progress_bar=False)
    for seed in seeds:
        with Clock() as clock:
            trace = nutpie.sample(compiled, draws=draws, tune=warmup, chains=4, seed=seed, progress_bar=False)
        values = []
        for name in names:
            variable, index = where[name]
            values.append(np.asarray(trace.posterior[variable].values, dtype=float)[(slice(None), slice(None)) + index])
        np.asarray(values).tofile(os.path.join(folder, f"draws-{seed}.bin"))
        diverging = trace.sample_stats["diverging"].values.astype(int)
        print(json.dumps(dict(seed=seed, cpu=clock.cpu, diverging=diverging.ravel().tolist())), flush=True)


if __name__ == "__main__":
    main()
