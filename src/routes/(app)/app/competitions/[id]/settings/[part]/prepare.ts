import type { FormValue } from '#lib/server/http/form-data.ts';
import { isRecord, linesOf, moneyReader, recordsOf, textOf } from '#lib/server/http/money-fields.ts';
import { defaultRubric } from '#lib/server/modules/competitions/index.ts';
import { arrangeRows, setupAct } from './arrange.ts';
import { momentOfField } from '#lib/domain/shared/moments.ts';

type Values = Record<string, FormValue>;

const ticked = (value: FormValue | undefined): boolean => value === 'on' || value === 'true';
const numberOrNull = (value: FormValue | undefined): number | null => (textOf(value).trim() === '' ? null : Number(textOf(value)));
const given = (value: FormValue | undefined): number | undefined => numberOrNull(value) ?? undefined;
const listOf = (value: FormValue | undefined): FormValue[] => (Array.isArray(value) ? value : value ? [value] : []);

/** Rows of a form whose label was left empty are no rows; new ones get a key of their own. */
const rowsOf = (value: FormValue | undefined, prefix: string): Values[] => {
	const rows = recordsOf(value).filter((row) => textOf(row.label).trim() !== '');
	const used = new Set(rows.map((row) => textOf(row.key)));
	return rows.map((row) => {
		if (textOf(row.key) !== '') return row;
		let n = rows.length;
		while (used.has(`${prefix}${n}`)) n += 1;
		used.add(`${prefix}${n}`);
		return { ...row, key: `${prefix}${n}` };
	});
};

const question = (row: Values) => ({
	key: row.key,
	label: row.label,
	type: row.type,
	hint: textOf(row.hint),
	required: ticked(row.required),
	maxLength: given(row.maxLength),
	options: linesOf(row.options),
	example: textOf(row.example),
	min: numberOrNull(row.min),
	max: numberOrNull(row.max),
	source: row.source
});

const criterion = (row: Values) => ({
	key: row.key,
	label: row.label,
	points: Number(textOf(row.points)),
	step: ticked(row.half) ? 0.5 : 1,
	anchors: isRecord(row.anchors) ? { high: textOf(row.anchors.high), middle: textOf(row.anchors.middle), low: textOf(row.anchors.low) } : row.anchors
});

const group = (row: Values) => ({
	key: row.key,
	label: row.label,
	weight: Number(textOf(row.weight)),
	by: row.by,
	reviews: textOf(row.by) === 'codes' ? 0 : Number(textOf(row.reviews) || '0')
});

/** No reason named: no bonus points. */
const bonusOf = (value: FormValue | undefined) => {
	const typed = isRecord(value) ? value : {};
	const reasons = rowsOf(typed.reasons, 'bonus').map(({ key, label, points }) => ({ key, label, points: Number(textOf(points)) }));
	return reasons.length === 0 ? null : { cap: Number(textOf(typed.cap)), reasons };
};

const roundOf = (row: Values) => {
	const named = rowsOf(row.rubric, 'c').map(criterion);
	// A round cannot be stored without criteria; who names none starts from the default ones.
	const rubric = named.length > 0 ? named : defaultRubric();
	const keys = new Set(rubric.map(({ key }) => textOf(key)));
	return {
		key: row.key,
		label: row.label,
		kind: row.kind,
		weight: Number(textOf(row.weight)),
		rule: row.rule,
		reviews: Number(textOf(row.reviews)),
		blind: row.blind === 'on',
		rubric,
		groups: rowsOf(row.groups, 'group').map(group),
		// Ties are broken in the order the criteria stand in, unless an order of its own was given by a program.
		tieBreak: textOf(row.tieBreak) === 'rubric' ? rubric.map(({ key }) => textOf(key)) : textOf(row.tieBreak).split(',').filter((key) => keys.has(key))
	};
};

const shapes: Record<string, (values: Values, money: ReturnType<typeof moneyReader>) => Values | Record<string, unknown>> = {
	basics: (values, money) => ({
		title: values.title,
		slug: values.slug,
		theme: values.theme,
		contact: values.contact,
		needs: [...new Set([...linesOf(values.needs), ...listOf(values.needsNamed).map(textOf)])],
		...('fund' in values ? { fund: money.fen('fund', values.fund, 0) } : {})
	}),
	timeline: (values) => {
		const times = isRecord(values.timeline) ? values.timeline : {};
		const moment = (name: string) => momentOfField(textOf(times[name]));
		return {
			timeline: {
				announcesAt: moment('announcesAt'),
				opensAt: moment('opensAt') ?? undefined,
				closesAt: moment('closesAt') ?? undefined,
				scoringUntil: moment('scoringUntil'),
				graceSeconds: Number(textOf(times.graceSeconds) || '0')
			},
			noticeDays: given(values.noticeDays)
		};
	},
	tracks: (values, money) => ({
		tracks: rowsOf(values.tracks, 'track').map((row, index) => ({
			key: row.key,
			label: row.label,
			floor: money.fen(`tracks[${index}].floor`, row.floor, 0),
			cap: money.fen(`tracks[${index}].cap`, row.cap, 0),
			questions: rowsOf(row.questions, 'q').map(question)
		}))
	}),
	eligibility: (values) => ({
		eligibility: {
			minStage: textOf(values.minStage) || null,
			minFiling: values.minFiling,
			hostAccepted: ticked(values.hostAccepted),
			categories: listOf(values.categories),
			catchment: listOf(values.catchment),
			onePerOrganization: ticked(values.onePerOrganization),
			noRepeatWinnerYears: numberOrNull(values.noRepeatWinnerYears)
		}
	}),
	budget: (values, money) => ({
		budgetRules: {
			categories: rowsOf(values.categories, 'b').map((row) => ({ key: row.key, label: row.label, hint: textOf(row.hint), capPercent: numberOrNull(row.capPercent) })),
			singlePurchaseCap: money.fen('singlePurchaseCap', values.singlePurchaseCap, null),
			perHeadCap: money.fen('perHeadCap', values.perHeadCap, null),
			selfRaisedMinPercent: numberOrNull(values.selfRaisedMinPercent),
			prohibited: rowsOf(values.prohibited, 'p').map((row) => ({ key: row.key, label: row.label, words: textOf(row.words).split(/[、,，\s]+/).filter(Boolean) })),
			severity: isRecord(values.severity) ? values.severity : {}
		}
	}),
	rounds: (values) => ({ rounds: rowsOf(values.rounds, 'round').map(roundOf), bonus: bonusOf(values.bonus) }),
	screening: (values) => ({
		screeningChecklist: rowsOf(values.checklist, 's').map(({ key, label }) => ({ key, label })),
		screeners: Number(textOf(values.screeners))
	})
};

/**
 * Shapes what a settings form posts into a change of the competition: yuan to fen, local times to moments, rows
 * without a label left out, and rows moved as the pressed button says.
 */
export const preparePart = (values: Values): unknown => {
	const money = moneyReader();
	arrangeRows(values, setupAct(values.action));
	const patch = shapes[textOf(values.part)]?.(values, money) ?? {};
	money.done();
	return { ...patch, version: values.version };
};

/** The basics and the times together, as the page for taking over an earlier competition posts them. */
export const prepareStart = (values: Values): unknown => {
	const money = moneyReader();
	const { noticeDays: _days, ...times } = shapes.timeline?.(values, money) ?? {};
	const start = { ...shapes.basics?.(values, money), ...times, station: values.station, from: values.from };
	money.done();
	return start;
};
