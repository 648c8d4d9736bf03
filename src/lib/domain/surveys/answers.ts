import { lineSchema, phoneSchema } from '#lib/domain/shared/fields.ts';
import type { Issue } from '#lib/domain/shared/issues.ts';
import { asksOther, otherKey, otherWords, questionKinds, readOther, type ReadAnswer } from './question-types.ts';
import type { Answers, Contact, Question } from './types.ts';

/** What one person said, and what is wrong with what was sent. */
export type ReadResponse = { answers: Answers; contact: Contact | null; issues: Issue[] };

type Sent = { answers: Record<string, unknown>; contact: { name?: unknown; phone?: unknown; consent?: unknown } };

const given = (raw: unknown): boolean => typeof raw === 'string' && raw.trim() !== '';
const agreed = (raw: unknown): boolean => raw === true || raw === 'on' || raw === 'true';

/**
 * Reads name and phone. They are kept only with consent; what is not to be kept is asked about, never dropped in
 * silence.
 */
const readContact = (question: Question | undefined, sent: Sent['contact'], strict: boolean): Pick<ReadResponse, 'contact' | 'issues'> => {
	if (!question) return { contact: null, issues: [] };
	if (!given(sent.name) && !given(sent.phone))
		return {
			contact: null,
			issues:
				sent.name !== undefined && typeof sent.name !== 'string'
					? [{ path: 'contact.name', code: 'type_string' }]
					: sent.phone !== undefined && typeof sent.phone !== 'string'
						? [{ path: 'contact.phone', code: 'type_string' }]
						: question.required && strict
							? [{ path: 'contact.phone', code: 'required' }]
							: []
		};
	const name = lineSchema(40).safeParse(sent.name ?? '');
	const phone = phoneSchema.safeParse(sent.phone ?? '');
	const issues: Issue[] = [
		...(name.success ? [] : [{ path: 'contact.name', code: 'too_long', params: { max: 40 } }]),
		...(phone.success ? [] : [{ path: 'contact.phone', code: given(sent.phone) ? 'phone' : 'required' }]),
		...(agreed(sent.consent) ? [] : [{ path: 'contact.consent', code: 'contact_consent' }])
	];
	return { contact: name.success && phone.success && issues.length === 0 ? { name: name.data, phone: phone.data } : null, issues };
};

/**
 * Reads what was sent against the questions it answers. Questions nobody asked and options nobody offered are refused.
 * @param how - `typed`: choices stand as numbers of the paper sheet; paper may leave required questions empty, as
 * people do
 */
export const readResponse = (questions: readonly Question[], sent: Sent, how: 'sent' | 'paper' | 'typed'): ReadResponse => {
	const answers: Answers = {};
	const issues: Issue[] = [];
	const asked = new Set(questions.flatMap((question) => [question.key, ...(asksOther(question) ? [otherKey(question.key)] : [])]));
	for (const key of Object.keys(sent.answers))
		if (!asked.has(key)) issues.push({ path: `answers.${key}`, code: 'unknown_question' });
	for (const question of questions) {
		const kind = questionKinds[question.type];
		if (kind.personal) continue;
		const raw = Object.hasOwn(sent.answers, question.key) ? sent.answers[question.key] : undefined;
		const read: ReadAnswer =
			how === 'typed'
				? typeof raw === 'string' || raw === undefined
					? kind.readTyped(question, raw ?? '')
					: { code: 'type_string' }
				: kind.read(question, raw);
		const path = `answers.${question.key}`;
		const beside = otherKey(question.key);
		const written = readOther(question, Object.hasOwn(sent.answers, beside) ? sent.answers[beside] : undefined, 'code' in read ? null : read.value);
		if ('code' in written) issues.push({ path: `answers.${beside}`, ...written });
		else if (written.words !== '') answers[beside] = written.words;
		const value = 'code' in written ? null : written.value;
		if ('code' in read) issues.push({ path, ...read });
		else if (value !== null) answers[question.key] = value;
		else if (question.required && how === 'sent') issues.push({ path, code: 'required' });
	}
	const contact = readContact(questions.find(({ type }) => questionKinds[type].personal), sent.contact, how === 'sent');
	issues.push(...contact.issues);
	if (issues.length === 0 && Object.keys(answers).length === 0) issues.push({ path: '', code: 'nothing_answered' });
	return { answers, contact: contact.contact, issues };
};

/** What went wrong with one question only, for forms that ask one after the other. */
export const issuesOfQuestion = (question: Question, issues: readonly Issue[]): Issue[] =>
	issues.filter(({ path }) => (questionKinds[question.type].personal ? path.startsWith('contact.') : path === `answers.${question.key}` || path === `answers.${otherKey(question.key)}`));

/** All text answers of a response in lower case, to search in. */
export const searchTextOf = (questions: readonly Question[], answers: Answers): string =>
	questions
		.flatMap((question) => {
			const { key, type } = question;
			const written = type === 'text' && typeof answers[key] === 'string' ? answers[key] : otherWords(question, answers);
			return written === '' ? [] : [written];
		})
		.join('\n')
		.toLowerCase();
