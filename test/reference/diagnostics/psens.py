# Draws and what ArviZ 0.23.4 says of their sensitivity to power-scaling by 0.8 and 1.25; prints psens.json.
import numpy as np, json, warnings
warnings.simplefilter('ignore')
from arviz.stats import stats as st
rng=np.random.default_rng(20)
n=200
theta=np.round(rng.normal(size=n),6); tau=np.round(np.exp(rng.normal(size=n)),6)
lp=-0.5*theta**2/4 - tau
ll=-0.5*(theta-1.5)**2*3 + 0.2*np.log(tau)
out={'theta':theta.tolist(),'tau':tau.tolist()}
for nm,c in (('prior',lp),('likelihood',ll)):
    lo=np.exp(st._powerscale_lw(0.8,c)); hi=np.exp(st._powerscale_lw(1.25,c))
    lo/=lo.sum(); hi/=hi.sum()
    for p,d in (('theta',theta),('tau',tau)):
        out[nm+'_'+p]=float(st._powerscale_sens(d,lower_weights=lo,upper_weights=hi,delta=0.25))
print(json.dumps(out))
