import { addDays, dayOf, dayStart } from '#lib/domain/shared/days.ts';
import type { ObjectionStatus, Side } from './types.ts';

/** Days within which an objection is answered in writing. */
export const answerDays = 15;

/** The end of the last day for the answer: midnight in Shanghai after `days` whole days, the day of receipt not counted. */
export const answerDue = (receivedAt: Date, days = answerDays): Date => dayStart(addDays(dayOf(receivedAt), days + 1));

export type Tally = { uphold: number; reject: number; open: number; outcome: 'upheld' | 'rejected' | null };

/**
 * Counts named votes. An outcome needs more than half of all members, not of those who voted; votes of people who are no
 * members do not count.
 */
export const tally = (members: readonly string[], votes: readonly { user: string; uphold: boolean }[]): Tally => {
	const own = new Map(votes.filter(({ user }) => members.includes(user)).map(({ user, uphold }) => [user, uphold]));
	const uphold = [...own.values()].filter(Boolean).length;
	const reject = own.size - uphold;
	const majority = (n: number): boolean => 2 * n > members.length;
	return { uphold, reject, open: members.length - own.size, outcome: majority(uphold) ? 'upheld' : majority(reject) ? 'rejected' : null };
};

/** Sides that have to be heard before a vote; the objector is heard by the objection itself. */
export const sidesToHear = (aboutProposal: boolean): Side[] => (aboutProposal ? ['organization', 'judges'] : ['judges']);

/** Sides nobody has heard yet. */
export const unheard = (aboutProposal: boolean, statements: readonly { side: Side }[]): Side[] =>
	sidesToHear(aboutProposal).filter((side) => !statements.some((statement) => statement.side === side));

/** Whether it still waits for its answer. */
export const isOpen = (status: ObjectionStatus): boolean => status === 'received' || status === 'reviewing';

/**
 * Why a notice takes no objections any more; null while it does.
 * @param state the competition's
 */
export const closedBecause = (
	notice: { n: number; noticeUntil: Date },
	latest: number,
	state: string,
	at: Date
): 'objection_superseded' | 'objection_window_closed' | null => {
	if (notice.n !== latest) return 'objection_superseded';
	return state === 'notice' && at < notice.noticeUntil ? null : 'objection_window_closed';
};

const letters = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A receipt number that is easy to read out, `YY-7K3M-92QF`, from eight or more random bytes. */
export const receiptOf = (bytes: Uint8Array): string => {
	const text = [...bytes.slice(0, 8)].map((byte) => letters[byte % letters.length]).join('');
	return `YY-${text.slice(0, 4)}-${text.slice(4)}`;
};

/** A receipt number as people type it: small letters, spaces and missing hyphens are forgiven. */
export const tidyReceipt = (typed: string): string => {
	const text = typed.toUpperCase().replace(/[^0-9A-Z]/g, '').replace(/^YY/, '');
	return `YY-${text.slice(0, 4)}-${text.slice(4)}`;
};

/** A contact as compared: an address without its case, or a number by its digits alone. */
export const comparableContact = (contact: string): string => {
	const text = contact.normalize('NFKC').toLowerCase();
	return /[^\s<>,;，；]+@[^\s<>,;，；]+/.exec(text)?.[0] ?? text.replace(/\D/g, '').replace(/^86(?=1\d{10}$)/, '');
};
