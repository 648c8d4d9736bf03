import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Builds the command-line tool and the store's worker as plain JavaScript; packages stay outside. */
export default defineConfig({
	root,
	publicDir: false,
	build: {
		ssr: true,
		target: 'node20',
		outDir: 'build/cli',
		emptyOutDir: true,
		sourcemap: true,
		rolldownOptions: {
			input: {
				main: `${root}src/cli/main.ts`,
				run: `${root}src/cli/run.ts`,
				'bare-server': `${root}src/cli/bench/bare-server.ts`,
				'compute-worker': `${root}src/cli/server/compute-worker.ts`,
				'store-server': `${root}src/cli/bench/store-server.ts`,
				'store-client': `${root}src/cli/bench/store-client.ts`,
				'store-worker': `${root}src/embedded-mongo/worker.ts`
			},
			output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' }
		}
	},
	ssr: { external: true, noExternal: [/^#/] }
});
