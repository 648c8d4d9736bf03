export { default as DisplaySettings } from './display-settings.svelte';
export { default as TextSizeSwitch } from './text-size-switch.svelte';
