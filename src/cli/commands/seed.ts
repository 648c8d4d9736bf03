import { readDemoFiles } from '../seed/demo-files.ts';
import { loadDemo } from '../seed/demo.ts';
import { anyAccount } from '#lib/server/modules/accounts/index.ts';
import { InputError, type CliCommand } from '../command.ts';
import { readOptions } from '../options.ts';
import { projectRoot } from '../server/project-root.ts';
import { withDatabase } from '../server/with-database.ts';

/** Loads data into an empty database: the demonstration city, or a synthetic district. */
export const seed: CliCommand = {
	name: 'seed',
	summary: 'load demo data, or a synthetic district of any size',
	help: `
Usage: npm run -s miaopu -- seed --demo
       npm run -s miaopu -- seed --scale N

  --demo     the demonstration city; all its accounts have the password miaopu-demo
  --scale N  a synthetic district, the same each time: N stations, 10 N organizations with history, one large
             competition in judging (5 N proposals, max(5, N/2) judges, 3 submitted scorecards each).
             Accounts: head, judge1, judge2 … with the password miaopu-demo

The database must be empty. Both are for trying out and measuring, never for a public address.
`,
	run: async (args, output) => {
		const { values } = readOptions(args, { demo: { type: 'boolean', default: false }, scale: { type: 'string' } });
		if (values.demo === (values.scale !== undefined)) throw new InputError('Say either --demo or --scale N.');
		const scale = Number(values.scale ?? 1);
		if (!Number.isInteger(scale) || scale < 1 || scale > 20_000) throw new InputError('--scale takes a whole number from 1 to 20000.');
		const began = Date.now();
		await withDatabase(async () => {
			if (await anyAccount()) throw new InputError('The database is not empty; nothing was loaded.');
			const say = (text: string) => output.stderr(`  ${text}\n`);
			if (values.demo) await loadDemo(readDemoFiles(`${projectRoot()}/seeds/demo`), new Date(), say);
			else await (await import('../seed/scale.ts')).loadScale(scale, new Date(), say);
		});
		output.stderr(`  done in ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
		return 0;
	}
};
