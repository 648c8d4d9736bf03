export { default as Person } from './person.svelte';
