/** Whether two pieces of plain JSON say the same, whatever the order of their keys; undefined members count as absent. */
export const canonicalEqual = (a: unknown, b: unknown): boolean => {
	if (a === b) return true;
	if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
	if (Array.isArray(a) || Array.isArray(b))
		return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, index) => canonicalEqual(item, b[index]));
	const left = a as Record<string, unknown>;
	const right = b as Record<string, unknown>;
	return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) => canonicalEqual(left[key], right[key]));
};
