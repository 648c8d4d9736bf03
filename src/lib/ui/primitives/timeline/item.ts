import type { Tone } from '../tone.ts';

/** One event of a record. `at` is an instant (ISO 8601 or Date). */
export type TimelineItem = {
	id: string;
	at: string | Date;
	title: string;
	who?: string;
	detail?: string;
	href?: string;
	tone?: Tone;
	/** Show “3 天前” instead of the date. */
	relative?: boolean;
};
