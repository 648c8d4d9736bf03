import { isRecorded } from '#lib/domain/organizations/lifecycle.ts';
import { toId } from '#lib/server/platform/db/index.ts';
import { subscribe, type OutboxEvent } from '#lib/server/platform/outbox.ts';
import { applyElections } from './commands/meetings.ts';
import { entry } from './history.ts';
import { Organization, type HistoryEntry } from './model.ts';
import { Member } from './records-model.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const isId = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{24}$/.test(value);

const remember = async (
	event: OutboxEvent,
	action: HistoryEntry['action'],
	push: Record<string, unknown> = {}
): Promise<void> => {
	const { organization, title, amount, by, at } = event.payload;
	if (!isId(organization)) return;
	const history = entry(
		action,
		{ id: null, name: text(by) },
		{
			key: event.key,
			...(typeof at === 'string' && !Number.isNaN(Date.parse(at)) ? { at: new Date(at) } : {}),
			detail: { title: text(title), ...(typeof amount === 'number' ? { amount } : {}) }
		}
	);
	// The key keeps an event that is delivered twice from being told twice.
	await Organization.updateOne(
		{ _id: toId(organization), 'history.key': { $ne: event.key } },
		{ $push: { history, ...push }, $max: { lastEvidenceAt: history.at } }
	);
};

/** Follows what other modules tell: proposals and awards become part of an organization's own history. */
export const subscribeOrganizations = (): void => {
	subscribe('proposal.submitted', 'organizations', async (event) => {
		const { proposal, title } = event.payload;
		const id = isId(proposal) ? proposal : event.key;
		const at = typeof event.payload.at === 'string' ? new Date(event.payload.at) : entry('proposal_submitted', { id: null, name: '' }).at;
		await remember(event, 'proposal_submitted', { proposals: { id, title: text(title), at } });
	});
	subscribe('award.published', 'organizations', (event) => remember(event, 'award_published'));
	subscribe('invitation.accepted', 'organizations', async (event) => {
		const { reference, userId } = event.payload;
		const member = /^member:([0-9a-f]{24})$/.exec(text(reference))?.[1];
		if (!member || !isId(userId)) return;
		const known = await Member.findOneAndUpdate({ _id: toId(member), userId: null }, { $set: { userId }, $inc: { version: 1 } }).lean();
		if (!known) return;
		const organization = await Organization.findById(known.organization, { status: 1 }).lean();
		// Who had been elected before having an account gets the leader's rights now.
		if (organization && isRecorded(organization.status)) await applyElections(known.organization);
	});
};
