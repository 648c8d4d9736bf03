import { databaseAnswers } from '#lib/server/platform/db/index.ts';
import { migrationsDone } from '#lib/server/platform/migrations.ts';

export const GET = async () => {
	const ready = migrationsDone() && (await databaseAnswers());
	return new Response(ready ? 'ready' : 'not ready', { status: ready ? 200 : 503 });
};
