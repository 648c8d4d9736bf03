import type { ApiClient } from '../factories/api-client.ts';
import { signInByApi } from '../factories/api-client.ts';

/** The columns of the table: who asks, and the demo account (null: not signed in). */
export const roles = {
	stranger: null,
	admin: 'admin',
	city: 'city',
	head: 'head',
	worker: 'worker',
	superv: 'supervisor',
	finance: 'finance',
	leader: 'leader',
	judge1: 'judge1',
	judge2: 'judge2',
	observer: 'observer',
	head2: 'cao-lichun',
	worker2: 'xue-mengyao'
} as const;
export type Role = keyof typeof roles;
export const roleNames = Object.keys(roles) as Role[];

export type Clients = Record<Exclude<Role, 'stranger'>, ApiClient>;

/** A session for every account. */
export const signInAll = async (address: string): Promise<Clients> => {
	const entries = await Promise.all(
		Object.entries(roles).flatMap(([role, login]) => (login ? [signInByApi(address, login).then((client) => [role, client] as const)] : []))
	);
	return Object.fromEntries(entries) as Clients;
};

type Row = { id: string };

/** Every item of a list, page after page. */
export const listAll = async <Item extends Row>(client: ApiClient, path: string, limit = 50): Promise<Item[]> => {
	const items: Item[] = [];
	let cursor: string | null = '';
	while (cursor !== null) {
		const mark: string = path.includes('?') ? '&' : '?';
		const { status, body } = await client.get(`${path}${mark}limit=${limit}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
		if (status !== 200) throw new Error(`GET ${path} answered ${status}`);
		const page = body as { items: Item[]; next: string | null };
		items.push(...page.items);
		cursor = page.next;
	}
	return items;
};

const expectCreated = ({ status, body }: { status: number; body: unknown }): string => {
	if (status !== 201) throw new Error(`not created: ${status} ${JSON.stringify(body)}`);
	return (body as Row).id;
};

const present = <Value>(value: Value | undefined, what: string): Value => {
	if (value === undefined) throw new Error(`The demo data have no ${what}.`);
	return value;
};

export type Subjects = Record<
	| 'street'
	| 'street2'
	| 'cityStation'
	| 'mine'
	| 'theirs'
	| 'member'
	| 'activity'
	| 'meeting'
	| 'survey'
	| 'response'
	| 'interview'
	| 'spring'
	| 'summer'
	| 'autumn'
	| 'draftCall'
	| 'draft'
	| 'submitted'
	| 'judged'
	| 'file'
	| 'judge'
	| 'card1'
	| 'card2'
	| 'spare'
	| 'workerId'
	| 'rule'
	| 'one'
	| 'entry'
	| 'training'
	| 'session'
	| 'followUp'
	| 'service'
	| 'notice'
	| 'objection',
	string
>;

/** The things the rows of the table name, found in the demo data by people who may see them, or made anew. */
export const findSubjects = async (address: string, clients: Clients): Promise<Subjects> => {
	type Organization = Row & { station: string; stationPath: string[]; status: string; mentor: Row | null };
	const mine = present((await listAll<Organization>(clients.leader, '/organizations'))[0], 'organization of the leader');
	const theirs = present(
		(await listAll<Organization>(clients.worker2, '/organizations')).find(({ status }) => status === 'incubating'),
		'organization of another street'
	);
	const first = async (client: ApiClient, path: string): Promise<string> => present((await listAll(client, path))[0], path).id;
	const calls = await listAll<Row & { slug: string }>(clients.city, '/competitions');
	const call = (slug: string): string => present(calls.find((one) => one.slug === slug), slug).id;
	const spring = call('spring');
	const summer = call('summer');
	const draftCall = expectCreated(
		await clients.head.send('POST', '/competitions', { title: '还没公布的一期', slug: 'not-yet', station: mine.station })
	);
	// The leader's group may have a draft in the open call already; starting one gives it back then.
	const started = await clients.leader.send('POST', `/competitions/${spring}/proposals`, { organization: mine.id, title: '楼道里的灯' });
	const draft = (started.body as Row & { current?: Row }).current?.id ?? expectCreated(started);
	const form = new FormData();
	form.set('file', new File(['%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n'], '预算.pdf', { type: 'application/pdf' }));
	const attached = await clients.leader.upload(`/proposals/${draft}/attachments`, form);
	const cards = await listAll<Row & { status: string }>(clients.judge1, '/judging');
	const open = cards.filter(({ status }) => status === 'assigned');
	const workerId = present(mine.mentor ?? undefined, 'mentor').id;
	const make = async (path: string, body: object): Promise<string> => expectCreated(await clients.worker.send('POST', path, body));
	const survey = present((await listAll<Row & { kind: string }>(clients.worker, `/organizations/${mine.id}/surveys`)).find(({ kind }) => kind === 'needs'), 'needs survey').id;
	return {
		rule: 'leave',
		one: '1',
		entry: await make(`/organizations/${mine.id}/entries`, { kind: 'idea', title: '修长椅' }),
		training: await make(`/stations/${mine.station}/trainings`, { title: '怎么记账', heldOn: '2026-01-09' }),
		session: await make(`/stations/${mine.station}/supervisions`, {
			source: 'external',
			supervisorName: '外请督导',
			form: 'individual',
			heldOn: '2026-01-09',
			workers: [workerId],
			topic: '第一次带组',
			followUps: [{ key: 'f1', text: '写一页小结', owner: workerId, dueOn: '2026-02-01' }]
		}),
		followUp: 'f1',
		service: await make(`/stations/${mine.station}/services`, { kind: 'home_visit', heldOn: '2026-01-09', people: 1 }),
		street: mine.station,
		street2: theirs.station,
		cityStation: present(mine.stationPath[0], 'city station'),
		mine: mine.id,
		theirs: theirs.id,
		member: await first(clients.worker, `/organizations/${mine.id}/members`),
		activity: await first(clients.worker, `/organizations/${mine.id}/activities`),
		meeting: await first(clients.worker, `/organizations/${mine.id}/meetings`),
		survey,
		response: await first(clients.worker, `/surveys/${survey}/responses`),
		interview: await first(clients.worker, `/organizations/${mine.id}/interviews`),
		spring,
		summer,
		autumn: call('autumn'),
		draftCall,
		draft,
		submitted: await first(clients.head, `/competitions/${spring}/proposals`),
		judged: await first(clients.head, `/competitions/${summer}/proposals`),
		file: expectCreated(attached),
		judge: await first(clients.head, `/competitions/${summer}/judges`),
		card1: present(open[0], 'open scorecard of judge1').id,
		card2: await first(clients.judge2, '/judging'),
		spare: present(open[1], 'second open scorecard of judge1').id,
		notice: await first(clients.city, `/competitions/${call('autumn')}/notices`),
		objection: await first(clients.city, `/competitions/${call('autumn')}/objections`),
		workerId
	};
};
