import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder: the built command lies in its `build/cli`, the sources in its `src/cli`. */
export const projectRoot = (): string => {
	const here = dirname(fileURLToPath(import.meta.url));
	const cut = [join('build', 'cli'), join('src', 'cli')].map((part) => here.lastIndexOf(part)).find((at) => at >= 0);
	return cut === undefined ? process.cwd() : here.slice(0, cut);
};
