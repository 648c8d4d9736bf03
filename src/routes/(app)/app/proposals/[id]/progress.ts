import { sectionOf, sections, type Section } from '#lib/domain/proposals/completeness.ts';

type Spoken = { path: string; severity: 'block' | 'warn' };

/** What is left to do in each part of the form. */
export const sectionStates = (
	findings: readonly Spoken[],
	files: number
): {
	section: Section;
	open: number;
	warnings: number;
	done: boolean;
	/** Nothing can be said of it yet: its questions come with the track. */
	waits: boolean;
}[] =>
	sections.map((section) => {
		const own = findings.filter(({ path }) => path !== '' && sectionOf(path) === section);
		const open = own.filter(({ severity }) => severity === 'block').length;
		const waits = section === 'plan' && findings.some(({ path }) => path === 'track');
		return { section, open, warnings: own.length - open, done: section === 'attachments' ? files > 0 : open === 0 && !waits, waits };
	});
