import { now } from '#lib/server/platform/clock.ts';
import { AppError } from '#lib/server/platform/errors.ts';
import { forPage } from './guards.ts';

/** Proxies close what is silent for long; a beat also tells the page the server's time. */
const beatMs = 10_000;
/** A stream ends after this and comes back by itself: rights are looked at anew and no connection grows old. */
const lifeMs = 10 * 60_000;
/** Most streams in one process. */
const most = 2000;
/** A reader so many messages behind is not reading. */
const farBehind = -50;

const open = new Set<() => void>();

/** Ends every stream, so that the process can go; the pages come back to the next one. */
export const closeEventStreams = (): void => {
	for (const close of [...open]) close();
};

const shortHash = (text: string): string => {
	let hash = 5381;
	for (let at = 0; at < text.length; at += 1) hash = (Math.imul(hash, 33) ^ text.charCodeAt(at)) >>> 0;
	return `${hash.toString(36)}${text.length.toString(36)}`;
};

/** What is followed: the view now, and the way to hear of the next ones (null: it is gone). */
export type LiveSource<View> = { now: View; follow: (listener: (view: View | null) => void) => () => void };

/**
 * Server-sent events of something live. Each `state` event is the whole view, named by what it says, so whoever comes
 * back (`Last-Event-ID`, or `?after=` from a page that had to start anew) gets the present state, or nothing when
 * nothing has changed. `beat` events tell the time; `gone` says that there is nothing to follow any more.
 */
export const eventStream = <View>(event: { request: Request; url: URL }, source: LiveSource<View>): Response => {
	if (open.size >= most) throw new AppError('rate_limited', 'stream_busy', { retryAfter: 5 });
	const encoder = new TextEncoder();
	let last = event.request.headers.get('last-event-id') ?? event.url.searchParams.get('after') ?? '';
	let end = (): void => {};
	const body = new ReadableStream<Uint8Array>({
		start: (controller) => {
			const send = (text: string): void => {
				if ((controller.desiredSize ?? 0) < farBehind) end();
				else controller.enqueue(encoder.encode(text));
			};
			const beat = (): void => send(`event: beat\ndata: ${JSON.stringify({ now: now().toISOString() })}\n\n`);
			const show = (view: View | null): void => {
				if (view === null) {
					send('event: gone\ndata: {}\n\n');
					end();
					return;
				}
				const state = JSON.stringify(view);
				const id = shortHash(state);
				if (id === last) return;
				last = id;
				send(`id: ${id}\nevent: state\ndata: {"now":"${now().toISOString()}","state":${state}}\n\n`);
			};
			const beats = setInterval(beat, beatMs);
			const life = setTimeout(() => end(), lifeMs);
			let unfollow = (): void => {};
			let over = false;
			end = () => {
				if (over) return;
				over = true;
				clearInterval(beats);
				clearTimeout(life);
				open.delete(end);
				unfollow();
				try {
					controller.close();
				} catch {
					// The reader has gone already.
				}
			};
			open.add(end);
			send('retry: 1000\n\n');
			beat();
			show(source.now);
			if (!over) unfollow = source.follow((view) => over || show(view));
			if (over) unfollow();
		},
		cancel: () => end()
	});
	return new Response(body, {
		headers: {
			'Content-Type': 'text/event-stream; charset=utf-8',
			'Cache-Control': 'no-cache, no-transform',
			'X-Accel-Buffering': 'no'
		}
	});
};

/** The answer of a stream's route: refusals as their status, 204 while there is nothing to follow, which ends the asking. */
export const answerStream = async <View>(
	event: { request: Request; url: URL },
	source: Promise<LiveSource<View> | null>
): Promise<Response> => {
	const live = await forPage(source);
	return live ? forPage(Promise.resolve().then(() => eventStream(event, live))) : new Response(null, { status: 204 });
};
