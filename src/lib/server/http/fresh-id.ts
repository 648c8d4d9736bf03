import { randomBytes } from 'node:crypto';

/**
 * An id a form carries from the moment it is shown. What the form makes gets this id, so that sending it twice (a double
 * press, a lost answer on a bad network) makes one thing.
 */
export const freshId = (): string => randomBytes(12).toString('hex');
