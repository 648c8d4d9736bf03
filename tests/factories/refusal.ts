import { AppError } from '#lib/server/platform/errors.ts';

/** The refusal a promise ends in; a promise that goes well fails the test. */
export const refusal = async (promise: Promise<unknown>): Promise<AppError> => {
	try {
		await promise;
	} catch (error) {
		if (error instanceof AppError) return error;
		throw error;
	}
	throw new Error('nothing was refused');
};
