/**
 * The form offers empty places for votes; those without a kind are left out, and an empty count is none. Positions of
 * the ones kept stay, so that an error names the place it stands at.
 */
export const postedMeeting = (values: Record<string, unknown>): Record<string, unknown> => {
	const posted = Array.isArray(values.motions) ? (values.motions as Record<string, unknown>[]) : [];
	return { ...values, motions: posted.filter((motion) => motion.kind !== '' && motion.kind !== undefined) };
};
