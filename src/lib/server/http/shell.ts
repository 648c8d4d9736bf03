import { visibleStations, scopeIds } from '#lib/domain/accounts/policy.ts';
import type { Actor, Role } from '#lib/domain/accounts/types.ts';
import { m } from '#lib/i18n/generated/messages.js';
import type { NavItem, ShellUser } from '#lib/ui/layout/navigation.ts';

const roleNames: Record<Role, () => string> = {
	admin: m.role_admin,
	head: m.role_head,
	worker: m.role_worker,
	supervisor: m.role_supervisor,
	finance: m.role_finance,
	observer: m.role_observer,
	leader: m.role_leader,
	member: m.role_member,
	judge: m.role_judge
};

/** A role in words. */
export const roleName = (role: Role): string => roleNames[role]();

/** What the frame around the pages shows of the person: name, roles, and where their roles lead. */
export const shellUser = (actor: Actor): ShellUser | null => {
	if (actor.kind !== 'user') return null;
	const roles = new Set(actor.grants.map((grant) => grant.role));
	const stations = visibleStations(actor);
	const groups = scopeIds(actor, 'organization', ['leader', 'member']);
	const nav: NavItem[] = [{ href: '/app', label: m.nav_today(), icon: 'tasks' }];
	if (roles.has('judge')) nav.push({ href: '/app/judging', label: m.nav_judging(), icon: 'scale' });
	if (groups.length > 0)
		nav.push(
			{ href: `/app/organizations/${groups[0]}`, label: m.nav_my_group(), icon: 'sprout' },
			{ href: '/app/proposals', label: m.nav_my_proposals(), icon: 'document' }
		);
	if (stations === null || stations.length > 0)
		nav.push(
			{ href: '/app/organizations', label: m.nav_organizations(), icon: 'people' },
			{ href: '/app/competitions', label: m.nav_competitions(), icon: 'award' },
			{ href: '/app/station', label: m.nav_station(), icon: 'station' }
		);
	if (roles.has('supervisor')) nav.push({ href: '/app/supervision', label: m.support_supervision(), icon: 'chat' });
	if (roles.has('admin')) nav.push({ href: '/app/admin/stations', label: m.nav_admin(), icon: 'settings' });
	return { id: actor.id, name: actor.name, roleLabels: [...roles].map(roleName), nav };
};
