import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type ApiClient, apiClient, ok, signInByApi } from '../factories/api-client.ts';
import { removeData, startApp, type RunningApp } from '../factories/app-process.ts';
import { officialOrder, type Card } from '../factories/official-order.ts';

type Id = { id: string; version: number };
type Competition = Id & {
	state: string;
	slug: string;
	timeline: { opensAt: string; closesAt: string };
	screeningChecklist: { key: string }[];
	rounds: { rule: string; reviews: number }[];
};
type Scorecard = Id & { proposal: string; status: string; total: number | null; rubric: { criteria: { key: string; points: number }[] } };

const groups = ['阳台菜园小组', '老街修补匠', '晚饭后合唱队', '楼下棋社', '接送孩子互助组', '旧衣新穿社', '夜跑伙伴'];
const seconds = 1000;
const fund = 500_000;

let app: RunningApp;
let people: Record<'worker' | 'head' | 'leader' | 'head2', ApiClient>;
/** What the steps of the story leave for the next ones. */
const story = {
	street: '',
	organizations: [] as string[],
	competition: null as unknown as Competition,
	proposals: [] as string[],
	cards: [] as Card[]
};

const signIn = async (): Promise<void> => {
	const [worker, head, leader, head2] = await Promise.all(
		['worker', 'head', 'leader', 'cao-lichun'].map((login) => signInByApi(app.address, login))
	);
	people = { worker, head, leader, head2 } as typeof people;
};
/** Moves the server to a moment; sessions that have run out by then are taken anew. */
const moveTo = async (moment: number): Promise<void> => {
	app.setClock(moment - Date.now());
	await new Promise((resolve) => setTimeout(resolve, 300));
	await signIn();
};

beforeAll(async () => {
	app = await startApp({ demo: true });
	await signIn();
});
afterAll(async () => {
	expect(await app.stop()).toBe(0);
	removeData(app);
});

const application = (name: string, category: string, phone: string) => ({
	name,
	category,
	station: story.street,
	purpose: '把邻居聚到一起，做一件大家都用得上的小事。',
	memberCount: 9,
	applicantName: '邹小满',
	applicantPhone: phone,
	consent: true
});
const addMembers = async (organization: string, from: number, count: number): Promise<string[]> => {
	const ids: string[] = [];
	for (let n = from; n < from + count; n += 1) {
		const member = { name: `队员${n}`, joinedOn: '2026-01-05', role: n === 0 ? 'leader' : 'member', prospective: n < 3 };
		ids.push(ok<Id>(await people.worker.send('POST', `/organizations/${organization}/members`, member), 201).id);
	}
	return ids;
};
const organizationOf = async (id: string): Promise<Id & { stage: string; status: string; filing: string }> =>
	ok(await people.worker.get(`/organizations/${id}`));
const decide = async (who: ApiClient, id: string, body: Record<string, unknown>): Promise<Answer> =>
	who.send('POST', `/organizations/${id}/gate/decisions`, { ...body, version: (await organizationOf(id)).version });

describe('incubation', () => {
	test('a worker enters a group and accepts it; it starts at the first stage', async () => {
		const stations = ok<{ items: { id: string; level: string }[] }>(await people.worker.get('/stations'));
		story.street = stations.items.find(({ level }) => level === 'street')?.id ?? '';
		const made = ok<Id & { status: string; applicant: { enteredBy: string | null } }>(
			await people.worker.send('POST', '/organizations', application(groups[0] ?? '', 'mutual_aid', '13900002000')),
			201
		);
		expect(made).toMatchObject({ status: 'applied', stage: 'needs_survey' });
		expect(made.applicant.enteredBy).not.toBeNull();
		const accepted = ok<Id & { status: string }>(
			await people.worker.send('POST', `/organizations/${made.id}/application`, { action: 'accept', version: made.version })
		);
		expect(accepted.status).toBe('incubating');
		story.organizations.push(made.id);
	});

	test('members, activities and a meeting with votes are recorded; outcomes are computed', async () => {
		const [id = ''] = story.organizations;
		const members = await addMembers(id, 0, 6);
		for (let n = 1; n <= 7; n += 1)
			ok(
				await people.worker.send('POST', `/organizations/${id}/activities`, {
					title: `第${n}次活动`,
					heldOn: `2026-0${n}-12`,
					organizer: n % 2 ? 'group' : 'worker',
					attendees: members.slice(0, n % 6),
					guests: n
				}),
				201
			);
		const meeting = {
			title: '第一次全体会',
			heldOn: '2026-02-01',
			eligible: 6,
			present: 5,
			motions: [
				{ kind: 'elect_leader', title: '选队长', candidate: members[0], for: 4, against: 1, abstain: 0 },
				{ kind: 'elect_deputy', title: '选副队长', candidate: members[1], for: 2, against: 3, abstain: 0 }
			]
		};
		ok(await people.worker.send('POST', `/organizations/${id}/meetings`, meeting), 201);
		const tooMany = await people.worker.send('POST', `/organizations/${id}/meetings`, { ...meeting, present: 4 });
		expect(tooMany).toMatchObject({ status: 422, body: { errors: [{ path: 'motions[0].for' }, { path: 'motions[1].for' }] } });
		const { items } = ok<{ items: { quorate: boolean; motions: { carried: boolean }[] }[] }>(await people.worker.get(`/organizations/${id}/meetings`));
		expect(items).toMatchObject([{ quorate: true, motions: [{ carried: true }, { carried: false }] }]);
		const { items: activities } = ok<{ items: { guests: number; attendees: string[]; attendances: number }[] }>(
			await people.worker.get(`/organizations/${id}/activities`)
		);
		expect(activities).toHaveLength(7);
		for (const one of activities) expect(one.attendances).toBe(one.attendees.length + one.guests);
	});

	test('the worker attests and proposes, the head approves: nobody else, and nothing unmet', async () => {
		const [id = ''] = story.organizations;
		const meetings = ok<{ items: Id[] }>(await people.worker.get(`/organizations/${id}/meetings`));
		const attestation = {
			criterion: 'summary',
			note: '小结贴在活动室。',
			evidence: [{ kind: 'meeting', id: meetings.items[0]?.id }],
			version: (await organizationOf(id)).version
		};
		ok(await people.worker.send('POST', `/organizations/${id}/attestations`, attestation), 201);
		const gate = ok<{ passes: boolean; criteria: { key: string; met: boolean; figure: number | null; target: number }[] }>(
			await people.worker.get(`/organizations/${id}/gate`)
		);
		expect(gate.criteria.find(({ key }) => key === 'summary')).toMatchObject({ met: true });
		// Three of the six entered above, and the applicant, who stands on the roster from the beginning.
		expect(gate.criteria.find(({ key }) => key === 'prospective_core')).toMatchObject({ met: true, figure: 4, target: 3 });
		expect(gate.passes).toBe(false);
		expect(await decide(people.worker, id, { action: 'propose' })).toMatchObject({ status: 422 });
		ok(await decide(people.worker, id, { action: 'propose', reason: '问卷是去年纸质的，请站长看一下。' }), 201);
		expect((await decide(people.worker, id, { action: 'approve' })).status).toBe(403);
		expect((await decide(people.head2, id, { action: 'approve' })).status).toBe(404);
		expect((await decide(people.head, id, { action: 'approve' })).status).toBe(409);
		for (const { key } of gate.criteria.filter(({ met }) => !met))
			ok(await decide(people.head, id, { action: 'waive', criterion: key, reason: '看过纸质问卷，属实。' }), 201);
		const passed = ok<{ stage: string }>(await decide(people.head, id, { action: 'approve', reason: '同意。' }), 201);
		expect(passed.stage).toBe('leader_cultivation');
		const history = ok<{ items: { code: string }[] }>(await people.worker.get(`/organizations/${id}/history?limit=50`));
		expect(history.items.map(({ code }) => code)).toEqual(expect.arrayContaining(['applied', 'attested', 'gate_proposed', 'gate_waived', 'gate_approved']));
	});

	test('other groups come the short way; the leader’s own application is theirs from the first moment', async () => {
		const leads = ok<Id>(await people.leader.send('POST', '/organizations', application(groups[1] ?? '', 'sports', '13900002001')), 201);
		story.organizations.push(leads.id);
		for (const [n, name] of groups.entries())
			if (n > 1) {
				const entered = await people.worker.send('POST', '/organizations', application(name, 'arts', `1390000200${n}`));
				story.organizations.push(ok<Id>(entered, 201).id);
			}
		expect((await people.leader.get(`/organizations/${leads.id}`)).status).toBe(200);
		// Whoever knows a group's name and number does not get its record by applying once more.
		const double = await people.head2.send('POST', '/organizations', application(groups[1] ?? '', 'sports', '13900002001'));
		expect(double).toMatchObject({ status: 409, body: { code: 'application_exists' } });
		for (const id of story.organizations.slice(1)) {
			ok(await people.worker.send('POST', `/organizations/${id}/application`, { action: 'accept', version: (await organizationOf(id)).version }));
			await addMembers(id, 0, 5);
			ok(await decide(people.worker, id, { action: 'propose' }), 201);
			ok(await decide(people.head, id, { action: 'approve' }), 201);
		}
		for (const id of story.organizations) {
			const { version } = await organizationOf(id);
			const filed = ok<{ filing: string }>(
				await people.worker.send('PATCH', `/organizations/${id}`, { filing: 'filed', filingNumber: '高社备〔2026〕1号', version })
			);
			expect(filed.filing).toBe('filed');
		}
	});
});

describe('promises of every call', () => {
	test('a creating call with an Idempotency-Key happens once, however often and at once it is sent', async () => {
		const path = `/organizations/${story.organizations[0]}/activities`;
		const body = { title: '只此一次', heldOn: '2026-03-01', organizer: 'group' };
		const key = { 'Idempotency-Key': 'once-only-1' };
		const answers = await Promise.all(Array.from({ length: 6 }, () => people.worker.send('POST', path, body, key)));
		const made = new Set(answers.filter(({ status }) => status === 201).map((answer) => (answer.body as Id).id));
		expect(made.size).toBe(1);
		for (const { status, body: refused } of answers.filter((answer) => answer.status !== 201))
			expect({ status, refused }).toMatchObject({ status: 409, refused: { code: 'idempotency_running' } });
		expect((ok<Id>(await people.worker.send('POST', path, body, key), 201)).id).toBe([...made][0]);
		const other = await people.worker.send('POST', path, { ...body, title: '另一件事' }, key);
		expect(other).toMatchObject({ status: 409, body: { code: 'idempotency_other_body' } });
		const { items } = ok<{ items: { title: string }[] }>(await people.worker.get(`${path}?limit=200`));
		expect(items.filter(({ title }) => title === body.title)).toHaveLength(1);
	});

	test('a stale version is answered 409 with the present state, and nothing is overwritten', async () => {
		const path = `/organizations/${story.organizations[0]}`;
		const { version } = await organizationOf(story.organizations[0] ?? '');
		const first = await people.worker.send('PATCH', path, { purpose: '先到的话。', version });
		expect(first.status).toBe(200);
		const second = await people.head.send('PATCH', path, { purpose: '后到的话。', version });
		expect(second).toMatchObject({ status: 409, body: { status: 409, code: 'stale', current: { purpose: '先到的话。', version: version + 1 } } });
		expect(second.headers.get('content-type')).toContain('application/problem+json');
		expect(ok(await people.worker.get(path))).toMatchObject({ purpose: '先到的话。' });
	});

	test('lists are walked by cursor without a gap or a double, while others write', async () => {
		const walk = async (path: string, limit: number, meanwhile: () => Promise<unknown>): Promise<string[]> => {
			const ids: string[] = [];
			for (let cursor: string | null = ''; cursor !== null; ) {
				const page: { items: Id[]; next: string | null } = ok(await people.worker.get(`${path}?limit=${limit}&cursor=${encodeURIComponent(cursor)}`.replace(/&cursor=$/, '')));
				expect(page.items.length).toBeLessThanOrEqual(limit);
				ids.push(...page.items.map(({ id }) => id));
				cursor = page.next;
				if (ids.length === limit) await meanwhile();
			}
			return ids;
		};
		const path = `/organizations/${story.organizations[0]}/activities`;
		const before = ok<{ items: Id[] }>(await people.worker.get(`${path}?limit=200`)).items.map(({ id }) => id);
		const walked = await walk(path, 3, () => people.worker.send('POST', path, { title: '刚记的', heldOn: '2026-11-01', organizer: 'group' }));
		expect(walked).toEqual(before);
		const organizations = await walk('/organizations', 4, async () => {});
		const whole = ok<{ items: Id[] }>(await people.worker.get('/organizations?limit=200')).items.map(({ id }) => id);
		expect(organizations).toEqual(whole);
		expect(whole.length).toBeGreaterThan(10);
	});
});

const draftOf = (n: number) => ({
	organization: story.organizations[n],
	title: `${groups[n]}的一年`,
	track: 'simple',
	answers: { why: '楼里有四十户老人。', how: '每周六上午一次。', who: '队里九个人轮流。', change: '一年后由队里接着做。' },
	budget: [{ category: 'activity', item: '材料', unit: '份', quantity: 20, unitPrice: 10_000 }],
	requested: 200_000,
	withinCharter: true
});
const start = (who: ApiClient, n: number): Promise<Answer> => who.send('POST', `/competitions/${story.competition.id}/proposals`, draftOf(n));
const submit = (who: ApiClient, n: number): Promise<Answer> => who.send('POST', `/proposals/${story.proposals[n]}/submit`, {});
const step = (to: string, reason = ''): Promise<Answer> => people.head.send('POST', `/competitions/${story.competition.id}/transitions`, { to, reason });

/** Points that make up a total, the first criteria filled first. */
const spread = (criteria: Scorecard['rubric']['criteria'], total: number): Record<string, number> => {
	let left = total;
	const take = (points: number): number => {
		const given = Math.min(points, left);
		left -= given;
		return given;
	};
	return Object.fromEntries(criteria.map(({ key, points }) => [key, take(points)]));
};

describe('a competition', () => {
	test('starts with the defaults, is announced by its head and opens by the clock', async () => {
		const created = await people.head.send('POST', '/competitions', {
			title: '街坊微公益',
			slug: 'story',
			station: story.street,
			theme: '身边的小事，自己动手。',
			fund
		});
		story.competition = ok<Competition>(created, 201);
		expect(story.competition).toMatchObject({ state: 'draft', rounds: [{ rule: 'trimmed', reviews: 3 }] });
		expect((await apiClient(app.address).get(`/competitions/${story.competition.id}`)).status).toBe(404);
		expect((await people.head2.send('POST', `/competitions/${story.competition.id}/transitions`, { to: 'announced' })).status).toBe(404);
		expect(ok<Competition>(await step('announced')).state).toBe('announced');
		const opensAt = Date.parse(story.competition.timeline.opensAt);
		expect((await step('open')).status).toBe(409);
		await moveTo(opensAt - 20 * seconds);
		expect((await start(people.leader, 1)).status).toBe(409);
		await moveTo(opensAt + 1 * seconds);
		expect(ok<Competition>(await apiClient(app.address).get(`/competitions/${story.competition.id}`)).state).toBe('open');
	});

	test('takes drafts with anything in them, and submissions only when nothing is missing', async () => {
		for (const n of groups.keys()) {
			const made = ok<Id & { status: string; number: string | null }>(await start(n === 1 ? people.leader : people.worker, n), 201);
			expect(made).toMatchObject({ status: 'draft', number: null });
			story.proposals.push(made.id);
		}
		const mine = `/proposals/${story.proposals[1]}`;
		const { version } = ok<Id>(await people.leader.get(mine));
		ok(await people.leader.send('PATCH', mine, { answers: { why: '' }, budget: [{ category: 'activity', item: '', quantity: 1, unitPrice: 1 }], version }));
		const refused = await people.leader.send('POST', `${mine}/submit`, {});
		expect(refused).toMatchObject({ status: 422, body: { code: 'proposal_not_ready' } });
		expect((refused.body as { errors: { path: string }[] }).errors.map(({ path }) => path)).toEqual(expect.arrayContaining(['answers.why']));
		const stale = await people.leader.send('PATCH', mine, { answers: { why: '我写的另一版。' }, version });
		expect(stale).toMatchObject({ status: 409 });
		expect((stale.body as { current: unknown }).current).toBeDefined();
		const { answers, budget } = draftOf(1);
		ok(await people.leader.send('PATCH', mine, { answers, budget, version: ok<Id>(await people.leader.get(mine)).version }));
	});

	test('numbers its receipts, gives the same one twice, and refuses what comes late with the server’s time', async () => {
		const numbers: string[] = [];
		for (const n of [0, 1, 2, 3, 5]) {
			const who = n === 1 ? people.leader : people.worker;
			const receipt = ok<{ number: string; digest: string }>(await submit(who, n));
			expect(ok(await submit(who, n))).toEqual(receipt);
			expect(receipt.digest).toMatch(/^[0-9a-f]{64}$/);
			numbers.push(receipt.number);
		}
		const closesAt = Date.parse(story.competition.timeline.closesAt);
		// The period of grace is five minutes and is not shown.
		await moveTo(closesAt + 200 * seconds);
		numbers.push(ok<{ number: string }>(await submit(people.worker, 4)).number);
		expect(numbers).toEqual(numbers.map((_, n) => `story-${String(n + 1).padStart(3, '0')}`));
		await moveTo(closesAt + 301 * seconds);
		const late = await submit(people.worker, 6);
		expect(late.status).toBe(409);
		const { title } = late.body as { title: string };
		expect(title).toMatch(/18:00/);
		expect(title).toMatch(/18:05:\d\d/);
		expect(ok<Competition>(await people.head.get(`/competitions/${story.competition.id}`)).state).toBe('screening');
	});

	test('is screened: one proposal comes back corrected, one is rejected, the late one is not there', async () => {
		const { screeningChecklist } = ok<Competition>(await people.head.get(`/competitions/${story.competition.id}`));
		const checklist = Object.fromEntries(screeningChecklist.map(({ key }) => [key, true]));
		const screen = (n: number, body: Record<string, unknown>) => people.worker.send('POST', `/proposals/${story.proposals[n]}/screening`, body);
		for (const n of [0, 1, 3, 4]) expect(ok(await screen(n, { outcome: 'pass', checklist }))).toMatchObject({ status: 'passed' });
		expect((await screen(2, { outcome: 'pass', checklist: {} })).status).toBe(422);
		expect((await screen(2, { outcome: 'return', checklist })).status).toBe(422);
		ok(await screen(2, { outcome: 'return', checklist, reason: '预算少写了一项。', correctionDays: 2 }));
		expect((await step('judging')).status).toBe(409);
		const path = `/proposals/${story.proposals[2]}`;
		const { version } = ok<Id>(await people.worker.get(path));
		ok(await people.worker.send('PATCH', path, { title: '晚饭后合唱队的一年（改）', version }));
		expect(ok(await submit(people.worker, 2))).toMatchObject({ number: 'story-003', submission: 2 });
		ok(await screen(2, { outcome: 'pass', checklist }));
		ok(await screen(5, { outcome: 'reject', checklist: {}, reason: '和去年的项目一样。' }));
		const list = ok<{ items: { status: string; number: string }[] }>(await people.head.get(`/competitions/${story.competition.id}/proposals`));
		expect(list.items.map(({ number, status }) => `${number} ${status}`)).toEqual([
			...['story-001 passed', 'story-002 passed', 'story-003 passed', 'story-004 passed', 'story-005 rejected', 'story-006 passed']
		]);
	});

	test('deals out scorecards by a seed, twice the same', async () => {
		const path = `/competitions/${story.competition.id}`;
		expect(await step('judging')).toMatchObject({ status: 409 });
		for (let n = 1; n <= 6; n += 1) ok(await people.head.send('POST', `${path}/judges`, { login: `judge${n}` }), 201);
		type Dealt = { assignments: { proposal: string; judge: string }[]; unfilled: unknown[]; load: { n: number }[] };
		const pairs = ({ assignments }: Dealt): string[] => assignments.map(({ proposal, judge }) => `${proposal} ${judge}`).sort();
		const first = ok<Dealt>(await people.head.send('POST', `${path}/assignment`, { reviews: 5, seed: '抽签一' }));
		expect(first.unfilled).toEqual([]);
		expect(pairs(first)).toHaveLength(25);
		const again = ok<Dealt>(await people.head.send('POST', `${path}/assignment`, { reviews: 5, seed: '抽签一', redeal: true }));
		expect(pairs(again)).toEqual(pairs(first));
		const counts = first.load.map(({ n }) => n);
		expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
		const state = ok<Competition>(await step('judging')).state;
		expect(state).toBe('judging');
	});

	test('is scored: saved, submitted, locked; one judge steps back', async () => {
		let recused = false;
		for (let n = 1; n <= 6; n += 1) {
			const judge = await signInByApi(app.address, `judge${n}`);
			const queue = ok<{ items: { id: string; competition: string }[] }>(await judge.get('/judging')).items.filter(
				({ competition }) => competition === story.competition.id
			);
			expect(queue.length).toBeGreaterThanOrEqual(4);
			for (const [at, { id }] of queue.entries()) {
				const card = ok<Scorecard>(await judge.get(`/scorecards/${id}`));
				const { criteria } = card.rubric;
				const place = story.proposals.indexOf(card.proposal);
				// Judges differ by less than proposals do, so that whoever judges what, no two proposals are equal.
				const scores = spread(criteria, 10 + place * 15 + ((n * 5 + place * 3) % 8));
				const comments = Object.fromEntries(criteria.map(({ key }) => [key, '见现场记录。']));
				const saved = ok<Scorecard>(await judge.send('PUT', `/scorecards/${id}`, { scores: { ...scores, [criteria[0]?.key ?? '']: null }, version: card.version }));
				expect(saved).toMatchObject({ status: 'draft', total: null, version: card.version + 1 });
				const stale = await judge.send('PUT', `/scorecards/${id}`, { scores: {}, version: card.version });
				expect(stale).toMatchObject({ status: 409, body: { current: { version: saved.version } } });
				if (n === 6 && at === 0) {
					ok(await judge.send('POST', `/scorecards/${id}/recusal`, { reason: '和队长是亲戚。' }));
					recused = true;
					continue;
				}
				const above = await judge.send('PUT', `/scorecards/${id}`, { scores: { ...scores, [criteria[0]?.key ?? '']: 999 }, version: saved.version });
				expect(above.status).toBe(422);
				const done = ok<Scorecard>(await judge.send('PUT', `/scorecards/${id}`, { scores, comments, status: 'submitted', version: saved.version }));
				const total = Object.values(scores).reduce((sum, points) => sum + points, 0);
				expect(done).toMatchObject({ status: 'submitted', total });
				expect((await judge.send('PUT', `/scorecards/${id}`, { scores, status: 'draft', version: done.version })).status).toBe(409);
				expect((await people.head.get(`/scorecards/${id}`)).status).toBe(404);
				story.cards.push({ proposal: card.proposal, judge: `judge${n}`, total });
			}
			expect((await judge.get(`/competitions/${story.competition.id}/ranking`)).status).toBe(403);
		}
		expect(recused).toBe(true);
		expect(story.cards).toHaveLength(24);
	}, 60_000);

	test('is ranked as the published rule says, recomputed here from the points', async () => {
		expect(ok<Competition>(await step('deliberation')).state).toBe('deliberation');
		const { official } = ok<{ official: { rank: number; proposal: string; scoreText: string; n: number; rule: string }[] }>(
			await people.head.get(`/competitions/${story.competition.id}/ranking`)
		);
		const ours = officialOrder(story.cards, 'trimmed');
		expect(official.map(({ rank, proposal, scoreText, n, rule }) => ({ rank, proposal, score: scoreText, n, rule }))).toEqual(ours);
		// Both rules are at work: the proposal that lost a judge has too few scorecards to trim.
		expect(new Set(ours.map(({ rule }) => rule))).toEqual(new Set(['mean', 'trimmed']));
	});

	test('is decided within its fund, whatever is sent at once', async () => {
		const path = `/competitions/${story.competition.id}/decision`;
		const order = officialOrder(story.cards, 'trimmed').map(({ proposal }) => proposal);
		const award = (proposal = '', amount = 200_000) => ({ proposal, outcome: 'fund', amount, reason: '居民自己在做。' });
		expect((await people.worker.send('POST', path, { awards: [award(order[0])] })).status).toBe(403);
		const over = await people.head.send('POST', path, { awards: order.slice(0, 3).map((id) => award(id)) });
		expect(over).toMatchObject({ status: 409, body: { code: 'decide_above_fund' } });
		expect((await people.head.send('POST', path, { awards: [award(order[0], 200_001)] })).status).toBe(422);
		const race = await Promise.all(
			order.map((id) => people.head.send('POST', path, { awards: [award(id)], rest: 'keep' }))
		);
		expect(race.filter(({ status }) => status === 200)).toHaveLength(2);
		expect(race.filter(({ status }) => status === 409)).toHaveLength(3);
		const decided = ok<{ total: number; version: number }>(
			await people.head.send('POST', path, {
				awards: order.map((id, n) => (n < 2 ? award(id) : { proposal: id, outcome: 'decline', reason: '这一期钱不够，明年再来。' }))
			})
		);
		expect(decided.total).toBe(400_000);
		expect(await people.head.send('POST', path, { awards: [], version: decided.version - 1 })).toMatchObject({ status: 409 });
	});

	test('is published once; anybody reads the result and recomputes digest and ranking', async () => {
		const path = `/competitions/${story.competition.id}/notice`;
		expect((await fetch(`${app.address}/competitions/story/results/file`)).status).toBe(404);
		expect((await people.worker.send('POST', path, {})).status).toBe(403);
		const key = { 'Idempotency-Key': 'notice-1' };
		const notice = ok<{ id: string; n: number; digest: string; total: number }>(await people.head.send('POST', path, {}, key), 201);
		expect(ok(await people.head.send('POST', path, {}, key), 201)).toEqual(notice);
		expect(notice).toMatchObject({ n: 1, total: 400_000 });
		// What is public may be some seconds old.
		await new Promise((resolve) => setTimeout(resolve, 3200));

		const file = await (await fetch(`${app.address}/competitions/story/results/file`)).text();
		expect(createHash('sha256').update(file).digest('hex')).toBe(notice.digest);
		const ours = officialOrder(story.cards, 'trimmed');
		const { result, scores } = JSON.parse(file) as {
			result: { rank: number; number: string; score: string; outcome: string; amount: number }[];
			scores: { proposal: string; judge: string; total: number }[];
		};
		expect(result.map(({ rank, score }) => ({ rank, score }))).toEqual(ours.map(({ rank, score }) => ({ rank, score })));
		expect(result.filter(({ outcome }) => outcome === 'fund').map(({ amount }) => amount)).toEqual([200_000, 200_000]);
		expect(scores).toHaveLength(24);
		for (const name of ['傅敏仪', '梁守正', '钟蕙']) expect(file).not.toContain(name);

		const page = await (await fetch(`${app.address}/competitions/story/results`, { headers: { 'Accept-Language': 'zh-CN' } })).text();
		for (const { score } of ours) expect(page).toContain(score);
		expect(page).toContain(notice.digest);

		const folder = mkdtempSync(join(tmpdir(), 'miaopu-rank-'));
		const table = join(folder, 'scores.csv');
		writeFileSync(table, await (await fetch(`${app.address}/competitions/story/results/file?as=csv`)).text());
		for (const method of ['trimmed', 'mean'] as const) {
			const json = JSON.parse(execFileSync(process.execPath, ['build/cli/run.js', 'rank', table, '--method', method, '--json'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) as {
				proposals: { proposal: string; rank: number; n: number; score: number }[];
			};
			const numbers = new Map(result.map(({ number }, at) => [ours[at]?.proposal, number]));
			const wanted = officialOrder(story.cards, method).map(({ rank, proposal, n }) => ({ rank, proposal: numbers.get(proposal), n }));
			expect(json.proposals.map(({ rank, proposal, n }) => ({ rank, proposal, n }))).toEqual(wanted);
		}
		rmSync(folder, { recursive: true });
	});
});
