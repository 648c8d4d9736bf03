export { default as Card } from './card.svelte';
export { default as FactList } from './fact-list.svelte';
