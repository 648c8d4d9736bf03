import type { ProposalPatch } from '#lib/domain/proposals/types.ts';
import { invalid } from '#lib/server/platform/errors.ts';
import type { CompetitionView } from '../competitions/index.ts';

/** Refuses a track the call does not have and answers to questions it does not ask (422 at the field). */
export const knownFields = (competition: CompetitionView, edit: Pick<Partial<ProposalPatch>, 'track' | 'answers'>): void => {
	const issues = [];
	if (edit.track && !competition.tracks.some(({ key }) => key === edit.track)) issues.push({ path: 'track', code: 'choose_one' });
	const asked = new Set(competition.tracks.flatMap(({ questions }) => questions.map(({ key }) => key)));
	for (const key of Object.keys(edit.answers ?? {}))
		if (!asked.has(key)) issues.push({ path: `answers.${key}`, code: 'unknown_field', params: { field: key } });
	if (issues.length > 0) throw invalid(issues);
};
