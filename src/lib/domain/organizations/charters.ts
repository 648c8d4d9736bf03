import { z } from 'zod';
import { daySchema, idSchema, lineSchema, requiredLineSchema, textSchema, versionSchema } from '#lib/domain/shared/fields.ts';
import { documentKinds, type DocumentKind } from './tool-terms.ts';

export { adopts } from './meetings.ts';

/** A stable name of an article or chapter, so that the same one is found again in another version. */
const keySchema = z.string().regex(/^[a-z0-9]{1,24}$/, { error: 'key' });

const articleSchema = z.object({ key: keySchema, text: textSchema(2000) });
const chapterSchema = z.object({ key: keySchema, heading: lineSchema(40).default(''), articles: z.array(articleSchema).max(60) });
export type Article = z.infer<typeof articleSchema>;
export type Chapter = z.infer<typeof chapterSchema>;

/** What a document says. Articles are numbered through all chapters when shown. */
export const documentTextSchema = z
	.object({ title: requiredLineSchema(60), chapters: z.array(chapterSchema).min(1).max(30) })
	.transform((text) => withoutEmpty(text))
	.refine(({ chapters }) => chapters.length > 0, { error: 'charter_empty', path: ['chapters'] })
	.refine(({ chapters }) => new Set(keysOf(chapters)).size === keysOf(chapters).length, { error: 'key', path: ['chapters'] });
export type DocumentText = { title: string; chapters: Chapter[] };

const keysOf = (chapters: readonly Chapter[]): string[] => chapters.flatMap(({ key, articles }) => [`#${key}`, ...articles.map((article) => article.key)]);

/** An article emptied is an article struck out; a chapter without articles goes with them. */
const withoutEmpty = ({ title, chapters }: DocumentText): DocumentText => ({
	title,
	chapters: chapters
		.map((chapter) => ({ ...chapter, articles: chapter.articles.filter(({ text }) => text !== '') }))
		.filter(({ articles }) => articles.length > 0)
});

/** The blanks of the template a group fills itself; the rest is known of it. */
export const blanksSchema = z.object({
	services: textSchema(300).default(''),
	place: lineSchema(80).default(''),
	term: z.coerce.number({ error: 'number' }).int({ error: 'whole_number' }).min(1, { error: 'too_small' }).max(10).default(2),
	meetingCycle: lineSchema(20).default('')
});
export type Blanks = z.infer<typeof blanksSchema>;

export const startDraftSchema = blanksSchema.extend({ from: z.enum(['template', 'last']).default('template') });
export const saveDraftSchema = z.object({ text: documentTextSchema, version: versionSchema });
export const putToVoteSchema = z.object({ note: lineSchema(120).default(''), version: versionSchema });
export const adoptionSchema = z.object({ meeting: idSchema, inForceOn: daySchema, version: versionSchema });
export const documentKindSchema = z.enum(documentKinds);

/** The template as `seeds/defaults/charter-template.json` holds it. */
const ruleTemplate = z.object({ title: z.string(), articles: z.array(z.string()) });
export const charterTemplateSchema = z.object({
	charter: z.object({ title: z.string(), chapters: z.array(z.object({ heading: z.string(), articles: z.array(z.string()) })) }),
	rules: z.object({ finance: ruleTemplate, activities: ruleTemplate, leave: ruleTemplate })
});
export type CharterTemplate = z.infer<typeof charterTemplateSchema>;

/** Fills the blanks that are known; `{adopted_on}` stays until the vote. */
export const fillBlanks = (text: string, facts: Readonly<Record<string, string>>): string =>
	text.replace(/\{([a-z_]+)\}/g, (whole, key: string) => facts[key] || whole);

/** The first draft of a document from the template. */
export const draftFrom = (template: CharterTemplate, kind: DocumentKind, facts: Readonly<Record<string, string>>): DocumentText => {
	const source =
		kind === 'charter'
			? template.charter
			: { title: template.rules[kind].title, chapters: [{ heading: '', articles: template.rules[kind].articles }] };
	let article = 0;
	return {
		title: fillBlanks(source.title, facts),
		chapters: source.chapters.map(({ heading, articles }, chapter) => ({
			key: `c${chapter + 1}`,
			heading,
			articles: articles.map((text) => ({ key: `a${(article += 1)}`, text: fillBlanks(text, facts) }))
		}))
	};
};

/** Whether blanks of the template are still open, apart from the day of adoption. */
export const openBlanks = ({ chapters }: DocumentText): string[] => [
	...new Set(
		chapters
			.flatMap(({ articles }) => articles.flatMap(({ text }) => [...text.matchAll(/\{([a-z_]+)\}/g)].map((match) => match[1] ?? '')))
			.filter((key) => key !== 'adopted_on')
	)
];

export type VersionState = 'proposed' | 'not_carried' | 'coming' | 'in_force' | 'superseded';
type Adopted = { number: number; meeting: string; inForceOn: string };

/**
 * Where each version stands on a day, from the recorded meetings alone: a version whose motion no longer carries (the
 * record was corrected or taken back) falls back, and the one before it holds again.
 * @param carried - whether the linked meeting carries the motion as recorded now
 */
export const versionStates = (
	versions: readonly Adopted[],
	carried: (meeting: string) => boolean,
	today: string
): Map<number, VersionState> => {
	const valid = versions.filter(({ meeting }) => meeting !== '' && carried(meeting));
	const begun = valid
		.filter(({ inForceOn }) => inForceOn <= today)
		.sort((a, b) => (a.inForceOn === b.inForceOn ? a.number - b.number : a.inForceOn < b.inForceOn ? -1 : 1));
	const holds = begun.at(-1)?.number;
	return new Map(
		versions.map((version): [number, VersionState] => {
			if (version.meeting === '') return [version.number, 'proposed'];
			if (!valid.includes(version)) return [version.number, 'not_carried'];
			if (version.inForceOn > today) return [version.number, 'coming'];
			return [version.number, version.number === holds ? 'in_force' : 'superseded'];
		})
	);
};
