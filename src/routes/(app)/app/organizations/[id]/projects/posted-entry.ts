import { moneyReader } from '#lib/server/http/money-fields.ts';
import type { FormValue } from '#lib/server/http/form-data.ts';

/** Amounts are typed in yuan; the command takes fen. An estimate left open stays open, an account left empty is nothing. */
export const postedEntry = (values: Record<string, FormValue>): unknown => {
	const money = moneyReader();
	const read = {
		...values,
		...('costFen' in values ? { costFen: money.fen('costFen', values.costFen, null) } : {}),
		...('valueFen' in values ? { valueFen: money.fen('valueFen', values.valueFen, null) } : {}),
		...('incomeFen' in values ? { incomeFen: money.fen('incomeFen', values.incomeFen, 0) } : {}),
		...('spentFen' in values ? { spentFen: money.fen('spentFen', values.spentFen, 0) } : {})
	};
	money.done();
	return read;
};
