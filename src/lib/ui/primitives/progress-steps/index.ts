export { default as ProgressSteps } from './progress-steps.svelte';
export type { ProgressStep } from './step.ts';
