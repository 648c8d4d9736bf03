import { statSync } from 'node:fs';

/** A rehearsal's clock decides what pages say, so its file's time is part of what is asked. Empty without a rehearsal. */
export const rehearsalMark = (): string => {
	const file = process.env.MIAOPU_CLOCK_OFFSET_FILE;
	if (!file) return '';
	try {
		return String(statSync(file).mtimeMs);
	} catch {
		return '';
	}
};
