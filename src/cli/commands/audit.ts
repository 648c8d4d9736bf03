import { verifyAudit } from '#lib/server/modules/audit/index.ts';
import { InputError, type CliCommand } from '../command.ts';
import { readOptions } from '../options.ts';
import { withDatabase } from '../server/with-database.ts';

/** Checks the hash chains of everything that was done. */
export const audit: CliCommand = {
	name: 'audit',
	summary: 'verify the audit chains',
	help: `
Usage: npm run -s miaopu -- audit verify [--chain competition:<id>] [--json]

Finds changed, missing and inserted entries. Exit code 1 when a chain is not whole.
`,
	run: async (args, output) => {
		const { values, positionals } = readOptions(args, { chain: { type: 'string' }, json: { type: 'boolean', default: false } }, 1);
		if (positionals[0] !== 'verify') throw new InputError('Say what to do: audit verify');
		const { entries, faults } = await withDatabase(() => verifyAudit(values.chain));
		if (values.json) output.stdout(`${JSON.stringify({ entries, faults })}\n`);
		else {
			for (const fault of faults) output.stdout(`${fault.chain} #${fault.seq}: ${fault.fault}\n`);
			output.stdout(`${entries} entries, ${faults.length === 0 ? 'all chains whole' : `${faults.length} faults`}\n`);
		}
		return faults.length === 0 ? 0 : 1;
	}
};
