import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** An answer as it was sent: without what belongs to its one connection and moment. */
export type HeardAnswer = { headers: OutgoingHttpHeaders; body: Buffer };

/**
 * Hears an answer while it is sent. `wanted` is asked with each piece, when the head is complete: what is not wanted (a
 * download, a stream of events that goes on for hours) is not gathered. `sent` gets the whole of it in the end.
 */
export const hearAnswer = (response: ServerResponse, wanted: () => boolean, sent: (answer: HeardAnswer) => void): void => {
	const chunks: Buffer[] = [];
	const { write, end } = response;
	let whole = true;
	const note = (chunk: unknown): void => {
		if (!wanted()) {
			whole = false;
			Object.assign(response, { write, end });
		} else if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk as string));
	};
	response.write = ((chunk: unknown, ...rest: unknown[]) => {
		note(chunk);
		return (write as (...all: unknown[]) => boolean).call(response, chunk, ...rest);
	}) as typeof response.write;
	response.end = ((chunk: unknown, ...rest: unknown[]) => {
		note(chunk);
		return (end as (...all: unknown[]) => ServerResponse).call(response, chunk, ...rest);
	}) as typeof response.end;
	response.once('finish', () => {
		if (!whole) return;
		const { 'transfer-encoding': _encoding, connection: _connection, 'keep-alive': _alive, date: _date, ...headers } = response.getHeaders();
		sent({ headers, body: Buffer.concat(chunks) });
	});
};
