import { inflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { writeDocx } from '#lib/server/platform/docx.ts';

/** The text of one part of a zip file (PKWARE APPNOTE 6.3), found by its entry in the directory. */
const part = (bytes: Uint8Array, name: string): string => {
	const file = Buffer.from(bytes);
	for (let at = file.indexOf('PK\x01\x02', 0, 'latin1'); at >= 0; at = file.indexOf('PK\x01\x02', at + 4, 'latin1')) {
		if (file.toString('utf8', at + 46, at + 46 + file.readUInt16LE(at + 28)) !== name) continue;
		const local = file.readUInt32LE(at + 42);
		const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
		const packed = file.subarray(start, start + file.readUInt32LE(at + 20));
		return (file.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : packed).toString('utf8');
	}
	throw new Error(`no ${name}`);
};

it('writes what it is given, marks in the text and all', async () => {
	const file = await writeDocx('邻里 <互助>', [
		{ kind: 'title', text: '邻里 <互助> & “三样小事”' },
		{ kind: 'facts', facts: [['编号', 'spring-001']] },
		{ kind: 'text', text: '第一行\n第二行' },
		{ kind: 'table', head: ['事项', '金额'], rows: [['茶叶', '¥120.00']], numbers: [1] },
		{ kind: 'page' },
		{ kind: 'title', text: '第二份' },
		{ kind: 'signature', labels: ['签字', '日期'] }
	]);
	const text = part(file, 'word/document.xml');
	expect(text).toContain('邻里 &lt;互助&gt; &amp; “三样小事”');
	for (const words of ['spring-001', '第一行', '第二行', '茶叶', '¥120.00', 'w:pageBreakBefore']) expect(text).toContain(words);
});

it('gives each column of a table the width of what stands in it', async () => {
	const rows = [['给七十岁以上、一个人住的老人做看病卡，写清病史、过敏和常用药，装在卡套里', '6 元'], ['合计', '6 元']];
	const text = part(await writeDocx('表', [{ kind: 'table', head: ['买什么', '小计'], rows, numbers: [1], total: true }]), 'word/document.xml');
	const [item = 0, amount = 0] = [...text.matchAll(/<w:gridCol w:w="(\d+)"/g)].map(([, width]) => Number(width));
	expect(item + amount).toBe(9638);
	expect(item).toBeGreaterThan(amount * 8);
	const written = text.split('<w:tr>').slice(1);
	// The head goes on to the next page with the table, and the sum never stands there alone.
	expect(written.map((row) => [row.includes('w:tblHeader'), row.includes('<w:keepNext/>'), row.includes('<w:b/>')])).toEqual([[true, true, true], [false, true, false], [false, false, true]]);
});
