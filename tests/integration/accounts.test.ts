import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
	acceptInvitation,
	acceptInvitationAs,
	changePassword,
	createUser,
	endAllSessions,
	endOwnSession,
	invite,
	listSessions,
	ownAccount,
	readInvitation,
	readSession,
	signIn
} from '#lib/server/modules/accounts/index.ts';
import { verifyAudit } from '#lib/server/modules/audit/index.ts';
import { AppError } from '#lib/server/platform/errors.ts';
import { openTestDatabase } from '../factories/store.ts';

const admin = { kind: 'user' as const, id: 'f'.repeat(24), name: '管理员', grants: [{ role: 'admin' as const, scopeKind: 'platform' as const, scopeId: null }] };
const from = (address: string) => ({ address, device: 'test', via: 'browser' as const });
const competition = 'a'.repeat(24);

let database: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
	database = await openTestDatabase();
	await createUser({ name: '王兰', shortName: 'wang.lan', phone: '13800000001', email: 'lan@example.org', password: 'chorus-2026', grants: [] });
});
afterAll(() => database.close());

const refusal = async (promise: Promise<unknown>): Promise<AppError> => {
	try {
		await promise;
	} catch (error) {
		if (error instanceof AppError) return error;
		throw error;
	}
	throw new Error('nothing was refused');
};

describe('signing in', () => {
	test.each(['wang.lan', 'WANG.LAN', '138 0000 0001', '+86 138-0000-0001', 'Lan@Example.org'])('%s opens the account', async (login) => {
		const { secret, user } = await signIn({ login, password: 'chorus-2026' }, from('10.0.0.1'));
		expect(user.name).toBe('王兰');
		expect((await readSession(secret))?.actor.id).toBe(user.id);
	});

	test('a wrong password and an unknown name are refused in the same words', async () => {
		const wrong = await refusal(signIn({ login: 'wang.lan', password: 'nope-nope' }, from('10.0.0.2')));
		const unknown = await refusal(signIn({ login: 'nobody', password: 'nope-nope' }, from('10.0.0.2')));
		expect([wrong.kind, wrong.code, wrong.issues]).toEqual([unknown.kind, unknown.code, unknown.issues]);
	});

	test('after ten failures the account waits, even with the right password', async () => {
		await createUser({ name: '李梅', shortName: 'li.mei', password: 'right-password', grants: [] });
		for (let index = 0; index < 10; index += 1)
			await refusal(signIn({ login: 'li.mei', password: `wrong-${index}` }, from(`10.0.1.${index}`)));
		const limited = await refusal(signIn({ login: 'li.mei', password: 'right-password' }, from('10.0.1.99')));
		expect(limited.kind).toBe('rate_limited');
		expect(limited.retryAfter).toBeGreaterThan(0);
	});

	test('a login name can be taken once', async () => {
		const taken = await refusal(createUser({ name: '另一位', shortName: 'wang.lan', password: 'chorus-2027', grants: [] }));
		expect(taken.issues).toEqual([{ path: 'shortName', code: 'login_name_taken', params: undefined }]);
	});

	test('the database keeps no secret that opens a session', async () => {
		const { secret, user } = await signIn({ login: 'wang.lan', password: 'chorus-2026' }, from('10.0.0.3'));
		const sessions = await listSessions(user.id);
		expect(sessions.every((session) => session.id !== secret)).toBe(true);
		expect(await readSession(sessions[0]?.id ?? '')).toBeNull();
	});
});

describe('ending sessions', () => {
	test('changing the password ends every other session and needs the present one', async () => {
		const { id } = await createUser({ name: '赵宁', shortName: 'zhao.ning', password: 'old-password', grants: [] });
		const here = await signIn({ login: 'zhao.ning', password: 'old-password' }, from('10.0.2.1'));
		const elsewhere = await signIn({ login: 'zhao.ning', password: 'old-password' }, from('10.0.2.2'));
		const signedIn = await readSession(here.secret);
		if (!signedIn) throw new Error('not signed in');
		const wrong = await refusal(changePassword(signedIn.actor, { current: 'guess-guess', next: 'new-password' }, signedIn.sessionId));
		expect(wrong.issues[0]?.path).toBe('current');
		await changePassword(signedIn.actor, { current: 'old-password', next: 'new-password' }, signedIn.sessionId);
		expect(await readSession(elsewhere.secret)).toBeNull();
		expect((await readSession(here.secret))?.actor.id).toBe(id);
		await signIn({ login: 'zhao.ning', password: 'new-password' }, from('10.0.2.3'));
		await endAllSessions(id);
		expect(await readSession(here.secret)).toBeNull();
	});

	test("nobody ends another person's session", async () => {
		const one = await signIn({ login: 'wang.lan', password: 'chorus-2026' }, from('10.0.3.1'));
		const session = await readSession(one.secret);
		await endOwnSession(admin, session?.sessionId ?? '');
		expect(await readSession(one.secret)).not.toBeNull();
	});
});

describe('invitations', () => {
	const inviteJudge = () =>
		invite(admin, {
			grant: { role: 'judge', scopeKind: 'competition', scopeId: competition },
			title: '夏季创投',
			name: '评委甲',
			reference: null,
			right: 'platform.administer',
			resource: {}
		});

	test('a newcomer joins once; of two at the same moment one wins', async () => {
		const { secret } = await inviteJudge();
		expect((await readInvitation(secret)).title).toBe('夏季创投');
		const outcomes = await Promise.allSettled(
			['judge.one', 'judge.two'].map((login) => acceptInvitation(secret, { name: '评委甲', login, password: 'fair-and-square', expertise: [] }))
		);
		expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
		expect((await refusal(readInvitation(secret))).kind).toBe('not_found');
	});

	test('a login name in use is said at its field, and the link stays good', async () => {
		const { secret } = await inviteJudge();
		const taken = await refusal(acceptInvitation(secret, { name: '王兰', login: '13800000001', password: 'fair-and-square', expertise: [] }));
		expect(taken.issues[0]).toMatchObject({ path: 'login', code: 'login_name_taken' });
		const { secret: session, user } = await signIn({ login: 'wang.lan', password: 'chorus-2026' }, from('10.0.4.1'));
		const signedIn = await readSession(session);
		if (!signedIn) throw new Error('not signed in');
		await acceptInvitationAs(signedIn.actor, secret);
		const account = await ownAccount({ ...signedIn.actor, id: user.id });
		expect(account.grants).toContainEqual({ role: 'judge', scopeKind: 'competition', scopeId: competition });
	});

	test('who may not invite is refused', async () => {
		const { user } = await signIn({ login: 'wang.lan', password: 'chorus-2026' }, from('10.0.4.2'));
		const nobody = { kind: 'user' as const, id: user.id, name: user.name, grants: [] };
		const refused = await refusal(
			invite(nobody, { grant: { role: 'admin', scopeKind: 'platform', scopeId: null }, title: '', name: '', reference: null, right: 'platform.administer', resource: {} })
		);
		expect(refused.kind).toBe('forbidden');
	});
});

test('everything above stands in whole audit chains', async () => {
	const { entries, faults } = await verifyAudit();
	expect(entries).toBeGreaterThan(5);
	expect(faults).toEqual([]);
});
