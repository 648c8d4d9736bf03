import { isPercentFact } from '#lib/domain/organizations/maturity-model.ts';
import type { FactKey } from '#lib/domain/organizations/fact-terms.ts';
import { factKeys } from '#lib/domain/organizations/fact-terms.ts';
import type { Metric } from '#lib/domain/organizations/criteria.ts';
import { metricKeys } from '#lib/domain/organizations/criteria.ts';
import { m } from '#lib/i18n/generated/messages.js';
import { sentence } from './sentences.ts';

// Only for pages without scripts: words are looked up by their code, and the schemas come along.

/** A figure of the record in words. */
export const factWords = (fact: FactKey): string => sentence(`fact_${fact}`);
export const factOptions = (): { value: string; label: string }[] => factKeys.map((value) => ({ value, label: factWords(value) }));

/** What a measured criterion counts, in words. */
export const metricWords = (metric: Metric): string => sentence(`metric_${metric}`);
export const metricOptions = (): { value: string; label: string }[] => metricKeys.map((value) => ({ value, label: metricWords(value) }));

const sign = (fact: string): string => (isPercentFact(fact) ? '%' : '');
/** Rounded down: a figure must not look as if it had reached its target when it has not. */
export const factFigure = (fact: string, figure: number | null): string =>
	figure === null ? m.gate_figure_none() : `${Math.floor(figure * 10) / 10}${sign(fact)}`;
export const factTarget = (fact: string, target: number): string => `${target}${sign(fact)}`;
