import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Sets how far ahead a server's clock runs, in milliseconds; in one step, so that the server never reads half a file. */
export const setClockOffset = (file: string, offset: number): void => {
	writeFileSync(`${file}.new`, String(offset));
	renameSync(`${file}.new`, file);
};

/** A server clock tests can set, to the millisecond, through the same switch a rehearsal uses. */
export const controlledClock = (): { moveTo: (moment: Date) => void; close: () => void } => {
	const folder = mkdtempSync(join(tmpdir(), 'miaopu-clock-'));
	const file = join(folder, 'offset');
	setClockOffset(file, 0);
	process.env.MIAOPU_CLOCK_OFFSET_FILE = file;
	return {
		moveTo: (moment) => setClockOffset(file, moment.getTime() - Date.now()),
		close: () => {
			delete process.env.MIAOPU_CLOCK_OFFSET_FILE;
			rmSync(folder, { recursive: true, force: true });
		}
	};
};
