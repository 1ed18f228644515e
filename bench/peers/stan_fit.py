"""Stan through PyStan in its fastest coding: rows sorted by group, one *_glm call a group, masked coefficients left out."""
from common import *

LIKELIHOOD = {
    "gaussian": "y[s[g]:e[g]] ~ normal_id_glm(X[s[g]:e[g]], B[g, 1], to_vector(B[g, 2:K]), scale);",
    "bernoulli": "y[s[g]:e[g]] ~ bernoulli_logit_glm(X[s[g]:e[g]], B[g, 1], to_vector(B[g, 2:K]));",
    "poisson": "y[s[g]:e[g]] ~ poisson_log_glm(X[s[g]:e[g]], B[g, 1], to_vector(B[g, 2:K]));",
}


def program(problem):
    p, gaussian, pooled = problem["priors"], problem["family"] == "gaussian", problem["pooled"]
    response = "vector[N] y;" if gaussian else "array[N] int y;"
    normal = lambda prior: f"normal({prior[0]}, {prior[1]})"
    declared = ["vector[J] b;"]
    priors = []
    if gaussian:
        declared.append("real<lower=0> scale;")
        priors.append(f"scale ~ normal(0, {p['scale']});")
    if pooled:
        declared += ["vector[K] mu;", "vector<lower=0>[K] tau;"]
        priors += [f"mu[1] ~ {normal(p['intercept'])};", f"mu[2:K] ~ {normal(p['weights'])};"]
        priors += [f"tau[1] ~ normal(0, {p['intercept_sd']});", f"tau[2:K] ~ normal(0, {p['weights_sd']});", "b ~ normal(mu[ki], tau[ki]);"]
    else:
        priors.append(f"for (j in 1:J) b[j] ~ normal(ki[j] == 1 ? {p['intercept'][0]} : {p['weights'][0]}, ki[j] == 1 ? {p['intercept'][1]} : {p['weights'][1]});")
    return f"""data {{ int N; int G; int K; int J; array[J] int gi; array[J] int ki; matrix[N, K - 1] X; {response} array[G] int s; array[G] int e; }}
parameters {{ {' '.join(declared)} }}
model {{
  matrix[G, K] B = rep_matrix(0, G, K);
  for (j in 1:J) B[gi[j], ki[j]] = b[j];
  {' '.join(priors)}
  for (g in 1:G) {LIKELIHOOD[problem['family']]}
}}
"""


def main():
    o = arguments()
    import importlib.metadata as metadata
    import numpy as np, stan
    d = load(o.folder)
    order = np.argsort(d["group"], kind="stable")
    counts = np.bincount(d["group"], minlength=len(d["mask"]))
    ends = np.cumsum(counts)
    y = d["y"][order]
    data = dict(N=len(y), G=len(counts), K=d["terms"], J=d["count"], gi=(d["group_of"] + 1).tolist(), ki=(d["term_of"] + 1).tolist(),
                X=d["x"][order].tolist(), y=y.tolist(), s=(ends - counts + 1).tolist(), e=ends.tolist())
    names = ["b"] + (["scale"] if d["family"] == "gaussian" else []) + (["mu", "tau"] if d["pooled"] else [])

    def sample(seed):
        posterior = stan.build(program(d), data=data, random_seed=seed)
        with Clock() as clock:
            fit = posterior.sample(num_chains=o.chains, num_samples=o.draws, num_warmup=o.warmup)
        shape = lambda a: np.moveaxis(a.reshape(a.shape[:-1] + (o.draws, o.chains)), (-1, -2), (0, 1))
        samples = {k: shape(fit[k]) for k in names}
        return clock, samples, fit["divergent__"].sum(), int(fit["n_leapfrog__"].sum())

    versions = {k: metadata.version(k) for k in ("pystan", "httpstan")}
    if o.runs == 0:
        import arviz as az
        print(az.summary(az.convert_to_dataset(sample(o.seed)[1]), hdi_prob=0.9))
        return emit(versions, [])
    if o.way != "cold":
        sample(o.seed)
    emit(versions, [measured(*sample(o.seed + 1 + k)) for k in range(o.runs)])


if __name__ == "__main__":
    main()
