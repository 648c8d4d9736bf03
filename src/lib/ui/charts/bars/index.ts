export { default as Bars } from './bars.svelte';
