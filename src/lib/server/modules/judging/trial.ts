import { createMemory } from '#lib/server/platform/memory.ts';
import { Trial, TrialCard, type TrialDocument } from './panel-model.ts';

// Every save of a scorecard asks, and a sample is put in place once.
const kept = createMemory<TrialDocument | null>({ freshMs: 3000 });

export const forgetTrial = (competition: string): void => kept.forget(competition);

/** The competition's sample, or null. */
export const trialOf = (competition: string): Promise<TrialDocument | null> => kept.read(competition, () => Trial.findById(competition).lean());

// Who has done it has done it for good.
const done = createMemory<boolean>({ freshMs: 600_000, most: 2000, worth: (yes) => yes });

/** Whether the judge has to score the sample before anything else. */
export const trialFirst = async (competition: string, judge: string): Promise<boolean> => {
	const trial = await trialOf(competition);
	if (!trial?.required) return false;
	const finished = async (): Promise<boolean> => (await TrialCard.exists({ competition, judge, status: 'submitted' })) !== null;
	return !(await done.read(`${judge} ${trial.at.getTime()}`, finished));
};
