import { m } from '#lib/i18n/generated/messages.js';
import { forPage, signedIn } from '#lib/server/http/guards.ts';
import { eachMember, readOrganization } from '#lib/server/modules/organizations/index.ts';
import { xlsxResponse } from '#lib/server/platform/xlsx.ts';
import { memberRoleWords } from '#lib/ui/features/organizations/words.ts';
import { rosterFieldWords } from '#lib/ui/features/organizations/roster-words.ts';
import type { RequestHandler } from './$types';

/** The roster as a workbook; its headings are those an import recognizes. Phones are masked for those without contacts' rights. */
export const GET: RequestHandler = async (event) => {
	const actor = signedIn(event);
	const organization = await forPage(readOrganization(actor, event.params.id));
	const rows: (string | number)[][] = [];
	for await (const member of eachMember(actor, event.params.id))
		rows.push([member.name, member.phone, memberRoleWords(member.role), member.prospective ? m.roster_yes() : '', member.joinedOn, member.leftOn, member.note]);
	const title = (field: Parameters<typeof rosterFieldWords>[0]) => ({ title: rosterFieldWords(field) });
	return xlsxResponse(`roster-${organization.code}`, [
		{
			name: organization.name,
			columns: [title('name'), { ...title('phone'), width: 16 }, title('role'), title('prospective'), { ...title('joinedOn'), width: 14 }, { title: m.org_member_left(), width: 14 }, { ...title('note'), width: 40 }],
			rows
		}
	]);
};
