export { default as Icon } from './icon.svelte';
export { iconPaths, type IconName } from './paths.ts';
