import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { defaultGroup, groupInRound, hasJudges } from '#lib/domain/judging/groups.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId, toId } from '#lib/server/platform/db/index.ts';
import { forbidden, notFound } from '#lib/server/platform/errors.ts';
import { competitionById, listCompetitions, type CompetitionView } from '../../competitions/index.ts';
import { passedProposals, proposalForJudging } from '../../proposals/index.ts';
import { competitionFor, roundOf } from '../access.ts';
import { blinded } from '../blind.ts';
import { Judge, type ScorecardDocument } from '../model.ts';
import { Trial, TrialCard } from '../panel-model.ts';
import { rubricOf, stateOf, type ScorecardPage, type TrialSpread } from '../scorecard-view.ts';
import { trialOf } from '../trial.ts';

const spreadOf = (competition: CompetitionView, round: string, cards: readonly Pick<ScorecardDocument, 'scores' | 'total'>[], own: Pick<ScorecardDocument, 'scores' | 'total'> | null): TrialSpread => {
	const { criteria, maximum } = rubricOf(roundOf(competition, round));
	const ascending = (values: readonly (number | null | undefined)[]): number[] =>
		values.flatMap((value) => (typeof value === 'number' ? [value] : [])).sort((a, b) => a - b);
	const inPoints = (total: number | null | undefined): number | null => (typeof total === 'number' ? total / 100 : null);
	return {
		maximum,
		criteria: criteria.map(({ key, label, points }) => ({ key, label, points, marks: ascending(cards.map(({ scores }) => scores[key])), own: own?.scores[key] ?? null })),
		totals: ascending(cards.map(({ total }) => inPoints(total))),
		own: inPoints(own?.total)
	};
};

/** Stands in a card of the sample where others have their proposal. */
const sampleId = 'trial';

const submitted = (competition: string) =>
	TrialCard.find({ competition, status: 'submitted' }, { scores: 1, total: 1 }).limit(1000).lean();

/** The judge's own card of the sample, made when it is first asked for; null where there is no sample for them. */
export const ownTrialCard = async (actor: Actor, competitionId: string): Promise<{ id: string; status: 'assigned' | 'draft' | 'submitted'; title: string; required: boolean } | null> => {
	if (actor.kind !== 'user') return null;
	const trial = await trialOf(competitionId);
	if (!trial || !can(actor, 'scorecard.score', { owner: actor.id, competition: competitionId })) return null;
	const competition = await competitionById(competitionId);
	const round = competition.rounds.find(({ key }) => key === trial.round);
	if (!round) return null;
	const found = await TrialCard.findOne({ user: actor.id, competition: competitionId }).lean();
	const card = found ?? (await newCard(actor.id, competition.id, round));
	if (!card) return null;
	return { id: card._id.toHexString(), status: card.status === 'recused' ? 'assigned' : card.status, title: trial.title, required: trial.required };
};

const newCard = async (user: string, competition: string, round: CompetitionView['rounds'][number]): Promise<ScorecardDocument | null> => {
	const judge = await Judge.findOne({ competition, user, status: { $ne: 'removed' } }, { group: 1 }).lean();
	if (!judge || groupInRound(round, judge.group ?? defaultGroup) === null) return null;
	const own = { competition, round: round.key, judge: judge._id.toHexString(), proposal: sampleId };
	try {
		await TrialCard.create({ _id: newId(), ...own, user, status: 'assigned', assignedAt: now() });
	} catch (error) {
		// Two pages asked at once.
		if (!isDuplicateKey(error)) throw error;
	}
	return TrialCard.findOne(own).lean();
};

/** The sample beside the judge's card of it, and how all have scored it once they have; 404 for everybody else. */
export const readTrialCard = async (actor: Actor, id: string): Promise<ScorecardPage> => {
	const card = await TrialCard.findById(toId(id)).lean();
	if (!card || !can(actor, 'scorecard.read', { owner: card.user })) throw notFound();
	const [competition, trial] = await Promise.all([competitionById(card.competition), trialOf(card.competition)]);
	if (!trial) throw notFound();
	const open = card.status === 'assigned' || card.status === 'draft';
	const mayScore = can(actor, 'scorecard.score', { owner: card.user, competition: card.competition });
	return {
		card: stateOf(card),
		rubric: rubricOf(roundOf(competition, card.round)),
		proposal: {
			...{ id: '', competition: competition.id, number: '', title: trial.title, track: '', organization: '', organizationName: '' },
			...{ answers: { sample: trial.text }, budget: [], requested: 0, selfRaised: 0, attachments: [] }
		},
		competition: { id: competition.id, title: competition.title, state: competition.state, until: null },
		questions: [],
		categories: {},
		editable: open && mayScore && ['screening', 'judging'].includes(competition.state),
		round: null,
		pitch: false,
		blind: true,
		trial: true,
		refusal: null,
		spread: open ? null : spreadOf(competition, card.round, await submitted(competition.id), card)
	};
};

/** The same for programs, by competition; 404 where there is no sample for the actor, and once judging is over. */
export const readOwnTrial = async (actor: Actor, competitionId: string): Promise<ScorecardPage> => {
	const { state } = await competitionById(competitionId);
	const own = ['screening', 'judging'].includes(state) ? await ownTrialCard(actor, competitionId) : null;
	if (!own) throw notFound();
	return readTrialCard(actor, own.id);
};

export type TrialView = {
	trial: { round: string; title: string; text: string; required: boolean; at: Date; byName: string } | null;
	rounds: { key: string; label: string }[];
	/** Who has done it, by name; nobody's marks. */
	judges: { id: string; name: string; status: 'none' | 'begun' | 'done' }[];
	/** How the sample was scored, without names. */
	spread: TrialSpread | null;
	/** A judge has begun: the text stays as it is. */
	begun: boolean;
	/** Earlier proposals of the station a sample can be made of. */
	earlier: { id: string; label: string }[];
};

/** Competitions looked back on, and proposals offered of each. */
const [back, each] = [4, 40];
const judgedStates = ['notice', 'decided', 'executing', 'closed'];

const earlierProposals = async (actor: Actor, { id, station }: CompetitionView): Promise<TrialView['earlier']> => {
	const { items } = await listCompetitions(actor, { limit: 50 });
	const past = items.filter((one) => one.id !== id && one.station === station && judgedStates.includes(one.state)).slice(0, back);
	const lists = await Promise.all(past.map(async (one) => (await passedProposals(one.id)).slice(0, each).map((proposal) => ({ id: proposal.id, label: `${proposal.number} ${proposal.title}` }))));
	return lists.flat();
};

/** The exercise as its organizers see it. */
export const readTrial = async (actor: Actor, competitionId: string): Promise<TrialView> => {
	const competition = await competitionFor(actor, competitionId, 'competition.manage');
	const [trial, judges, cards, done, earlier] = await Promise.all([
		Trial.findById(competitionId).lean(),
		Judge.find({ competition: competitionId, status: { $ne: 'removed' } }, { name: 1, group: 1 }).sort({ competition: 1, name: 1, _id: 1 }).lean(),
		TrialCard.find({ competition: competitionId }, { judge: 1, status: 1, startedAt: 1 }).lean(),
		submitted(competitionId),
		earlierProposals(actor, competition)
	]);
	const round = competition.rounds.find(({ key }) => key === trial?.round);
	const states = new Map(cards.map((card) => [card.judge, card.status === 'submitted' ? ('done' as const) : card.startedAt ? ('begun' as const) : ('none' as const)]));
	return {
		trial: trial && { round: trial.round, title: trial.title, text: trial.text, required: trial.required, at: trial.at, byName: trial.byName },
		rounds: competition.rounds.filter(hasJudges).map(({ key, label }) => ({ key, label })),
		judges: judges
			.filter((judge) => !round || groupInRound(round, judge.group ?? defaultGroup) !== null)
			.map((judge) => ({ id: judge._id.toHexString(), name: judge.name, status: states.get(judge._id.toHexString()) ?? 'none' })),
		spread: trial && round && done.length > 0 ? spreadOf(competition, trial.round, done, null) : null,
		begun: cards.some(({ startedAt }) => startedAt !== null),
		earlier
	};
};

/** An earlier proposal as a sample: without its group, for the organizer to read over before anybody sees it. */
export const sampleFrom = async (actor: Actor, competitionId: string, proposal: string): Promise<{ title: string; text: string }> => {
	const competition = await competitionFor(actor, competitionId, 'competition.manage');
	if (!(await earlierProposals(actor, competition)).some(({ id }) => id === proposal)) throw forbidden();
	const found = blinded(await proposalForJudging(proposal));
	const { tracks } = await competitionById(found.competition);
	const labels = new Map(tracks.flatMap(({ questions }) => questions.map(({ key, label }) => [key, label] as const)));
	const answers = Object.entries(found.answers).map(([key, text]) => `${labels.get(key) ?? key}\n${text}`);
	const budget = found.budget.map((line) => `${line.item} ${line.quantity} ${line.unit} × ${(line.unitPrice / 100).toFixed(2)}`);
	return { title: found.title, text: [...answers, budget.join('\n')].filter((part) => part !== '').join('\n\n') };
};
