export { default as Button } from './button.svelte';
export { default as LinkButton } from './link-button.svelte';
export type { ButtonSize, ButtonVariant } from './style.ts';
