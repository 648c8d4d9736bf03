import type { Transport } from '@sveltejs/kit';
import { isUnsent } from '#lib/ui/unsent.ts';

/** What stands in a page's data in place of values no script will read. */
export const transport: Transport = { unsent: { encode: isUnsent, decode: () => undefined } };
