export { default as RadioCards } from './radio-cards.svelte';
