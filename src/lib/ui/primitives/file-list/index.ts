export { default as FileList } from './file-list.svelte';
