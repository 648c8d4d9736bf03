/** Tells a full disk from other failures to write. */
import { closeSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** ENOSPC, EFBIG and EDQUOT on Linux, BSD and macOS. */
const FULL = new Set([28, 27, 122, 69]);
const FULL_NAMES = new Set(['ENOSPC', 'EFBIG', 'EDQUOT']);
const EIO = 5;

/** With less than this a large transaction may fail. */
const AMPLE = 64 * 1024 * 1024;
const TRIAL = 4 * 1024 * 1024;

/** Whether a failed transaction failed for want of space in this directory. */
export function isOutOfSpace(error: unknown, directory: string): boolean {
	const { code, message } = error as { code?: number; message?: string };
	if (code !== undefined && FULL.has(code)) return true;
	if (/MDB_MAP_FULL|No space left|ENOSPC|File too large|quota/i.test(message ?? '')) return true;
	// LMDB calls a write that was cut short an input/output error, whatever the reason; so look for the reason.
	return code === EIO && !hasRoom(directory);
}

function hasRoom(directory: string): boolean {
	try {
		const { bavail, bsize } = statfsSync(directory);
		if (bavail * bsize < AMPLE) return false;
	} catch {
		// Not known here; the trial below tells.
	}
	const path = join(directory, 'trial');
	try {
		const file = openSync(path, 'w', 0o600);
		try {
			// As far out as the data file will be, for limits of file sizes, and some real bytes, for quotas.
			writeSync(file, Buffer.alloc(1), 0, 1, statSync(join(directory, 'data.mdb')).size + AMPLE);
			writeSync(file, Buffer.alloc(TRIAL, 1), 0, TRIAL, 0);
		} finally {
			closeSync(file);
			rmSync(path, { force: true });
		}
		return true;
	} catch (error) {
		return !FULL_NAMES.has((error as NodeJS.ErrnoException).code ?? '');
	}
}
