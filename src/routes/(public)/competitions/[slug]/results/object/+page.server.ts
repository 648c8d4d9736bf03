import { objectionSchema } from '#lib/domain/objections/schema.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage } from '#lib/server/http/guards.ts';
import { clientAddress } from '#lib/server/http/session-handle.ts';
import { publicCompetition } from '#lib/server/modules/competitions/index.ts';
import { fileObjection, noticeToObjectTo, type Evidence } from '#lib/server/modules/judging/index.ts';
import { newSecret } from '#lib/server/platform/secrets.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params, setHeaders, url }) => {
	// The form carries the secret of the objection it will make, so no cache may hand it to two people.
	setHeaders({ 'Cache-Control': 'private, no-store' });
	const competition = await forPage(publicCompetition(params.slug));
	const notice = await forPage(noticeToObjectTo(params.slug));
	const wanted = url.searchParams.get('proposal') ?? '';
	return {
		competition: { title: competition.title, slug: competition.slug, station: competition.stationName, contact: competition.contact },
		notice,
		key: newSecret(),
		proposal: notice.proposals.some(({ number }) => number === wanted) ? wanted : ''
	};
};

/** The files chosen in a form; an empty field posts a file without a name. */
const evidenceOf = async (form: FormData): Promise<Evidence[]> => {
	const files = form.getAll('files').filter((file) => file instanceof File && file.name !== '') as File[];
	return Promise.all(files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })));
};

export const actions = {
	default: formAction(objectionSchema, async (input, { actor, event, form }) => {
		const { id } = await noticeToObjectTo(event.params.slug ?? '');
		const key = form.get('key');
		const { receipt, secret } = await fileObjection(actor, id, input, {
			address: clientAddress(event),
			key: typeof key === 'string' ? key : undefined,
			files: await evidenceOf(form)
		});
		return `/objections/${receipt}/${secret}?new=1`;
	})
} satisfies Actions;
