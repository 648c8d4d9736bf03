import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A server clock tests can set, to the millisecond, through the same switch a rehearsal uses. */
export const controlledClock = (): { moveTo: (moment: Date) => void; close: () => void } => {
	const folder = mkdtempSync(join(tmpdir(), 'miaopu-clock-'));
	const file = join(folder, 'offset');
	writeFileSync(file, '0');
	process.env.MIAOPU_CLOCK_OFFSET_FILE = file;
	return {
		moveTo: (moment) => writeFileSync(file, String(moment.getTime() - Date.now())),
		close: () => {
			delete process.env.MIAOPU_CLOCK_OFFSET_FILE;
			rmSync(folder, { recursive: true, force: true });
		}
	};
};
