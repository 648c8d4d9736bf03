import { addMonths, dayOf, dayStart } from '#lib/domain/shared/days.ts';
import { dimensions } from './terms.ts';
import type { Dimension } from './types.ts';

export type Levels = Record<Dimension, number>;

/** How an overall level came about; every part can be shown. All in levels, 1–5, one decimal. */
export type Overall = {
	overall: number;
	/** Mean of the seven, half up. */
	mean: number;
	/** The lower of governance and finance, plus one. */
	cap: number;
	/** The cap made the difference. */
	capped: boolean;
	/** Which of the two set the cap. */
	capBy: 'governance' | 'finance';
};

/**
 * The overall level: mean of the seven dimensions, at most one above the lower of governance and finance, one decimal,
 * half up (counted in whole tenths, so no binary fraction can tip it).
 */
export const overallLevel = (levels: Levels): Overall => {
	const sum = dimensions.reduce((total, dimension) => total + levels[dimension], 0);
	const meanTenths = Math.floor((sum * 20 + dimensions.length) / (dimensions.length * 2));
	const capBy = levels.finance < levels.governance ? 'finance' : 'governance';
	const cap = levels[capBy] + 1;
	return {
		overall: Math.min(meanTenths, cap * 10) / 10,
		mean: meanTenths / 10,
		cap,
		capped: meanTenths > cap * 10,
		capBy
	};
};

/** The group's own view minus the station's, by dimension; dimensions that agree are left out, widest first. */
export const gaps = (self: Levels, station: Levels): { dimension: Dimension; self: number; station: number; gap: number }[] =>
	dimensions
		.map((dimension) => ({
			dimension,
			self: self[dimension],
			station: station[dimension],
			gap: self[dimension] - station[dimension]
		}))
		.filter(({ gap }) => gap !== 0)
		.sort((a, b) => Math.abs(b.gap) - Math.abs(a.gap));

/** Months after which an organization is assessed again. */
export const reassessMonths = 6;

/** When the next assessment is due: six months after the last one, or after incubation began when there is none. */
export const assessmentDue = (lastAt: Date | null, incubatingSince: Date): Date =>
	dayStart(addMonths(dayOf(lastAt ?? incubatingSince), reassessMonths));
