// The layout's import rules, checked in every test run. Levels: 0 audit, accounts; 1 stations, organizations,
// resources; 2 surveys, competitions, volunteers; 3 proposals; 4 judging; 5 grants; 6 reports.
const levels = [
	['audit', 'accounts'],
	['stations', 'organizations', 'resources'],
	['surveys', 'competitions', 'volunteers'],
	['proposals'],
	['judging'],
	['grants'],
	['reports']
];

const modules = 'src/lib/server/modules';

const upward = levels.slice(0, -1).map((names, level) => ({
	name: `modules-level-${level}-import-only-lower`,
	severity: 'error',
	from: { path: `^${modules}/(${names.join('|')})/` },
	to: { path: `^${modules}/(${levels.slice(level + 1).flat().join('|')})/` }
}));

export default {
	forbidden: [
		{ name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
		{ name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^(\\$app/|\\$env/|\\$service-worker|\\./\\$types)' } },
		{
			name: 'domain-is-pure',
			severity: 'error',
			from: { path: '^src/lib/domain/', pathNot: '\\.test(-data)?\\.ts$' },
			to: { pathNot: '^(src/lib/domain/|node_modules/zod/)' }
		},
		{ name: 'platform-knows-no-module', severity: 'error', from: { path: '^src/lib/server/platform/' }, to: { path: `^(${modules}/|src/lib/server/(app|http)/|src/lib/ui/|src/routes/)` } },
		{
			name: 'modules-know-no-pages',
			severity: 'error',
			from: { path: `^${modules}/` },
			to: { path: '^(node_modules/@sveltejs/kit|\\$app|src/lib/ui/|src/routes/|src/lib/server/(http|app)/)' }
		},
		{
			name: 'modules-only-through-their-door',
			severity: 'error',
			from: { path: `^${modules}/([^/]+)/` },
			to: { path: `^${modules}/[^/]+/`, pathNot: [`^${modules}/$1/`, `^${modules}/[^/]+/index\\.ts$`] }
		},
		{
			name: 'others-use-module-doors',
			severity: 'error',
			from: { pathNot: `^(${modules}/|tests/)` },
			to: { path: `^${modules}/[^/]+/`, pathNot: `^${modules}/[^/]+/index\\.ts$` }
		},
		{
			name: 'mongoose-only-in-models',
			severity: 'error',
			from: { path: '^src/lib/', pathNot: `^(${modules}/[^/]+/(model|[a-z-]+-model)\\.ts|src/lib/server/platform/db/)` },
			to: { path: '^node_modules/mongoose/' }
		},
		{ name: 'ui-never-imports-server', severity: 'error', from: { path: '^(src/lib/ui/|.*\\.svelte$)' }, to: { path: '^src/lib/server/' } },
		{ name: 'routes-never-import-platform', severity: 'error', from: { path: '^src/routes/', pathNot: '^src/routes/readyz/' }, to: { path: '^src/lib/server/platform/(db|outbox|migrations)' } },
		{ name: 'embedded-store-stands-alone', severity: 'error', from: { path: '^src/embedded-mongo/', pathNot: '\\.test\\.ts$' }, to: { path: '^src/', pathNot: '^src/embedded-mongo/' } },
		...upward
	],
	options: {
		tsConfig: { fileName: 'tsconfig.json' },
		tsPreCompilationDeps: true,
		doNotFollow: { path: 'node_modules' },
		exclude: { path: 'src/lib/i18n/generated' },
		enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['svelte', 'import', 'node', 'types', 'default'], extensions: ['.ts', '.js', '.svelte', '.json'] }
	}
};
