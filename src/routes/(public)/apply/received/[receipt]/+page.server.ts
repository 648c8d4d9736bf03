import { resubmissionSchema } from '#lib/domain/organizations/schema.ts';
import { versionSchema } from '#lib/domain/shared/fields.ts';
import { formAction } from '#lib/server/http/forms.ts';
import { forPage } from '#lib/server/http/guards.ts';
import { applicationByReceipt, resubmitByReceipt } from '#lib/server/modules/organizations/index.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params, setHeaders }) => {
	// The address is the key to the application: no cache keeps it, no search engine lists it.
	setHeaders({ 'Cache-Control': 'private, no-store', 'X-Robots-Tag': 'noindex', 'Referrer-Policy': 'no-referrer' });
	return { application: await forPage(applicationByReceipt(params.receipt)) };
};

export const actions = {
	default: formAction(resubmissionSchema.extend({ version: versionSchema }), async ({ version, ...input }, { event }) => {
		await resubmitByReceipt(event.params.receipt ?? '', input, version);
		return { resent: true };
	})
} satisfies Actions;
