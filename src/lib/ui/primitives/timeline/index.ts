export { default as Timeline } from './timeline.svelte';
export type { TimelineItem } from './item.ts';
