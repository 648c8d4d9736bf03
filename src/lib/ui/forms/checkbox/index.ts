export { default as Checkbox } from './checkbox.svelte';
export { default as CheckboxGroup } from './checkbox-group.svelte';
