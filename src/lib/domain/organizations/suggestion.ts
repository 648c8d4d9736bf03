import type { FactKey } from './fact-terms.ts';
import type { Levels } from './maturity.ts';
import type { MaturityModel } from './maturity-model.ts';
import type { Evidence } from './metrics.ts';
import type { RecordFacts } from './record-facts.ts';
import type { Dimension } from './types.ts';

/** One figure that speaks for or against a level. */
export type SuggestionFigure = {
	level: number;
	fact: FactKey;
	/** Null: nothing to compute it from; it then says nothing. */
	figure: number | null;
	min: number;
	met: boolean | null;
	evidence: Evidence[];
};

/** What the record says about a dimension, with the figures that say so. */
export type Suggestion = {
	dimension: Dimension;
	/** Proven by the record; 1 when it proves nothing. */
	atLeast: number;
	/** No higher than this, because the record contradicts more; null when it contradicts nothing. */
	atMost: number | null;
	figures: SuggestionFigure[];
};

/**
 * Levels the record proves or contradicts, by the rules of the model. A level is contradicted when one of its figures
 * is known and too low, and with it every level above; it is proven when its rule may prove it and every figure is
 * there. What is proven above a contradicted level does not count. Dimensions about which no figure is known are
 * left out.
 */
export const suggestLevels = (model: MaturityModel, facts: RecordFacts): Suggestion[] =>
	model.dimensions.flatMap(({ key: dimension, rules }): Suggestion[] => {
		const figures = [...rules]
			.sort((a, b) => a.level - b.level)
			.flatMap(({ level, conditions }) =>
				conditions.map(({ fact, min }): SuggestionFigure => {
					const { figure, evidence } = facts[fact];
					return { level, fact, figure, min, met: figure === null ? null : figure >= min, evidence };
				})
			);
		if (figures.every(({ met }) => met === null)) return [];
		const contradicted = Math.min(...figures.filter(({ met }) => met === false).map(({ level }) => level), 6);
		const proven = rules
			.filter(({ level, proves }) => proves && level < contradicted && figures.every((one) => one.level !== level || one.met === true))
			.map(({ level }) => level);
		return [{ dimension, atLeast: Math.max(1, ...proven), atMost: contradicted === 6 ? null : contradicted - 1, figures }];
	});

/** A level somebody gave that the record does not bear out. */
export type Contradiction = {
	dimension: Dimension;
	given: number;
	/** `above`: higher than the record allows; `below`: lower than it proves. */
	kind: 'above' | 'below';
	/** The nearest level the record agrees with. */
	bound: number;
	/** The figures that say so. */
	figures: SuggestionFigure[];
};

/** Where given levels and the record disagree. */
export const contradictions = (levels: Levels, suggestions: readonly Suggestion[]): Contradiction[] =>
	suggestions.flatMap(({ dimension, atLeast, atMost, figures }): Contradiction[] => {
		const given = levels[dimension];
		if (atMost !== null && given > atMost)
			return [
				{ dimension, given, kind: 'above', bound: atMost, figures: figures.filter(({ met, level }) => met === false && level <= given) }
			];
		if (given < atLeast)
			return [
				{ dimension, given, kind: 'below', bound: atLeast, figures: figures.filter(({ met, level }) => met === true && level <= atLeast) }
			];
		return [];
	});
