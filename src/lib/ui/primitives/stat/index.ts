export { default as Stat } from './stat.svelte';
export { default as StatRow } from './stat-row.svelte';
