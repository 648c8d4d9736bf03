export { default as Breadcrumb } from './breadcrumb.svelte';
