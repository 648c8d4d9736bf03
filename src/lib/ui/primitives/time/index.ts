export { default as Time } from './time.svelte';
export { provideClock } from './clock.ts';
