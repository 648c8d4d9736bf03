/** One process owns a data directory: a lock file with its pid, taken over if that process is gone. */
import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export class StoreLockedError extends Error {}

/** Directories held by this process, since its own pid in a lock file may also be a stale one that came round again. */
const held = new Set<string>();

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

/** When the process started, in clock ticks since boot, where Linux tells; pids come round again. */
function startOf(pid: number): string {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
		return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
	} catch {
		return '';
	}
}

function ownedBy(path: string): number | undefined {
	let text: string;
	try {
		text = readFileSync(path, 'utf8');
	} catch {
		return undefined;
	}
	const [pidText = '', start = ''] = text.trim().split(' ');
	const pid = Number(pidText);
	if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return undefined;
	if (start !== '' && startOf(pid) !== '' && start !== startOf(pid)) return undefined;
	return pid;
}

/** Takes the lock or throws StoreLockedError; returns what gives it back. */
export function lockDirectory(dataDir: string): () => void {
	const path = join(dataDir, 'store.lock');
	if (held.has(path)) throw locked(dataDir, process.pid);
	// Where start times are known, our own pid in the file means another thread of this process.
	const startKnown = startOf(process.pid) !== '';
	for (let attempt = 0; ; attempt++) {
		try {
			const file = openSync(path, 'wx', 0o600);
			writeSync(file, `${process.pid} ${startOf(process.pid)}\n`);
			closeSync(file);
			break;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 4) throw error;
			const owner = ownedBy(path);
			if (owner !== undefined && (owner !== process.pid || startKnown)) throw locked(dataDir, owner);
			// Left behind by a process that was killed.
			try {
				unlinkSync(path);
			} catch {
				// Another process was faster; the next attempt tells.
			}
		}
	}
	held.add(path);
	return () => {
		held.delete(path);
		try {
			unlinkSync(path);
		} catch {
			// Somebody cleaned up the directory.
		}
	};
}

function locked(dataDir: string, pid: number): StoreLockedError {
	return new StoreLockedError(
		`${dataDir} is in use by process ${pid}. One process owns a data directory; stop that one, choose another directory, ` +
			'or set MONGODB_URI to share one MongoDB server.'
	);
}
