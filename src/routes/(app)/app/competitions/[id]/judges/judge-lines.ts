import { defaultGroup } from '#lib/domain/judging/groups.ts';
import { newJudgeSchema } from '#lib/domain/judging/schema.ts';
import type { NewJudge } from '#lib/domain/judging/types.ts';
import { invalidField } from '#lib/server/platform/errors.ts';

/** Judges added at once, each with a code of their own on the answering page. */
export const mostLines = 60;

const separators = /[\t,，;；]/;
const between = /[、\s/]+/;

/**
 * Reads a list of judges, one a line: name, employer, fields of expertise, divided by commas or the tabs of a
 * spreadsheet. All of it is read before anybody is added.
 * @throws an error at `lines` that names the first line that is wrong
 */
export const readJudgeLines = (text: string, group = defaultGroup): NewJudge[] => {
	const lines = text.split(/\r?\n/).map((line, at) => ({ line: line.trim(), n: at + 1 }));
	const given = lines.filter(({ line }) => line.replace(/[\s,，;；]/g, '') !== '');
	if (given.length === 0) throw invalidField('lines', 'judge_lines_none');
	if (given.length > mostLines) throw invalidField('lines', 'judge_lines_many', { max: mostLines });
	const names = new Set<string>();
	return given.map(({ line, n }) => {
		const [name = '', employer = '', ...rest] = line.split(separators).map((cell) => cell.trim());
		if (name === '' || name.length > 40) throw invalidField('lines', 'judge_line_name', { line: n });
		if (names.has(name)) throw invalidField('lines', 'judge_line_twice', { line: n, name });
		names.add(name);
		const expertise = rest.flatMap((cell) => cell.split(between)).filter((field) => field !== '');
		const judge = newJudgeSchema.safeParse({ name, employer, expertise, group });
		if (!judge.success) throw invalidField('lines', 'judge_line_long', { line: n });
		return judge.data;
	});
};
