import { alignChainEnds } from '#lib/server/modules/audit/index.ts';
import { readArchive } from '#lib/server/platform/archive.ts';
import { connectDatabase, disconnectDatabase } from '#lib/server/platform/db/index.ts';
import { InputError, type CliCommand } from '../command.ts';
import { readOptions } from '../options.ts';
import { openStore } from '../server/with-store.ts';

/** Fills a database from an archive. */
export const restore: CliCommand = {
	name: 'restore',
	summary: 'fill the database from a backup',
	help: `
Usage: npm run -s miaopu -- restore FILE [--replace]

Checks the archive's digest, then fills the database. The database must be empty; --replace drops what is in it.
`,
	run: async (args, output) => {
		const { values, positionals } = readOptions(args, { replace: { type: 'boolean', default: false } }, 1);
		const [file] = positionals;
		if (!file) throw new InputError('Say from where: restore FILE');
		const store = await openStore({ share: true });
		try {
			await connectDatabase(store.uri);
			const counts = await readArchive(file, { replace: values.replace });
			await alignChainEnds();
			output.stdout(`${counts.documents} documents in ${counts.collections} collections restored\n`);
			return 0;
		} finally {
			await disconnectDatabase();
			await store.close();
		}
	}
};
