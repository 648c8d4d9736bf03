import gates from '../../../../../seeds/defaults/gates.json' with { type: 'json' };
import maturityModel from '../../../../../seeds/defaults/maturity-model.json' with { type: 'json' };
import { gateDefinitionsSchema, type GateDefinitions } from '#lib/domain/organizations/criteria.ts';
import { maturityModelSchema, type MaturityModel } from '#lib/domain/organizations/maturity-model.ts';

/** The gates every station starts from. */
export const defaultGates: GateDefinitions = gateDefinitionsSchema.parse(gates);

/** The seven dimensions and their levels every city starts from, and what the record says about them. */
export const defaultMaturityModel: MaturityModel = maturityModelSchema.parse(maturityModel);
