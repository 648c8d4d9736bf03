import { defaultGroup, groupInRound } from '#lib/domain/judging/groups.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { createMemory } from '#lib/server/platform/memory.ts';
import type { CompetitionView } from '../competitions/index.ts';
import { Judge } from './model.ts';
import { Trial, TrialCard, type TrialDocument } from './panel-model.ts';

// Every save of a scorecard asks, and a sample is put in place once.
const kept = createMemory<TrialDocument | null>({ name: 'trials', freshMs: 3000 });

export const forgetTrial = (competition: string): void => kept.forget(competition);

/** The competition's sample, or null. */
export const trialOf = (competition: string): Promise<TrialDocument | null> => kept.read(competition, () => Trial.findById(competition).lean());

// Who has done it has done it for good.
const done = createMemory<boolean>({ freshMs: 600_000, most: 2000, worth: (yes) => yes });

/** Whether the judge has to score the sample before anything else. Who judges in other rounds only has none to score. */
export const trialFirst = async (competition: Pick<CompetitionView, 'id' | 'rounds'>, judge: string): Promise<boolean> => {
	const trial = await trialOf(competition.id);
	const round = competition.rounds.find(({ key }) => key === trial?.round);
	if (!trial?.required || !round) return false;
	const finished = async (): Promise<boolean> => {
		if (await TrialCard.exists({ competition: competition.id, judge, status: 'submitted' })) return true;
		const found = await Judge.findById(toId(judge), { group: 1 }).lean();
		return groupInRound(round, found?.group ?? defaultGroup) === null;
	};
	return !(await done.read(`${judge} ${trial.at.getTime()}`, finished));
};
