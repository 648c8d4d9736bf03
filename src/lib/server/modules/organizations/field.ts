import type { GateName } from '#lib/domain/organizations/lifecycle.ts';
import type { Levels } from '#lib/domain/organizations/maturity.ts';
import type { Category, OrganizationStatus } from '#lib/domain/organizations/types.ts';
import { createMemory } from '#lib/server/platform/memory.ts';

/** Figures of everything below a station; the same for everybody who may see them. */
export type Field = {
	/** Organizations by status. */
	byStatus: Record<OrganizationStatus, number>;
	/** Those in incubation: category by gate. */
	matrix: { category: Category; counts: Record<GateName, number> }[];
	totals: Record<GateName, number>;
	/** Longest without a record first; at most 10. */
	stalled: { id: string; name: string; gate: GateName; mentorName: string; lastEvidenceAt: Date }[];
	stalledCount: number;
	/** Levels by the station, lowest first; at most 40. */
	heat: { id: string; name: string; code: string; levels: Levels; overall: number; at: Date }[];
};

/** Fields by station. They take several reads over many organizations, so they are kept until one of these changes. */
export const fieldMemory = createMemory<Field>({ name: 'fields', freshMs: 2000, staleMs: 10_000, most: 1000 });
