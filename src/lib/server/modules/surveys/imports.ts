import { addDays, dayOf, dayStart } from '#lib/domain/shared/days.ts';
import { searchTextOf } from '#lib/domain/surveys/answers.ts';
import { askedFigures } from '#lib/domain/surveys/figures.ts';
import type { AgeBand, AnswerValue, Answers, Question } from '#lib/domain/surveys/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { idFromHex, type Id } from '#lib/server/platform/db/index.ts';
import { sha256 } from '#lib/server/platform/secrets.ts';
import { canonicalJson } from '../audit/index.ts';
import { activityIdForKey, feedbackByForm, importAsked, organizationIdForKey, type OrganizationSeed } from '../organizations/index.ts';
import { feedbackIdOf } from './commands/create-survey.ts';
import { Interview, NeedBook, Response, Survey, type InterviewDocument, type Person, type ResponseDocument, type SurveyDocument } from './model.ts';
import { newForm, templateByKey } from './templates.ts';

/** What the keys in the data stand for, and the day offsets count from. */
export type ImportSurveysContext = {
	/** `YYYY-MM-DD`. */
	today: string;
	station: (key: string) => { id: string; path: string[] };
	user: (key: string) => { id: string; name: string } | null;
};

/** A number from 0 to 1 that a name always gives: the data come out the same each time. */
const chance = (...parts: (string | number)[]): number => parseInt(sha256(parts.join(':')).slice(0, 8), 16) / 0x1_0000_0000;
const idFor = (...parts: (string | number)[]): Id => idFromHex(sha256(parts.join(':')).slice(0, 24));

/** One of several things, the earlier ones as likely as their weights say. */
const pick = <Item>(items: readonly Item[], weights: readonly number[], at: number): Item | undefined => {
	const total = weights.reduce((sum, weight) => sum + weight, 0);
	let rest = at * total;
	return items.find((_, index) => (rest -= weights[index] ?? 0) < 0) ?? items.at(-1);
};

/** How often each option of the ready-made questions is chosen, roughly as stations report it. */
const weights: Record<string, readonly number[]> = {
	age: [1, 6, 14, 22, 20, 8],
	years: [2, 8, 18, 24, 12],
	belonging: [2, 5, 14, 18, 11],
	help: [5, 8, 3, 6, 2, 2, 7],
	useful: [14, 6, 1],
	again: [6, 10, 4, 1]
};

const choose = (question: Question, ...seed: (string | number)[]): AnswerValue | undefined => {
	const likely = weights[question.key] ?? [];
	if (question.type === 'single') return pick(question.options, likely, chance(...seed, question.key))?.key;
	if (question.type === 'scale') return pick([1, 2, 3, 4, 5], likely, chance(...seed, question.key));
	if (question.type !== 'multiple') return undefined;
	const chosen = question.options.filter((option, index) => chance(...seed, question.key, option.key) < (likely[index] ?? 1) / 12);
	return (chosen.length > 0 ? chosen : question.options.slice(-1)).map(({ key }) => key);
};

/** Who names a need: exactly so many of them, spread by chance. */
const spread = (count: number, of: number, ...seed: (string | number)[]): Set<number> =>
	new Set(
		Array.from({ length: of }, (_, index) => ({ index, at: chance(...seed, index) }))
			.sort((a, b) => a.at - b.at)
			.slice(0, count)
			.map(({ index }) => index)
	);

/** What people say when asked how an activity could be better. */
const wishes = ['再早一点开始', '凳子不够坐', '声音小，后排听不清', '多叫几个年轻人来', '下次提前两天说', '发个照片就更好了', '时间再长一点'];
const interviewed = ['独居老人', '老住户', '带孩子的妈妈', '租户', '楼长', '小店店主', '退休职工', '照顾病人的家属'];
const bands: readonly AgeBand[] = ['70_79', '60_69', '18_39', '18_39', '60_69', '40_59', '60_69', '40_59'];

type Loaded = { surveys: SurveyDocument[]; responses: ResponseDocument[]; interviews: InterviewDocument[] };

type Build = { seed: OrganizationSeed; organization: string; context: ImportSurveysContext; by: Person };

const momentOf = (today: string, days: number, at: number): Date =>
	new Date(dayStart(addDays(today, days)).getTime() + (8 * 60 + Math.floor(at * 12 * 60)) * 60_000);

const surveyBase = ({ seed, organization, context, by }: Build, id: Id): Omit<SurveyDocument, 'title' | 'kind' | 'state' | 'openedAt' | 'closesOn' | 'questions' | 'retired' | 'forms' | 'createdAt' | 'intro' | 'activity'> => {
	const station = context.station(seed.station);
	return {
		_id: id,
		token: sha256(`survey-token:${id.toHexString()}`).slice(0, 10),
		organization,
		station: station.id,
		stationPath: station.path,
		thanks: '',
		closedAt: null,
		createdBy: by,
		deletedAt: null,
		version: 0
	};
};

const responseOf = (survey: SurveyDocument, index: number, answers: Answers, at: Date, paper: Person | null): ResponseDocument => {
	const id = survey._id.toHexString();
	return {
		_id: idFor(id, 'response', index),
		survey: id,
		organization: survey.organization,
		revision: 0,
		answers,
		text: searchTextOf(survey.questions, answers),
		contact: null,
		contactConsentAt: null,
		source: paper ? 'paper' : 'link',
		enteredBy: paper,
		device: '',
		address: '',
		digest: sha256(`${id}\n${canonicalJson(answers)}`),
		flags: [],
		cleared: null,
		leftOut: null,
		at,
		day: dayOf(at)
	};
};

/** The needs survey of an organization: every need is named exactly as often as the data say. */
const needsSurvey = (build: Build): Loaded => {
	const { seed, organization, context, by } = build;
	const told = seed.survey;
	const template = templateByKey('needs');
	if (!told || !template) return { surveys: [], responses: [], interviews: [] };
	const open = seed.status === 'incubating' && seed.stage === 'needs_survey';
	// Whoever passed on what was asked had asked before.
	const passed = seed.gateHistory.find(({ stage, action }) => stage === 'needs_survey' && action === 'propose');
	const lastDay = Math.min(told.closeDay, passed ? passed.day - 1 : told.closeDay);
	const labels = [...told.needs.map(({ label }) => label), '其他'];
	const questions = template.questions.map((question) =>
		question.key === 'troubles'
			? { ...question, label: '眼下最要紧的是哪几件？', asksNeeds: true, maxChoices: null, options: labels.map((label) => ({ key: '', label })) }
			: question
	);
	const survey: SurveyDocument = {
		...surveyBase(build, idFor(seed.key, 'survey')),
		kind: 'needs',
		activity: null,
		title: told.title,
		intro: template.intro,
		...newForm(questions),
		state: open ? 'open' : 'closed',
		openedAt: momentOf(context.today, told.openDay, 0),
		// Those still asking go on for some days more.
		closesOn: addDays(context.today, open ? 9 : lastDay),
		createdAt: momentOf(context.today, told.openDay - 1, 0.2)
	};
	const naming = told.needs.map(({ label, count }) => spread(count, told.responses, seed.key, label));
	const options = survey.questions.find(({ key }) => key === 'troubles')?.options ?? [];
	const length = Math.max(1, lastDay - told.openDay);
	const responses = Array.from({ length: told.responses }, (_, index): ResponseDocument => {
		const answers: Answers = {};
		for (const question of survey.questions) {
			const value = choose(question, seed.key, index);
			if (value !== undefined) answers[question.key] = value;
		}
		const named = options.filter((_option, at) => naming[at]?.has(index)).map(({ key }) => key);
		answers.troubles = named.length > 0 ? named : options.slice(-1).map(({ key }) => key);
		answers.building = `${1 + Math.floor(chance(seed.key, index, 'building') * 18)} 号楼`;
		const voice = told.voices[index];
		if (voice) answers.trouble_story = voice;
		const day = told.openDay + Math.floor(chance(seed.key, index, 'day') ** 1.6 * length);
		return responseOf(survey, index, answers, momentOf(context.today, day, chance(seed.key, index, 'at')), chance(seed.key, index, 'paper') < 0.3 ? by : null);
	});
	const interviews = Array.from({ length: told.interviews }, (_, index): InterviewDocument => {
		const kind = Math.floor(chance(seed.key, 'who', index) * interviewed.length);
		const named = told.needs.filter(({ count }, at) => at === index % Math.max(1, told.needs.length) || chance(seed.key, 'talk', index, at) < count / (told.responses * 1.5));
		const heldOn = addDays(context.today, told.openDay + Math.floor(((index + 0.5) / told.interviews) * length));
		return {
			_id: idFor(seed.key, 'interview', index),
			organization,
			who: interviewed[kind] ?? '居民',
			ageBand: bands[kind] ?? 'unknown',
			name: '',
			heldOn,
			place: index % 3 === 0 ? '家里' : index % 3 === 1 ? '社区服务室' : '楼下',
			interviewer: by.name,
			notes: told.voices[index] ?? `最犯难的是：${named.map(({ label }) => label).join('、')}。`,
			needs: named.map(({ label }) => label),
			prospective: false,
			prospectiveMember: '',
			enteredBy: by,
			createdAt: new Date(dayStart(heldOn).getTime() + 17 * 3_600_000),
			deletedAt: null,
			version: 0
		};
	});
	return { surveys: [survey], responses, interviews };
};

/** Feedback that came by form, answer by answer: as many, and as satisfied, as the data say. */
const feedback = (build: Build): Loaded => {
	const { seed, context, by } = build;
	const template = templateByKey('feedback');
	const loaded: Loaded = { surveys: [], responses: [], interviews: [] };
	if (!template) return loaded;
	for (const position of feedbackByForm(seed)) {
		const activity = seed.activities[position];
		if (!activity) continue;
		const activityId = activityIdForKey(seed.key, position);
		const survey: SurveyDocument = {
			...surveyBase(build, feedbackIdOf(activityId)),
			kind: 'feedback',
			activity: activityId,
			title: `${activity.title}：${template.title}`.slice(0, 60),
			intro: template.intro,
			...newForm(template.questions),
			state: 'closed',
			openedAt: momentOf(context.today, activity.day, 0.3),
			closesOn: addDays(context.today, activity.day),
			createdAt: momentOf(context.today, activity.day, 0.2)
		};
		const happy = spread(activity.satisfiedCount, activity.feedbackCount, activityId);
		for (let index = 0; index < activity.feedbackCount; index += 1) {
			const answers: Answers = { satisfied: happy.has(index) ? (chance(activityId, index) < 0.6 ? 5 : 4) : chance(activityId, index) < 0.7 ? 3 : 2 };
			for (const question of survey.questions) {
				const value = question.key === 'satisfied' ? undefined : choose(question, activityId, index);
				if (value !== undefined) answers[question.key] = value;
			}
			const wish = wishes[Math.floor(chance(activityId, index, 'wish') * wishes.length)];
			if (wish && chance(activityId, index, 'says') < 0.15) answers.improve = wish;
			const at = new Date(dayStart(addDays(context.today, activity.day)).getTime() + (15 * 60 + Math.floor(chance(activityId, index, 'at') * 240)) * 60_000);
			loaded.responses.push(responseOf(survey, index, answers, at, chance(activityId, index, 'paper') < 0.2 ? by : null));
		}
		loaded.surveys.push(survey);
	}
	return loaded;
};

const chunk = 500;
type Insertable = { insertMany: (documents: never[], options: { lean: true; ordered: true }) => Promise<unknown> };
const insertAll = async (model: unknown, documents: readonly unknown[]): Promise<void> => {
	for (let start = 0; start < documents.length; start += chunk)
		await (model as Insertable).insertMany(documents.slice(start, start + chunk) as never[], { lean: true, ordered: true });
};

const figuresOf = (organization: string, all: Loaded) => {
	const own = <Item extends { _id: Id; organization: string | null }>(items: readonly Item[]) =>
		items.filter((item) => item.organization === organization).map((item) => ({ ...item, id: item._id.toHexString() }));
	return askedFigures({ surveys: own(all.surveys), responses: own(all.responses), interviews: own(all.interviews), names: {} });
};

/**
 * Loads the surveys, interviews and feedback forms of organizations' histories: the door for demo and test data only,
 * since it takes the past as told and asks no rights. The organizations are loaded before; what is there already is
 * left alone. Answers come out the same each time.
 */
export const importSurveys = async (seeds: readonly OrganizationSeed[], context: ImportSurveysContext): Promise<{ surveys: number; responses: number }> => {
	const ids = seeds.map(({ key }) => organizationIdForKey(key));
	const there = new Set((await NeedBook.find({ _id: { $in: ids } }, { _id: 1 }).lean()).map(({ _id }) => _id));
	const loaded = seeds
		.filter(({ key }) => !there.has(organizationIdForKey(key)))
		.flatMap((seed) => {
			const worker = seed.mentor ? context.user(seed.mentor) : null;
			const build: Build = { seed, organization: organizationIdForKey(seed.key), context, by: worker ?? { id: null, name: seed.applied.name } };
			return [needsSurvey(build), feedback(build)];
		})
		.filter(({ surveys }) => surveys.length > 0);
	const all = {
		surveys: loaded.flatMap(({ surveys }) => surveys),
		responses: loaded.flatMap(({ responses }) => responses),
		interviews: loaded.flatMap(({ interviews }) => interviews)
	};
	const organizations = [...new Set(all.surveys.flatMap(({ organization }) => organization ?? []))];
	await insertAll(NeedBook, organizations.map((_id) => ({ _id, names: [], change: 1, changedAt: now(), stale: true, version: 0 })));
	await Promise.all([insertAll(Survey, all.surveys), insertAll(Response, all.responses), insertAll(Interview, all.interviews)]);
	await importAsked(organizations.map((organization) => ({ organization, figures: figuresOf(organization, all), basis: 1 })));
	await NeedBook.updateMany({ _id: { $in: organizations } }, { $set: { stale: false } });
	return { surveys: all.surveys.length, responses: all.responses.length };
};
