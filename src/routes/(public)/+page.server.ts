import { homeData } from '#lib/server/app/home.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async () => ({ home: await homeData() });
