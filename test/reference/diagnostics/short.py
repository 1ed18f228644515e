# Very short chains and what ArviZ 0.23.4 says of them; prints short.json.
import json, warnings
warnings.simplefilter('ignore')
import numpy as np, arviz as az
rng = np.random.default_rng(7)
out = []
for shape in ((2, 4), (4, 5), (3, 7), (1, 6), (2, 90)):
    x = np.round(rng.normal(size=shape).cumsum(axis=1), 3)
    f = lambda v: None if not np.isfinite(v) else float(v)
    out.append({'chains': shape[0], 'draws': shape[1], 'values': x.ravel().tolist(),
                'ess_bulk': f(az.ess(x, method='bulk')), 'ess_tail': f(az.ess(x, method='tail')), 'ess_mean': f(az.ess(x, method='mean')),
                'mcse_mean': f(az.mcse(x, method='mean')), 'mcse_sd': f(az.mcse(x, method='sd')),
                'rhat': f(az.rhat(x, method='rank')) if shape[0] > 1 else None})
print(json.dumps(out, indent=1))
