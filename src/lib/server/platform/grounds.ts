import { AsyncLocalStorage } from 'node:async_hooks';
import { placeOf, readChangeCounters, type ChangeReader } from '#embedded-mongo/changes';

/**
 * What an answer rests on: the counters of change of all that was read for it, as they were before it was read. As long
 * as they are the same, the same answer would come out again. Only where the embedded store counts its changes
 * (`MIAOPU_CHANGES` names its file); elsewhere nothing is known and nothing is kept.
 */
export type Grounds = {
	/** Counters by place. */
	counters: Map<number, number>;
	/** Something was read or done that no counter tells of. */
	unknown: boolean;
};

/** Fields besides `_id` whose values have counters of their own, by collection: a judge's queue is not everybody's. */
export const countedFields: Readonly<Record<string, readonly string[]>> = { scorecards: ['user'], trialcards: ['user'] };

/** The same for the store, by namespace. */
export const countedIn = (database: string): Record<string, readonly string[]> =>
	Object.fromEntries(Object.entries(countedFields).map(([collection, fields]) => [`${database}.${collection}`, fields]));

let reader: ChangeReader | null | undefined;

/** The counters, or null where there are none. */
const changes = (): ChangeReader | null => {
	const file = process.env.MIAOPU_CHANGES;
	return (reader ??= file ? readChangeCounters(file) : null);
};

const current = new AsyncLocalStorage<Grounds>();
let gathering = 0;

/** Whether the grounds of an answer can be told at all. */
export const groundsAreKnown = (): boolean => changes() !== null;

const end = (): void => {
	gathering -= 1;
	// While nobody gathers, promises are not followed.
	if (gathering === 0) current.disable();
};

/** Does some work and gathers what its outcome rests on; complete when the work is done. */
export const withGrounds = <T>(work: () => PromiseLike<T>): { outcome: Promise<T>; grounds: Grounds } => {
	const grounds: Grounds = { counters: new Map(), unknown: false };
	changes()?.look();
	gathering += 1;
	// A query of the database looks like a promise, but is run by who waits for it, and has to be run in here.
	const outcome = current.run(grounds, async () => work());
	outcome.then(end, end);
	return { outcome, grounds };
};

/** The grounds being gathered, if somebody does. */
export const gathered = (): Grounds | undefined => current.getStore();

const rest = (grounds: Grounds, place: number): void => {
	if (!grounds.counters.has(place)) grounds.counters.set(place, changes()?.counters[place] ?? 0);
};

/** Notes that what follows rests on something no counter tells of: a clock, a stream, a write. */
export const restOnUnknown = (): void => {
	const grounds = gathered();
	if (grounds) grounds.unknown = true;
};

/** Notes that a collection is read, or only those documents of it that have this value in a counted field. */
export const restOn = (namespace: string, field?: string, value?: string): void => {
	const grounds = gathered();
	if (!grounds) return;
	rest(grounds, 0);
	rest(grounds, placeOf(namespace, field, value));
};

const restOnAll = (whole: Grounds, part: Grounds): void => {
	if (part.unknown) whole.unknown = true;
	for (const [place, counter] of part.counters) {
		const known = whole.counters.get(place);
		// One was made before a change and one after it: no counter stands for both.
		if (known !== undefined && known !== counter) whole.unknown = true;
		whole.counters.set(place, counter);
	}
};

/** Work whose outcome several may use, and what it rests on (complete when it is done); null: nobody knows. */
export type Shared<T> = { outcome: Promise<T>; grounds: Grounds | null };

/** A real promise: a query looks like one, but would be run by each who waits for it. */
const once = async <T>(work: () => PromiseLike<T>): Promise<T> => work();

/** Does work that several may use. */
export const share = <T>(work: () => PromiseLike<T>): Shared<T> =>
	groundsAreKnown() ? withGrounds(work) : { outcome: once(work), grounds: null };

/** Uses shared work: whoever gathers what his own answer rests on hears what this one does. */
export const use = <T>({ outcome, grounds }: Shared<T>): Promise<T> => {
	const whole = gathered();
	if (!whole) return outcome;
	return outcome.then((value) => {
		if (grounds) restOnAll(whole, grounds);
		else whole.unknown = true;
		return value;
	});
};
