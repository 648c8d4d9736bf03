/**
 * What a colour says. `growth` is progress and success, `money` only ever money, `info` needs no act, `warning` needs
 * attention soon, `danger` is an error or something that cannot be undone, `neutral` says nothing.
 */
export type Tone = 'neutral' | 'growth' | 'money' | 'info' | 'warning' | 'danger';
