import { readFileSync, statSync } from 'node:fs';

let offset = 0;
let readAt = '';

/**
 * The server's clock. `MIAOPU_CLOCK_OFFSET_FILE` names a file with milliseconds to add: it lets a rehearsal
 * (or a test) reach a deadline without waiting for it. Unset in normal running.
 */
export const now = (): Date => {
	const file = process.env.MIAOPU_CLOCK_OFFSET_FILE;
	if (file) {
		try {
			const { ino, mtimeMs, size } = statSync(file);
			// Several changes may fall into one tick of the file system's clock.
			const changed = `${ino} ${mtimeMs} ${size}`;
			if (changed !== readAt) {
				offset = Number(readFileSync(file, 'utf8')) || 0;
				readAt = changed;
			}
		} catch {
			offset = 0;
		}
	}
	return new Date(Date.now() + offset);
};
