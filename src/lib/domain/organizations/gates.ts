import { dayOf } from '#lib/domain/shared/days.ts';
import type { Criterion, Metric } from './criteria.ts';
import { isRecordable, measure, type Evidence, type OrganizationRecords } from './metrics.ts';

/** A worker's word that an attested criterion holds, with what proves it. */
export type AttestationRecord = {
	criterion: string;
	by: string;
	at: Date;
	note: string;
	evidence: Evidence[];
};
/** A head's decision to let a criterion be, with the reason. */
export type WaiverRecord = { criterion: string; by: string; at: Date; reason: string };

/** One way to meet a measured criterion. */
export type MeasureResult = {
	metric: Metric;
	/** Null: not recordable, or nothing recorded to compute it from. Percentages are 0–100. */
	figure: number | null;
	target: number;
	windowDays: number | null;
	recordable: boolean;
	met: boolean;
	/** What the record has only half of; see `Measured`. */
	missing: 'text' | null;
	evidence: Evidence[];
};

export type CriterionResult = {
	key: string;
	kind: 'measured' | 'attested';
	/** Met by evidence; a waived criterion need not be. */
	met: boolean;
	/** Of the measure that is nearest to its target; 1 or 0 for attested ones. */
	figure: number | null;
	target: number;
	/** Whether there is any way yet to record what it asks for. */
	recordable: boolean;
	waived: { by: string; at: Date; reason: string } | null;
	attested: { by: string; at: Date; note: string } | null;
	evidence: Evidence[];
	/** Every way to meet it; empty for attested ones. */
	measures: MeasureResult[];
};

export type GateResult = {
	criteria: CriterionResult[];
	/** Every criterion is met or waived. */
	passes: boolean;
	met: number;
	total: number;
};

const nearness = (result: MeasureResult): number =>
	result.met ? 2 : !result.recordable ? -1 : result.target === 0 ? 1 : Math.min(1, (result.figure ?? 0) / result.target);

const evaluate = (criterion: Criterion, records: OrganizationRecords, today: string): MeasureResult[] =>
	criterion.kind === 'attested'
		? []
		: [criterion.measure, ...(criterion.measure.alternatives ?? [])].map(({ metric, target, windowDays }) => {
				const recordable = isRecordable(metric);
				const { figure, evidence, missing = null } = measure(records, metric, today, windowDays);
				const met = recordable && figure !== null && figure >= target;
				return { metric, figure, target, windowDays: windowDays ?? null, recordable, met, missing: met ? null : missing, evidence };
			});

const newest = <Entry extends { criterion: string; by: string; at: Date }>(
	entries: readonly Entry[],
	key: string
): Entry | null =>
	entries
		.filter((entry) => entry.criterion === key)
		.sort((a, b) => b.at.getTime() - a.at.getTime() || (a.by < b.by ? -1 : 1))[0] ?? null;

/**
 * Checks a gate against the record. The answer depends on what is recorded, not on the order it was entered in, and
 * on the day only through windows and days in the future.
 * @param now - the moment of asking; windows end on its day in Asia/Shanghai
 */
export const evaluateGate = (
	criteria: readonly Criterion[],
	records: OrganizationRecords,
	attestations: readonly AttestationRecord[],
	waivers: readonly WaiverRecord[],
	now: Date
): GateResult => {
	const today = dayOf(now);
	const results = criteria.map((criterion): CriterionResult => {
		const waiver = newest(waivers, criterion.key);
		const waived = waiver && { by: waiver.by, at: waiver.at, reason: waiver.reason };
		if (criterion.kind === 'attested') {
			const word = newest(attestations, criterion.key);
			return {
				key: criterion.key,
				kind: 'attested',
				met: word !== null,
				figure: word ? 1 : 0,
				target: 1,
				recordable: true,
				waived,
				attested: word && { by: word.by, at: word.at, note: word.note },
				evidence: word?.evidence ?? [],
				measures: []
			};
		}
		const measures = evaluate(criterion, records, today);
		const best = measures.reduce((a, b) => (nearness(b) > nearness(a) ? b : a));
		return {
			key: criterion.key,
			kind: 'measured',
			met: measures.some((result) => result.met),
			figure: best.figure,
			target: best.target,
			recordable: measures.some((result) => result.recordable),
			waived,
			attested: null,
			evidence: best.evidence,
			measures
		};
	});
	const met = results.filter((result) => result.met || result.waived).length;
	return { criteria: results, passes: met === results.length, met, total: results.length };
};
