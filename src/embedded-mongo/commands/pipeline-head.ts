/** The beginning of a pipeline that the planner can take over: $match, $sort, $skip and $limit. */
import type { Doc } from '../bson/values.ts';
import { toNumber } from '../indexes/description.ts';

export interface PipelineHead {
	filter: Doc;
	sort?: Doc;
	skip?: number;
	limit?: number;
}

function combine(filters: Doc[]): Doc {
	if (filters.length <= 1) return filters[0] ?? new Map();
	return new Map([['$and', filters]]);
}

const isCount = (value: number | undefined, least: number): value is number =>
	value !== undefined && Number.isSafeInteger(value) && value >= least;

/** Takes what it can from the front; what is malformed stays in `rest`, where it is refused. */
export function splitPipeline(stages: Doc[]): { head: PipelineHead; rest: Doc[] } {
	const filters: Doc[] = [];
	const head: PipelineHead = { filter: new Map() };
	let at = 0;
	const operand = (): [string, unknown] => {
		const stage = stages[at];
		const [entry] = stage && stage.size === 1 ? stage : [];
		return entry ?? ['', undefined];
	};
	for (;;) {
		const [name, value] = operand();
		if (name !== '$match' || !(value instanceof Map)) break;
		filters.push(value);
		at++;
	}
	let [name, value] = operand();
	if (name === '$sort' && value instanceof Map && value.size > 0 && ![...value.values()].some((each) => each instanceof Map)) {
		head.sort = value as Doc;
		at++;
		[name, value] = operand();
		// A $match after a $sort sees the same documents.
		while (name === '$match' && value instanceof Map) {
			filters.push(value as Doc);
			at++;
			[name, value] = operand();
		}
	}
	if (name === '$skip') {
		const skip = toNumber(value as never);
		if (isCount(skip, 0)) {
			head.skip = skip;
			at++;
			[name, value] = operand();
		}
	}
	if (name === '$limit') {
		const limit = toNumber(value as never);
		if (isCount(limit, 1)) {
			head.limit = limit;
			at++;
		}
	}
	head.filter = combine(filters);
	return { head, rest: stages.slice(at) };
}
