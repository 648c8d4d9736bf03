import { z } from 'zod';
import { idSchema, requiredTextSchema, versionSchema } from '#lib/domain/shared/fields.ts';
import { gateDefinitionsSchema, type Criterion, type GateDefinitions, type Measure, type Metric } from './criteria.ts';
import { gateNames, type GateName } from './lifecycle.ts';
import { memberRoles, ruleKinds } from './terms.ts';

/** Full gates where the station leads, light ones where the group develops by itself. */
export const gateModes = ['full', 'light'] as const;
export type GateMode = (typeof gateModes)[number];

/** The highest target that makes sense for a metric; the lowest is 1. Percentages are 0–100. */
export const highestTarget = (metric: Metric): number => {
	if (metric.endsWith('_percent')) return 100;
	if (metric === 'leader_elected' || metric === 'deputy_elected' || metric === 'charter_adopted') return 1;
	if (metric === 'rules_in_force') return ruleKinds.length;
	if (metric === 'distinct_roles') return memberRoles.length - 1;
	return 1000;
};
/** Windows from a week to three years. */
const windowLimits = { from: 7, to: 1096 };

const checkMeasure = (measure: Measure, path: (string | number)[], context: z.RefinementCtx): void => {
	const top = highestTarget(measure.metric);
	if (measure.target < 1 || measure.target > top || !Number.isInteger(measure.target))
		context.addIssue({ code: 'custom', message: top === 1 ? 'target_is_one' : 'target_out_of_range', path: [...path, 'target'] });
	if (measure.windowDays !== undefined && (measure.windowDays < windowLimits.from || measure.windowDays > windowLimits.to))
		context.addIssue({ code: 'custom', message: 'window_out_of_range', path: [...path, 'windowDays'] });
};

const checkCriteria = (criteria: readonly Criterion[], path: string[], context: z.RefinementCtx): void => {
	if (criteria.length === 0) context.addIssue({ code: 'custom', message: 'gate_needs_criterion', path });
	for (const [index, criterion] of criteria.entries()) {
		if (criteria.some(({ key }, place) => place < index && key === criterion.key))
			context.addIssue({ code: 'custom', message: 'criterion_twice', path: [...path, index, 'key'] });
		if (criterion.kind !== 'measured') continue;
		const { alternatives = [], ...measure } = criterion.measure;
		checkMeasure(measure, [...path, index, 'measure'], context);
		for (const [place, other] of alternatives.entries())
			checkMeasure(other, [...path, index, 'measure', 'alternatives', place], context);
	}
};

/** The criteria of one gate in one mode. */
export const criteriaAt = (definitions: GateDefinitions, gate: GateName, mode: GateMode): readonly Criterion[] =>
	(gate === 'graduation' ? definitions.graduation : definitions.stages[gate])[mode];

/** The same definitions with one gate replaced. */
export const withGate = (definitions: GateDefinitions, gate: GateName, both: GateDefinitions['graduation']): GateDefinitions =>
	gate === 'graduation' ? { ...definitions, graduation: both } : { ...definitions, stages: { ...definitions.stages, [gate]: both } };

const pathOf = (gate: GateName): string[] => (gate === 'graduation' ? ['graduation'] : ['stages', gate]);

/**
 * Gate criteria as a station may set them: every gate asks something, keys are unique within a gate, targets and
 * windows lie where they make sense. Metrics and shapes are checked by the definitions themselves.
 */
export const stationGatesSchema = gateDefinitionsSchema.superRefine((definitions, context) => {
	for (const gate of gateNames)
		for (const mode of gateModes) checkCriteria(criteriaAt(definitions, gate, mode), [...pathOf(gate), mode], context);
});

/** One criterion that was added, dropped or changed between two versions. */
export type CriterionChange = {
	gate: GateName;
	mode: GateMode;
	key: string;
	before: Criterion | null;
	after: Criterion | null;
};

const keyless = (criterion: Criterion): string => JSON.stringify(criterion, Object.keys(flat(criterion)).sort());
const flat = (value: unknown, into: Record<string, true> = {}): Record<string, true> => {
	if (typeof value === 'object' && value !== null)
		for (const [key, inner] of Object.entries(value)) {
			into[key] = true;
			flat(inner, into);
		}
	return into;
};

/** What changes from one version of the criteria to another, gate by gate; moved rows are no change. */
export const criteriaChanges = (before: GateDefinitions, after: GateDefinitions): CriterionChange[] =>
	gateNames.flatMap((gate) =>
		gateModes.flatMap((mode) => {
			const was = new Map(criteriaAt(before, gate, mode).map((criterion) => [criterion.key, criterion]));
			const is = new Map(criteriaAt(after, gate, mode).map((criterion) => [criterion.key, criterion]));
			return [...new Set([...was.keys(), ...is.keys()])].flatMap((key): CriterionChange[] => {
				const old = was.get(key) ?? null;
				const fresh = is.get(key) ?? null;
				return old && fresh && keyless(old) === keyless(fresh) ? [] : [{ gate, mode, key, before: old, after: fresh }];
			});
		})
	);

/** Publishing what was drafted: why, and from which version. */
export const publishCriteriaSchema = z.object({ note: requiredTextSchema(300), version: versionSchema });

/** Setting the criteria in one call, for programs. `base` is the version they were derived from. */
export const setCriteriaSchema = publishCriteriaSchema.omit({ version: true }).extend({ base: versionSchema, definitions: stationGatesSchema });

/** Moving an organization to another version of its station's criteria. */
export const moveCriteriaSchema = z.object({
	/** The version of the criteria, 0 for the platform's own. */
	to: versionSchema,
	reason: requiredTextSchema(600),
	/** The organization's version. */
	version: versionSchema
});
export type MoveCriteria = z.infer<typeof moveCriteriaSchema>;

/** Moving many organizations in one reviewed step: each from the version in which it was looked at. */
export const moveManySchema = z.object({
	to: versionSchema,
	reason: requiredTextSchema(600),
	organizations: z.array(z.object({ id: idSchema, version: versionSchema })).min(1, { error: 'choose_one' }).max(200)
});
export type MoveMany = z.infer<typeof moveManySchema>;

/**
 * Criteria of the present gate that are open after a move and were not before: they are asked anew, or were met in
 * another measure.
 */
export const reopened = (
	before: readonly { key: string; met: boolean; waived: unknown }[],
	after: readonly { key: string; met: boolean; waived: unknown }[]
): string[] => {
	const open = new Set(before.filter(({ met, waived }) => !met && !waived).map(({ key }) => key));
	return after.filter(({ key, met, waived }) => !met && !waived && !open.has(key)).map(({ key }) => key);
};

/** One gate in both modes, as the editor posts it; checked for itself. `version` is the draft's. */
export const gateEditSchema = z
	.object({ both: gateDefinitionsSchema.shape.graduation, version: versionSchema })
	.superRefine(({ both }, context) => {
		for (const mode of gateModes) checkCriteria(both[mode], ['both', mode], context);
	});
