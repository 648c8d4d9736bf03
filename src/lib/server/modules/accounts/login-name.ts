/** The form in which login names are compared: NFKC, lower case, phone numbers without spaces, hyphens and +86. */
export const loginName = (text: string): string => {
	const plain = text.normalize('NFKC').trim().toLowerCase();
	const digits = plain.replace(/[\s-]/g, '').replace(/^\+?86(?=1\d{10}$)/, '');
	return /^1\d{10}$/.test(digits) ? digits : plain;
};
