import { error } from '@sveltejs/kit';
import { isFrozen } from '#lib/domain/competitions/lifecycle.ts';
import { competitionPatchSchema } from '#lib/domain/competitions/schema.ts';
import type { Timeline } from '#lib/domain/competitions/types.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { wordsFor } from '#lib/server/http/messages.ts';
import { editCompetition, readCompetition, settingsOf } from '#lib/server/modules/competitions/index.ts';
import { stationsByIds } from '#lib/server/modules/stations/index.ts';
import { frozenPart, isPart } from '../parts.ts';
import { preparePart } from './prepare.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { part } = event.params;
	if (!isPart(part)) error(404, wordsFor('not_found'));
	const competition = await forPage(readCompetition(actor, event.params.id));
	const settings = settingsOf(competition);
	const above = await stationsByIds([...competition.stationPath, ...settings.eligibility.catchment]);
	return {
		part,
		settings,
		version: competition.version,
		opened: isFrozen(competition.state),
		locked: isFrozen(competition.state) && frozenPart(part),
		places: [...above.values()].map(({ id, name }) => ({ id, name }))
	};
};

// A field shows minutes; a time nobody touched keeps its seconds.
const keptTimes = (stored: Timeline, sent: Timeline): Timeline => {
	const minute = (time: string | null) => (time === null ? null : Math.floor(Date.parse(time) / 60_000));
	const pick = (name: 'announcesAt' | 'scoringUntil') => (minute(stored[name]) === minute(sent[name]) ? stored[name] : sent[name]);
	const must = (name: 'opensAt' | 'closesAt') => (minute(stored[name]) === minute(sent[name]) ? stored[name] : sent[name]);
	return { ...sent, announcesAt: pick('announcesAt'), opensAt: must('opensAt'), closesAt: must('closesAt'), scoringUntil: pick('scoringUntil') };
};

export const actions = {
	default: formAction(
		competitionPatchSchema,
		async (input, { actor, event }) => {
			const id = event.params.id ?? '';
			const stored = settingsOf(await readCompetition(actor, id)).timeline;
			await editCompetition(actor, id, { ...input, ...(input.timeline ? { timeline: keptTimes(stored, input.timeline) } : {}) });
			return `/app/competitions/${id}/settings`;
		},
		preparePart
	)
} satisfies Actions;
