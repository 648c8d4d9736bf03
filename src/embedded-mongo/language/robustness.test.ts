import { BSONRegExp, Decimal128, Int32, Long, ObjectId } from 'bson';
import fc from 'fast-check';
import { test } from 'vitest';
import type { Doc, Value } from '../bson/values.ts';
import { StoreError } from './errors.ts';
import { compileExpression, expressionEnv } from './expression/compile.ts';
import { TABLES } from './expression/tables.ts';
import { compileFilter } from './filter.ts';
import { compileProjection } from './projection.ts';
import { compileSort } from './sort.ts';
import { runPipeline } from './stages/pipeline.ts';
import { compileUpdate } from './update/update.ts';

// Whatever a client sends, it gets an answer or an error with a code: never a failure of ours.

const EXPRESSIONS = TABLES.flatMap((table) => Object.keys(table));
const OPERATORS =
	'$eq $gt $in $nin $ne $exists $type $mod $regex $options $all $elemMatch $size $bitsAllSet $not $and $or $nor $expr $jsonSchema $comment'.split(
		' '
	);
const UPDATES =
	'$set $unset $inc $mul $min $max $push $addToSet $pop $pull $pullAll $rename $bit $currentDate $setOnInsert'.split(
		' '
	);
const STAGES =
	'$match $project $addFields $unset $group $sort $limit $skip $count $sortByCount $unwind $lookup $facet $bucket $bucketAuto $replaceRoot $unionWith $sample $graphLookup $setWindowFields $redact $documents $densify $fill $out $merge'.split(
		' '
	);
const WORDS =
	'a b a.b a.0 _id $a $a.b $$ROOT $$this $$x input in as cond n vars if then else branches case default field value from localField foreignField pipeline let each $each $slice $sort $position unit date day startDate endDate amount format timezone UTC month %Y x groupBy boundaries buckets output sortBy partitionBy window documents range unbounded current path newRoot size coll startWith connectFromField connectToField regex options i ^a ( bsonType properties items minimum required int string'.split(
		' '
	);

const scalar: fc.Arbitrary<Value> = fc.oneof(
	{ weight: 5, arbitrary: fc.constantFrom(...WORDS) },
	fc.integer({ min: -3, max: 12 }).map((n): Value => new Int32(n)),
	fc.constantFrom<Value>(
		null,
		true,
		false,
		1.5,
		NaN,
		Infinity,
		Long.fromString('9223372036854775807'),
		Decimal128.fromString('1.5'),
		Decimal128.fromString('NaN'),
		new Date(0),
		new Date(8.64e15),
		new ObjectId(),
		new BSONRegExp('^a', 'i')
	)
);

function operand(operators: string[]): fc.Arbitrary<Value> {
	const { any } = fc.letrec<{ any: Value; list: Value; object: Value; call: Value }>((tie) => ({
		any: fc.oneof({ depthSize: 'small' }, { weight: 3, arbitrary: scalar }, tie('list'), tie('object'), {
			weight: 2,
			arbitrary: tie('call')
		}),
		list: fc.array(tie('any'), { maxLength: 4 }),
		object: fc
			.array(fc.tuple(fc.constantFrom(...WORDS), tie('any')), { maxLength: 4 })
			.map((pairs): Value => new Map(pairs)),
		call: fc.tuple(fc.constantFrom(...operators), tie('any')).map((pair): Value => new Map([pair]))
	}));
	return any;
}

const document: fc.Arbitrary<Doc> = fc
	.array(fc.tuple(fc.constantFrom('a', 'b', '_id'), operand(['x'])), { maxLength: 3 })
	.map((pairs) => new Map(pairs));
const runs = { numRuns: 1500 };

function answersOrRefuses(run: () => unknown): void {
	try {
		run();
	} catch (error) {
		if (!(error instanceof StoreError)) throw error;
	}
}

function object(operators: string[]): fc.Arbitrary<Doc> {
	return fc
		.array(fc.tuple(fc.constantFrom(...operators, 'a', 'a.b'), operand(operators)), { minLength: 1, maxLength: 3 })
		.map((pairs) => new Map(pairs));
}

test('expressions', () => {
	const env = expressionEnv();
	fc.assert(
		fc.property(fc.constantFrom(...EXPRESSIONS), operand(EXPRESSIONS), document, (name, item, root) =>
			answersOrRefuses(() => compileExpression(new Map([[name, item]]), env)(root))
		),
		{ numRuns: 6000 }
	);
});

test('filters, projections, sorts', () => {
	fc.assert(
		fc.property(object(OPERATORS), document, (spec, doc) => answersOrRefuses(() => compileFilter(spec).match(doc))),
		runs
	);
	fc.assert(
		fc.property(object(['$slice', '$elemMatch', '$add', 'a.$']), document, (spec, doc) =>
			answersOrRefuses(() => compileProjection(spec).apply(doc, { arrayIndex: 0 }))
		),
		runs
	);
	fc.assert(
		fc.property(object(['a', 'b']), document, (spec, doc) => answersOrRefuses(() => compileSort(spec).sortKey(doc))),
		runs
	);
});

test('updates', () => {
	fc.assert(
		fc.property(object(UPDATES), document, (spec, doc) =>
			answersOrRefuses(() => compileUpdate(spec).apply(doc, { arrayIndex: 0 }))
		),
		{ numRuns: 4000 }
	);
});

test('pipelines', () => {
	const store = { readCollection: () => [new Map<string, Value>([['a', new Int32(1)]])] };
	const stage = fc
		.tuple(
			fc.constantFrom(...STAGES),
			fc.oneof(operand([...EXPRESSIONS, '$sum', '$push', '$rank']), object([...OPERATORS, ...WORDS]))
		)
		.map((pair): Value => new Map([pair]));
	fc.assert(
		fc.property(fc.array(stage, { minLength: 1, maxLength: 2 }), fc.array(document, { maxLength: 3 }), (stages, docs) =>
			answersOrRefuses(() => runPipeline(stages, docs, store))
		),
		{ numRuns: 4000 }
	);
});

test('patterns', () => {
	const piece = fc.constantFrom(
		'a',
		'\\',
		'[',
		']',
		'(',
		')',
		'?',
		'*',
		'+',
		'{',
		'}',
		'1',
		',',
		'^',
		'$',
		'.',
		'|',
		'-',
		'(?i)',
		'(?:',
		'\\p',
		'[:alpha:]',
		'\\x{41}',
		'\\Q',
		'\\E',
		'😀',
		':'
	);
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 8 }), fc.constantFrom('', 'i', 'x', 'ms'), (pieces, options) =>
			answersOrRefuses(() =>
				compileFilter(
					new Map([
						[
							'a',
							new Map([
								['$regex', pieces.join('')],
								['$options', options]
							])
						]
					])
				).matches(new Map([['a', 'a']]))
			)
		),
		{ numRuns: 5000 }
	);
});
