export { default as FileInput } from './file-input.svelte';
