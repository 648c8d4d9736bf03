import { defineConfig } from 'vitest/config';
import { messagesInOne } from './tests/messages-in-one.ts';

const shared = {
	environment: 'node',
	testTimeout: 60_000,
	// What has to come comes at once, unless the machine is busy.
	expect: { poll: { timeout: 20_000 } }
} as const;

// The projects differ in what they need running: nothing, a store on a socket, or a built application.
export default defineConfig({
	test: {
		projects: [
			{
				plugins: [messagesInOne()],
				test: {
					...shared,
					name: 'unit',
					include: ['src/**/*.test.ts'],
					setupFiles: ['tests/factories/property-seed.ts'],
					// Rules keep nothing between tests, and loading them anew for every file took a third of the time.
					isolate: false
				}
			},
			{
				plugins: [messagesInOne()],
				test: {
					...shared,
					name: 'integration',
					include: ['tests/integration/**/*.test.ts', 'tests/permissions/**/*.test.ts'],
					setupFiles: ['tests/factories/property-seed.ts'],
					hookTimeout: 120_000,
					// Each file opens a database of its own.
					maxWorkers: 2
				}
			}
		]
	}
});
