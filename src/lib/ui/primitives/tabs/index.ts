export { default as Tabs } from './tabs.svelte';
