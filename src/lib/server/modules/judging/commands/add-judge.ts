import type { Actor } from '#lib/domain/accounts/types.ts';
import type { NewJudge } from '#lib/domain/judging/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId } from '#lib/server/platform/db/index.ts';
import { conflict, invalidField } from '#lib/server/platform/errors.ts';
import { factsOf, grantRole, invite, userByLogin } from '../../accounts/index.ts';
import { recordAct } from '../../audit/index.ts';
import { resourceOf, type CompetitionView } from '../../competitions/index.ts';
import { beforeRoundCloses, chainOf, competitionFor, judgeFor, judgeGrant } from '../access.ts';
import { Judge } from '../model.ts';
import { heedAccepted } from './recusal-request.ts';

/** The secret of an invitation link; it is in this answer only. */
export type JudgeInvitation = { secret: string; expiresAt: Date };

const inviteJudge = (actor: Actor, competition: CompetitionView, judge: string, name: string): Promise<JudgeInvitation> =>
	invite(actor, {
		grant: judgeGrant(competition.id),
		title: competition.title,
		name,
		reference: `judge:${judge}`,
		right: 'competition.manage',
		resource: resourceOf(competition)
	});

/**
 * Takes a judge on. With a login name the account is bound at once; without one the answer carries an invitation to
 * hand over as a link or QR code. Somebody who was removed before comes back as they were.
 */
export const addJudge = async (
	actor: Actor,
	competitionId: string,
	input: NewJudge
): Promise<{ id: string; invitation: JudgeInvitation | null }> => {
	const competition = await competitionFor(actor, competitionId, 'competition.manage');
	beforeRoundCloses(competition);
	const { login, ...fields } = input;
	const account = login === '' ? null : await userByLogin(login);
	if (login !== '' && !account) throw invalidField('login', 'judge_no_account');
	const id = account
		? await appoint(competition.id, account, fields)
		: await insert({ ...fields, competition: competition.id, user: null, status: 'invited' });
	await heedAccepted(actor, id);
	await recordAct({ chain: chainOf(competition.id), actor, action: 'judge_added', subject: id });
	return { id, invitation: account ? null : await inviteJudge(actor, competition, id, input.name) };
};

type Fields = Omit<NewJudge, 'login'>;

const insert = async (
	fields: Fields & { competition: string; user: string | null; status: 'invited' | 'accepted' }
): Promise<string> => {
	const _id = newId();
	try {
		await Judge.create({ _id, ...fields, createdAt: now() });
	} catch (error) {
		if (isDuplicateKey(error)) throw invalidField('login', 'judge_already');
		throw error;
	}
	return _id.toHexString();
};

const appoint = async (competition: string, account: { id: string; name: string }, fields: Fields): Promise<string> => {
	const [facts] = await factsOf([account.id]);
	const merged = {
		...fields,
		name: fields.name || account.name,
		employer: fields.employer || (facts?.employer ?? ''),
		expertise: fields.expertise.length > 0 ? fields.expertise : (facts?.expertise ?? [])
	};
	const returned = await Judge.findOneAndUpdate(
		{ competition, user: account.id, status: 'removed' },
		{ $set: { ...merged, status: 'accepted' }, $inc: { version: 1 } },
		{ returnDocument: 'after' }
	).lean();
	const id = returned?._id.toHexString() ?? (await insert({ ...merged, competition, user: account.id, status: 'accepted' }));
	await grantRole(account.id, judgeGrant(competition));
	return id;
};

/** A fresh link for a judge who lost theirs. */
export const inviteJudgeAgain = async (actor: Actor, judgeId: string): Promise<JudgeInvitation> => {
	const { judge, competition } = await judgeFor(actor, judgeId);
	if (judge.status !== 'invited') throw conflict('judge_accepted_already');
	return inviteJudge(actor, competition, judgeId, judge.name);
};
