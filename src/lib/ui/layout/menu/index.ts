export { default as Menu } from './menu.svelte';
