// Property tests run from one seed, so that a green run stays green; PROPERTY_SEED=<n> looks further, and a seed that
// failed becomes a named case.
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 20_261_122) || Date.now() });
