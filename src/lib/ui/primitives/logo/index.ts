export { default as Logo } from './logo.svelte';
