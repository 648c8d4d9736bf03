import { defineConfig } from 'vitest/config';

// The projects differ in what they need running: nothing, a store on a socket, or a built application.
export default defineConfig({
	test: {
		projects: [
			// Properties and large instances take their time when lint and types run beside them.
			{ test: { name: 'unit', include: ['src/**/*.test.ts'], environment: 'node', testTimeout: 60_000 } },
			{
				test: {
					name: 'integration',
					include: ['tests/integration/**/*.test.ts', 'tests/permissions/**/*.test.ts'],
					environment: 'node',
					testTimeout: 60_000,
					hookTimeout: 120_000,
					// Each file opens a database of its own.
					maxWorkers: 2
				}
			}
		]
	}
});
