import { share, use, type Shared } from './grounds.ts';

/** Gathers what is asked for one by one in the same moment into one read; undefined for what was not found. */
export const inOneRead = <T>(readMany: (ids: string[]) => Promise<Map<string, T>>): ((id: string) => Promise<T | undefined>) => {
	let batch: { ids: string[]; found: Shared<Map<string, T>> } | null = null;
	const start = async (ids: string[]): Promise<Map<string, T>> => {
		await Promise.resolve();
		batch = null;
		return readMany(ids);
	};
	return async (id) => {
		if (!batch) {
			const ids: string[] = [];
			batch = { ids, found: share(() => start(ids)) };
		}
		batch.ids.push(id);
		return (await use(batch.found)).get(id);
	};
};
