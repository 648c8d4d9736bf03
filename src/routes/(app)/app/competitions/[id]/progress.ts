import { mainPath } from '#lib/domain/competitions/lifecycle.ts';
import type { CompetitionState } from '#lib/domain/competitions/types.ts';
import { m } from '#lib/i18n/generated/messages.js';
import type { ProgressStep } from '#lib/ui/primitives/progress-steps/index.ts';

const groups: { label: () => string; states: readonly CompetitionState[] }[] = [
	{ label: m.comp_step_prepare, states: ['draft', 'announced'] },
	{ label: m.comp_step_open, states: ['open'] },
	{ label: m.comp_step_screening, states: ['screening'] },
	{ label: m.comp_step_judging, states: ['judging'] },
	{ label: m.comp_step_deliberation, states: ['deliberation'] },
	{ label: m.comp_step_notice, states: ['notice'] },
	{ label: m.comp_step_executing, states: ['decided', 'executing'] },
	{ label: m.comp_step_closed, states: ['closed'] }
];

/** How far a competition has come; a cancelled one shows no current step. */
export const progressSteps = (state: CompetitionState): ProgressStep[] => {
	const place = mainPath.findIndex((step) => step === state);
	return groups.map(({ label, states }) => {
		const last = mainPath.findIndex((step) => step === states.at(-1));
		return { label: label(), state: states.includes(state) ? 'current' : place > last ? 'done' : 'todo' };
	});
};
