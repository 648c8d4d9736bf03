import { addDays, addMonths, dayOf, dayStart } from '#lib/domain/shared/days.ts';
import type { CultivationMode, OrganizationStatus } from './types.ts';

/** Days without anything recorded after which an organization counts as stalled. */
export const stalledDays = 90;
/** Days within which people wait for an answer: to an application, to one sent back, to a proposed gate, for a mentor. */
export const answerDays = 7;
export const resubmitDays = 14;
export const decideDays = 3;
export const mentorDays = 3;
/** Months after which a sleeping group is asked again, and after which a group is supervised again. */
export const wakeMonths = 6;
export const supervisionMonths = 6;

/** The end of the day so many days after. */
const daysAfter = (from: Date, days: number): Date => dayStart(addDays(dayOf(from), days + 1));
const monthsAfter = (from: Date, months: number): Date => dayStart(addMonths(dayOf(from), months));

/**
 * When supervision is due again: half a year after the last session, or after incubation began. Groups that develop
 * by themselves are supervised when they ask for it.
 * @param supervisedOn - the day of the last session, '' for none
 */
export const supervisionDue = (supervisedOn: string, incubatingSince: Date, mode: CultivationMode): Date | null =>
	mode === 'self_developing' ? null : monthsAfter(supervisedOn === '' ? incubatingSince : dayStart(supervisedOn), supervisionMonths);

export type AttentionFacts = {
	status: OrganizationStatus;
	statusSince: Date;
	mentor: string | null;
	proposedAt: Date | null;
	lastEvidenceAt: Date;
	assessmentDueAt: Date;
	supervisionDueAt: Date | null;
};

/** What an organization waits for, each with its date. */
export type Attention = { reason: 'application' | 'resubmission' | 'wake' | 'mentor' | 'gate' | 'stalled' | 'assessment' | 'supervision'; at: Date };

/** Everything that will need somebody, the earliest first. Nothing for those who are gone. */
export const attentions = (facts: AttentionFacts): Attention[] => {
	const list: Attention[] = [];
	if (facts.status === 'applied') list.push({ reason: 'application', at: daysAfter(facts.statusSince, answerDays) });
	if (facts.status === 'returned') list.push({ reason: 'resubmission', at: daysAfter(facts.statusSince, resubmitDays) });
	if (facts.status === 'dormant') list.push({ reason: 'wake', at: monthsAfter(facts.statusSince, wakeMonths) });
	if (facts.status === 'incubating') {
		if (!facts.mentor) list.push({ reason: 'mentor', at: daysAfter(facts.statusSince, mentorDays) });
		if (facts.proposedAt) list.push({ reason: 'gate', at: daysAfter(facts.proposedAt, decideDays) });
		list.push({ reason: 'stalled', at: new Date(facts.lastEvidenceAt.getTime() + stalledDays * 86_400_000) });
		if (facts.supervisionDueAt) list.push({ reason: 'supervision', at: facts.supervisionDueAt });
	}
	if (facts.status === 'incubating' || facts.status === 'graduated') list.push({ reason: 'assessment', at: facts.assessmentDueAt });
	return list.sort((a, b) => a.at.getTime() - b.at.getTime());
};

/** Later than anything real: what sorts behind everything that has a date. */
export const never = new Date('9999-12-31T00:00:00Z');

/** When somebody has to act at the latest; sorts the station's list. */
export const attentionAt = (facts: AttentionFacts): Date => attentions(facts)[0]?.at ?? never;
