import { stages } from './terms.ts';
import type { Category, CultivationMode, OrganizationStatus, Stage } from './types.ts';

/**
 * Where an organization may go from where it is. An application may be returned and sent again any number of
 * times; sleeping and leaving are open to every accepted organization, and both can be undone.
 */
const next: Record<OrganizationStatus, readonly OrganizationStatus[]> = {
	applied: ['returned', 'declined', 'incubating'],
	returned: ['applied', 'declined'],
	declined: [],
	incubating: ['graduated', 'dormant', 'exited'],
	graduated: ['incubating', 'dormant', 'exited'],
	dormant: ['incubating', 'graduated', 'exited'],
	exited: ['incubating', 'graduated']
};

/** Whether the status may change this way. */
export const mayBecome = (from: OrganizationStatus, to: OrganizationStatus): boolean => next[from].includes(to);

/** Where the status may go, for the buttons of a page. */
export const nextStatuses = (from: OrganizationStatus): readonly OrganizationStatus[] => next[from];

/** Whether the group's life is recorded: members, activities, meetings, files, assessments. */
export const isRecorded = (status: OrganizationStatus): boolean =>
	status === 'incubating' || status === 'graduated' || status === 'dormant';

/** Whether strangers may see it. */
export const isPublic = (status: OrganizationStatus): boolean => status === 'incubating' || status === 'graduated';

/** The gate an organization stands at: that of its stage, or graduation after the last one. */
export type GateName = Stage | 'graduation';
export const gateNames: readonly GateName[] = [...stages, 'graduation'];

type Position = { stage: Stage; atGraduation: boolean };

export const gateOf = ({ stage, atGraduation }: Position): GateName => (atGraduation ? 'graduation' : stage);

/** What passing the present gate leads to. */
export const afterGate = (position: Position): (Position & { graduated: boolean }) => {
	if (position.atGraduation) return { ...position, graduated: true };
	const following = stages[stages.indexOf(position.stage) + 1];
	return following
		? { stage: following, atGraduation: false, graduated: false }
		: { stage: position.stage, atGraduation: true, graduated: false };
};

/** One step back, or null at the very beginning. */
export const beforeGate = (position: Position): Position | null => {
	if (position.atGraduation) return { stage: position.stage, atGraduation: false };
	const previous = stages[stages.indexOf(position.stage) - 1];
	return previous ? { stage: previous, atGraduation: false } : null;
};

/** Volunteering and deliberation are led by the station, sports and arts develop by themselves; the rest are led. */
export const modeOf = (category: Category): CultivationMode =>
	category === 'sports' || category === 'arts' ? 'self_developing' : 'station_led';
