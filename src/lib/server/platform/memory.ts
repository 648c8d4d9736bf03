import { share, use, type Shared } from './grounds.ts';
import { marks, type MarkName } from './marks.ts';

/** Answers kept for a while in this process. */
export type Memory<T> = {
	/** The kept answer, or a new one from `load`; callers at the same moment share one. */
	read: (key: string, load: () => PromiseLike<T>) => Promise<T>;
	/** Keeps an answer somebody just made himself. */
	keep: (key: string, value: T) => void;
	/** Forgets one answer, or all of them. A load under way at that moment is not kept. */
	forget: (key?: string) => void;
};

type Entry<T> = Shared<T> & { at: number; renewing: boolean };

type Options<T> = {
	/** What the other processes of this machine know it by: what one forgets, all forget. Without it each is on its own. */
	name?: MarkName;
	/** How long an answer serves, milliseconds: a change made on another machine is seen after this at the latest. */
	freshMs: number;
	/** Between `freshMs` and this an old answer is still given while a new one is fetched; default: never. */
	staleMs?: number;
	/** Most answers kept; the oldest go first. */
	most?: number;
	/** Whether an answer is worth keeping; default: every one. */
	worth?: (value: T) => boolean;
};

/** Makes a memory. What is kept must be treated as read-only. */
export const createMemory = <T>({ name, freshMs, staleMs = freshMs, most = 500, worth = () => true }: Options<T>): Memory<T> => {
	const entries = new Map<string, Entry<T>>();

	const keep = (key: string, made: Shared<T>): Entry<T> => {
		const entry: Entry<T> = { at: Date.now(), ...made, renewing: false };
		// A failure is told to those who waited for it, and to nobody later.
		const drop = (): void => {
			if (entries.get(key) === entry) entries.delete(key);
		};
		entry.outcome.then((value) => worth(value) || drop(), drop);
		entries.delete(key);
		if (entries.size >= most) entries.delete(entries.keys().next().value ?? '');
		entries.set(key, entry);
		return entry;
	};

	const renew = async (key: string, known: Entry<T>, load: () => PromiseLike<T>): Promise<void> => {
		known.renewing = true;
		const at = Date.now();
		try {
			const made = share(load);
			await made.outcome;
			if (entries.get(key) === known) entries.set(key, { at, ...made, renewing: false });
		} catch {
			if (entries.get(key) === known) entries.delete(key);
		}
	};

	if (name !== undefined) marks().follow(name, () => entries.clear());

	return {
		read: (key, load) => {
			const known = entries.get(key);
			const age = known ? Date.now() - known.at : Infinity;
			if (!known || age >= staleMs) return use(keep(key, share(load)));
			if (age >= freshMs && !known.renewing) void renew(key, known, load);
			return use(known);
		},
		keep: (key, value) => {
			keep(key, { outcome: Promise.resolve(value), grounds: null });
		},
		forget: (key) => {
			if (key === undefined) entries.clear();
			else entries.delete(key);
			if (name !== undefined) marks().raise(name);
		}
	};
};
