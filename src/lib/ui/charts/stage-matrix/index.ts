export { default as StageMatrix } from './stage-matrix.svelte';
