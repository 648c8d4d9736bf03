import type { Load } from './load.ts';
import { readLoad } from './load.ts';
import { commonPages, openCards, portfolioPages } from './page-list.ts';
import { withCpu, type CpuShare } from './pages.ts';
import { dataOf, endServer, startServer } from './served.ts';

/** One page on a small and on a large district. */
export type GrowthLine = { name: string; small: { load: Load; cpu: CpuShare | null }; large: { load: Load; cpu: CpuShare | null } };

/**
 * Measures the same pages on two districts of different size, each page on one right after the other, so that both have
 * the same machine.
 */
export const benchGrowth = async (options: {
	from: number;
	to: number;
	seconds: number;
	connections: number;
	only: string;
	say: (text: string) => void;
}): Promise<GrowthLine[]> => {
	const { from, to, seconds, connections, only, say } = options;
	const folders = [await dataOf(from, say), await dataOf(to, say)];
	const servers = [];
	try {
		for (const folder of folders) {
			const server = await startServer(folder);
			const measured = await openCards(folder, 1);
			const pages = [...(await portfolioPages(server.address)), ...(await commonPages(server.address, measured))];
			servers.push({ server, pages: pages.filter(({ name }) => name.includes(only)) });
		}
		const [small, large] = servers;
		if (!small || !large) throw new Error('Two districts are compared.');
		const measure = async ({ server, pages }: typeof small, index: number) => {
			const page = pages[index];
			if (!page) throw new Error('Both districts have the same pages.');
			const { paths, headers } = page;
			// What grows is the work of making a page.
			const load = { address: server.address, paths, headers, connections, anew: headers !== undefined };
			await readLoad({ ...load, seconds: Math.min(2, seconds) });
			return withCpu(server, () => readLoad({ ...load, seconds }));
		};
		const lines: GrowthLine[] = [];
		for (const [index, { name }] of small.pages.entries()) {
			say(name);
			lines.push({ name, small: await measure(small, index), large: await measure(large, index) });
		}
		return lines;
	} finally {
		for (const { server } of servers) await endServer(server);
	}
};
