import type { Grant } from '#lib/domain/accounts/types.ts';
import { newJudgeSchema } from '#lib/domain/judging/schema.ts';
import type { CompetitionSettings } from '#lib/domain/competitions/types.ts';
import { createUser, factsOf } from '#lib/server/modules/accounts/index.ts';
import { transitionCompetition, type CompetitionView } from '#lib/server/modules/competitions/index.ts';
import { addJudge, assign } from '#lib/server/modules/judging/index.ts';
import { createProposal, screenProposal, submitProposal } from '#lib/server/modules/proposals/index.ts';
import type { controlledClock } from './clock.ts';
import { atStation, completeDraft, makeGroup, makeOpenCompetition, makeStations, person, system, type User } from './competitions.ts';

type Clock = ReturnType<typeof controlledClock>;

/** An account with a password nobody needs, acting with the rights it has now. */
export const account = async (shortName: string, more: { employer?: string; household?: string; grants?: Grant[] } = {}): Promise<User> => {
	const { id } = await createUser({ name: shortName, shortName, password: 'miaopu-demo', grants: more.grants ?? [], ...more });
	return { kind: 'user', id, name: shortName, grants: more.grants ?? [] };
};

/** The same person with the rights the platform has given them since. */
export const refreshed = async (user: User): Promise<User> => {
	const [facts] = await factsOf([user.id]);
	return { ...user, grants: facts?.grants ?? [] };
};

export type JudgingRound = {
	competition: CompetitionView;
	street: string;
	head: User;
	worker: User;
	proposals: string[];
	organizations: string[];
	judges: { id: string; user: User }[];
};

/** Judges with accounts of their own, and their scorecards dealt out. */
export const seatJudges = async (
	organizer: User,
	competition: string,
	slug: string,
	{ judges, reviews }: { judges: number; reviews: number }
): Promise<JudgingRound['judges']> => {
	const panel: JudgingRound['judges'] = [];
	for (let n = 0; n < judges; n += 1) {
		const user = await account(`${slug}.judge${n + 1}`);
		const { id } = await addJudge(organizer, competition, newJudgeSchema.parse({ login: user.name }));
		panel.push({ id, user: await refreshed(user) });
	}
	await assign(organizer, competition, { reviews, seed: slug, redeal: false });
	return panel;
};

/**
 * A competition of another station's groups, screened, with judges and their scorecards dealt out, in judging.
 * Leaves the clock after its closing.
 */
export const makeRound = async (
	clock: Clock,
	slug: string,
	{ proposals, judges, reviews, given = {} }: { proposals: number; judges: number; reviews: number; given?: Partial<CompetitionSettings> }
): Promise<JudgingRound> => {
	const start = new Date();
	clock.moveTo(start);
	const { street } = await makeStations(slug);
	const head = person(`${slug} head`, atStation('head', street));
	const worker = person(`${slug} worker`, atStation('worker', street));
	const competition = await makeOpenCompetition(head, street, slug, given, start);
	const ids: string[] = [];
	const organizations: string[] = [];
	for (let n = 0; n < proposals; n += 1) {
		const group = await makeGroup(street, `${slug} 互助队 ${n + 1}`);
		const draft = await createProposal(system, competition.id, { ...completeDraft(`计划 ${n + 1}`), organization: group.id });
		await submitProposal(system, draft.id, { reason: '' });
		ids.push(draft.id);
		organizations.push(group.id);
	}
	clock.moveTo(new Date(start.getTime() + 49 * 3_600_000));
	const checklist = Object.fromEntries(competition.screeningChecklist.map(({ key }) => [key, true]));
	for (const id of ids)
		await screenProposal(worker, id, { outcome: 'pass', checklist, reason: '', correctionDays: 3 });
	const panel = await seatJudges(head, competition.id, slug, { judges, reviews });
	const running = await transitionCompetition(head, competition.id, { to: 'judging', reason: '' });
	return { competition: running, street, head, worker, proposals: ids, organizations, judges: panel };
};
