import { build, type Plugin } from 'vite';
import { nestedQuotes } from '../src/cli/nested-quotes.ts';

const isMessages = /[\\/]i18n[\\/]generated[\\/]messages\.js$/;
const isShared = /[\\/](?:runtime|registry)\.js$/;

/**
 * Gives tests the compiled messages as one module. They are written as one file each, several thousand of them, and
 * every test file that needs a single one would load them all, one by one.
 */
export const messagesInOne = (): Plugin => {
	let made: Promise<string> | null = null;
	const bundle = async (entry: string): Promise<string> => {
		const result = await build({
			configFile: false,
			logLevel: 'error',
			publicDir: false,
			plugins: [
				nestedQuotes(),
				{
					name: 'shared-stay-outside',
					enforce: 'pre',
					resolveId: async function (source, importer) {
						if (!importer || !isShared.test(source)) return null;
						const found = await this.resolve(source, importer, { skipSelf: true });
						return found ? { id: found.id, external: 'absolute' } : null;
					}
				}
			],
			build: { ssr: entry, write: false, minify: false, target: 'node20', rolldownOptions: { treeshake: false } }
		});
		const [output] = Array.isArray(result) ? result : [result];
		const chunk = output && 'output' in output ? output.output[0] : null;
		if (chunk?.type !== 'chunk') throw new Error('The messages could not be put together.');
		return chunk.code;
	};
	return {
		name: 'messages-in-one',
		enforce: 'pre',
		load: (id) => (isMessages.test(id) ? (made ??= bundle(id)) : null)
	};
};
