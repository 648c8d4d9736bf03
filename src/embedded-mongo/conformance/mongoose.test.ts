/** mongoose at work: schemas, discriminators, populate, array changes, bulkSave, cursors, sessions. */
import mongoose from 'mongoose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let h: Harness;
let connection: mongoose.Connection;
beforeAll(async () => {
	h = await startHarness();
	connection = await mongoose.createConnection(h.store.uri, { maxPoolSize: 5 }).asPromise();
});
afterAll(async () => {
	await connection.close();
	await h.stop();
});

it('runs an application’s models', async () => {
	const Author = connection.model('Author', new mongoose.Schema({ name: String, meta: { type: Map, of: Number } }));
	const Book = connection.model(
		'Book',
		new mongoose.Schema({
			title: { type: String, index: true },
			author: { type: mongoose.Schema.Types.ObjectId, ref: 'Author' },
			price: mongoose.Schema.Types.Decimal128,
			big: BigInt,
			uid: mongoose.Schema.Types.UUID,
			cover: Buffer,
			parts: [{ a: Number, b: String }]
		})
	);
	const Special = Book.discriminator('Special', new mongoose.Schema({ foil: Boolean }));
	await Promise.all([Author.init(), Book.init()]);

	const [x, y] = await Author.insertMany([{ name: 'x', meta: { a: 1 } }, { name: 'y' }]);
	await Book.create([
		{
			title: 'b1',
			author: x?._id,
			price: '1.50',
			big: 12345678901234567n,
			uid: '6b29fc40-ca47-1067-b31d-00dd010662da',
			cover: Buffer.from('hi'),
			parts: [{ a: 1, b: 'q' }]
		},
		{ title: 'b2', author: y?._id }
	]);
	await Special.create({ title: 's', foil: true, author: x?._id });

	const list = await Book.find().populate<{ author: { name: string } }>('author').sort({ title: 1 });
	expect(list.map((book) => book.author.name)).toEqual(['x', 'y', 'x']);
	expect(list[0]).toMatchObject({ big: 12345678901234567n });
	expect(String(list[0]?.price)).toBe('1.50');

	const book = await Book.findOne({ title: 'b1' }).orFail();
	book.parts.push({ a: 3, b: 'z' });
	await book.save();
	book.parts.splice(0, 1);
	await book.save();
	expect(await Book.findById(book._id).lean()).toMatchObject({ parts: [{ a: 3, b: 'z' }] });
	expect(await Book.countDocuments({ 'parts.a': 3 })).toBe(1);
	expect(await Special.countDocuments()).toBe(1);

	let seen = 0;
	for await (const each of Book.find().cursor({ batchSize: 1 })) seen += each.title ? 1 : 0;
	expect(seen).toBe(3);
	const all = await Book.find();
	for (const each of all) each.title += '!';
	await Book.bulkSave(all);
	expect(await Book.distinct('title')).toEqual(expect.arrayContaining(['b1!', 'b2!', 's!']));

	const perAuthor = await Book.aggregate([
		{ $lookup: { from: 'authors', localField: 'author', foreignField: '_id', as: 'by' } },
		{ $unwind: '$by' },
		{ $group: { _id: '$by.name', n: { $sum: 1 } } },
		{ $sort: { _id: 1 } }
	]);
	expect(perAuthor).toEqual([
		{ _id: 'x', n: 2 },
		{ _id: 'y', n: 1 }
	]);
	expect(await Book.updateMany({}, { $unset: { cover: 1 } })).toMatchObject({ matchedCount: 3, modifiedCount: 1 });
	expect(await Book.syncIndexes()).toEqual([]);
});

it('refuses transactions and accepts sessions', async () => {
	const Note = connection.model('Note', new mongoose.Schema({ text: String }));
	const inTransaction = connection.transaction(async (session) => {
		await Note.create([{ text: 'never' }], { session });
	});
	await expect(inTransaction).rejects.toThrow();
	const session = await connection.startSession();
	await Note.create([{ text: 'kept' }], { session });
	await session.endSession();
	expect(await Note.find().lean()).toMatchObject([{ text: 'kept' }]);
});

it('brings the indexes of all models in line, and says for which it could not', async () => {
	const own = await mongoose.createConnection(h.store.uri, { dbName: 'inLine' }).asPromise();
	const indexed = (options: mongoose.IndexOptions) =>
		new mongoose.Schema({ name: String }, { autoIndex: false }).index({ name: 1 }, options);
	const Plain = own.model('Plain', indexed({}));
	const Twice = own.model('Twice', indexed({ unique: true }));
	const Folded = own.model('Folded', indexed({ collation: { locale: 'en', strength: 2 }, sparse: true }));
	await Promise.all([Plain.createCollection(), Folded.createCollection()]);
	await Twice.insertMany([{ name: 'same' }, { name: 'same' }]);

	const results = await own.syncIndexes({ continueOnError: true });
	expect(results).toMatchObject({ Plain: [], Twice: { code: 11000, keyValue: { name: 'same' } }, Folded: [] });
	await expect(own.syncIndexes()).rejects.toMatchObject({
		name: 'SyncIndexesError',
		message: expect.stringContaining('E11000') as string
	});
	expect((await Twice.listIndexes()).map(({ key }) => key as object)).toEqual([{ _id: 1 }]);
	await Twice.deleteMany();
	expect(await own.syncIndexes()).toEqual({ Plain: [], Twice: [], Folded: [] });
	for (const model of [Plain, Twice, Folded]) {
		expect(await model.diffIndexes()).toEqual({ toDrop: [], toCreate: [] });
	}
	await own.dropDatabase();
	await own.close();
});

it('closes and opens again, with its models and with other databases', async () => {
	const own = await mongoose.createConnection(h.store.uri, { dbName: 'again' }).asPromise();
	const Leaf = own.model('Leaf', new mongoose.Schema({ name: { type: String, index: true } }));
	await Leaf.init();
	await own.dropCollection(Leaf.collection.collectionName);
	await expect(Leaf.collection.listIndexes().toArray()).rejects.toMatchObject({ codeName: 'NamespaceNotFound' });
	await own.close();
	await own.openUri(h.store.uri, { dbName: 'again' });
	await Leaf.init();
	expect(await Leaf.collection.listIndexes().toArray()).toHaveLength(2);

	const elsewhere = own.useDb('elsewhere');
	const Other = elsewhere.model('Leaf', Leaf.schema);
	const leaf = await Other.create({ name: 'there' });
	expect(await Leaf.findById(leaf._id)).toBeNull();
	expect((await own.listDatabases()).databases).toContainEqual({
		name: 'elsewhere',
		sizeOnDisk: expect.any(Number) as number,
		empty: false
	});
	await elsewhere.dropDatabase();
	await own.dropDatabase();
	await own.close();
});

it('is told at once that there are no change streams', async () => {
	const stream = connection.watch();
	await expect(stream.next()).rejects.toMatchObject({ code: 40573 });
	await stream.close();
});
