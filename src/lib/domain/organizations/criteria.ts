import { z } from 'zod';
import { stages } from './terms.ts';
import type { CultivationMode } from './types.ts';
import type { GateName } from './lifecycle.ts';

/** What a measured criterion can count. `metrics.ts` says how each is computed from the records. */
export const metricKeys = [
	'survey_responses',
	'interviews',
	'needs_ranked',
	'prospective_core',
	'roster_members',
	'leader_elected',
	'deputy_elected',
	'core_trainings',
	'group_activities',
	'charter_adopted',
	'rules_in_force',
	'activities',
	'distinct_roles',
	'satisfaction_percent',
	'supervision_sessions',
	'proposals_written',
	'projects_closed',
	'accounts_published',
	'outside_resources',
	'group_led_share_percent'
] as const;
export type Metric = (typeof metricKeys)[number];

/** Words in both languages: criteria are data a station may edit, not part of the catalogue. */
export const textPairSchema = z.object({ 'zh-CN': z.string().min(1).max(300), en: z.string().min(1).max(300) });
export type TextPair = z.infer<typeof textPairSchema>;

const measureSchema = z.object({
	metric: z.enum(metricKeys),
	/** The figure to reach; percentages are 0–100. */
	target: z.number().min(0),
	/** Count only the last so many days. */
	windowDays: z.int().min(1).optional()
});

export const criterionSchema = z.discriminatedUnion('kind', [
	z.object({
		key: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
		label: textPairSchema,
		kind: z.literal('measured'),
		/** Any alternative that reaches its own target will do. */
		measure: measureSchema.extend({ alternatives: z.array(measureSchema).max(5).optional() }),
		hint: textPairSchema
	}),
	z.object({
		key: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
		label: textPairSchema,
		kind: z.literal('attested'),
		hint: textPairSchema
	})
]);
export type Criterion = z.infer<typeof criterionSchema>;
export type Measure = z.infer<typeof measureSchema>;

const bothModes = z.object({ full: z.array(criterionSchema).max(20), light: z.array(criterionSchema).max(20) });

/** The criteria of every gate, in both modes. */
export const gateDefinitionsSchema = z.object({
	stages: z.object(
		Object.fromEntries(stages.map((stage) => [stage, bothModes])) as Record<(typeof stages)[number], typeof bothModes>
	),
	graduation: bothModes
});
export type GateDefinitions = z.infer<typeof gateDefinitionsSchema>;

/** The criteria of one gate for one mode of cultivation. */
export const criteriaOf = (definitions: GateDefinitions, gate: GateName, mode: CultivationMode): readonly Criterion[] => {
	const both = gate === 'graduation' ? definitions.graduation : definitions.stages[gate];
	return mode === 'self_developing' ? both.light : both.full;
};
