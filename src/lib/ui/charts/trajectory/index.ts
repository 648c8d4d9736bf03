export { default as Trajectory } from './trajectory.svelte';
