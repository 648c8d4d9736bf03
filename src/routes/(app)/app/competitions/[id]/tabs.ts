import type { CompetitionState } from '#lib/domain/competitions/types.ts';
import { m } from '#lib/i18n/generated/messages.js';

type Frame = { id: string; state: CompetitionState; received: number; toScreen: number; mayManage: boolean; hasPitch: boolean; composed: boolean };
type Tab = { href: string; label: string; count?: number; current?: boolean };

const before: readonly CompetitionState[] = ['draft', 'announced'];
const judged: readonly CompetitionState[] = ['judging', 'deliberation', 'notice', 'decided', 'executing', 'closed'];
const compared: readonly CompetitionState[] = ['deliberation', 'notice', 'decided', 'executing', 'closed'];

/** The pages of a competition that make sense in its state, the current one marked. */
export const competitionTabs = (frame: Frame, path: string): Tab[] => {
	const base = `/app/competitions/${frame.id}`;
	const tabs: Tab[] = [{ href: base, label: m.comp_tab_overview() }];
	if (!before.includes(frame.state))
		tabs.push(
			{ href: `${base}/proposals`, label: m.comp_tab_proposals(), count: frame.received },
			{ href: `${base}/screening`, label: m.comp_tab_screening(), ...(frame.toScreen > 0 ? { count: frame.toScreen } : {}) }
		);
	tabs.push({ href: `${base}/judges`, label: m.comp_tab_judges() });
	if (judged.includes(frame.state) || frame.state === 'screening') tabs.push({ href: `${base}/assignment`, label: m.comp_tab_assignment() });
	if (judged.includes(frame.state))
		tabs.push({ href: `${base}/progress`, label: m.comp_tab_progress() }, { href: `${base}/ranking`, label: m.comp_tab_ranking() });
	if (frame.mayManage && frame.composed && (judged.includes(frame.state) || frame.state === 'screening'))
		tabs.push({ href: `${base}/rounds`, label: m.tab_rounds() });
	if (frame.mayManage && frame.hasPitch && (judged.includes(frame.state) || frame.state === 'screening'))
		tabs.push({ href: `${base}/pitch`, label: m.tab_pitch() });
	if (compared.includes(frame.state))
		tabs.push({ href: `${base}/decision`, label: m.comp_tab_decision() }, { href: `${base}/notice`, label: m.comp_tab_notice() });
	if (frame.mayManage) tabs.push({ href: `${base}/settings`, label: m.comp_tab_settings() });
	const current = tabs
		.filter(({ href }) => path === href || (href !== base && path.startsWith(`${href}/`)))
		.sort((a, b) => b.href.length - a.href.length)[0];
	return tabs.map((tab) => (tab === current ? { ...tab, current: true } : tab));
};
