/**
 * A linear programme in binary variables: maximize Σ objective·x subject to low ≤ Σ coefficients·x ≤ high for every
 * row. All numbers are integers.
 */
export type BinaryProgramme = {
	objective: readonly number[];
	rows: readonly { coefficients: readonly number[]; low: number | null; high: number | null }[];
	/** Variables whose value is settled already. */
	fixed: readonly (0 | 1 | null)[];
};

/** Solves a programme exactly; null when nothing satisfies its rows. */
export type BinarySolver = (programme: BinaryProgramme) => Promise<readonly (0 | 1)[] | null>;
