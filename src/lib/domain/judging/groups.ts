import type { JudgeGroup, Round } from '#lib/domain/competitions/types.ts';

/** The group judges belong to when nobody said otherwise. */
export const defaultGroup = 'experts';
/** The group of a public jury round that names no groups. */
export const publicGroup = 'public';

type GroupedRound = Pick<Round, 'kind' | 'reviews' | 'groups'>;

/** The groups of a round. One that names none has a single group: the experts, or the public where the public scores. */
export const groupsOf = (round: GroupedRound): JudgeGroup[] => {
	if (round.groups.length > 0) return round.groups;
	return round.kind === 'public_jury'
		? [{ key: publicGroup, label: '', weight: 1, by: 'codes', reviews: 0 }]
		: [{ key: defaultGroup, label: '', weight: 1, by: 'judges', reviews: round.reviews }];
};

/** The groups whose members score with one-time codes. */
export const codeGroups = (round: GroupedRound): JudgeGroup[] => groupsOf(round).filter(({ by }) => by === 'codes');

/** Whether appointed judges score in the round at all. */
export const hasJudges = (round: GroupedRound): boolean => groupsOf(round).some(({ by }) => by === 'judges');

/**
 * The group a judge scores in, or null when the round has no place for theirs. Somebody of the default group joins
 * the first group of judges where the round has no group of that name.
 */
export const groupInRound = (round: GroupedRound, judgeGroup: string): string | null => {
	const judged = groupsOf(round).filter(({ by }) => by === 'judges');
	const own = judged.find(({ key }) => key === judgeGroup);
	if (own) return own.key;
	// Without declared groups everybody scores alike.
	return round.groups.length === 0 || judgeGroup === defaultGroup ? (judged[0]?.key ?? null) : null;
};

/** How many scorecards a proposal gets from which group of judges; undefined where the round names no groups. */
export const quotasOf = (round: GroupedRound): { group: string; reviews: number }[] | undefined =>
	round.groups.length === 0
		? undefined
		: round.groups.flatMap(({ key, by, reviews }) => (by === 'judges' ? [{ group: key, reviews }] : []));
