export { default as TableBar } from './table-bar.svelte';
