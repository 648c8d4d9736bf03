import type { Actor } from '#lib/domain/accounts/types.ts';
import type { AnswerSource, Question, Track } from '#lib/domain/competitions/types.ts';
import type { AnswerOrigin } from '#lib/domain/proposals/origins.ts';
import { m } from '#lib/i18n/generated/messages.js';
import { notFound } from '#lib/server/platform/errors.ts';
import { projectIdeas, type ProjectIdea } from '../organizations/index.ts';
import { stationById } from '../stations/index.ts';
import { organizationNeeds, type NeedsView } from '../surveys/index.ts';
import type { ApplicantFacts } from './applicants.ts';

/** First words for answers, by the question's key, and where each came from. */
export type Prefill = { answers: Record<string, string>; origins: Record<string, AnswerOrigin> };

type Words = { text: string; origin: AnswerOrigin };

/** Needs listed in an answer: the first ones say it, the rest is in the survey. */
const mostNeeds = 5;

const needsWords = ({ needs, answers, interviews }: NeedsView): Words | null => {
	if (needs.length === 0) return null;
	const lines = needs.slice(0, mostNeeds).map(({ label, count }, at) => m.appl_fill_need({ n: at + 1, label, count }));
	const day = needs.reduce((last, { lastOn }) => (lastOn > last ? lastOn : last), '');
	return { text: [m.appl_fill_needs(), ...lines].join('\n'), origin: { kind: 'survey', day, answers, interviews } };
};

const joined = (...parts: (Words | null)[]): Words | null => {
	const given = parts.filter((part) => part !== null && part.text !== '');
	const [first] = given;
	return first ? { text: given.map((part) => part?.text).join('\n'), origin: first.origin } : null;
};

const within = ({ type, maxLength }: Question, text: string): string => (type === 'text' || type === 'line' ? [...text].slice(0, maxLength).join('') : '');

/**
 * Answers the platform already knows, for the questions that ask it to put them in: what the group's surveys found,
 * who the group is, where it works, and what one of its project ideas says. The group reads and changes them like its
 * own words.
 */
export const prefill = async (actor: Actor, tracks: readonly Track[], facts: ApplicantFacts, idea: ProjectIdea | null = null): Promise<Prefill> => {
	const asked = new Set(tracks.flatMap(({ questions }) => questions.map(({ source }) => source)));
	const [{ communities }, needs] = await Promise.all([stationById(facts.station), asked.has('needs') ? organizationNeeds(actor, facts.id) : null]);
	const record = (text: string): Words | null => (text === '' ? null : { text, origin: { kind: 'record' } });
	const ofIdea = (text: string): Words | null => (idea && text !== '' ? { text, origin: { kind: 'idea', title: idea.title } } : null);
	const places = communities.filter(({ key }) => facts.communities.includes(key)).map(({ name }) => name);
	const team = record(
		[m.prop_prefill_team({ name: facts.name, n: facts.memberCount }), ...(facts.purpose ? [m.prop_prefill_purpose({ purpose: facts.purpose })] : [])].join('\n')
	);
	const place = record(places.length > 0 ? m.prop_prefill_place({ places: places.join(m.prop_list_comma()) }) : '');
	const known: Record<AnswerSource, Words | null> = {
		none: null,
		needs: joined(ofIdea(idea?.need ?? ''), needs ? needsWords(needs) : null),
		team,
		place,
		people: joined(ofIdea(idea?.who ?? ''), place),
		team_place: joined(team, place)
	};
	const filled = tracks.flatMap(({ questions }) =>
		questions.flatMap((question) => {
			const words = known[question.source];
			const text = words ? within(question, words.text) : '';
			return words && text !== '' ? [{ key: question.key, text, origin: words.origin }] : [];
		})
	);
	return {
		answers: Object.fromEntries(filled.map(({ key, text }) => [key, text])),
		origins: Object.fromEntries(filled.map(({ key, origin }) => [key, origin]))
	};
};

/** One of the group's project ideas, for beginning a proposal from it; 404 when it is not there for this person. */
export const ideaOf = async (actor: Actor, organization: string, id: string): Promise<ProjectIdea> => {
	const idea = (await projectIdeas(actor, organization)).find((candidate) => candidate.id === id);
	if (!idea) throw notFound();
	return idea;
};
