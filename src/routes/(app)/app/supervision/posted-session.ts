/** The form offers empty places for follow-ups; those nobody wrote into are left out. */
export const postedSession = (values: Record<string, unknown>): Record<string, unknown> => {
	const posted = Array.isArray(values.followUps) ? (values.followUps as Record<string, unknown>[]) : [];
	return { ...values, followUps: posted.filter(({ text }) => typeof text === 'string' && text.trim() !== '') };
};
