export { default as ScoreStrip } from './score-strip.svelte';
