import charter from '../../../../../seeds/defaults/charter-template.json' with { type: 'json' };
import gates from '../../../../../seeds/defaults/gates.json' with { type: 'json' };
import maturityModel from '../../../../../seeds/defaults/maturity-model.json' with { type: 'json' };
import { charterTemplateSchema, type CharterTemplate } from '#lib/domain/organizations/charters.ts';
import { gateDefinitionsSchema, textPairSchema, type GateDefinitions } from '#lib/domain/organizations/criteria.ts';
import { dimensions } from '#lib/domain/organizations/schema.ts';
import { z } from 'zod';

/** The gates every station starts from. */
export const defaultGates: GateDefinitions = gateDefinitionsSchema.parse(gates);

/** The charter and the three rules every group may begin from. */
export const charterTemplate: CharterTemplate = charterTemplateSchema.parse(charter);

const levelSchema = z.object({ level: z.int().min(1).max(5), label: textPairSchema });
const maturityModelSchema = z.object({
	version: z.int(),
	name: textPairSchema,
	levelNames: z.array(levelSchema).length(5),
	dimensions: z
		.array(z.object({ key: z.enum(dimensions), label: textPairSchema, levels: z.array(levelSchema).length(5) }))
		.length(dimensions.length),
	capRule: textPairSchema,
	reassessMonths: z.int(),
	stalledDays: z.int()
});
export type MaturityModel = z.infer<typeof maturityModelSchema>;

/** The words of the seven dimensions and their five levels. */
export const defaultMaturityModel: MaturityModel = maturityModelSchema.parse(maturityModel);
