import { can, scopeIds } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { WorkItem } from '#lib/domain/accounts/worklist.ts';
import { now } from '#lib/server/platform/clock.ts';
import { competitionById, listCompetitions, resourceOf, type CompetitionView } from '../competitions/index.ts';
import { recentlyShort, type Shortage } from './guards.ts';
import { recentlyHeldConflicts } from './held-conflicts.ts';
import { Scorecard } from './model.ts';
import { openRecusalRequests } from './queries/recusal-requests.ts';
import { ownReminders } from './queries/reminders.ts';
import { unscoredRounds } from './unscored.ts';
import { objectionWork } from './objections/index.ts';

const dayMs = 86_400_000;

const urgencyOf = (due: Date | null): WorkItem['urgency'] => (due && due.getTime() - now().getTime() < 2 * dayMs ? 1 : 2);

/** What a judge still has to score, a line for each competition. */
const forJudge = async (actor: Extract<Actor, { kind: 'user' }>): Promise<WorkItem[]> => {
	if (!actor.grants.some((grant) => grant.role === 'judge')) return [];
	const cards = await Scorecard.find(
		{ user: actor.id, status: { $in: ['assigned', 'draft'] }, closedAt: null },
		{ competition: 1 }
	)
		.limit(1000)
		.lean();
	const counts = new Map<string, number>();
	for (const card of cards) counts.set(card.competition, (counts.get(card.competition) ?? 0) + 1);
	const reminders = new Map((await ownReminders(actor)).map((reminder) => [reminder.competition, reminder]));
	const items = await Promise.all(
		[...counts].map(async ([id, n]): Promise<WorkItem[]> => {
			const competition = await competitionById(id);
			if (competition.state !== 'judging') return [];
			const due = competition.timeline.scoringUntil;
			const reminder = reminders.get(id);
			return [
				{
					code: reminder ? 'judging_reminded' : 'judging_to_score',
					params: { n, title: competition.title, ...(reminder ? { name: reminder.byName } : {}) },
					href: '/app/judging',
					due: due?.toISOString() ?? null,
					urgency: reminder ? 1 : urgencyOf(due),
					count: n
				}
			];
		})
	);
	return items.flat();
};

/** Rooms a judge may enter now, to say what they think. */
export const openRooms = async (actor: Actor): Promise<{ id: string; title: string }[]> => {
	const competitions = await Promise.all(scopeIds(actor, 'competition', ['judge']).map((id) => competitionById(id)));
	return competitions.filter(({ state }) => state === 'deliberation').map(({ id, title }) => ({ id, title }));
};

const forRooms = async (actor: Actor): Promise<WorkItem[]> =>
	(await openRooms(actor)).map(({ id, title }) => ({
		code: 'judging_room',
		params: { title },
		href: `/app/judging/room/${id}`,
		due: null,
		urgency: 3
	}));

/** What the organizers of a competition in judging have to see to: missing judges, recusals, the end of the round. */
const forOrganizer = async (actor: Actor, id: string): Promise<WorkItem[]> => {
	const competition = await competitionById(id);
	if (!can(actor, 'competition.manage', resourceOf(competition))) return [];
	const page = (name: string): string => `/app/competitions/${id}/${name}`;
	const [shortage, requests, held] = await Promise.all([recentlyShort(competition), openRecusalRequests(id), recentlyHeldConflicts(competition)]);
	const title = competition.title;
	const conflicted: WorkItem[] =
		held === 0 ? [] : [{ code: 'judging_conflicts_held', params: { n: held, title }, href: `${page('judges')}#conflicts`, due: null, urgency: 1, count: held }];
	const asked: WorkItem[] =
		requests === 0 ? [] : [{ code: 'judging_recusal_requests', params: { n: requests, title }, href: `${page('judges')}#requests`, due: null, urgency: 1, count: requests }];
	return [...asked, ...conflicted, ...(await progressWork(competition, shortage, page))];
};

const progressWork = async (competition: CompetitionView, { short, round }: Shortage, page: (name: string) => string): Promise<WorkItem[]> => {
	const { id, title } = competition;
	if (short > 0) {
		const recused = await Scorecard.countDocuments({ competition: id, status: 'recused' });
		const code = competition.state === 'judging' && recused > 0 ? 'judging_top_up' : 'judging_assign';
		return [{ code, params: { n: short, title }, href: round === competition.rounds[0]?.key ? page('assignment') : `${page('assignment')}?round=${round}`, due: null, urgency: 1, count: short }];
	}
	if (competition.state !== 'judging') return [];
	const open = await Scorecard.countDocuments({ competition: id, status: { $in: ['assigned', 'draft'] } });
	if (open === 0) {
		const [waiting] = await unscoredRounds(competition);
		return waiting
			? [{ code: 'judging_round_next', params: { title, label: waiting.label }, href: `${page('rounds')}#round-${waiting.key}`, due: null, urgency: 1 }]
			: [{ code: 'judging_all_scored', params: { title }, href: page('progress'), due: null, urgency: 1 }];
	}
	const due = competition.timeline.scoringUntil;
	return due && due < now()
		? [{ code: 'judging_overdue', params: { n: open, title }, href: page('progress'), due: due.toISOString(), urgency: 1, count: open }]
		: [];
};

/** What judging asks of this person next. */
export const judgingWork = async (actor: Actor): Promise<WorkItem[]> => {
	if (actor.kind !== 'user') return [];
	const staff = actor.grants.some((grant) => grant.scopeKind === 'station' && (grant.role === 'head' || grant.role === 'worker'));
	const competitions = staff ? (await listCompetitions(actor, { limit: 50 })).items : [];
	const running = competitions.filter(({ state }) => state === 'screening' || state === 'judging');
	const lists = await Promise.all([forJudge(actor), forRooms(actor), objectionWork(actor), ...running.map(({ id }) => forOrganizer(actor, id))]);
	return lists.flat();
};
