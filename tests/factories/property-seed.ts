import { configureGlobal } from 'fast-check';

/**
 * Properties are tried on the same random cases in every run, so that whether a change may land does not hang on luck.
 * `PROPERTY_SEED=random` explores others, `PROPERTY_SEED=<number>` repeats what a failure printed.
 */
const wanted = process.env['PROPERTY_SEED'] ?? '20270131';
if (wanted !== 'random') configureGlobal({ seed: Number(wanted) });
