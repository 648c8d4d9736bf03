import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createUser, endSession, grantRole, readSession, revokeRole, signIn } from '#lib/server/modules/accounts/index.ts';
import { canonicalJson, recordAct, verifyAudit } from '#lib/server/modules/audit/index.ts';
import { competitionById, transitionCompetition } from '#lib/server/modules/competitions/index.ts';
import { stationPortfolio } from '#lib/server/modules/organizations/index.ts';
import { createProposal, proposalCounts, proposalForJudging, reopenProposal, withdrawProposal } from '#lib/server/modules/proposals/index.ts';
import { stationById, stationChoices } from '#lib/server/modules/stations/index.ts';
import { database } from '#lib/server/platform/db/index.ts';
import { sha256 } from '#lib/server/platform/secrets.ts';
import { atStation, completeDraft, inGroup, makeGroup, makeOpenCompetition, makeStations, person, system } from '../factories/competitions.ts';
import { refusal } from '../factories/refusal.ts';
import { openTestDatabase } from '../factories/store.ts';

// What a process remembers for a while must never hide what somebody has just done in it. Each test reads first, so
// that something is remembered, then writes, then reads at once.
let store: Awaited<ReturnType<typeof openTestDatabase>>;
let place: { city: string; street: string };
beforeAll(async () => {
	store = await openTestDatabase();
	place = await makeStations('fresh');
});
afterAll(() => store.close());

const admin = person('管理员', { role: 'admin', scopeKind: 'platform', scopeId: null });

describe('at once after the write', () => {
	test('rights given and taken, and a session that ended', async () => {
		const { id } = await createUser({ name: '王兰', shortName: 'fresh.wang', password: 'chorus-2026', grants: [] });
		const session = async () => (await signIn({ login: 'fresh.wang', password: 'chorus-2026' }, { address: '10.1.1.1', device: 'test', via: 'browser' })).secret;
		const [phone, desk] = [await session(), await session()];
		const grants = async () => (await readSession(phone))?.actor.grants.map(({ role }) => role);
		expect(await grants()).toEqual([]);
		const grant = atStation('worker', place.street);
		await grantRole(id, grant);
		expect(await grants()).toEqual(['worker']);
		await revokeRole(id, grant);
		expect(await grants()).toEqual([]);
		await endSession(phone);
		expect(await readSession(phone)).toBeNull();
		expect((await readSession(desk))?.actor.id).toBe(id);
	});

	test('a station', async () => {
		expect(await stationChoices(admin)).toHaveLength(2);
		const more = await makeStations('fresh-more');
		expect(await stationChoices(admin)).toHaveLength(4);
		expect((await stationById(more.street)).path).toEqual([more.city, more.street]);
	});

	test('a step of a competition', async () => {
		const head = person('站长', atStation('head', place.street));
		const call = await makeOpenCompetition(head, place.street, 'fresh-call');
		expect((await competitionById(call.id)).state).toBe('open');
		await transitionCompetition(head, call.id, { to: 'cancelled', reason: '经费未落实', version: (await competitionById(call.id)).version });
		expect((await competitionById(call.id)).state).toBe('cancelled');
	});

	test('a group in the figures of every station above it', async () => {
		const head = person('市中心', atStation('head', place.city));
		const before = await stationPortfolio(head, place.city);
		await makeGroup(place.street, '梅园互助队');
		const after = await stationPortfolio(head, place.city);
		expect(after.byStatus.incubating).toBe(before.byStatus.incubating + 1);
	});

	test('a proposal withdrawn and taken up again', async () => {
		const worker = person('社工', atStation('worker', place.street));
		const call = await makeOpenCompetition(worker, place.street, 'fresh-counts');
		const group = await makeGroup(place.street, '楼道药箱队');
		const leader = person('组长', inGroup('leader', group.id));
		const { id } = await createProposal(leader, call.id, { organization: group.id, ...completeDraft() });
		const count = async () => {
			const { draft, withdrawn } = await proposalCounts(call.id);
			return { draft, withdrawn };
		};
		expect(await count()).toEqual({ draft: 1, withdrawn: 0 });
		await withdrawProposal(leader, id, { reason: '' });
		expect(await count()).toEqual({ draft: 0, withdrawn: 1 });
		await reopenProposal(leader, id);
		expect(await count()).toEqual({ draft: 1, withdrawn: 0 });

		// Judges read what passed; taken out, it is gone for them too.
		await database().collection('proposals').updateOne({ competition: call.id }, { $set: { status: 'passed', number: 'fresh-001' } });
		expect((await proposalForJudging(id)).number).toBe('fresh-001');
		await withdrawProposal(leader, id, { reason: '' });
		expect((await refusal(proposalForJudging(id))).kind).toBe('not_found');
	});
});

test('a chain goes on behind what another process appended meanwhile', async () => {
	const chain = 'judging:fresh:1';
	const act = (subject: string) => recordAct({ chain, actor: system, action: 'scorecard_submitted', subject });
	await act('one');
	// The next place is taken by somebody else, while this process believes that the first entry is still the last.
	const [first] = await database().collection('audit').find({ chain }).toArray();
	const entry = { chain, seq: 2, at: new Date(), actor: { id: null, name: 'elsewhere' }, action: 'scorecard_submitted', subject: 'two', detail: {}, previous: String(first?.hash) };
	await database().collection('audit').insertOne({ ...entry, hash: sha256(canonicalJson(entry)) });
	await Promise.all(['three', 'four', 'five'].map(act));
	const subjects = await database().collection('audit').find({ chain }).sort({ seq: 1 }).map(({ subject }) => String(subject)).toArray();
	expect(subjects.slice(0, 2)).toEqual(['one', 'two']);
	expect(subjects.slice(2).sort()).toEqual(['five', 'four', 'three']);
	expect((await verifyAudit(chain)).faults).toEqual([]);
});
