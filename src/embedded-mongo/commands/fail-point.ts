/**
 * `configureFailPoint` with `failCommand`: makes named commands fail on demand, so that programs can test what they do
 * then. It is the one fail point drivers' own tests need.
 */
import { decode } from '../bson/codec.ts';
import { int32, typeName } from '../bson/values.ts';
import type { Doc, Value } from '../bson/values.ts';
import { isTrue, toNumber } from '../indexes/description.ts';
import { badValue, codeName, failedToParse, StoreError, storeError } from '../language/errors.ts';
import { switchedOff } from '../state.ts';
import type { FailPoint } from '../state.ts';
import { appNameOf } from './activity.ts';
import type { Command, Context, Reply } from './context.ts';
import { doc, optionalDoc, reply } from './context.ts';

/** Thrown where the connection is to be closed without an answer. */
export class ConnectionDropped extends Error {}

function readMode(mode: Value | undefined): Pick<FailPoint, 'times' | 'skip' | 'probability'> {
	if (mode === 'off') return { times: 0, skip: 0, probability: 1 };
	if (mode === 'alwaysOn') return { times: Infinity, skip: 0, probability: 1 };
	if (!(mode instanceof Map)) {
		if (typeof mode === 'string') throw badValue(`unknown mode: ${mode}`);
		throw storeError('TypeMismatch', "'mode' must be a string or JSON object");
	}
	const times = toNumber(mode.get('times'));
	if (times !== undefined && times >= 0) return { times, skip: 0, probability: 1 };
	const skip = toNumber(mode.get('skip'));
	if (skip !== undefined && skip >= 0) return { times: Infinity, skip, probability: 1 };
	const probability = toNumber(mode.get('activationProbability'));
	if (probability !== undefined && probability >= 0 && probability <= 1) {
		return { times: Infinity, skip: 0, probability };
	}
	throw badValue("'mode' must be one of 'off', 'alwaysOn', 'times', 'skip' or 'activationProbability'");
}

function configure(context: Context): Reply {
	const name = context.command.get('configureFailPoint');
	if (name !== 'failCommand') throw storeError('FailPointSetFailed', `failpoint not found: ${String(name)}`);
	const mode = readMode(context.command.get('mode'));
	const data = optionalDoc(context, 'data') ?? new Map<string, Value>();
	if (mode.times > 0 && !Array.isArray(data.get('failCommands'))) {
		throw failedToParse(`'failCommands' must be an array, not ${typeName(data.get('failCommands'))}`);
	}
	const { failPoint } = context.store;
	const { count } = failPoint;
	Object.assign(failPoint, switchedOff(count), mode, { data });
	return reply(['count', int32(count)]);
}

function fires(failPoint: FailPoint, context: Context): boolean {
	if (failPoint.times <= 0 || context.name === 'configureFailPoint') return false;
	const { data } = failPoint;
	if (!(data.get('failCommands') as Value[]).includes(context.name)) return false;
	const client = context.store.activity.clients.get(context.connection.id);
	if (data.has('appName') && data.get('appName') !== appNameOf(client)) return false;
	const namespace = data.get('namespace');
	const target = `${context.database}.${String(context.command.get(context.name))}`;
	if (namespace !== undefined && namespace !== target) return false;
	if (failPoint.skip > 0) {
		failPoint.skip--;
		return false;
	}
	if (failPoint.probability < 1 && Math.random() >= failPoint.probability) return false;
	failPoint.times--;
	failPoint.count++;
	return true;
}

/** Runs a command, or what the fail point makes of it. */
export function runOrFail(context: Context, run: () => Reply | Promise<Reply>): Reply | Promise<Reply> {
	return fires(context.store.failPoint, context) ? fail(context, run) : run();
}

async function fail(context: Context, run: () => Reply | Promise<Reply>): Promise<Reply> {
	const { data } = context.store.failPoint;
	if (isTrue(data.get('blockConnection'))) {
		await new Promise((resolve) => setTimeout(resolve, toNumber(data.get('blockTimeMS')) ?? 0));
	}
	if (isTrue(data.get('closeConnection'))) throw new ConnectionDropped();
	const labels = data.get('errorLabels');
	const code = toNumber(data.get('errorCode'));
	if (code !== undefined) {
		const extra: Doc = new Map(labels === undefined ? [] : [['errorLabels', labels]]);
		const more = data.get('errorExtraInfo');
		if (more instanceof Map) for (const [field, value] of more) extra.set(field, value);
		throw new StoreError(code, codeName(code), "Failing command via 'failCommand' failpoint", extra);
	}
	const given = await run();
	const concern = data.get('writeConcernError');
	if (!(concern instanceof Map)) return given;
	const answer = given instanceof Map ? given : decode(Buffer.concat(given));
	const shown = doc(...concern);
	const number = toNumber(concern.get('code'));
	if (number !== undefined && !shown.has('codeName')) shown.set('codeName', codeName(number));
	answer.set('writeConcernError', shown);
	if (labels !== undefined) answer.set('errorLabels', labels);
	return answer;
}

export const FAIL_POINT: Record<string, Command> = {
	configureFailPoint: { fields: ['mode', 'data'], run: configure, adminOnly: true },
	// In no version of the Stable API, so that a client can see what a strict one is told.
	testVersion2: { fields: [], run: () => reply() }
};
