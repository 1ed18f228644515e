"""What the peers' scripts share: arguments, data, CPU seconds of the process tree, effective sample sizes, the line they print.

A script takes the folder of a problem (data.csv and problem.json, see ../data.mjs) and prints one JSON document as its last line:
{"versions": {…}, "runs": [{"cpu", "wall", "bulk", "tail", "r_hat", "divergences", "gradients"}]}.
With --runs 0 it does what a user's script does: one fit, and the table of its posterior.
"""
import argparse, json, os, sys, time

TICK = os.sysconf("SC_CLK_TCK")


def arguments():
    a = argparse.ArgumentParser()
    a.add_argument("folder")
    a.add_argument("--runs", type=int, default=5, help="timed samplings after one that is not; 0: one fit and its table")
    a.add_argument("--way", default="", help="see the script")
    a.add_argument("--chains", type=int, default=4)
    a.add_argument("--warmup", type=int, default=200)
    a.add_argument("--draws", type=int, default=300)
    a.add_argument("--seed", type=int, default=1)
    return a.parse_args()


def load(folder):
    """Rows with zeros where masked; `design` has the intercept first; `group_of` and `term_of` list the coefficients that exist."""
    import numpy as np, pandas as pd
    with open(os.path.join(folder, "problem.json")) as f:
        problem = json.load(f)
    rows = pd.read_csv(os.path.join(folder, "data.csv"))
    group = pd.Categorical(rows[problem["group"]], categories=problem["groups"]).codes.astype("int32")
    mask = np.array(problem["mask"], dtype=bool)
    x = rows[problem["covariates"]].to_numpy(dtype=float)
    x = np.where(mask[group], x, 0.0)
    active = np.c_[np.ones(len(mask), dtype=bool), mask]
    group_of, term_of = np.nonzero(active)
    index = np.zeros(active.shape, dtype=int)
    index[group_of, term_of] = np.arange(len(group_of))
    return dict(problem, group=group, mask=mask, active=active, x=x, design=np.c_[np.ones(len(x)), x], y=rows[problem["response"]].to_numpy(),
                group_of=group_of, term_of=term_of, index=index, count=len(group_of), terms=active.shape[1])


def tree_seconds():
    """User and system seconds of this process, of the children it has waited for, and of its living descendants."""
    parents, seconds = {}, {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat") as f:
                fields = f.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents[int(name)] = int(fields[1])
        seconds[int(name)] = sum(map(int, fields[11:15])) / TICK
    total, left = 0.0, [os.getpid()]
    while left:
        pid = left.pop()
        total += seconds.get(pid, 0.0)
        left += [child for child, parent in parents.items() if parent == pid]
    return total


class Clock:
    """Times one sampling."""

    def __enter__(self):
        self.cpu, self.wall = tree_seconds(), time.time()
        return self

    def __exit__(self, *_):
        self.cpu, self.wall = tree_seconds() - self.cpu, time.time() - self.wall


def measured(clock, samples, divergences, gradients=None):
    """One run's line. samples: name → chains × draws × …, unmasked scalars only."""
    import warnings
    warnings.filterwarnings("ignore")
    import numpy as np, arviz as az
    data = az.convert_to_dataset({k: np.asarray(v, dtype=float) for k, v in samples.items()})
    worst = lambda found, pick: float(pick([pick(v.values) for v in found.data_vars.values()]))
    return dict(cpu=clock.cpu, wall=clock.wall, bulk=worst(az.ess(data, method="bulk"), np.min), tail=worst(az.ess(data, method="tail"), np.min),
                r_hat=worst(az.rhat(data), np.max), divergences=int(divergences), gradients=gradients)


def emit(versions, runs):
    sys.stdout.flush()
    print(json.dumps({"versions": versions, "runs": runs}), flush=True)
