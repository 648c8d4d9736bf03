/** A person's name as compared: without white space, dots between parts, titles people are addressed by, width or case. */
export const comparableName = (name: string): string =>
	name
		.normalize('NFKC')
		.replace(/[\s·・.]/g, '')
		.replace(/(?:老师|先生|女士|书记|主任|教授)$/u, '')
		.toLowerCase();
