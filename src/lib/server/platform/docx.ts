import type * as docx from 'docx';
import type { Paragraph, Table } from 'docx';
import type { Block } from '#lib/domain/shared/document.ts';

export const docxType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

type Library = typeof docx;

const grey = '5b6157';

/** Each line of a text is a paragraph of its own; empty ones keep the distance the writer gave them. */
const paragraphs = ({ Paragraph, TextRun }: Library, text: string, options: { color?: string; size?: number } = {}): Paragraph[] =>
	text.split(/\r?\n/).map((line) => new Paragraph({ children: [new TextRun({ text: line, ...options })], spacing: { after: 100, line: 340 } }));

const cell = ({ Paragraph, TableCell, TextRun, AlignmentType }: Library, text: string, options: { bold?: boolean; end?: boolean; width: number }) =>
	new TableCell({
		width: { size: options.width, type: 'pct' },
		margins: { top: 60, bottom: 60, left: 90, right: 90 },
		children: text
			.split(/\r?\n/)
			.map((line) => new Paragraph({ alignment: options.end ? AlignmentType.RIGHT : AlignmentType.LEFT, children: [new TextRun({ text: line, bold: options.bold })] }))
	});

const tableOf = (library: Library, { head, rows, numbers = [] }: Extract<Block, { kind: 'table' }>): Table => {
	const width = 100 / Math.max(1, head.length);
	const row = (cells: readonly string[], bold: boolean) =>
		new library.TableRow({ tableHeader: bold, children: cells.map((text, at) => cell(library, text, { bold, width, end: numbers.includes(at) })) });
	return new library.Table({ width: { size: 100, type: 'pct' }, rows: [row(head, true), ...rows.map((cells) => row(cells, false))] });
};

const factsOf = (library: Library, facts: Extract<Block, { kind: 'facts' }>['facts']): Table =>
	new library.Table({
		width: { size: 100, type: 'pct' },
		rows: facts.map(([label, value]) => new library.TableRow({ children: [cell(library, label, { bold: true, width: 25 }), cell(library, value, { width: 75 })] }))
	});

const write = (library: Library, block: Block): (Paragraph | Table)[] => {
	const { Paragraph, TextRun, HeadingLevel } = library;
	switch (block.kind) {
		case 'title':
			return [new Paragraph({ heading: HeadingLevel.HEADING_1, children: [new TextRun(block.text)], spacing: { after: 200 } })];
		case 'heading':
			return [new Paragraph({ heading: HeadingLevel.HEADING_2, keepNext: true, children: [new TextRun(block.text)], spacing: { before: 280, after: 100 } })];
		case 'text':
			return paragraphs(library, block.text);
		case 'note':
			return paragraphs(library, block.text, { color: grey, size: 18 });
		case 'facts':
			return [factsOf(library, block.facts)];
		case 'table':
			return [tableOf(library, block)];
		case 'page':
			return [new Paragraph({ pageBreakBefore: true, children: [] })];
	}
};

/** A Word file of these blocks, A4, its pages numbered. */
export const writeDocx = async (title: string, blocks: readonly Block[]): Promise<Uint8Array<ArrayBuffer>> => {
	const library = await import('docx');
	const { Document, Packer, Footer, Paragraph, TextRun, PageNumber, AlignmentType } = library;
	const document = new Document({
		title,
		creator: 'Miaopu',
		styles: { default: { document: { run: { size: 22, font: { ascii: 'Calibri', eastAsia: 'Microsoft YaHei', hAnsi: 'Calibri' } } } } },
		sections: [
			{
				properties: { page: { size: { width: 11_906, height: 16_838 }, margin: { top: 1134, bottom: 1134, left: 1134, right: 1134 } } },
				footers: {
					default: new Footer({
						children: [new Paragraph({ alignment: AlignmentType.CENTER, children: [new TextRun({ children: [PageNumber.CURRENT, ' / ', PageNumber.TOTAL_PAGES], color: grey, size: 18 })] })]
					})
				},
				children: blocks.flatMap((block) => write(library, block))
			}
		]
	});
	return new Uint8Array(await Packer.toBuffer(document));
};
