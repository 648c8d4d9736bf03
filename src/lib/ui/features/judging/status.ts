import { m } from '#lib/i18n/generated/messages.js';
import type { Look } from './scorecard-status.ts';


/** A judge's state. */
export const judgeStatus = (status: string): Look =>
	status === 'accepted'
		? { label: m.judge_status_accepted(), tone: 'growth', shape: 'check' }
		: { label: m.judge_status_invited(), tone: 'warning', shape: 'clock' };

/** What was decided for a proposal. */
export const outcomeStatus = (outcome: 'fund' | 'reserve' | 'decline'): Look =>
	({
		fund: { label: m.result_fund(), tone: 'growth', shape: 'check' } as const,
		reserve: { label: m.result_reserve(), tone: 'info', shape: 'pause' } as const,
		decline: { label: m.result_decline(), tone: 'neutral', shape: 'ring' } as const
	})[outcome];

const conflictWords: Record<string, () => string> = {
	member: m.judge_conflict_member,
	leader: m.judge_conflict_leader,
	mentor: m.judge_conflict_mentor,
	supervisor: m.judge_conflict_supervisor,
	payee: m.judge_conflict_payee,
	left_recently: m.judge_conflict_left_recently,
	co_member: m.judge_conflict_co_member,
	same_household: m.judge_conflict_same_household,
	same_employer: m.judge_conflict_same_employer,
	station_staff: m.judge_conflict_station_staff,
	applicant: m.judge_conflict_applicant,
	declared: m.judge_conflict_declared
};

/** Why a judge may not score a proposal, in words. */
export const conflictText = (kinds: readonly string[]): string => kinds.map((kind) => conflictWords[kind]?.() ?? kind).join('；');

/** What settled a tie, in words; '' where there was none. `labels` names the criteria. */
export const tieText = (tie: string | null, labels: Readonly<Record<string, string>>): string => {
	if (tie === null) return '';
	if (tie === 'lot') return m.rank_tie_lot();
	const key = tie.replace('criterion:', '');
	return m.rank_tie_criterion({ label: labels[key] ?? key });
};

/** The reason that is published: the organizer's words, or what follows from the ranking. */
export const reasonText = (outcome: 'fund' | 'reserve' | 'decline', reason: string): string =>
	reason !== '' ? reason : outcome === 'fund' ? m.result_reason_fund() : outcome === 'reserve' ? m.result_reason_reserve() : m.result_reason_decline();
