import { z } from 'zod';
import { phoneSchema } from '#lib/domain/shared/fields.ts';
import type { MemberInput, MemberRole } from './types.ts';

/** What a column of a roster can be. */
export const rosterFields = ['name', 'phone', 'role', 'prospective', 'joinedOn', 'note'] as const;
export type RosterField = (typeof rosterFields)[number];
/** The column of each field, from 0; null where the table has none. */
export type RosterMapping = Record<RosterField, number | null>;
/** What happens to people who are on the roster already. */
export type DuplicateChoice = 'skip' | 'update';

const column = z.preprocess((value) => (value === '' || value === undefined ? null : value), z.coerce.number().int().min(0).max(59).nullable());
export const rosterMappingSchema = z.object({
	mapping: z
		.object(Object.fromEntries(rosterFields.map((field) => [field, column])) as Record<RosterField, typeof column>)
		.refine(({ name }) => name !== null, { error: 'column_needed', path: ['name'] }),
	duplicates: z.enum(['skip', 'update']).default('skip')
});
export type RosterMappingInput = z.infer<typeof rosterMappingSchema>;

const headings: Record<RosterField, readonly string[]> = {
	name: ['姓名', '成员姓名', '名字', '成员', 'name', 'fullname', 'member'],
	phone: ['手机', '手机号', '手机号码', '电话', '电话号码', '联系电话', '联系方式', 'phone', 'mobile', 'tel', 'telephone', 'phonenumber'],
	role: ['角色', '职务', '分工', '岗位', '身份', 'role', 'position', 'duty'],
	prospective: ['骨干人选', '骨干', '后备骨干', '是否骨干', 'prospective', 'prospectivecore', 'core'],
	joinedOn: ['加入日期', '加入时间', '入队日期', '入队时间', '入会日期', '登记日期', '日期', 'joined', 'joinedon', 'joindate', 'since'],
	note: ['备注', '说明', '特长', 'note', 'notes', 'remark', 'remarks']
};
const plain = (text: string): string =>
	text
		.normalize('NFKC')
		.replace(/[\s_*:：()（）-]/g, '')
		.toLowerCase();

/** Guesses columns by their headings: an exact heading before one that only contains the word; no column twice. */
export const guessMapping = (headers: readonly string[]): RosterMapping => {
	const names = headers.map(plain);
	const taken = new Set<number>();
	const mapping = Object.fromEntries(rosterFields.map((field) => [field, null])) as RosterMapping;
	const take = (fits: (name: string, heading: string) => boolean): void => {
		for (const field of rosterFields) {
			if (mapping[field] !== null) continue;
			const at = names.findIndex((name, index) => name !== '' && !taken.has(index) && headings[field].some((heading) => fits(name, heading)));
			if (at < 0) continue;
			mapping[field] = at;
			taken.add(at);
		}
	};
	take((name, heading) => name === heading);
	take((name, heading) => heading.length > 1 && name.includes(heading));
	return mapping;
};

const roles: Record<MemberRole, readonly string[]> = {
	leader: ['leader', '负责人', '队长', '会长', '组长', '社长'],
	deputy: ['deputy', '副手', '副队长', '副会长', '副组长', '副社长', '副负责人'],
	treasurer: ['treasurer', '记账员', '会计', '财务', '管账', '记账', '出纳'],
	secretary: ['secretary', '记录员', '秘书', '文书', '记录'],
	core: ['core', 'coremember', '骨干', '核心成员', '骨干成员'],
	member: ['member', '成员', '队员', '会员', '组员', '普通成员', '志愿者']
};
const roleOf = (text: string): MemberRole | null =>
	text === '' ? 'member' : ((Object.keys(roles) as MemberRole[]).find((role) => roles[role].includes(plain(text))) ?? null);

const yes = ['是', '有', 'y', 'yes', 'true', '1', '√', '✓', '对', 'x'];
const no = ['', '否', '无', 'n', 'no', 'false', '0', '×', '不是'];
const tickOf = (text: string): boolean | null => (yes.includes(plain(text)) ? true : no.includes(plain(text)) ? false : null);

const dayText = (year: number, month: number, date: number): string | null => {
	const made = new Date(Date.UTC(year, month - 1, date));
	const real = made.getUTCFullYear() === year && made.getUTCMonth() === month - 1 && made.getUTCDate() === date;
	return real && year >= 1900 && year < 2200 ? made.toISOString().slice(0, 10) : null;
};

/** Reads a day as people write it: 2024-3-5, 2024/3/5, 2024.3.5, 2024年3月5日, 20240305, 2024年3月, or Excel's count of days. */
export const dayFrom = (text: string): string | null => {
	const parts = /^(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})\s*日?|\s*月?)?(?:[T\s].*)?$/.exec(text.trim());
	if (parts) return dayText(Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 1));
	const digits = /^(\d{4})(\d{2})(\d{2})$/.exec(text.trim());
	if (digits) return dayText(Number(digits[1]), Number(digits[2]), Number(digits[3]));
	const serial = /^\d{5}(?:\.\d+)?$/.test(text.trim()) ? Math.floor(Number(text)) : null;
	// Excel counts days from 1899-12-30 (its 1900 was a leap year).
	return serial === null ? null : new Date(Date.UTC(1899, 11, 30) + serial * 86_400_000).toISOString().slice(0, 10);
};

/** What is wrong with a cell: a code for the words, and what stands there. */
export type CellIssue = { field: RosterField; code: string; value: string; params?: Record<string, string | number> };
type RosterLine = Pick<MemberInput, RosterField>;
export type ReadRow = { ok: true; line: RosterLine } | { ok: false; issues: CellIssue[] };

/** Reads one row of the table. Every wrong cell is named, not only the first. */
export const readRow = (cells: readonly string[], mapping: RosterMapping, today: string): ReadRow => {
	const issues: CellIssue[] = [];
	const cell = (field: RosterField): string => {
		const at = mapping[field];
		return at === null ? '' : (cells[at] ?? '').trim();
	};
	const refuse = (field: RosterField, code: string, params?: CellIssue['params']): void => {
		issues.push({ field, code, value: cell(field).slice(0, 60), params });
	};
	// A trailing ".0" is what spreadsheets make of a number that was typed as a phone number.
	const name = cell('name').replace(/\s+/g, ' ');
	if (name === '') refuse('name', 'required');
	else if (name.length > 40) refuse('name', 'too_long', { max: 40 });
	// eslint-disable-next-line no-control-regex
	else if (/[\u0000-\u001f\u007f]/.test(name)) refuse('name', 'control_characters');
	const typed = cell('phone').normalize('NFKC').replace(/\.0$/, '').replace(/^'/, '');
	const phone = typed === '' ? null : phoneSchema.safeParse(typed);
	if (phone && !phone.success) refuse('phone', 'phone');
	const role = roleOf(cell('role'));
	if (!role) refuse('role', 'role_unknown');
	const prospective = tickOf(cell('prospective'));
	if (prospective === null) refuse('prospective', 'yes_or_no');
	const joinedOn = cell('joinedOn') === '' ? today : dayFrom(cell('joinedOn').normalize('NFKC'));
	if (!joinedOn) refuse('joinedOn', 'date');
	else if (joinedOn > today) refuse('joinedOn', 'day_in_future');
	const note = cell('note');
	if (note.length > 300) refuse('note', 'too_long', { max: 300 });
	if (issues.length > 0) return { ok: false, issues };
	return {
		ok: true,
		line: { name, phone: phone?.success ? phone.data : '', role: role ?? 'member', prospective: prospective ?? false, joinedOn: joinedOn ?? today, note }
	};
};

export type PlannedRow =
	| { row: number; kind: 'add'; line: RosterLine }
	| { row: number; kind: 'update' | 'skip'; line: RosterLine; member: string }
	| { row: number; kind: 'bad'; issues: CellIssue[]; cells: readonly string[] };

/** Who a line is about: the same name and the same number (or none on both sides). */
export const personKey = ({ name, phone }: { name: string; phone: string }): string => `${name.replace(/\s/g, '')}\n${phone}`;

/**
 * What would become of every row: added, an update of somebody on the roster, skipped, or bad with every wrong cell.
 * The second line about one person in the same table is bad. Row numbers are those of the file, from 1.
 */
export const planImport = (
	rows: readonly { row: number; cells: readonly string[] }[],
	mapping: RosterMapping,
	roster: readonly { id: string; name: string; phone: string }[],
	duplicates: DuplicateChoice,
	today: string
): PlannedRow[] => {
	const known = new Map(roster.map((member) => [personKey(member), member.id]));
	const seen = new Map<string, number>();
	return rows.map(({ row, cells }): PlannedRow => {
		const read = readRow(cells, mapping, today);
		if (!read.ok) return { row, kind: 'bad', issues: read.issues, cells };
		const key = personKey(read.line);
		const first = seen.get(key);
		if (first !== undefined)
			return { row, kind: 'bad', cells, issues: [{ field: 'name', code: 'same_as_row', value: read.line.name, params: { row: first } }] };
		seen.set(key, row);
		const member = known.get(key);
		if (member) return { row, kind: duplicates, line: read.line, member };
		return { row, kind: 'add', line: read.line };
	});
};
