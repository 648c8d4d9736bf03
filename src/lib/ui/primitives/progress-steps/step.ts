/** One step of a way; `href` opens its records. */
export type ProgressStep = { label: string; state: 'done' | 'current' | 'todo'; href?: string; note?: string };

/** Seed, sprout, young plant, bud, fruit: the five stages of growth, on a 24-unit grid. */
export const growthGlyphs = [
	{ fill: 'M12 17.5c-3 0-4.5-2-4.5-4.3S9.5 7.5 12 6.5c2.5 1 4.5 4.4 4.5 6.7s-1.5 4.3-4.5 4.3Z', line: 'M5 19.5h14' },
	{ fill: 'M12 13c0-4-2.5-6-6.5-6 0 4 2.5 6 6.5 6ZM12 11.5c0-4 2.5-6 6.5-6 0 4-2.5 6-6.5 6Z', line: 'M12 19.5V11M6 19.5h12' },
	{
		fill: 'M12 16c0-3.3-2-5-5.5-5 0 3.3 2 5 5.5 5ZM12 14.5c0-3.3 2-5 5.5-5 0 3.3-2 5-5.5 5ZM12 10c-2.5-1.3-2.5-4.2 0-6.5 2.5 2.3 2.5 5.2 0 6.5Z',
		line: 'M12 20V9.5M6 20h12'
	},
	{
		fill: 'M12 10c-3.5-.5-4.3-3.3-2.5-6.5l2.5 2 2.5-2c1.8 3.2 1 6-2.5 6.5ZM12 17c0-3-1.8-4.5-5-4.5 0 3 1.8 4.5 5 4.5ZM12 15.5c0-3 1.8-4.5 5-4.5 0 3-1.8 4.5-5 4.5Z',
		line: 'M12 20v-10M6 20h12'
	},
	{
		fill: 'M12 3a5 5 0 0 1 4.6 3.2 4.3 4.3 0 0 1-.6 8.3H8a4.3 4.3 0 0 1-.6-8.3A5 5 0 0 1 12 3Z',
		line: 'M12 20v-9.5M12 14l3-2.5M12 16l-2.5-2M6 20h12'
	}
] as const;
