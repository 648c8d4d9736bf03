import type { Round } from '#lib/domain/competitions/types.ts';

/** Whether judges of the round are kept from knowing whose proposal they read. Whoever pitches is seen. */
export const isBlind = (round: Pick<Round, 'kind' | 'blind'>): boolean => round.kind === 'document' && (round.blind ?? false);

/** Names shorter than this are too common as words to be blotted out of a text. */
const shortest = 2;

/** The text with every occurrence of a name replaced; white space inside the name does not matter, nor does its case. */
export const withoutName = (text: string, name: string, instead: string): string => {
	const letters = [...name.replace(/\s+/g, '')];
	if (letters.length < shortest) return text;
	const pattern = letters.map((letter) => letter.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('\\s*');
	return text.replace(new RegExp(pattern, 'giu'), instead);
};
