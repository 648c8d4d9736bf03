import { countTry } from '#lib/server/platform/limits.ts';

/** Slows down guessing at invitation links; a hall of judges behind one address has room enough. */
export const limitInvitationTries = (address: string): Promise<void> =>
	countTry({ name: 'invitation', points: 120, seconds: 10 * 60 }, address);
