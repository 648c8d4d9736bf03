export { default as Badge } from './badge.svelte';
export { default as Status } from './status.svelte';
export type { StatusShape } from './shapes.ts';
