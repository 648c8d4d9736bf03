import { deflateRawSync } from 'node:zlib';
import exceljs from 'exceljs';
import { describe, expect, it } from 'vitest';
import { readXlsx, writeXlsx } from '#lib/server/platform/xlsx.ts';
import { refuseLargeZip, ZipRefused } from '#lib/server/platform/zip-size.ts';

const limits = { rows: 1000, columns: 20 };

/** A zip archive of one entry, its sizes as claimed. */
const zipOf = (content: Buffer, claimed = content.length): Buffer => {
	const packed = deflateRawSync(content);
	const local = Buffer.alloc(31);
	local.writeUInt32LE(0x04034b50, 0);
	local.writeUInt16LE(8, 8);
	local.writeUInt32LE(packed.length, 18);
	local.writeUInt32LE(claimed, 22);
	local.writeUInt16LE(1, 26);
	local.write('a', 30);
	const entry = Buffer.alloc(47);
	entry.writeUInt32LE(0x02014b50, 0);
	entry.writeUInt16LE(8, 10);
	entry.writeUInt32LE(packed.length, 20);
	entry.writeUInt32LE(claimed, 24);
	entry.writeUInt16LE(1, 28);
	entry.write('a', 46);
	const end = Buffer.alloc(22);
	end.writeUInt32LE(0x06054b50, 0);
	end.writeUInt16LE(1, 8);
	end.writeUInt16LE(1, 10);
	end.writeUInt32LE(entry.length, 12);
	end.writeUInt32LE(local.length + packed.length, 16);
	return Buffer.concat([local, packed, entry, end]);
};

describe('xlsx', () => {
	it('reads back what it wrote, texts disarmed, numbers and dates as such', async () => {
		const file = await writeXlsx([
			{
				name: '名册/2026',
				columns: [{ title: '姓名' }, { title: '分数', format: '0.00' }, { title: '日期', format: 'yyyy-mm-dd' }, { title: '电话' }],
				rows: [
					['=HYPERLINK("http://x")', 81.5, new Date('2026-03-01T00:00:00Z'), '+86 138 0000 0000'],
					['王大妈', null, undefined, '@cmd']
				],
				notes: ['说明']
			}
		]);
		expect(await readXlsx(file, limits)).toEqual([
			['说明'],
			[],
			['姓名', '分数', '日期', '电话'],
			['\'=HYPERLINK("http://x")', '81.5', '2026-03-01', '+86 138 0000 0000'],
			['王大妈', '', '', "'@cmd"]
		]);
	});

	it('shows moments by the clock in Shanghai, and every column whole', async () => {
		const file = await writeXlsx([
			{
				name: '申报书',
				columns: [{ title: '项目名称' }, { title: '申请金额', format: '#,##0.00' }, { title: '提交时间', format: 'yyyy-mm-dd hh:mm' }],
				rows: [['周末的院子：孩子的自由玩耍日', 4910, new Date('2026-11-18T16:20:00Z')]]
			}
		]);
		expect((await readXlsx(file, limits))[1]).toEqual(['周末的院子：孩子的自由玩耍日', '4910', '2026-11-19T00:20:00.000Z']);
		const workbook = new exceljs.Workbook();
		await workbook.xlsx.load(file.slice().buffer);
		const [sheet] = workbook.worksheets;
		expect(sheet?.columns.map(({ width }) => width)).toEqual([30, 12, 18]);
		expect(sheet?.pageSetup).toMatchObject({ fitToPage: true, fitToWidth: 1, fitToHeight: 0, printTitlesRow: '1:1' });
	});

	it('says so when a file is no workbook, is cut off, or has too many rows', async () => {
		const file = await writeXlsx([{ name: 'a', columns: [{ title: 'a' }], rows: Array.from({ length: 20 }, (_, n) => [n]) }]);
		for (const broken of [Buffer.from('hello'), Buffer.alloc(0), file.slice(0, file.length - 40), zipOf(Buffer.from('x'))])
			await expect(readXlsx(broken, limits)).rejects.toMatchObject({ code: 'xlsx_broken' });
		await expect(readXlsx(file, { rows: 10, columns: 5 })).rejects.toMatchObject({ code: 'xlsx_too_large' });
	});

	it('refuses an archive that unpacks to more than allowed, whatever it claims', () => {
		const bomb = zipOf(Buffer.alloc(5_000_000), 10);
		expect(bomb.length).toBeLessThan(10_000);
		expect(() => refuseLargeZip(bomb, 1_000_000)).toThrow(ZipRefused);
		expect(() => refuseLargeZip(bomb, 6_000_000)).not.toThrow();
	});
});
