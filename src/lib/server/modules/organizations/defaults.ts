import charter from '../../../../../seeds/defaults/charter-template.json' with { type: 'json' };
import gates from '../../../../../seeds/defaults/gates.json' with { type: 'json' };
import maturityModel from '../../../../../seeds/defaults/maturity-model.json' with { type: 'json' };
import { charterTemplateSchema, type CharterTemplate } from '#lib/domain/organizations/charters.ts';
import { gateDefinitionsSchema, type GateDefinitions } from '#lib/domain/organizations/criteria.ts';
import { maturityModelSchema, type MaturityModel } from '#lib/domain/organizations/maturity-model.ts';

/** The gates every station starts from. */
export const defaultGates: GateDefinitions = gateDefinitionsSchema.parse(gates);

/** The charter and the three rules every group may begin from. */
export const charterTemplate: CharterTemplate = charterTemplateSchema.parse(charter);

/** The seven dimensions and their levels every city starts from, and what the record says about them. */
export const defaultMaturityModel: MaturityModel = maturityModelSchema.parse(maturityModel);
