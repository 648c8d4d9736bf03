import { MongoClient } from 'mongodb';
import { socketPathFor } from '#embedded-mongo';
import { cookie } from './served.ts';

/** A page to measure: who asks for which addresses in turn, and what is asked of it. */
export type MeasuredPage = { name: string; paths: string[]; headers?: Record<string, string>; target: string };

/** A scorecard, whose it is, and the tab that saves it. */
export type Card = { id: string; judge: string; client: string };

/** What a seeded district offers to measure; `cards` by judge. */
export type Measured = { competition: string; cards: Card[][]; scores: Record<string, number> };

/** Opens the scorecards of the first judges again, straight in the database, so that there is something to save and to submit. */
export const openCards = async (folder: string, judges: number): Promise<Measured> => {
	const client = await MongoClient.connect(`mongodb://${encodeURIComponent(socketPathFor(folder))}/miaopu?directConnection=true`);
	try {
		const cards = client.db().collection('scorecards');
		const users = client.db().collection('users');
		const one = await cards.findOne({});
		if (!one) throw new Error('There are no scorecards.');
		const lists: Card[][] = [];
		for (let index = 1; index <= judges; index += 1) {
			const judge = `judge${index}`;
			const client = `bench-${index}`;
			const user = await users.findOne({ loginNames: judge });
			// Each judge has one tab that has saved before, so that its saves follow each other.
			await cards.updateMany(
				{ user: String(user?._id) },
				{ $set: { status: 'draft', submittedAt: null, closedAt: null, lastSave: { client, seq: 0 } } }
			);
			const found = await cards.find({ user: String(user?._id) }, { projection: { _id: 1 } }).toArray();
			lists.push(found.map(({ _id }) => ({ id: String(_id), judge, client })));
		}
		return { competition: String(one.competition), cards: lists, scores: one.scores as Record<string, number> };
	} finally {
		await client.close();
	}
};

/** The pages people use most. */
export const commonPages = async (address: string, { competition, cards }: Measured): Promise<MeasuredPage[]> => {
	const [judge, head, city] = await Promise.all(['judge1', 'head', 'city'].map((login) => cookie(address, login)));
	return [
		{ name: "judge's queue", paths: ['/app/judging'], headers: judge, target: '500/s, p95 ≤ 50 ms' },
		{ name: 'scorecard beside its proposal', paths: (cards[0] ?? []).slice(0, 20).map(({ id }) => `/app/judging/${id}`), headers: judge, target: '850/s, p95 ≤ 35 ms' },
		{ name: "organizer's ranking", paths: [`/app/competitions/${competition}/ranking`], headers: head, target: '300/s, p95 ≤ 90 ms' },
		{ name: 'organization list', paths: ['/app/organizations'], headers: city, target: '500/s, p95 ≤ 50 ms' },
		{ name: 'station dashboard', paths: ['/app/station'], headers: city, target: '500/s, p95 ≤ 50 ms' },
		{ name: 'public competition page', paths: ['/competitions/scale'], target: '3,000/s' }
	];
};

const portfolio = [
	['today', '/app'],
	['station dashboard', '/app/station'],
	['next steps', '/app/station/next'],
	['heat map and distribution', '/app/station/maturity'],
	['cohorts', '/app/station/cohorts'],
	['organization list', '/app/organizations']
] as const;

/** What a city, a street's head and a worker see of the organizations they look after. */
export const portfolioPages = async (address: string): Promise<MeasuredPage[]> => {
	const people = await Promise.all(
		(['city', 'head', 'worker'] as const).map(async (login) => ({ login, headers: await cookie(address, login) }))
	);
	return portfolio.flatMap(([name, path]) => people.map(({ login, headers }) => ({ name: `${name}, ${login}`, paths: [path], headers, target: '' })));
};
