/**
 * Clients of the store's benchmark, in a process of their own, so that their work is not counted as the server's.
 * `store-client <uri>` runs one workload after the other as messages ask for them.
 */
import { MongoClient, ObjectId } from 'mongodb';
import type { Collection } from 'mongodb';
import type { Measured } from './rates.ts';
import { documentOf, GROUPS, idOf, type BenchDocument } from './store-documents.ts';

export type Workload = {
	kind: 'ping' | 'findById' | 'findSorted' | 'insert' | 'update' | 'group';
	collection: string;
	/** Documents in the collection. */
	documents: number;
	clients: number;
	seconds: number;
};

/** Writes documents 0 … `documents` - 1 and an index on group and rank. */
export type Filling = { kind: 'fill'; collection: string; documents: number };

const operation = (collection: Collection<BenchDocument>, { kind, documents }: Workload): ((turn: number) => Promise<boolean>) => {
	const any = () => Math.floor(Math.random() * documents);
	switch (kind) {
		case 'ping':
			return async () => (await collection.db.command({ ping: 1 })).ok === 1;
		case 'findById':
			return async () => (await collection.findOne({ _id: idOf(any()) })) !== null;
		case 'findSorted':
			return async () => (await collection.find({ group: any() % GROUPS }, { sort: { rank: -1 }, limit: 20 }).toArray()).length === 20;
		case 'insert': {
			const { _id: _, ...rest } = documentOf(1);
			return async () => (await collection.insertOne({ _id: new ObjectId(), ...rest, group: any() })).acknowledged;
		}
		case 'update':
			return async (turn) => (await collection.updateOne({ _id: idOf(any()) }, { $set: { name: `turn ${turn}` }, $inc: { count: 1 } })).matchedCount === 1;
		case 'group':
			return async () => {
				const pipeline = [{ $match: { rank: { $gte: 0 } } }, { $group: { _id: '$group', sum: { $sum: '$rank' }, most: { $max: '$at' } } }];
				return (await collection.aggregate(pipeline).toArray()).length === GROUPS;
			};
	}
};

const measure = async (client: MongoClient, workload: Workload): Promise<Measured> => {
	const run = operation(client.db().collection<BenchDocument>(workload.collection), workload);
	const times: number[] = [];
	let failed = 0;
	const began = performance.now();
	const end = began + workload.seconds * 1000;
	await Promise.all(
		Array.from({ length: workload.clients }, async () => {
			for (let turn = 0; turn === 0 || performance.now() < end; turn += 1) {
				const sent = performance.now();
				const right = await run(turn).catch(() => false);
				if (!right) failed += 1;
				times.push(performance.now() - sent);
			}
		})
	);
	return { times, millis: performance.now() - began, failed };
};

const fill = async (client: MongoClient, { collection: name, documents }: Filling): Promise<void> => {
	const collection = client.db().collection<BenchDocument>(name);
	await collection.drop();
	await collection.createIndex({ group: 1, rank: -1 });
	const step = 1000;
	for (let from = 0; from < documents; from += step) {
		const count = Math.min(step, documents - from);
		await collection.insertMany(Array.from({ length: count }, (_, at) => documentOf(from + at)));
		process.send?.({ filled: from + count });
	}
	process.send?.({ filled: documents, done: true });
};

const [uri] = process.argv.slice(2);
if (uri) {
	const client = await MongoClient.connect(uri, { maxPoolSize: 16, minPoolSize: 16 });
	process.on('message', (asked: Workload | Filling) => {
		if (asked.kind === 'fill') void fill(client, asked);
		else void measure(client, asked).then((measured) => process.send?.(measured));
	});
	process.on('disconnect', () => void client.close().then(() => process.exit(0)));
	process.send?.({ ready: true });
}
