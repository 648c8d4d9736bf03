export { default as DateInput } from './date-input.svelte';
