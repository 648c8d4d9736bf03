import type * as docx from 'docx';
import type { Paragraph, Table } from 'docx';
import type { Block } from '#lib/domain/shared/document.ts';
import { columnWidths } from '#lib/domain/shared/text-width.ts';

export const docxType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

type Library = typeof docx;

const grey = '5b6157';
const ink = '1f2a22';

/**
 * Twentieths of a point: A4 between its margins, a half-width character in a table (10.5 points; wide enough for bold
 * figures of a substitute font, so that no amount is torn apart), and a cell's margins.
 */
const line = 9638;
const mark = 132;
const room = 240;

/** Each line of a text is a paragraph of its own; empty ones keep the distance the writer gave them. */
const paragraphs = ({ Paragraph, TextRun }: Library, text: string, options: { color?: string; size?: number } = {}, pageBreakBefore = false): Paragraph[] =>
	text
		.split(/\r?\n/)
		.map((words, at) => new Paragraph({ pageBreakBefore: pageBreakBefore && at === 0, children: [new TextRun({ text: words, ...options })], spacing: { after: 80, line: 320 } }));

type CellLook = { width: number; bold?: boolean; end?: boolean; keepNext?: boolean };

const cell = ({ Paragraph, TableCell, TextRun, AlignmentType }: Library, text: string, { width, bold, end, keepNext }: CellLook) =>
	new TableCell({
		width: { size: width, type: 'dxa' },
		margins: { top: 40, bottom: 40, left: 90, right: 90 },
		verticalAlign: 'center',
		children: text
			.split(/\r?\n/)
			.map((words) => new Paragraph({ keepNext, alignment: end ? AlignmentType.RIGHT : AlignmentType.LEFT, children: [new TextRun({ text: words, bold, size: 21 })] }))
	});

/** The head stays with the first row, the sum with the last, and no row is torn by the end of a page. */
const tableOf = (library: Library, { head, rows, numbers = [], total = false }: Extract<Block, { kind: 'table' }>): Table => {
	const widths = columnWidths(head.map((title, at) => [title, ...rows.map((cells) => cells[at] ?? '')]), { total: line, mark, room });
	const row = (cells: readonly string[], look: { head?: boolean; bold?: boolean; keepNext?: boolean }) =>
		new library.TableRow({
			tableHeader: look.head,
			cantSplit: true,
			children: widths.map((width, at) => cell(library, cells[at] ?? '', { width, bold: look.bold, keepNext: look.keepNext, end: numbers.includes(at) }))
		});
	return new library.Table({
		width: { size: line, type: 'dxa' },
		columnWidths: widths,
		layout: 'fixed',
		rows: [row(head, { head: true, bold: true, keepNext: true }), ...rows.map((cells, at) => row(cells, { bold: total && at === rows.length - 1, keepNext: total && at === rows.length - 2 }))]
	});
};

const factsOf = (library: Library, facts: Extract<Block, { kind: 'facts' }>['facts']): Table => {
	const [label = 0, value = 0] = columnWidths([facts.map(([name]) => name), ['字'.repeat(200)]], { total: line, mark, room: 400 });
	return new library.Table({
		width: { size: line, type: 'dxa' },
		columnWidths: [label, value],
		layout: 'fixed',
		rows: facts.map(
			([name, text]) => new library.TableRow({ cantSplit: true, children: [cell(library, name, { bold: true, width: label }), cell(library, text, { width: value })] })
		)
	});
};

/** `fresh`: the first of it opens a new page, without an empty line above it. */
const write = (library: Library, block: Exclude<Block, { kind: 'page' }>, fresh: boolean): (Paragraph | Table)[] => {
	const { Paragraph, TextRun, HeadingLevel, Tab, TabStopType } = library;
	switch (block.kind) {
		case 'title':
			return [new Paragraph({ heading: HeadingLevel.HEADING_1, pageBreakBefore: fresh, children: [new TextRun(block.text)], spacing: { after: 160 } })];
		case 'heading':
			return [new Paragraph({ heading: HeadingLevel.HEADING_2, pageBreakBefore: fresh, keepNext: true, children: [new TextRun(block.text)], spacing: { before: 200, after: 60 } })];
		case 'text':
			return paragraphs(library, block.text, {}, fresh);
		case 'note':
			return paragraphs(library, block.text, { color: grey, size: 18 }, fresh);
		case 'facts':
			return [...(fresh ? [new Paragraph({ pageBreakBefore: true })] : []), factsOf(library, block.facts)];
		case 'table':
			return [...(fresh ? [new Paragraph({ pageBreakBefore: true })] : []), tableOf(library, block)];
		case 'signature':
			return [
				new Paragraph({
					pageBreakBefore: fresh,
					spacing: { before: 480 },
					tabStops: [{ type: TabStopType.LEFT, position: line / 2 }],
					children: block.labels.map((label, at) => new TextRun({ children: at === 0 ? [`${label}：`] : [new Tab(), `${label}：`] }))
				})
			];
	}
};

/** A mark for a new page is carried by what comes after it. */
const writeAll = (library: Library, blocks: readonly Block[]): (Paragraph | Table)[] => {
	let fresh = false;
	return blocks.flatMap((block) => {
		if (block.kind === 'page') {
			fresh = true;
			return [];
		}
		const written = write(library, block, fresh);
		fresh = false;
		return written;
	});
};

/** A Word file of these blocks, A4, its pages numbered. */
export const writeDocx = async (title: string, blocks: readonly Block[]): Promise<Uint8Array<ArrayBuffer>> => {
	const library = await import('docx');
	const { Document, Packer, Footer, Paragraph, TextRun, PageNumber, AlignmentType } = library;
	const document = new Document({
		title,
		creator: 'Miaopu',
		styles: {
			default: {
				document: { run: { size: 22, font: { ascii: 'Calibri', eastAsia: 'Microsoft YaHei', hAnsi: 'Calibri' } } },
				heading1: { run: { size: 34, bold: true, color: ink } },
				heading2: { run: { size: 24, bold: true, color: ink } }
			}
		},
		sections: [
			{
				properties: { page: { size: { width: 11_906, height: 16_838 }, margin: { top: 1134, bottom: 1134, left: 1134, right: 1134 } } },
				footers: {
					default: new Footer({
						children: [new Paragraph({ alignment: AlignmentType.CENTER, children: [new TextRun({ children: [PageNumber.CURRENT, ' / ', PageNumber.TOTAL_PAGES], color: grey, size: 18 })] })]
					})
				},
				children: writeAll(library, blocks)
			}
		]
	});
	return new Uint8Array(await Packer.toBuffer(document));
};
