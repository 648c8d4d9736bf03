import type { CliCommand } from '../command.ts';
import { readOptions, readPort } from '../options.ts';
import { openStore } from '../server/with-store.ts';

/** The embedded store alone, on a TCP port of this machine, for other programs. */
export const store: CliCommand = {
	name: 'store',
	summary: 'run the embedded store alone',
	help: `
Usage: npm run -s miaopu -- store [--port 27018] [--data DIR]

Runs the embedded store on 127.0.0.1 until it is interrupted. Connect with any MongoDB driver or mongosh.

  --port N    port (27018; 0 takes a free one)
  --data DIR  where the data lives (DATA_DIR, or ./data)
`,
	run: async (args, output) => {
		const { values } = readOptions(args, { port: { type: 'string', default: '27018' }, data: { type: 'string' } });
		const running = await openStore({ port: readPort(values.port), dataDir: values.data });
		output.stdout(`${running.uri}\n`);
		await new Promise<void>((resolve) => {
			for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
		});
		await running.close();
		return 0;
	}
};
