import { randomInt } from 'node:crypto';

// Without the letters and digits people mistake for each other when they type an address from a poster.
const letters = 'abcdefghjkmnpqrstuvwxyz23456789';

/** The part of a survey's public address: ten letters, short enough to type, too many to guess. */
export const newToken = (): string => Array.from({ length: 10 }, () => letters[randomInt(letters.length)]).join('');
