import type { PageData } from './$types';

/** The objection as this page's parts take it. */
export type Objection = PageData['objection'];
