import { answerStream } from '#lib/server/http/event-stream.ts';
import { signedIn } from '#lib/server/http/guards.ts';
import { pitchToFollow } from '#lib/server/modules/judging/index.ts';
import type { RequestHandler } from './$types';

/** What a judge's phone follows while pitches are held in `?competition=`. */
export const GET: RequestHandler = (event) =>
	answerStream(event, pitchToFollow(signedIn(event), event.url.searchParams.get('competition') ?? ''));
