import { m } from '#lib/i18n/generated/messages.js';

/** Who scored, in words: a judge by name, a ballot of the hall by the number on its slip. */
export const scorerName = (names: ReadonlyMap<string, string>, id: string): string => {
	const ballot = /^code:(\d+)$/.exec(id)?.[1];
	return ballot === undefined ? (names.get(id) ?? '') : m.sure_ballot({ n: Number(ballot) });
};
