export { default as PublicShell } from './public-shell.svelte';
