import type { Actor } from '#lib/domain/accounts/types.ts';
import { mergeDocuments } from '#lib/domain/organizations/charter-diff.ts';
import { adopts, draftFrom, type Blanks, type DocumentText } from '#lib/domain/organizations/charters.ts';
import { motionOutcome } from '#lib/domain/organizations/meetings.ts';
import type { DocumentKind } from '#lib/domain/organizations/tool-terms.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId, toId } from '#lib/server/platform/db/index.ts';
import { conflict, invalidField, notFound, stale } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { stationById } from '../../stations/index.ts';
import { personOf } from '../access.ts';
import { Charter, type CharterDocument } from '../charter-model.ts';
import { charterTemplate } from '../defaults.ts';
import type { OrganizationDocument } from '../model.ts';
import { Meeting } from '../records-model.ts';
import { charterView, waitingDocuments, type CharterView } from '../queries/charters.ts';
import { loadRecorded } from './roster.ts';

/** How many states of a draft are kept for joining the changes of people who edit at once. */
const keptStates = 20;

const chainOf = (organization: OrganizationDocument): string => `organization:${organization._id.toHexString()}`;

const find = async (organization: string, kind: DocumentKind): Promise<CharterDocument> => {
	const charter = await Charter.findOne({ organization, kind }).lean();
	if (!charter) throw notFound();
	return charter;
};

const factsFor = async (organization: OrganizationDocument, blanks: Blanks): Promise<Record<string, string>> => {
	const station = await stationById(organization.station);
	const communities = organization.communities.map((key) => station.communities.find((one) => one.key === key)?.name ?? '').filter(Boolean);
	return {
		name: organization.name,
		community: communities.join('、') || station.name,
		station: station.name,
		purpose: organization.purpose,
		services: blanks.services || organization.purpose,
		term: String(blanks.term),
		meeting_cycle: blanks.meetingCycle || '每月',
		place: blanks.place
	};
};

/**
 * Begins a draft: from the template with what is known of the group filled in, or from the text last put to the vote.
 * A draft that is there already is given back as it is.
 */
export const startDraft = async (
	actor: Actor,
	organizationId: string,
	kind: DocumentKind,
	input: Blanks & { from: 'template' | 'last' }
): Promise<CharterView> => {
	const organization = await loadRecorded(actor, organizationId, 'organization.record');
	const known = await Charter.findOne({ organization: organizationId, kind }).lean();
	if (known?.draft) return charterView(actor, organizationId, kind);
	const last = known?.versions.at(-1);
	const text: DocumentText =
		input.from === 'last' && last
			? { title: last.title, chapters: last.chapters }
			: draftFrom(charterTemplate, kind, await factsFor(organization, input));
	const by = personOf(actor);
	const next = (known?.version ?? -1) + 1;
	const fresh = { draft: text, draftBy: by, draftAt: now(), states: [{ version: next, text }] };
	if (known) await Charter.updateOne({ _id: known._id, version: known.version }, { $set: fresh, $inc: { version: 1 } });
	else
		try {
			await Charter.create({ _id: newId(), organization: organizationId, kind, ...fresh, versions: [], version: next });
		} catch (error) {
			// Somebody began it in the same moment; theirs stands.
			if (!isDuplicateKey(error)) throw error;
		}
	await recordAct({ chain: chainOf(organization), actor, action: 'charter_draft_begun', subject: organizationId, detail: { kind, from: input.from } });
	return charterView(actor, organizationId, kind);
};

/**
 * Keeps the draft. When somebody else has saved in between, changes of different articles are joined; an article both
 * changed differently is a conflict whose answer holds both texts, and nothing is written.
 */
export const saveDraft = async (
	actor: Actor,
	organizationId: string,
	kind: DocumentKind,
	input: { text: DocumentText; version: number }
): Promise<CharterView & { merged: boolean }> => {
	const organization = await loadRecorded(actor, organizationId, 'organization.record');
	for (;;) {
		const charter = await find(organizationId, kind);
		if (!charter.draft) throw conflict('charter_no_draft', {}, await charterView(actor, organizationId, kind));
		let text = input.text;
		const merged = charter.version !== input.version;
		if (merged) {
			// Without the state the person began from, every difference is one between the two of them.
			const base = charter.states.find(({ version }) => version === input.version)?.text ?? { title: '', chapters: [] };
			const joined = mergeDocuments(base, charter.draft, input.text);
			if (joined.conflicts.length > 0)
				throw stale({ ...(await charterView(actor, organizationId, kind)), merged: joined.text, conflicts: joined.conflicts });
			text = joined.text;
		}
		const { modifiedCount } = await Charter.updateOne(
			{ _id: charter._id, version: charter.version },
			{
				$set: {
					draft: text,
					draftBy: personOf(actor),
					draftAt: now(),
					states: [{ version: charter.version + 1, text }, ...charter.states].slice(0, keptStates)
				},
				$inc: { version: 1 }
			}
		);
		if (modifiedCount === 0) continue;
		await recordAct({ chain: chainOf(organization), actor, action: 'charter_draft_saved', subject: organizationId, detail: { kind, merged } });
		return { ...(await charterView(actor, organizationId, kind)), merged };
	}
};

const checkVersion = async (actor: Actor, charter: CharterDocument, version: number): Promise<void> => {
	if (charter.version !== version) throw stale(await charterView(actor, charter.organization, charter.kind));
};

const change = async (actor: Actor, charter: CharterDocument, set: Partial<CharterDocument>): Promise<void> => {
	const { modifiedCount } = await Charter.updateOne({ _id: charter._id, version: charter.version }, { $set: set, $inc: { version: 1 } });
	if (modifiedCount === 0) throw stale(await charterView(actor, charter.organization, charter.kind));
};

/** Throws the draft away; versions put to the vote stay. */
export const discardDraft = async (actor: Actor, organizationId: string, kind: DocumentKind, version: number): Promise<CharterView> => {
	const organization = await loadRecorded(actor, organizationId, 'organization.record');
	const charter = await find(organizationId, kind);
	await checkVersion(actor, charter, version);
	await change(actor, charter, { draft: null, draftBy: null, draftAt: null, states: [] });
	await recordAct({ chain: chainOf(organization), actor, action: 'charter_draft_discarded', subject: organizationId, detail: { kind } });
	return charterView(actor, organizationId, kind);
};

/** Puts the draft to the vote: it becomes a version that no longer changes. */
export const putToVote = async (
	actor: Actor,
	organizationId: string,
	kind: DocumentKind,
	input: { note: string; version: number }
): Promise<CharterView> => {
	const organization = await loadRecorded(actor, organizationId, 'organization.record');
	const charter = await find(organizationId, kind);
	await checkVersion(actor, charter, input.version);
	if (!charter.draft) throw conflict('charter_no_draft', {}, await charterView(actor, organizationId, kind));
	const last = charter.versions.at(-1);
	if (last && JSON.stringify({ title: last.title, chapters: last.chapters }) === JSON.stringify(charter.draft))
		throw conflict('charter_unchanged', {}, await charterView(actor, organizationId, kind));
	const number = (last?.number ?? 0) + 1;
	const put = { ...charter.draft, number, note: input.note, at: now(), by: personOf(actor), meeting: '', inForceOn: '' };
	await change(actor, charter, { versions: [...charter.versions, put], draft: null, draftBy: null, draftAt: null, states: [] });
	await recordAct({ chain: chainOf(organization), actor, action: 'charter_put_to_vote', subject: organizationId, detail: { kind, number } });
	return charterView(actor, organizationId, kind);
};

/**
 * Links the meeting that adopted a version. Whether it was adopted is computed from the recorded attendance and votes:
 * quorum, and two thirds of those present for a charter; a vote that did not carry is refused with the figures.
 */
export const adoptVersion = async (
	actor: Actor,
	organizationId: string,
	kind: DocumentKind,
	number: number,
	input: { meeting: string; inForceOn: string; version: number }
): Promise<CharterView> => {
	const organization = await loadRecorded(actor, organizationId, 'organization.record');
	const charter = await find(organizationId, kind);
	await checkVersion(actor, charter, input.version);
	const chosen = charter.versions.find((version) => version.number === number);
	if (!chosen) throw notFound();
	const meeting = await Meeting.findOne({ _id: toId(input.meeting), organization: organizationId, deletedAt: null }).lean();
	if (!meeting) throw invalidField('meeting', 'choose_one');
	const motions = meeting.motions.filter((motion) => adopts(kind, motion));
	if (motions.length === 0) throw invalidField('meeting', 'meeting_without_motion');
	const outcomes = motions.map((motion) => ({ ...motionOutcome(meeting, motion), votes: motion.for }));
	const best = outcomes.find(({ carried }) => carried) ?? outcomes[0];
	if (!best?.carried)
		throw invalidField('meeting', best?.quorate ? 'motion_not_carried' : 'meeting_not_quorate', {
			present: meeting.present,
			quorum: best?.quorum ?? 0,
			votes: best?.votes ?? 0,
			needed: best?.needed ?? 0
		});
	if (input.inForceOn < meeting.heldOn) throw invalidField('inForceOn', 'in_force_before_vote');
	const versions = charter.versions.map((version) =>
		version.number === number ? { ...version, meeting: input.meeting, inForceOn: input.inForceOn } : version
	);
	await change(actor, charter, { versions });
	await recordAct({
		chain: chainOf(organization),
		actor,
		action: 'charter_adopted',
		subject: organizationId,
		detail: { kind, number, meeting: input.meeting, inForceOn: input.inForceOn }
	});
	return charterView(actor, organizationId, kind);
};

/** Adopts everything a meeting carried and nobody has put in force yet: a charter and its rules come from one evening. */
export const adoptAtMeeting = async (
	actor: Actor,
	organizationId: string,
	input: { meeting: string; inForceOn: string }
): Promise<{ adopted: DocumentKind[] }> => {
	await loadRecorded(actor, organizationId, 'organization.record');
	const waiting = await waitingDocuments(actor, organizationId, input.meeting);
	if (waiting.length === 0) throw conflict('nothing_changed');
	for (const { kind, number, version } of waiting) await adoptVersion(actor, organizationId, kind, number, { ...input, version });
	return { adopted: waiting.map(({ kind }) => kind) };
};
