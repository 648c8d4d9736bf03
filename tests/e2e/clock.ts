import { setClockOffset } from '../factories/clock.ts';

/** Sets how far ahead of this machine's clock the server's runs, in milliseconds. */
export const moveServerClock = (offset: number): void => {
	const file = process.env.MIAOPU_TEST_CLOCK;
	if (!file) throw new Error('The application was not started.');
	setClockOffset(file, offset);
};
