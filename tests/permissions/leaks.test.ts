import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type ApiClient, clientOf, ok, signInByApi } from '../factories/api-client.ts';
import { removeData, startApp, type RunningApp } from '../factories/app-process.ts';
import { browserClient, signInByForm, type BrowserClient } from '../factories/browser-client.ts';

/**
 * Secrets of a competition in judging are planted as words found nowhere else, and every page and call of the platform
 * is asked for by every role: who may not know a secret must not find it in any answer, list, search, file or stream.
 */

type Id = { id: string; version: number };
type Round = { blind: boolean; reviews: number; rubric: { key: string; points: number; step: number }[] };
type Competition = Id & { rounds: Round[]; screeningChecklist: { key: string }[]; timeline: { opensAt: string; closesAt: string } };

const slug = 'sealed';
const groups = ['密语茶馆合唱队', '密语竹林修理铺', '密语河边晨读社'];
const applicant = '密语申请人';
const fileName = '密语附件原名';
const inPicture = 'SECRETEXIFARTIST';
const judgeLogins = ['judge1', 'judge2', 'judge3'] as const;
const judgeNames = ['封名评委甲', '封名评委乙', '封名评委丙'];
const words = (login: string): string => `封存评语${login}`;
/** Half points, so that no other number on a page looks like one of these totals. */
const totals = { judge1: 71.5, judge2: 66.5, judge3: 83.5 } as const;

let app: RunningApp;
const api: Record<string, ApiClient> = {};
const browsers: Record<string, BrowserClient> = {};
const call = { id: '', proposals: [] as string[], organizations: [] as string[], file: '', judges: [] as string[], cards: {} as Record<string, { id: string; proposal: string }[]> };

const as = clientOf(api);
const browser = (who: string): BrowserClient => browsers[who] ?? browserClient(app.address);
const everybody = ['stranger', 'admin', 'city', 'head', 'worker', 'supervisor', 'finance', 'observer', 'leader', ...judgeLogins, 'judge7', 'cao-lichun', 'xue-mengyao'];

const signIn = async (): Promise<void> => {
	for (const who of everybody.slice(1)) {
		api[who] = await signInByApi(app.address, who);
		browsers[who] = await signInByForm(app.address, who);
	}
};
const moveTo = async (moment: number): Promise<void> => {
	app.setClock(moment - Date.now());
	await new Promise((resolve) => setTimeout(resolve, 300));
	await signIn();
};
const step = (to: string): Promise<Answer> => as('head').send('POST', `/competitions/${call.id}/transitions`, { to, reason: '到时间了' });

/** Marks that make the judge's total of a 100-point rubric. */
const marksFor = (rubric: Round['rubric'], login: keyof typeof totals): Record<string, number> => {
	let left = totals[login];
	return Object.fromEntries(
		rubric.map(({ key, points }) => {
			const given = Math.min(points, left);
			left -= given;
			return [key, given];
		})
	);
};
const submission = (login: keyof typeof totals, rubric: Round['rubric']) => ({
	scores: marksFor(rubric, login),
	comments: Object.fromEntries(rubric.map(({ key }) => [key, words(login)])),
	overall: words(login),
	status: 'submitted',
	version: 0
});

beforeAll(async () => {
	app = await startApp({ demo: true });
	await signIn();
	const { items: stations } = ok<{ items: (Id & { level: string })[] }>(await as('worker').get('/stations'));
	const station = stations.find(({ level }) => level === 'street')?.id ?? '';
	for (const [n, name] of groups.entries()) {
		const application = { name, category: 'arts', station, purpose: '一起做点小事。', memberCount: 8, applicantName: applicant, applicantPhone: `1390000400${n}`, consent: true };
		const made = ok<Id>(await as(n === 0 ? 'leader' : 'worker').send('POST', '/organizations', application), 201);
		ok(await as('worker').send('POST', `/organizations/${made.id}/application`, { action: 'accept', version: made.version }));
		call.organizations.push(made.id);
	}
	const draft = ok<Competition>(await as('head').send('POST', '/competitions', { title: '封存的一期', slug, station, theme: '身边的小事。', fund: 1_000_000 }), 201);
	call.id = draft.id;
	const rounds = draft.rounds.map((round) => ({ ...round, blind: true, reviews: 3, rubric: round.rubric.map((criterion) => ({ ...criterion, step: 0.5 })) }));
	const eligibility = { minStage: null, minFiling: 'none', hostAccepted: true, categories: [], catchment: [station], onePerOrganization: true, noRepeatWinnerYears: 1 };
	ok(await as('head').send('PATCH', `/competitions/${call.id}`, { rounds, eligibility, version: draft.version }));
	ok(await step('announced'));
	await moveTo(Date.parse(draft.timeline.opensAt) + 1000);
	for (const [n, organization] of call.organizations.entries()) {
		const who = n === 0 ? 'leader' : 'worker';
		const content = {
			...{ organization, title: `${groups[n]}的一年`, track: 'simple', requested: 200_000, withinCharter: true },
			answers: { why: `${groups[n]}的楼里有老人。`, how: '每周六。', who: `${groups[n]}九个人。`, change: '接着做。' },
			budget: [{ category: 'activity', item: `${groups[n]}的材料`, unit: '份', quantity: 20, unitPrice: 10_000 }]
		};
		const proposal = ok<Id>(await as(who).send('POST', `/competitions/${call.id}/proposals`, content), 201);
		if (n === 0) {
			const picture = await sharp({ create: { width: 40, height: 40, channels: 3, background: '#7a9' } }).withExif({ IFD0: { Artist: inPicture } }).jpeg().toBuffer();
			expect(picture.toString('latin1')).toContain(inPicture);
			const form = new FormData();
			form.set('file', new File([new Uint8Array(picture)], `${fileName}.jpg`, { type: 'image/jpeg' }));
			call.file = ok<Id>(await as(who).upload(`/proposals/${proposal.id}/attachments`, form), 201).id;
		}
		ok(await as(who).send('POST', `/proposals/${proposal.id}/submit`, {}));
		call.proposals.push(proposal.id);
	}
	await moveTo(Date.parse(draft.timeline.closesAt) + 301_000);
	const checklist = Object.fromEntries(draft.screeningChecklist.map(({ key }) => [key, true]));
	for (const proposal of call.proposals) ok(await as('worker').send('POST', `/proposals/${proposal}/screening`, { outcome: 'pass', checklist }));
	for (const [n, login] of judgeLogins.entries())
		call.judges.push(ok<Id>(await as('head').send('POST', `/competitions/${call.id}/judges`, { login, name: judgeNames[n] }), 201).id);
	ok(await as('head').send('POST', `/competitions/${call.id}/assignment`, { seed: 'leaks' }));
	ok(await step('judging'));
	await signIn();
	const [round] = rounds;
	for (const login of judgeLogins) {
		const queue = ok<{ items: { id: string; competition: string; proposal: string }[] }>(await as(login).get('/judging')).items;
		call.cards[login] = queue.filter(({ competition }) => competition === call.id);
		// Everybody leaves the last proposal open: the round is not over for any of them.
		for (const { id } of (call.cards[login] ?? []).filter(({ proposal }) => proposal !== call.proposals[2]))
			ok(await as(login).send('PUT', `/scorecards/${id}`, submission(login, round?.rubric ?? [])));
	}
}, 180_000);
afterAll(async () => {
	await app.stop();
	removeData(app);
});

const scoresOf = (login: keyof typeof totals): string[] => [words(login), String(totals[login]), String(totals[login] * 100)];
const identities = (): string[] => [...groups, ...call.organizations, applicant, fileName, inPicture];
const panel = (): string[] => [...judgeNames, ...call.judges];
const allScores = (): string[] => judgeLogins.flatMap((login) => [words(login), String(totals[login])]);

const routes = join(import.meta.dirname, '../../src/routes');
const fillings = (): Record<string, string[]> => {
	const [theirs] = call.cards.judge2 ?? [];
	return {
		'/app/competitions': [call.id],
		'/app/proposals': call.proposals,
		'/app/organizations': [call.organizations[0] ?? ''],
		'/app/judging': [theirs?.id ?? ''],
		'/print/competitions': [call.id],
		'/print/proposals': [call.proposals[0] ?? ''],
		'/print/organizations': [call.organizations[0] ?? ''],
		'/api/v1/competitions': [call.id],
		'/api/v1/proposals': call.proposals,
		'/api/v1/organizations': [call.organizations[0] ?? ''],
		'/api/v1/scorecards': [theirs?.id ?? '']
	};
};

/** Every address of the platform that can be asked for with GET, filled with the things of this competition. */
const addresses = (): string[] => {
	const known = fillings();
	const others: Record<string, string> = {
		...{ slug, proposal: call.proposals[0] ?? '', competition: call.id, judge: call.judges[0] ?? '', file: call.file, card: call.cards.judge2?.[0]?.id ?? '' },
		...{ section: 'plan', part: 'rounds', kind: 'charter' }
	};
	const found = readdirSync(routes, { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('+page.svelte') || file.endsWith('+server.ts'))
		.map((file) => `/${file.replace(/\/?\+(?:page\.svelte|server\.ts)$/, '')}`.replace(/\/\([a-z]+\)/g, ''))
		.flatMap((path) => {
			const base = Object.keys(known).find((start) => path.startsWith(`${start}/[id]`));
			const ids = path.includes('[id]') ? (base ? (known[base] ?? []) : []) : [''];
			return ids.map((id) => path.replace('[id]', id).replace(/\[(\w+)\]/g, (whole, name: string) => others[name] ?? whole));
		})
		.filter((path) => !path.includes('[') && !['/logout', '/preferences'].includes(path));
	const word = encodeURIComponent('密语');
	const queries = [
		...['/app/organizations', '/organizations', `/app/competitions/${call.id}/proposals`].map((path) => `${path}?q=${word}`),
		...['score', '-score', 'title', 'number'].map((sort) => `/app/competitions/${call.id}/proposals?sort=${sort}`),
		...[`/api/v1/organizations?q=${word}`, `/api/v1/competitions/${call.id}/proposals?q=${word}`, '/api/v1/judging?limit=1', `/app/judging/events?competition=${call.id}`],
		...[`/competitions/${slug}/results/file?as=json`, `/competitions/${slug}/results/file?as=csv`]
	];
	return [...new Set([...found.map((path) => path || '/'), ...queries])];
};

/** The answer to an address as a page, as the page's data, and as a program gets it. */
const answersTo = async (who: string, path: string): Promise<[string, string][]> => {
	if (path.startsWith('/api/v1')) return who === 'stranger' ? [] : [[path, JSON.stringify((await as(who).get(path.slice('/api/v1'.length))).body)]];
	const [plain, query] = path.split('?');
	const data = `${plain === '/' ? '' : plain}/__data.json${query ? `?${query}` : ''}`;
	const seen: [string, string][] = [];
	for (const one of [path, data]) seen.push([one, (await browser(who).see(one)).text]);
	return seen;
};

/** A figure is one only where it stands by itself: its digits turn up within ids and digests by chance. */
const tells = (text: string, secret: string): boolean =>
	/^[\d.]+$/.test(secret) ? new RegExp(`(?<![\\w.])${secret.replace('.', '\\.')}0*(?!\\w)`).test(text) : text.includes(secret);

/** Looks for secrets in everything a role can ask for; answers where which was found. */
const found = async (who: string, secrets: readonly string[], paths: readonly string[]): Promise<string[]> => {
	const leaks: string[] = [];
	for (let at = 0; at < paths.length; at += 8)
		for (const seen of await Promise.all(paths.slice(at, at + 8).map((path) => answersTo(who, path))))
			for (const [path, text] of seen)
				// What stands in the address itself is no news to whoever typed it.
				for (const secret of secrets) if (!path.includes(secret) && tells(text, secret)) leaks.push(`${who} ${path}: ${secret}`);
	return leaks;
};

/** Lists of groups name groups, whoever applied for what. */
const ofGroups = /^\/(?:app\/organizations|api\/v1\/organizations|organizations|stations|app\/station)|^\/$/;
/** Pages of the ranking are for those who may see the scores. */
const ofScores = /\/(?:ranking|decision|notice|notices|objections|rounds|advancements)(?:[/?]|$)/;

describe('in a blind round', () => {
	test('a judge finds no group, no file, no other’s marks anywhere', async () => {
		const paths = addresses();
		expect(paths.length).toBeGreaterThan(120);
		for (const login of judgeLogins) {
			const own = (call.cards[login] ?? []).flatMap(({ id }) => [`/app/judging/${id}`, `/api/v1/scorecards/${id}`, `/app/judging/${id}/files/${call.file}`]);
			const others = judgeLogins.filter((one) => one !== login).flatMap(scoresOf);
			expect(await found(login, [...identities(), ...others], [...own, ...paths.filter((path) => !ofGroups.test(path))]), login).toEqual([]);
			expect(await found(login, others, paths.filter((path) => ofGroups.test(path))), login).toEqual([]);
		}
	}, 240_000);

	test('a judge reads the proposal all the same, with the name blotted out', async () => {
		const [card] = call.cards.judge1 ?? [];
		const { text } = await browser('judge1').see(`/app/judging/${card?.id}`);
		expect(text).toContain('■■的楼里有老人');
		expect(text).toContain('盲评');
	});

	test('no page of a group names its proposal: number and group are never found together', async () => {
		const numbers = call.proposals.map((_proposal, at) => `${slug}-00${at + 1}`);
		const { text } = await browser('judge1').see('/app/judging');
		expect(numbers.some((number) => text.includes(number))).toBe(true);
		const paths = addresses().filter((path) => ofGroups.test(path));
		for (const who of [...judgeLogins, 'stranger']) expect(await found(who, [...numbers, ...call.proposals], paths), who).toEqual([]);
	}, 120_000);

	test('another’s scorecard answers word for word like one that does not exist', async () => {
		const theirs = call.cards.judge2?.[0]?.id ?? '';
		// Its neighbour might be a scorecard too: ids of one moment follow each other.
		const none = `${theirs.startsWith('f') ? 'e' : 'f'}${theirs.slice(1)}`;
		const { rubric } = ok<{ rubric: { criteria: Round['rubric'] } }>(await as('judge2').get(`/scorecards/${theirs}`));
		const bare = (text: string, id: string): string =>
			text.replaceAll(id, 'ID').replace(/nonce(?:="|-)[\w+/=]+/g, '').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '');
		const asked = async (who: string, id: string): Promise<string[]> => {
			const answers = [
				await as(who).get(`/scorecards/${id}`),
				...(await Promise.all(
					[{ scores: {}, version: 0 }, { scores: { stranger: 1 }, version: 0 }, { scores: {}, version: 'x' }, submission('judge1', rubric.criteria)].map((body) =>
						as(who).send('PUT', `/scorecards/${id}`, body)
					)
				)),
				await as(who).send('POST', `/scorecards/${id}/recusal`, { reason: '试试' })
			].map(({ status, body }) => `${status} ${JSON.stringify(body)}`);
			const pages = ['', '/next', '/spread', `/files/${call.file}`, '/__data.json'].map((path) => browser(who).see(`/app/judging/${id}${path}`));
			return [...answers, ...(await Promise.all(pages)).map(({ status, text }) => `${status} ${text}`)].map((text) => bare(text, id));
		};
		for (const who of ['judge1', 'judge7', 'leader', 'observer', 'admin']) {
			const other = await asked(who, theirs);
			expect(other, who).toEqual(await asked(who, none));
			expect(other.filter((answer) => !/^(?:40[34]|422) |"type":"error","error".*"status":40[34]/.test(answer)), who).toEqual([]);
		}
	}, 60_000);

	test('errors and refusals tell nothing either', async () => {
		const [mine] = call.cards.judge1 ?? [];
		const [theirs] = call.cards.judge2 ?? [];
		const answers = [
			await as('judge1').send('PUT', `/scorecards/${mine?.id}`, { scores: { stranger: 1 }, version: 0 }),
			await as('judge1').send('PUT', `/scorecards/${theirs?.id}`, { scores: {}, version: 0 }),
			await as('judge1').send('POST', `/scorecards/${theirs?.id}/recusal`, { reason: '试试' }),
			await as('judge1').send('POST', `/competitions/${call.id}/assignment`, {}),
			await as('leader').send('POST', `/competitions/${call.id}/assignment`, {}),
			await as('leader').send('POST', `/proposals/${call.proposals[0]}/screening`, { outcome: 'pass' }),
			await as('leader').send('GET' as 'POST', `/competitions/${call.id}/judges`)
		];
		expect(answers.map(({ status }) => status).every((status) => status >= 400)).toBe(true);
		for (const { body } of answers) for (const secret of [...identities(), ...panel(), ...scoresOf('judge2')]) expect(JSON.stringify(body)).not.toContain(secret);
	});
});

describe('before the release', () => {
	test('an applicant finds neither judges nor scores anywhere', async () => {
		expect(await found('leader', [...panel(), ...allScores()], addresses())).toEqual([]);
	}, 120_000);

	test('strangers, other judges and other stations find nothing at all', async () => {
		const paths = addresses().filter((path) => !ofGroups.test(path));
		for (const who of ['stranger', 'judge7', 'cao-lichun', 'xue-mengyao']) expect(await found(who, [...identities(), ...panel(), ...allScores()], paths), who).toEqual([]);
	}, 240_000);

	test('those who only oversee see progress without a score', async () => {
		for (const who of ['admin', 'supervisor', 'finance', 'observer']) expect(await found(who, allScores(), addresses()), who).toEqual([]);
	}, 240_000);

	test('and no order of a list tells it: what is sorted by score is sorted like anything else', async () => {
		const numbersIn = (text: string): string[] => [...text.matchAll(new RegExp(`${slug}-\\d+`, 'g'))].map(([number]) => number);
		for (const who of ['admin', 'supervisor', 'observer', 'worker', 'head']) {
			const order = async (query: string): Promise<string[]> => numbersIn((await browser(who).see(`/app/competitions/${call.id}/proposals${query}`)).text);
			const usual = await order('');
			for (const sort of ['score', '-score', 'total', 'rank', '-filled']) expect(await order(`?sort=${sort}`), `${who} ${sort}`).toEqual(usual);
		}
	}, 60_000);

	test('nothing a signed-in person gets may lie in a cache on the way', async () => {
		for (const who of ['judge1', 'leader', 'head']) {
			const paths = addresses().filter((path) => !path.startsWith('/api/'));
			const kept: string[] = [];
			for (let at = 0; at < paths.length; at += 8) {
				const answers = await Promise.all(paths.slice(at, at + 8).map(async (path) => ({ path, ...(await browser(who).see(path)) })));
				for (const { path, status, cacheControl } of answers) if (status === 200 && !/no-store|private/.test(cacheControl)) kept.push(`${who} ${path}: ${cacheControl}`);
			}
			expect(kept, who).toEqual([]);
		}
	}, 120_000);

	test('organizers find scores on the pages of the ranking and on no other', async () => {
		const paths = addresses();
		for (const who of ['head', 'worker', 'city']) expect(await found(who, allScores(), paths.filter((path) => !ofScores.test(path))), who).toEqual([]);
		expect(await found('head', [words('judge2')], [`/app/competitions/${call.id}/ranking/${call.proposals[0]}`])).not.toEqual([]);
	}, 240_000);
});

describe('what changes when somebody scores', () => {
	/** What a page says, without the moment it was asked for and what is new in every answer. */
	const settled = (text: string): string =>
		text
			.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '')
			.replace(/(?:\.\.?\/)+/g, './')
			.replace(/nonce(?:="|-)[\w+/=]+/g, '')
			.replace(/剩[^<"]{0,12}|\d+ ?(?:秒|分钟|小时)[前后]?/g, '');

	test('tells an applicant and the other judges nothing: their pages stay as they were', async () => {
		const [open] = (call.cards.judge2 ?? []).filter(({ proposal }) => proposal === call.proposals[2]);
		const mine = (call.cards.judge1 ?? []).find(({ proposal }) => proposal === call.proposals[2]);
		const looks: [string, string][] = [
			...['/app', '/app/judging', `/app/judging/${mine?.id}`, `/app/judging/${mine?.id}/__data.json`, '/app/judging/__data.json'].map((path) => ['judge1', path] as [string, string]),
			...['/app', '/app/proposals', `/app/proposals/${call.proposals[0]}`, `/app/proposals/${call.proposals[0]}/recusal`, `/competitions/${slug}`, `/competitions/${slug}/results`].map((path) => ['leader', path] as [string, string])
		];
		const look = async (): Promise<string[]> => {
			const texts: string[] = [];
			for (const [who, path] of looks) texts.push(settled((await browser(who).see(path)).text));
			return texts;
		};
		const before = await look();
		const queue = JSON.stringify((await as('judge1').get('/judging')).body);
		const { rubric } = ok<{ rubric: { criteria: Round['rubric'] } }>(await as('judge2').get(`/scorecards/${open?.id}`));
		ok(await as('judge2').send('PUT', `/scorecards/${open?.id}`, submission('judge2', rubric.criteria)));
		const after = await look();
		for (const [at, [who, path]] of looks.entries()) expect(after[at], `${who} ${path}`).toBe(before[at]);
		expect(JSON.stringify((await as('judge1').get('/judging')).body)).toBe(queue);
	});

	test('a request that somebody not judge is answered the same whether or not they do', async () => {
		const path = `/proposals/${call.proposals[0]}/recusal-requests`;
		// A space more: the same person, and not the planted word itself.
		const people = [(judgeNames[0] ?? '').replace('评委', ' 评委'), '查无 此人'];
		const asked = [];
		for (const person of people) asked.push(await as('leader').send('POST', path, { person, reason: '做过邻居。' }));
		const ids = asked.map((answer) => ok<Id>(answer, 201).id);
		expect(asked.map(({ body }) => Object.keys(body as object))).toEqual([['id'], ['id']]);
		const again = [];
		for (const person of people) again.push(await as('leader').send('POST', path, { person, reason: '再问一次。' }));
		expect(again.map(({ status }) => status)).toEqual([422, 422]);
		expect(again[0]?.body).toEqual(again[1]?.body);
		for (const request of ids) ok(await as('head').send('POST', `/competitions/${call.id}/recusal-requests/${request}/answer`, { outcome: 'accepted', answer: '同意回避。' }));
		const { items } = ok<{ items: Record<string, unknown>[] }>(await as('leader').get(path));
		const shown = items.map(({ id: _id, person: _person, at: _at, answeredAt: _answeredAt, ...rest }) => rest);
		expect(shown).toHaveLength(2);
		expect(shown[0]).toEqual(shown[1]);
		expect(shown[0]).toEqual({ reason: '做过邻居。', status: 'accepted', answer: '同意回避。' });
		const { items: organizers } = ok<{ items: { person: string; judges: string[] }[] }>(await as('head').get(`/competitions/${call.id}/recusal-requests`));
		expect(organizers.map(({ person, judges }) => [person, judges.length]).sort()).toEqual([[people[0], 1], [people[1], 0]].sort());
	});

	test('and closing the round, before anything is released, gives applicants and strangers nothing', async () => {
		ok(await step('deliberation'));
		const paths = addresses();
		for (const who of ['leader', 'stranger', 'judge7', 'observer']) expect(await found(who, allScores(), paths), who).toEqual([]);
		expect(await found('leader', panel(), paths)).toEqual([]);
	}, 240_000);
});
