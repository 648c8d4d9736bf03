import { error } from '@sveltejs/kit';
import { settingsGaps } from '#lib/domain/competitions/gaps.ts';
import { isFrozen } from '#lib/domain/competitions/lifecycle.ts';
import { amendmentSchema, competitionPatchSchema } from '#lib/domain/competitions/schema.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { CompetitionPatch, Timeline } from '#lib/domain/competitions/types.ts';
import { readFormData } from '#lib/server/http/form-data.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { issuesOf, wordsFor } from '#lib/server/http/messages.ts';
import { amendCompetition, editCompetition, readCompetition, settingsOf, withDefaultRubric } from '#lib/server/modules/competitions/index.ts';
import { areaNeeds } from '#lib/server/modules/proposals/index.ts';
import { stationChoices, stationsByIds } from '#lib/server/modules/stations/index.ts';
import { now } from '#lib/server/platform/clock.ts';
import { invalid } from '#lib/server/platform/errors.ts';
import { fieldId } from '#lib/ui/forms/field/index.ts';
import { frozenPart, isPart, nextPart } from '../parts.ts';
import { arrangeRows, setupAct } from './arrange.ts';
import { preparePart } from './prepare.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const actor = signedIn(event);
	const { part } = event.params;
	if (!isPart(part)) error(404, wordsFor('not_found'));
	const competition = await forPage(readCompetition(actor, event.params.id));
	const settings = settingsOf(competition);
	const below = (await stationChoices(actor)).filter(({ path }) => path.includes(competition.station));
	const above = await stationsByIds([...competition.stationPath, ...settings.eligibility.catchment]);
	const depths = new Map(below.map(({ id, depth }) => [id, depth]));
	const names = new Map([...[...above.values()].map(({ id, name }) => [id, name] as const), ...below.map(({ id, name }) => [id, name] as const)]);
	// What to see to before publishing is past once the call is open.
	const gaps = isFrozen(competition.state) ? [] : settingsGaps(settings, now()).filter((gap) => gap.part === part);
	return {
		part,
		settings,
		version: competition.version,
		opened: isFrozen(competition.state),
		locked: isFrozen(competition.state) && frozenPart(part) && competition.state !== 'open',
		amending: competition.state === 'open' && frozenPart(part),
		needs: part === 'basics' ? await forPage(areaNeeds(actor, competition.station)) : [],
		at: event.url.searchParams.get('at') ?? '',
		saved: event.url.searchParams.has('saved'),
		gaps: gaps.map(({ code, params, path, severity }) => ({ path, severity, message: wordsFor(code, params) })),
		places: [...names].map(([id, name]) => ({ id, name, depth: depths.get(id) ?? 0 }))
	};
};

// A field shows minutes; a time nobody touched keeps its seconds.
const keptTimes = (stored: Timeline, sent: Timeline): Timeline => {
	const minute = (time: string | null) => (time === null ? null : Math.floor(Date.parse(time) / 60_000));
	const pick = (name: 'announcesAt' | 'scoringUntil') => (minute(stored[name]) === minute(sent[name]) ? stored[name] : sent[name]);
	const must = (name: 'opensAt' | 'closesAt') => (minute(stored[name]) === minute(sent[name]) ? stored[name] : sent[name]);
	return { ...sent, announcesAt: pick('announcesAt'), opensAt: must('opensAt'), closesAt: must('closesAt'), scoringUntil: pick('scoringUntil') };
};

/** In an open call a change of the rules is an amendment everybody is told of. */
const amend = async (actor: Actor, id: string, input: CompetitionPatch, text: string): Promise<string> => {
	const { version, ...rest } = input;
	const parsed = amendmentSchema.safeParse({ text, changes: rest, version });
	if (!parsed.success) throw invalid(issuesOf(parsed.error).map((issue) => (issue.path === 'text' ? { ...issue, path: 'amendment' } : issue)));
	await amendCompetition(actor, id, parsed.data);
	return `/app/competitions/${id}?amended=1`;
};

export const actions = {
	default: formAction(
		competitionPatchSchema,
		async (input, { actor, event, form }) => {
			const amendment = form.get('amendment');
			if (typeof amendment === 'string') return amend(actor, event.params.id ?? '', input, amendment);
			const id = event.params.id ?? '';
			const part = event.params.part ?? '';
			const act = setupAct(form.get('action'));
			const stored = settingsOf(await readCompetition(actor, id)).timeline;
			const rounds = act.kind === 'default' ? input.rounds?.map((round, r) => (act.path === `rounds[${r}]` ? withDefaultRubric(round) : round)) : input.rounds;
			const timeline = input.timeline ? keptTimes(stored, input.timeline) : undefined;
			await editCompetition(actor, id, { ...input, ...(timeline ? { timeline } : {}), ...(rounds ? { rounds } : {}) }, isPart(part) ? part : undefined);
			const base = `/app/competitions/${id}/settings`;
			const next = isPart(part) ? nextPart(part) : undefined;
			if (act.kind === 'next') return next ? `${base}/${next}` : base;
			if (!('path' in act)) return base;
			const at = arrangeRows(readFormData(form), act);
			return `${base}/${part}?saved=1&at=${encodeURIComponent(at)}#${fieldId(`${at}.label`)}`;
		},
		preparePart
	)
} satisfies Actions;
