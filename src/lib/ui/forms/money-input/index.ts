export { default as MoneyInput } from './money-input.svelte';
