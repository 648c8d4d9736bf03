export { default as AutosaveStatus } from './autosave-status.svelte';
