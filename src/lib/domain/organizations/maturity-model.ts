import { z } from 'zod';
import { textPairSchema, type TextPair } from './criteria.ts';
import { factKeys } from './fact-terms.ts';
import { dimensions } from './terms.ts';
import type { Dimension } from './types.ts';

/** One figure a level asks for: the level holds when the figure reaches `min` (counts, or percentages 0–100). */
const conditionSchema = z.object({ fact: z.enum(factKeys), min: z.number().min(0).max(10_000) });

/**
 * What the record can say about a level. Figures below what it asks contradict it; when all are reached and `proves`
 * is set, the level is proven. Without `proves` people still have to judge what figures cannot show.
 */
const ruleSchema = z.object({
	level: z.int().min(2).max(5),
	proves: z.boolean(),
	conditions: z.array(conditionSchema).min(1).max(5)
});
export type LevelRule = z.infer<typeof ruleSchema>;

const levelNameSchema = z.object({ level: z.int().min(1).max(5), label: textPairSchema });
const levelSchema = levelNameSchema.extend({ hint: textPairSchema.optional() });
const fiveLevels = <Level extends typeof levelNameSchema>(level: Level) =>
	z
		.array(level)
		.length(5)
		.refine((levels) => levels.every(({ level: number }, index) => number === index + 1), { error: 'levels_in_order' });

/** The percentages among the facts. */
export const isPercentFact = (fact: string): boolean => fact.endsWith('_percent');

const dimensionSchema = z
	.object({
		key: z.enum(dimensions),
		label: textPairSchema,
		levels: fiveLevels(levelSchema),
		rules: z.array(ruleSchema).max(5).default([])
	})
	.superRefine(({ rules }, context) => {
		for (const [index, rule] of rules.entries()) {
			if (rules.some((other, place) => place < index && other.level === rule.level))
				context.addIssue({ code: 'custom', message: 'level_twice', path: ['rules', index, 'level'] });
			for (const [place, { fact, min }] of rule.conditions.entries())
				if (isPercentFact(fact) && min > 100)
					context.addIssue({ code: 'custom', message: 'percent_above_100', path: ['rules', index, 'conditions', place, 'min'] });
		}
	});

/** The maturity model: seven fixed dimensions with five levels each, and what the record says about them. */
export const maturityModelSchema = z.object({
	name: textPairSchema,
	levelNames: fiveLevels(levelNameSchema),
	dimensions: z
		.array(dimensionSchema)
		.length(dimensions.length)
		.refine((list) => list.every(({ key }, index) => key === dimensions[index]), { error: 'dimensions_fixed' }),
	capRule: textPairSchema
});
export type MaturityModel = z.infer<typeof maturityModelSchema>;

/** One difference between two versions of a model; texts before and after, or figures. */
export type ModelChange = {
	dimension: Dimension | null;
	level: number | null;
	what: 'name' | 'label' | 'hint' | 'rule' | 'cap_rule';
	/** The figure a changed rule is about. */
	fact: string | null;
	before: TextPair | number | null;
	after: TextPair | number | null;
};

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** What changed from one version to the next, in the order of the model. */
export const modelChanges = (before: MaturityModel, after: MaturityModel): ModelChange[] => {
	const changes: ModelChange[] = [];
	const text = (
		dimension: Dimension | null,
		level: number | null,
		what: ModelChange['what'],
		was: TextPair | undefined,
		is: TextPair | undefined
	) => {
		if (!same(was, is)) changes.push({ dimension, level, what, fact: null, before: was ?? null, after: is ?? null });
	};
	text(null, null, 'name', before.name, after.name);
	text(null, null, 'cap_rule', before.capRule, after.capRule);
	for (const [index, { label }] of after.levelNames.entries()) text(null, index + 1, 'label', before.levelNames[index]?.label, label);
	for (const dimension of after.dimensions) {
		const old = before.dimensions.find(({ key }) => key === dimension.key);
		text(dimension.key, null, 'label', old?.label, dimension.label);
		for (const [index, level] of dimension.levels.entries()) {
			text(dimension.key, level.level, 'label', old?.levels[index]?.label, level.label);
			text(dimension.key, level.level, 'hint', old?.levels[index]?.hint, level.hint);
		}
		for (let level = 2; level <= 5; level += 1) {
			const was = conditionsAt(old?.rules ?? [], level);
			const is = conditionsAt(dimension.rules, level);
			for (const fact of new Set([...was.keys(), ...is.keys()]))
				if (was.get(fact) !== is.get(fact))
					changes.push({ dimension: dimension.key, level, what: 'rule', fact, before: was.get(fact) ?? null, after: is.get(fact) ?? null });
		}
	}
	return changes;
};

const conditionsAt = (rules: readonly LevelRule[], level: number): Map<string, number> =>
	new Map(rules.filter((rule) => rule.level === level).flatMap(({ conditions }) => conditions.map(({ fact, min }) => [fact, min])));

/** A new version of one dimension, as the editor posts it; the key is the dimension's. */
export const dimensionEditSchema = z.object({
	dimension: dimensionSchema,
	/** What changed and why. */
	note: z.string().trim().min(1, { error: 'required' }).max(300),
	/** The version it was derived from. */
	base: z.coerce.number().int().min(0)
});

/** A whole model in one call, for programs. */
export const setModelSchema = dimensionEditSchema.omit({ dimension: true }).extend({ model: maturityModelSchema });
