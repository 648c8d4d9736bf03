import type { Actor } from '#lib/domain/accounts/types.ts';
import { forPage } from '#lib/server/http/guards.ts';
import { listFiles, listMeetings } from '#lib/server/modules/organizations/index.ts';

/** The meetings and papers an entry can name. */
export const entryChoices = async (
	actor: Actor,
	id: string
): Promise<{ meetings: { value: string; label: string }[]; files: { value: string; label: string }[] }> => {
	const [meetings, files] = await Promise.all([forPage(listMeetings(actor, id, { limit: 50 })), forPage(listFiles(actor, id))]);
	return {
		meetings: meetings.items.map((meeting) => ({ value: meeting.id, label: `${meeting.title}（${meeting.heldOn}）` })),
		files: files.map((file) => ({ value: file.id, label: file.name }))
	};
};
