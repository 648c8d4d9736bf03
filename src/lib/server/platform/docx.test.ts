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
		{ kind: 'page' }
	]);
	const text = part(file, 'word/document.xml');
	expect(text).toContain('邻里 &lt;互助&gt; &amp; “三样小事”');
	for (const words of ['spring-001', '第一行', '第二行', '茶叶', '¥120.00', 'w:pageBreakBefore']) expect(text).toContain(words);
});
