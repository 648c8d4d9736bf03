/** What a validator's refusal tells: which rules were broken, by what, and what the schema's author says about them. */
import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHarness } from './harness.ts';
import type { Harness } from './harness.ts';

let h: Harness;
beforeAll(async () => {
	h = await startHarness({ promoteValues: true });
});
afterAll(() => h.stop());

let made = 0;
/** `errInfo.details` of inserting a document into a collection with that validator. */
async function details(validator: Document, document: Document): Promise<Document> {
	const name = `validated${++made}`;
	await h.db.createCollection(name, { validator });
	const error = await h.db.collection(name).insertOne({ _id: 7 as never, ...document }).then(
		() => undefined,
		(reason: { code: number; errInfo: Document }) => reason
	);
	expect(error).toMatchObject({ code: 121, errInfo: { failingDocumentId: 7 } });
	return error?.errInfo['details'];
}
const rules = async (schema: Document, document: Document): Promise<Document[]> => {
	const shown = await details({ $jsonSchema: schema }, document);
	expect(shown['operatorName']).toBe('$jsonSchema');
	return shown['schemaRulesNotSatisfied'];
};
/** The rules one property breaks. */
const property = async (schema: Document, value: unknown): Promise<Document[]> => {
	const [rule] = await rules({ properties: { p: schema } }, { p: value });
	expect(rule).toMatchObject({ operatorName: 'properties', propertiesNotSatisfied: [{ propertyName: 'p' }] });
	return rule?.['propertiesNotSatisfied'][0].details;
};

describe('a schema', () => {
	it('tells all rules broken, with the words of its author', async () => {
		const schema = {
			bsonType: 'object',
			title: 'A member',
			required: ['name', 'since'],
			properties: {
				name: { bsonType: 'string', description: 'What others call them' },
				age: { bsonType: 'int', minimum: 0, maximum: 150, exclusiveMaximum: true },
				active: { bsonType: 'bool' },
				since: { bsonType: 'date' }
			},
			additionalProperties: false
		};
		expect(await details({ $jsonSchema: schema }, { name: 5, age: 150, active: true, nick: 'x' })).toEqual({
			operatorName: '$jsonSchema',
			title: 'A member',
			schemaRulesNotSatisfied: [
				{
					operatorName: 'properties',
					propertiesNotSatisfied: [
						{
							propertyName: 'name',
							description: 'What others call them',
							details: [
								{
									operatorName: 'bsonType',
									specifiedAs: { bsonType: 'string' },
									reason: 'type did not match',
									consideredValue: 5,
									consideredType: 'int'
								}
							]
						},
						{
							propertyName: 'age',
							details: [
								{
									operatorName: 'maximum',
									specifiedAs: { maximum: 150, exclusiveMaximum: true },
									reason: 'comparison failed',
									consideredValue: 150
								}
							]
						}
					]
				},
				{
					operatorName: 'additionalProperties',
					specifiedAs: { additionalProperties: false },
					additionalProperties: ['_id', 'nick']
				},
				{ operatorName: 'required', specifiedAs: { required: ['name', 'since'] }, missingProperties: ['since'] }
			]
		});
	});

	it.each<[Document, unknown, Document]>([
		[{ enum: ['a', 'b'] }, 'c', { operatorName: 'enum', reason: 'value was not found in enum' }],
		[{ pattern: '^a' }, 'b', { operatorName: 'pattern', reason: 'regular expression did not match', consideredValue: 'b' }],
		[{ minLength: 2 }, 'b', { operatorName: 'minLength', specifiedAs: { minLength: 2 } }],
		[{ multipleOf: 3 }, 4, { reason: 'considered value is not a multiple of the specified value' }],
		[{ minItems: 2 }, [1], { reason: 'array did not match specified length', consideredValue: [1] }],
		[{ uniqueItems: true }, [1, 2, 1], { reason: 'found a duplicate item', duplicatedValue: 1 }],
		[{ items: { bsonType: 'int' } }, [1, 'x'], { itemIndex: 1, details: [{ consideredType: 'string' }] }],
		[{ items: [{}], additionalItems: false }, [1, 2], { reason: 'found additional items', additionalItems: [2] }],
		[{ minProperties: 2 }, { a: 1 }, { numberOfProperties: 1 }],
		[{ properties: { q: { minimum: 3 } } }, { q: 1 }, { propertiesNotSatisfied: [{ propertyName: 'q' }] }],
		[{ patternProperties: { '^n': { type: 'number' } } }, { n1: 'x' }, { details: [{ propertyName: 'n1', regexMatched: '^n' }] }],
		[{ additionalProperties: { type: 'number' } }, { z: 'x' }, { failingProperty: 'z' }],
		[{ dependencies: { a: ['b'] } }, { a: 1 }, { failingDependencies: [{ conditionalProperty: 'a', missingProperties: ['b'] }] }],
		[{ anyOf: [{ minimum: 9 }, { type: 'string' }] }, 1, { schemasNotSatisfied: [{ index: 0 }, { index: 1 }] }],
		[{ allOf: [{ minimum: 0 }, { minimum: 9 }] }, 1, { schemasNotSatisfied: [{ index: 1 }] }],
		[{ oneOf: [{ minimum: 0 }, { maximum: 9 }] }, 1, { matchingSchemaIndexes: [0, 1] }],
		[{ not: { type: 'number' } }, 1, { reason: 'child expression matched' }]
	])('%j against %j', async (schema, value, expected) => {
		const broken = await property(schema, value);
		expect(broken).toHaveLength(1);
		expect(broken[0]).toMatchObject({ operatorName: Object.keys(schema).at(-1), ...expected });
	});
});

describe('a query as a validator', () => {
	it.each<[Document, Document, Document]>([
		[{ x: { $type: 'string' } }, { x: 1 }, { operatorName: '$type', reason: 'type did not match', consideredValue: 1, consideredType: 'int' }],
		[{ x: { $gt: 5 } }, { x: 1 }, { operatorName: '$gt', specifiedAs: { x: { $gt: 5 } }, reason: 'comparison failed', consideredValue: 1 }],
		[{ x: { $gt: 5 } }, {}, { operatorName: '$gt', reason: 'field was missing' }],
		[{ x: { $gt: 5 } }, { x: [1, 2] }, { consideredValues: [1, 2, [1, 2]] }],
		[{ x: 5 }, { x: 1 }, { operatorName: '$eq', reason: 'comparison failed' }],
		[{ x: { $in: [5] } }, { x: 1 }, { operatorName: '$in', reason: 'no matching value found in array' }],
		[{ x: { $exists: true } }, {}, { operatorName: '$exists', reason: 'path does not exist' }],
		[{ x: { $not: { $lt: 5 } } }, { x: 1 }, { operatorName: '$not', details: { operatorName: '$lt', consideredValue: 1 } }],
		[{ $expr: { $gt: ['$x', 5] } }, { x: 1 }, { operatorName: '$expr', reason: 'expression did not match', expressionResult: false }],
		[
			{ x: { $gt: 5, $lt: 9 }, y: 1 },
			{ x: 6, y: 2 },
			{ operatorName: '$and', clausesNotSatisfied: [{ index: 2, details: { operatorName: '$eq', consideredValue: 2 } }] }
		],
		[
			{ $or: [{ x: 2 }, { y: 3 }] },
			{ x: 1, y: 1 },
			{ operatorName: '$or', clausesNotSatisfied: [{ index: 0 }, { index: 1, details: { consideredValue: 1 } }] }
		],
		[{ $nor: [{ x: 2 }, { x: 1 }] }, { x: 1 }, { operatorName: '$nor', clausesNotSatisfied: [{ index: 1 }] }]
	])('%j against %j', async (validator, document, expected) => {
		expect(await details(validator, document)).toMatchObject(expected);
	});
});

describe('the reply', () => {
	it('stays within its bounds, however much is refused', async () => {
		await h.db.createCollection('bounded', { validator: { x: { $type: 'int' } } });
		const documents = Array.from({ length: 300 }, () => ({ x: 'long '.repeat(10_000) }));
		const answer = await h.db.command({ insert: 'bounded', documents, ordered: false });
		expect(answer['writeErrors']).toHaveLength(300);
		expect(answer['writeErrors'][0].errInfo.details).toMatchObject({ operatorName: '$type', consideredType: 'string' });
		const large = await h.db.command({ insert: 'bounded', documents: [{ x: 'x'.repeat(1e6) }] });
		expect(large['writeErrors'][0].errInfo.details).toEqual({ operatorName: '$type', reason: 'the details are too large to be shown' });
		await expect(h.db.collection('bounded').findOneAndUpdate({ _id: 1 as never }, { $set: { x: 'y' } }, { upsert: true })).rejects.toMatchObject({
			code: 121,
			errorResponse: { errInfo: { failingDocumentId: 1, details: { consideredValue: 'y' } } }
		});
	});
});
