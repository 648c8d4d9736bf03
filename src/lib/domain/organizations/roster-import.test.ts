import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayFrom, guessMapping, planImport, readRow } from './roster-import.ts';

const mapping = { name: 0, phone: 1, role: 2, prospective: 3, joinedOn: 4, note: 5 };
const today = '2026-06-30';

describe('columns', () => {
	test('are guessed from headings as people write them', () => {
		expect(guessMapping(['序号', '姓 名', '联系电话*', '队内职务', '入队时间', '备注'])).toEqual({ name: 1, phone: 2, role: 3, prospective: null, joinedOn: 4, note: 5 });
		expect(guessMapping(['Phone number', 'Full name', 'Role'])).toMatchObject({ name: 1, phone: 0, role: 2 });
		expect(guessMapping([])).toMatchObject({ name: null });
	});
	test('are never guessed twice', () => {
		fc.assert(
			fc.property(fc.array(fc.constantFrom('姓名', '电话', '角色', '骨干', '日期', '备注', '成员姓名', '手机', ''), { maxLength: 12 }), (headers) => {
				const used = Object.values(guessMapping(headers)).filter((at) => at !== null);
				expect(new Set(used).size).toBe(used.length);
			})
		);
	});
});

describe('a day', () => {
	test.each([
		['2024-3-5', '2024-03-05'],
		['2024/03/05', '2024-03-05'],
		['2024.3.5', '2024-03-05'],
		['2024年3月5日', '2024-03-05'],
		['2024年3月', '2024-03-01'],
		['20240305', '2024-03-05'],
		['45356', '2024-03-05'],
		['2024-03-05T08:00:00.000Z', '2024-03-05'],
		['2024-02-30', null],
		['去年', null]
	])('%s is %s', (text, day) => expect(dayFrom(text)).toBe(day));
	test('comes back as it was written', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 40_000 }), (days) => {
				const day = new Date(Date.UTC(1950, 0, 1) + days * 86_400_000).toISOString().slice(0, 10);
				expect(dayFrom(day)).toBe(day);
				expect(dayFrom(day.replaceAll('-', ''))).toBe(day);
			})
		);
	});
});

describe('a row', () => {
	test('is read with the words of rosters in use', () => {
		expect(readRow([' 王 秀兰 ', '+86 138-0000-0001', '副队长', '是', '2024年3月5日', '会理发'], mapping, today)).toEqual({
			ok: true,
			line: { name: '王 秀兰', phone: '13800000001', role: 'deputy', prospective: true, joinedOn: '2024-03-05', note: '会理发' }
		});
		expect(readRow(['李国华', '13800000002.0'], mapping, today)).toMatchObject({ ok: true, line: { phone: '13800000002', role: 'member', joinedOn: today } });
	});
	test('names every wrong cell', () => {
		const read = readRow(['', '12345', '舞台监督', '也许', '明年', 'x'.repeat(301)], mapping, today);
		expect(read).toMatchObject({ ok: false });
		expect(read.ok ? [] : read.issues.map(({ field, code }) => `${field} ${code}`)).toEqual([
			'name required', 'phone phone', 'role role_unknown', 'prospective yes_or_no', 'joinedOn date', 'note too_long'
		]);
	});
});

describe('the plan', () => {
	const rows = [['王秀兰', '13800000001'], ['李国华', ''], ['王秀兰', '13800000001'], ['张三', 'abc'], ['李国华', '13800000003']].map((cells, at) => ({ row: at + 2, cells }));
	const roster = [{ id: 'm1', name: '李国华', phone: '' }];
	test('adds, skips or updates, and sets the bad apart', () => {
		const kinds = (choice: 'skip' | 'update') => planImport(rows, mapping, roster, choice, today).map(({ row, kind }) => `${row} ${kind}`);
		expect(kinds('skip')).toEqual(['2 add', '3 skip', '4 bad', '5 bad', '6 add']);
		expect(kinds('update')).toEqual(['2 add', '3 update', '4 bad', '5 bad', '6 add']);
	});
	test('accounts for every row once, and adds nobody twice', () => {
		const anyRows = fc.array(fc.tuple(fc.constantFrom('甲', '乙', '丙', ''), fc.constantFrom('', '13800000001', '13800000002', '1')), { maxLength: 30 });
		fc.assert(
			fc.property(anyRows, fc.constantFrom('skip' as const, 'update' as const), (cells, choice) => {
				const plan = planImport(cells.map((row, at) => ({ row: at + 2, cells: row })), mapping, [{ id: 'm', name: '甲', phone: '' }], choice, today);
				expect(plan.map(({ row }) => row)).toEqual(cells.map((_, at) => at + 2));
				const added = plan.flatMap((row) => (row.kind === 'add' ? [`${row.line.name} ${row.line.phone}`] : []));
				expect(new Set(added).size).toBe(added.length);
				expect(added).not.toContain('甲 ');
			})
		);
	});
});
