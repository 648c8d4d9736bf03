export { default as NumberStepper } from './number-stepper.svelte';
