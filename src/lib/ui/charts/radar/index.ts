export { default as Radar } from './radar.svelte';
