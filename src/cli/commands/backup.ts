import { connectDatabase, disconnectDatabase } from '#lib/server/platform/db/index.ts';
import { writeArchive } from '#lib/server/platform/archive.ts';
import { InputError, type CliCommand } from '../command.ts';
import { readOptions } from '../options.ts';
import { openStore } from '../server/with-store.ts';

/** One file with everything in it. */
export const backup: CliCommand = {
	name: 'backup',
	summary: 'write everything into one file',
	help: `
Usage: npm run -s miaopu -- backup FILE

Writes all documents, files and indexes into one compressed archive with a digest, also while the application runs.
The archive can be restored to any server: it is the way from the embedded store to MongoDB, too.
`,
	run: async (args, output) => {
		const { positionals } = readOptions(args, {}, 1);
		const [file] = positionals;
		if (!file) throw new InputError('Say where to: backup FILE');
		const store = await openStore({ share: true });
		try {
			await connectDatabase(store.uri);
			const counts = await writeArchive(file, ({ documents }) => output.stderr(`  ${documents} documents …\n`));
			output.stdout(`${file}: ${counts.documents} documents in ${counts.collections} collections\n`);
			return 0;
		} finally {
			await disconnectDatabase();
			await store.close();
		}
	}
};
