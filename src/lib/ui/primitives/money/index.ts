export { default as Money } from './money.svelte';
