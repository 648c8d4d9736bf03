export { default as DataTable } from './data-table.svelte';
export { sortColumn, type Column } from './column.ts';
