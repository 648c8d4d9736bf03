import { parseArgs } from 'node:util';
import { assignJudges, type AssignmentResult, type Pair } from '#lib/domain/judging/assignment.ts';
import { InputError, reportInputErrors, type CliCommand, type CommandIo } from '../command.ts';
import {
	readTable,
	refuseDuplicates,
	requireNumber,
	requireRows,
	requireText,
	type Table,
	type TableRow
} from '../tabular.ts';
import { textTable } from '../text-table.ts';

const help = `Usage: miaopu assign --proposals p.csv --judges j.csv [options]

Assigns judges to proposals: every proposal gets its reviews, loads are equal, expertise is greatest, conflicts and caps
always hold. The same files and seed give the same answer, whatever the order of the lines.

  --proposals <file>   column proposal
  --judges <file>      columns judge, cap
  --conflicts <file>   columns judge, proposal: pairs that must never be
  --affinity <file>    columns judge, proposal, score: expertise match 0 to 1; 0 where not given
  --reviews <n>        reviews per proposal (default 3)
  --seed <text>        settles what is equal (default 1)
  --json               print JSON
  --help               print this

Files are CSV with a header (comma, semicolon or tab; UTF-8 or GBK).
Exit codes: 0 done (also when reviews stay unfilled: they are listed), 1 failed, 2 wrong usage or bad input.
`;

const options = {
	proposals: { type: 'string' },
	judges: { type: 'string' },
	conflicts: { type: 'string' },
	affinity: { type: 'string' },
	reviews: { type: 'string', default: '3' },
	seed: { type: 'string', default: '1' },
	json: { type: 'boolean', default: false },
	help: { type: 'boolean', default: false }
} as const;

interface Inputs {
	proposals: string[];
	judges: { id: string; cap: number }[];
	conflicts: Pair[];
	affinity: (Pair & { score: number })[];
}

function pairsOf(table: Table, known: Inputs, strict: boolean): (Pair & { row: TableRow })[] {
	const proposals = new Set(known.proposals);
	const judges = new Set(known.judges.map(({ id }) => id));
	refuseDuplicates(table, ({ cells }) => `the pair ${cells[0]}, ${cells[1]}`);
	return table.rows.flatMap((row) => {
		const judge = requireText(table, row, 0, 'judge');
		const proposal = requireText(table, row, 1, 'proposal');
		if (judges.has(judge) && proposals.has(proposal)) return [{ judge, proposal, row }];
		// A conflict that names nobody is most likely a misspelt one, and would go unnoticed.
		if (strict) {
			const unknown = judges.has(judge) ? `proposal "${proposal}"` : `judge "${judge}"`;
			throw new InputError(`${table.file}: line ${row.line}: ${unknown} is not in the list`);
		}
		return [];
	});
}

async function readInputs(files: {
	proposals: string;
	judges: string;
	conflicts?: string;
	affinity?: string;
}): Promise<Inputs> {
	const inputs: Inputs = { proposals: [], judges: [], conflicts: [], affinity: [] };
	const proposals = await readTable(files.proposals, ['proposal']);
	requireRows(proposals, 'proposals');
	inputs.proposals = proposals.rows.map((row) => requireText(proposals, row, 0, 'proposal'));
	refuseDuplicates(proposals, ({ cells }) => `proposal ${cells[0]}`);
	const judges = await readTable(files.judges, ['judge', 'cap']);
	requireRows(judges, 'judges');
	const firstLine = new Map<string, number>();
	inputs.judges = judges.rows.map((row) => {
		const id = requireText(judges, row, 0, 'judge');
		const before = firstLine.get(id);
		if (before !== undefined)
			throw new InputError(`${judges.file}: line ${row.line}: judge ${id} was already given in line ${before}`);
		firstLine.set(id, row.line);
		const cap = requireNumber(judges, row, 1, 'cap');
		if (!Number.isSafeInteger(cap) || cap < 0) {
			throw new InputError(
				`${judges.file}: line ${row.line}: cap "${row.cells[1]}" is not a whole number from 0`
			);
		}
		return { id, cap };
	});
	if (files.conflicts !== undefined) {
		inputs.conflicts = pairsOf(await readTable(files.conflicts, ['judge', 'proposal']), inputs, true);
	}
	if (files.affinity !== undefined) {
		const table = await readTable(files.affinity, ['judge', 'proposal', 'score']);
		const score = new Map(table.rows.map((row) => [row, requireNumber(table, row, 2, 'score')]));
		inputs.affinity = pairsOf(table, inputs, false).map(({ judge, proposal, row }) => ({
			judge,
			proposal,
			score: score.get(row) ?? 0
		}));
	}
	return inputs;
}

/** In words, for the list of what is missing. */
const reasons = {
	caps_reached: 'judges without conflict have reached their caps',
	too_few_eligible: 'too few judges without conflict'
} as const;

function suggestionLine({ suggestion }: AssignmentResult): string {
	if (!suggestion) return '';
	const { judges, by, newJudges, proposals } = suggestion.params;
	const parts: string[] = [];
	if (judges > 0) {
		const who = suggestion.raiseCaps.slice(0, 10).map((raise) => `${raise.judge} +${raise.by}`);
		parts.push(`raise the cap of ${judges} judge(s) by up to ${by}: ${who.join(', ')}${judges > 10 ? ', …' : ''}`);
	}
	if (newJudges > 0) parts.push(`add ${newJudges} judge(s) without conflict for ${proposals} proposal(s)`);
	return `What would help: ${parts.join('; ')}\n`;
}

function print(result: AssignmentResult, io: CommandIo): void {
	const judgesOf = new Map<string, string[]>();
	for (const { proposal, judge } of result.assignments)
		judgesOf.set(proposal, [...(judgesOf.get(proposal) ?? []), judge]);
	io.stdout(
		textTable(
			['proposal', 'judges'],
			[...judgesOf].map(([proposal, judges]) => [proposal, judges.join(', ')]),
			new Set()
		)
	);
	io.stdout('\n');
	io.stdout(
		textTable(
			['judge', 'reviews', 'cap'],
			result.load.map(({ judge, n, cap }) => [judge, `${n}`, `${cap}`]),
			new Set([1, 2])
		)
	);
	io.stdout(
		`\n${result.assignments.length} reviews, expertise ${result.expertise.toFixed(2)}, seed ${result.seed}\n`
	);
	if (result.components > 1)
		io.stdout(`Scores cannot be compared across ${result.components} separate groups of judges.\n`);
	for (const { proposal, missing, reason } of result.unfilled)
		io.stdout(`${proposal} lacks ${missing}: ${reasons[reason]}\n`);
	io.stdout(suggestionLine(result));
}

async function runAssign(args: string[], io: CommandIo): Promise<number> {
	const { values } = parseArgs({ args, options, strict: true });
	if (values.help) {
		io.stdout(help);
		return 0;
	}
	if (values.proposals === undefined || values.judges === undefined) {
		throw new InputError('assign needs --proposals and --judges (see --help)');
	}
	if (!/^\d{1,4}$/.test(values.reviews)) throw new InputError(`--reviews "${values.reviews}" is not a whole number`);
	const inputs = await readInputs({ ...values, proposals: values.proposals, judges: values.judges });
	const result = assignJudges({ ...inputs, reviews: Number(values.reviews), seed: values.seed });
	if (!values.json) {
		print(result, io);
		return 0;
	}
	const { assignments, load } = result;
	const unfilled = result.unfilled.map(({ proposal, missing, reason }) => ({ proposal, missing, reason }));
	// A seed typed as a number is written as one.
	const seed = /^(0|[1-9]\d{0,14})$/.test(values.seed) ? Number(values.seed) : values.seed;
	io.stdout(`${JSON.stringify({ seed, assignments, load, unfilled })}\n`);
	if (result.suggestion) io.stderr(suggestionLine(result));
	return 0;
}

/** `miaopu assign`: judge assignment for organizers with spreadsheets. */
export const assign: CliCommand = {
	name: 'assign',
	summary: 'assign judges to proposals from spreadsheets',
	help,
	run: (args, io) => reportInputErrors(() => runAssign(args, io), io)
};
