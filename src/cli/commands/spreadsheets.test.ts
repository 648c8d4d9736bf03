import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CliCommand } from '../command.ts';
import { displayWidth } from '../text-table.ts';
import { assign } from './assign.ts';
import { rank } from './rank.ts';

let folder = '';
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'miaopu-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
	const path = join(folder, name);
	await writeFile(path, content);
	return path;
}

async function run(command: CliCommand, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
	let out = '';
	let err = '';
	const code = await command.run(args, {
		stdout: (text) => void (out += text),
		stderr: (text) => void (err += text)
	});
	return { code, out, err };
}

async function rankText(content: string | Uint8Array, ...args: string[]) {
	return run(rank, await file('scores.csv', content), ...args);
}

const scores = 'proposal,judge,score\nA,j1,85\nA,j2,86\nA,j3,86\nB,j1,90\nB,j2,80.5\nC,j3,85.25\n';

describe('rank', () => {
	it('prints the contract as JSON', async () => {
		const { code, out, err } = await rankText(scores, '--json');
		expect(code).toBe(0);
		expect(err).toBe('');
		const json = JSON.parse(out);
		expect(Object.keys(json)).toEqual([
			'method',
			'n',
			'mean',
			'variance',
			'icc',
			'reliability',
			'proposals',
			'judges'
		]);
		expect(json).toMatchObject({
			method: 'mean',
			n: { proposals: 3, judges: 3, scores: 6 },
			mean: 512.75 / 6,
			variance: { proposal: null, judge: null, residual: null },
			icc: null,
			reliability: null
		});
		const blank = { se: null, low: null, high: null, rankLow: null, rankHigh: null };
		expect(json.proposals).toEqual([
			{ proposal: 'A', n: 3, raw: 257 / 3, score: 257 / 3, ...blank, rank: 1 },
			{ proposal: 'B', n: 2, raw: 85.25, score: 85.25, ...blank, rank: 2 },
			{ proposal: 'C', n: 1, raw: 85.25, score: 85.25, ...blank, rank: 2 }
		]);
		expect(json.judges).toEqual([
			{ judge: 'j1', n: 2, leniency: null, se: null },
			{ judge: 'j2', n: 2, leniency: null, se: null },
			{ judge: 'j3', n: 2, leniency: null, se: null }
		]);
	});

	it('draws lots under a seed', async () => {
		const json = JSON.parse((await rankText(scores, '--json', '--seed', 's')).out);
		expect(json.proposals.map((p: { rank: number }) => p.rank)).toEqual([1, 2, 3]);
	});

	it('trims, and says where it could not', async () => {
		const five = [60, 70, 80, 90, 100].map((s, i) => `A,j${i},${s}`).join('\n');
		const { out, err, code } = await rankText(`proposal,judge,score\n${five}\nB,j1,10\n`, '--method', 'trimmed');
		expect(code).toBe(0);
		expect(out).toContain('80.00');
		expect(err).toContain('1 proposal(s) have fewer than 5');
	});

	it('does not depend on the order of lines', async () => {
		const [header, ...lines] = scores.trim().split('\n');
		const shuffled = [header, ...lines.reverse()].join('\n');
		expect((await rankText(shuffled, '--json')).out).toBe((await rankText(scores, '--json')).out);
	});

	it('adds decimals exactly', async () => {
		const tenths = Array.from({ length: 10 }, (_, i) => `A,j${i},0.1`).join('\n');
		const json = JSON.parse((await rankText(`proposal,judge,score\n${tenths}\nB,j,0.1\nC,j,1e-1\n`, '--json')).out);
		expect(json.proposals.map((p: { rank: number; score: number }) => [p.rank, p.score])).toEqual([
			[1, 0.1],
			[1, 0.1],
			[1, 0.1]
		]);
	});

	// 项目,评委,得分 / 读书会,张,90 in GB 2312
	const gbk = Uint8Array.from([
		0xcf, 0xee, 0xc4, 0xbf, 0x2c, 0xc6, 0xc0, 0xce, 0xaf, 0x2c, 0xb5, 0xc3, 0xb7, 0xd6, 0x0d, 0x0a, 0xb6, 0xc1,
		0xca, 0xe9, 0xbb, 0xe1, 0x2c, 0xd5, 0xc5, 0x2c, 0x39, 0x30, 0x0d, 0x0a
	]);
	it.each<[string, string | Uint8Array, string]>([
		['a byte order mark', '\uFEFFproposal,judge,score\nA,x,1\n', 'A'],
		['semicolons', 'proposal;judge;score\nA;x;1\n', 'A'],
		['tabs and CR LF', 'Proposal\tJudge\tScore\r\nA\tx\t1\r\n', 'A'],
		['quotes', 'proposal,judge,score\n"A, or ""B""",x,1\n', 'A, or "B"'],
		['other columns in another order', 'score,note,judge,proposal\n1,ok,x,A\n', 'A'],
		['blank lines and trailing separators', '\nproposal,judge,score\n\nA,x,1,,\n\n', 'A'],
		['UTF-16', Buffer.from('\uFEFFproposal\tjudge\tscore\nA\tx\t1\n', 'utf16le'), 'A'],
		['GBK and Chinese headings', gbk, '读书会']
	])('reads %s', async (_, content, proposal) => {
		const { code, out, err } = await rankText(content, '--json');
		expect({ code, err }).toEqual({ code: 0, err: '' });
		expect(JSON.parse(out).proposals[0].proposal).toBe(proposal);
	});

	it.each([
		['', 'scores.csv: line 1: the file is empty'],
		['proposal,judge,score\n', 'scores.csv: line 2: there are no scores'],
		['A,x,1\nB,x,2\n', 'scores.csv: line 1: no column "proposal"'],
		['proposal,judge\nA,x\n', 'scores.csv: line 1: no column "score"'],
		['proposal,judge,score,score\nA,x,1,2\n', 'scores.csv: line 1: two columns "score"'],
		['proposal,judge,score\nA,x,1\nB,x,good\n', 'scores.csv: line 3: score "good" is not a number'],
		['proposal,judge,score\nA,x,NaN\n', 'scores.csv: line 2: score "NaN" is not a number'],
		['proposal,judge,score\nA,x,Infinity\n', 'scores.csv: line 2: score "Infinity" is not a number'],
		['proposal,judge,score\nA,x,1e999\n', 'scores.csv: line 2: score "1e999" is not a number'],
		['proposal,judge,score\nA,x,0x10\n', 'scores.csv: line 2: score "0x10" is not a number'],
		['proposal;judge;score\nA;x;8,5\n', 'scores.csv: line 2: score "8,5" is not a number'],
		['proposal,judge,score\nA,x,\n', 'scores.csv: line 2: score is empty'],
		['proposal,judge,score\nA,,1\n', 'scores.csv: line 2: judge is empty'],
		['proposal,judge,score\nA,x\n', 'scores.csv: line 2: 2 columns'],
		['proposal,judge,score\nA,x,1,2\n', 'scores.csv: line 2: 4 columns'],
		[
			'proposal,judge,score\n\nA,x,1\nB,x,1\nA,x,2\n',
			'scores.csv: line 5: the score of judge x for proposal A was already given in line 3'
		],
		['proposal,judge,score\n"A,x,1\n', 'scores.csv: line 2: not a well-formed table'],
		['PK\u0003\u0004rest', 'scores.csv: line 1: this is a workbook']
	])('refuses %j', async (content, message) => {
		const { code, out, err } = await rankText(content, '--json');
		expect(code).toBe(2);
		expect(out).toBe('');
		expect(err).toContain(message);
		expect(err.trimEnd().split('\n').length).toBe(1);
	});

	it.each([[[]], [['a', 'b']], [['nowhere.csv']], [['x.csv', '--method', 'best']], [['x.csv', '--nonsense']]])(
		'refuses arguments %j',
		async (args) => {
			const { code, err } = await run(rank, ...args);
			expect(code).toBe(2);
			expect(err.trimEnd().split('\n').length).toBe(1);
		}
	);

	it('calibrates, with every figure of the contract, the same each time', async () => {
		const table = [...'ABCDEF'].flatMap((p, i) =>
			['w', 'x', 'y', 'z'].map((j, k) => `${p},${j},${60 + 5 * i + 3 * k + ((i * 7 + k * 5) % 6)}`)
		);
		const content = `proposal,judge,score\n${table.join('\n')}\n`;
		const { code, out, err } = await rankText(content, '--method', 'calibrated', '--json');
		expect({ code, err }).toEqual({ code: 0, err: '' });
		const json = JSON.parse(out);
		expect(json.method).toBe('calibrated');
		expect(Object.keys(json.proposals[0])).toEqual([
			'proposal',
			'n',
			'raw',
			'score',
			'se',
			'low',
			'high',
			'rank',
			'rankLow',
			'rankHigh'
		]);
		for (const p of json.proposals) for (const value of Object.values(p)) expect(value).not.toBeNull();
		expect(json.proposals[0].proposal).toBe('F');
		expect(json.judges.map((j: { judge: string }) => j.judge)).toEqual(['w', 'x', 'y', 'z']);
		expect(json.judges[3].leniency).toBeGreaterThan(json.judges[0].leniency);
		expect(json.icc).toBeGreaterThan(0.5);
		expect((await rankText(content, '--method', 'calibrated', '--json')).out).toBe(out);
		expect((await rankText(content, '--method', 'calibrated')).out).toContain('rank 95%');
	});

	it('says in a sentence why it could not calibrate', async () => {
		const { code, out, err } = await rankText(
			'proposal,judge,score\nA,x,1\nB,x,2\n',
			'--method',
			'calibrated',
			'--json'
		);
		expect(code).toBe(0);
		expect(err).toContain('With a single judge');
		expect(JSON.parse(out)).toMatchObject({
			icc: null,
			proposals: [{ proposal: 'B', score: 2, se: null, rank: 1 }, { rank: 2 }]
		});
	});

	it('prints help', async () => {
		expect(await run(rank, '--help')).toMatchObject({ code: 0, err: '', out: rank.help });
	});
});

describe('assign', () => {
	const inputs = async (more: { j?: string; c?: string; a?: string; p?: string } = {}) => {
		const args = [
			'--proposals',
			await file('p.csv', more.p ?? 'proposal\nA\nB\nC\n'),
			'--judges',
			await file('j.csv', more.j ?? 'judge,cap\nx,3\ny,3\nz,3\n'),
			'--conflicts',
			await file('c.csv', more.c ?? 'judge,proposal\nx,A\n'),
			'--affinity',
			await file('a.csv', more.a ?? 'judge,proposal,score\nx,B,1\ny,A,0.5\n')
		];
		return args;
	};

	it('prints the contract as JSON', async () => {
		const { code, out, err } = await run(assign, ...(await inputs()), '--reviews', '2', '--seed', '7', '--json');
		expect({ code, err }).toEqual({ code: 0, err: '' });
		const json = JSON.parse(out);
		expect(Object.keys(json)).toEqual(['seed', 'assignments', 'load', 'unfilled']);
		expect(json.seed).toBe(7);
		expect(json.assignments).toHaveLength(6);
		expect(json.assignments).not.toContainEqual({ proposal: 'A', judge: 'x' });
		expect(json.load).toEqual([
			{ judge: 'x', n: 2, cap: 3 },
			{ judge: 'y', n: 2, cap: 3 },
			{ judge: 'z', n: 2, cap: 3 }
		]);
		expect(json.unfilled).toEqual([]);
	});

	it('names what is missing and what would help', async () => {
		const args = [...(await inputs({ j: 'judge,cap\nx,3\ny,1\nz,3\n' })), '--reviews', '3'];
		const json = JSON.parse((await run(assign, ...args, '--json')).out);
		expect(json.unfilled).toContainEqual({
			proposal: 'A',
			missing: expect.any(Number),
			reason: expect.any(String)
		});
		const { code, out } = await run(assign, ...args);
		expect(code).toBe(0);
		expect(out).toContain(
			'What would help: raise the cap of 1 judge(s) by up to 2: y +2; add 1 judge(s) without conflict for 1 proposal(s)'
		);
	});

	it.each([
		[{ j: 'judge,cap\nx,1.5\n' }, 'j.csv: line 2: cap "1.5" is not a whole number'],
		[{ j: 'judge,cap\nx,-1\n' }, 'j.csv: line 2: cap "-1" is not a whole number'],
		[{ j: 'judge,cap\nx,many\n' }, 'j.csv: line 2: cap "many" is not a number'],
		[{ j: 'judge,cap\nx,1\nx,2\n' }, 'j.csv: line 3: judge x was already given in line 2'],
		[{ p: 'proposal\nA\nA\n' }, 'p.csv: line 3: proposal A was already given in line 2'],
		[{ c: 'judge,proposal\nx,A\nx,Q\n' }, 'c.csv: line 3: proposal "Q" is not in the list'],
		[{ c: 'judge,proposal\nq,A\n' }, 'c.csv: line 2: judge "q" is not in the list'],
		[{ a: 'judge,proposal,score\nx,A,high\n' }, 'a.csv: line 2: score "high" is not a number'],
		[{ a: 'judge,proposal\nx,A\n' }, 'a.csv: line 1: no column "score"'],
		[{ a: 'judge,proposal,score\nx,A,1\nx,A,1\n' }, 'a.csv: line 3: the pair x, A was already given in line 2'],
		[{ c: 'judge,proposal\nx,A\n\nx,A\n' }, 'c.csv: line 4: the pair x, A was already given in line 2'],
		[{ c: 'judge,proposal\nx\n' }, 'c.csv: line 2: 1 columns'],
		[{ p: 'proposal\n' }, 'p.csv: line 2: there are no proposals'],
		[{ j: 'judge,cap\n' }, 'j.csv: line 2: there are no judges'],
		[{ j: 'judge\nx\n' }, 'j.csv: line 1: no column "cap"'],
		[{ j: 'judge,cap\nx,\n' }, 'j.csv: line 2: cap is empty'],
		[{ a: 'judge,proposal,score\nx,A,NaN\n' }, 'a.csv: line 2: score "NaN" is not a number']
	])('refuses %j', async (more, message) => {
		const { code, out, err } = await run(assign, ...(await inputs(more)), '--json');
		expect({ code, out }).toEqual({ code: 2, out: '' });
		expect(err).toContain(message);
		expect(err.trimEnd().split('\n').length).toBe(1);
	});

	it.each([
		['a judge who may take none', { j: 'judge,cap\nx,0\ny,3\nz,3\n' }, '2', { x: 0, y: 3, z: 3 }, []],
		['one judge', { j: 'judge,cap\nonly,2\n', c: 'judge,proposal\n', a: 'judge,proposal,score\n' }, '1', { only: 2 }, ['caps_reached']],
		['nobody with a place', { j: 'judge,cap\nx,0\ny,0\n', a: 'judge,proposal,score\n' }, '1', { x: 0, y: 0 }, ['caps_reached', 'caps_reached', 'caps_reached']],
		['more reviews than judges', {}, '4', { x: 2, y: 3, z: 3 }, ['too_few_eligible', 'too_few_eligible', 'too_few_eligible']],
		['a judge in conflict with all', { c: 'judge,proposal\nx,A\nx,B\nx,C\n' }, '2', { x: 0, y: 3, z: 3 }, []],
		['no reviews at all', {}, '0', { x: 0, y: 0, z: 0 }, []]
	])('answers by the contract with %s', async (_, more, reviews, load, reasons) => {
		const { code, out } = await run(assign, ...(await inputs(more)), '--reviews', reviews, '--json');
		expect(code).toBe(0);
		const json = JSON.parse(out);
		expect(Object.keys(json)).toEqual(['seed', 'assignments', 'load', 'unfilled']);
		expect(Object.fromEntries(json.load.map((one: { judge: string; n: number }) => [one.judge, one.n]))).toEqual(load);
		expect(json.unfilled.map(({ reason }: { reason: string }) => reason)).toEqual(reasons);
	});

	it('refuses missing files and a strange number of reviews', async () => {
		expect((await run(assign)).code).toBe(2);
		expect((await run(assign, ...(await inputs()), '--reviews', '2.5')).err).toContain('--reviews "2.5"');
	});
});

it('lines up Chinese text', () => {
	expect(displayWidth('读书会 A（二）')).toBe(14);
});
