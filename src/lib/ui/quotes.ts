const closing: Readonly<Record<string, string>> = { '“': '”', '‘': '’' };
const innerOf: Readonly<Record<string, string>> = { '“': '‘', '”': '’' };

/**
 * Quotation marks inside others as they are printed: “‘年关邻里情’微创投有 3 份待评”. A sentence puts titles in quotes, and
 * titles bring their own. Text whose marks do not pair up stays as it is.
 */
export const nestQuotes = (text: string): string => {
	if (!/“[^”]*“/.test(text)) return text;
	const marks = [...text].map((mark, at) => ({ mark, at })).filter(({ mark }) => mark === '“' || mark === '”');
	const replaced = new Map<number, string>();
	let depth = 0;
	for (const { mark, at } of marks) {
		if (mark === closing['“']) depth -= 1;
		if (depth < 0) return text;
		if (depth % 2 === 1) replaced.set(at, innerOf[mark] ?? mark);
		if (mark === '“') depth += 1;
	}
	return depth === 0 ? [...text].map((mark, at) => replaced.get(at) ?? mark).join('') : text;
};
