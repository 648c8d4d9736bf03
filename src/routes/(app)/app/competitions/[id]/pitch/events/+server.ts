import { answerStream } from '#lib/server/http/event-stream.ts';
import { signedIn } from '#lib/server/http/guards.ts';
import { pitchConsole } from '#lib/server/modules/judging/index.ts';
import type { RequestHandler } from './$types';

/** What the console follows, for those who conduct the pitches. */
export const GET: RequestHandler = (event) => answerStream(event, pitchConsole(signedIn(event), event.params.id));
