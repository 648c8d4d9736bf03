import { CodeCounter } from './model.ts';

/** Syllables of romanized Chinese: an initial, vowels, and n or ng where no vowel follows. */
const syllable = /(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?([aeiouv]+)(?:ng(?![aeiou])|n(?![aeiou])|r(?![aeiou]))?/g;

/** The letters an organization's code begins with: the initials of the station's address, `gaoqiao` → `GQ`. */
export const codePrefix = (slug: string): string => {
	const word = slug.split('-')[0] ?? slug;
	const initials = [...word.matchAll(syllable)].map((match) => match[0][0] ?? '').join('');
	const letters = (initials.length >= 2 ? initials : word.replace(/[^a-z]/g, '').slice(0, 2)).toUpperCase().slice(0, 4);
	return letters.length >= 2 ? letters : `${letters}ZZ`.slice(0, 2);
};

/** The next code of a prefix, `GQ-0012`. A number is used up even when what it was for fails. */
export const nextCode = async (prefix: string): Promise<string> => {
	const counter = await CodeCounter.findOneAndUpdate(
		{ _id: prefix },
		{ $inc: { last: 1 } },
		{ upsert: true, returnDocument: 'after' }
	).lean();
	return `${prefix}-${String(counter?.last ?? 1).padStart(4, '0')}`;
};

/** Makes later codes go on behind codes that came from elsewhere. */
export const reserveCodes = async (codes: readonly string[]): Promise<void> => {
	const highest = new Map<string, number>();
	for (const code of codes) {
		const match = /^([A-Z]+)-(\d+)$/.exec(code);
		if (match?.[1]) highest.set(match[1], Math.max(highest.get(match[1]) ?? 0, Number(match[2])));
	}
	for (const [prefix, last] of highest)
		await CodeCounter.updateOne({ _id: prefix }, { $max: { last } }, { upsert: true });
};

/** Every tail of the name and the code, lower case: a search for any part is then a search for a beginning. */
export const searchKeysOf = (name: string, code: string): string[] => {
	const plain = [...searchText(name)];
	return [...new Set([...plain.map((_, index) => plain.slice(index).join('')), code.toLowerCase()])];
};

/** The form in which names are searched. */
export const searchText = (text: string): string => text.normalize('NFKC').trim().toLowerCase();
