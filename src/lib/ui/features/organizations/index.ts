export { default as ApplicationFields } from './application-fields.svelte';
export { default as StageSteps } from './stage-steps.svelte';
export * from './words.ts';
