import { answerStream } from '#lib/server/http/event-stream.ts';
import { pitchScreen } from '#lib/server/modules/judging/index.ts';
import type { RequestHandler } from './$types';

/** What the hall's screen follows; the link is all the right it needs. */
export const GET: RequestHandler = (event) => answerStream(event, pitchScreen(event.params.token));
