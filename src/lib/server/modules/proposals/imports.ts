import { receiptNumber } from '#lib/domain/proposals/numbers.ts';
import { proposalDraftSchema } from '#lib/domain/proposals/schema.ts';
import type { ProposalDraft, ProposalStatus } from '#lib/domain/proposals/types.ts';
import { newId, toId } from '#lib/server/platform/db/index.ts';
import { storeFile, type StoredFile } from '#lib/server/platform/files.ts';
import { competitionById } from '../competitions/index.ts';
import { fileOwner } from './content.ts';
import { Proposal, Submission, type ProposalDocument, type ProposalOutcome, type ScreeningRecord, type SubmissionDocument } from './model.ts';
import { digestOf } from './settle.ts';

/** A proposal with its past, for loading histories. Money in fen. */
export type ImportedProposal = Partial<ProposalDraft> & {
	/** 24 hexadecimal digits, for data that must come out the same each time. */
	id?: string;
	organization: string;
	organizationName: string;
	station: string;
	stationPath: string[];
	status: ProposalStatus;
	/** The receipt number's last part; null while never submitted. */
	seq: number | null;
	submittedAt?: Date | null;
	screening?: ScreeningRecord[];
	outcome?: ProposalOutcome | null;
	attachments?: StoredFile[];
	/** Attachments still to be stored, checked like any that is handed in. */
	files?: { name: string; bytes: Uint8Array }[];
	createdAt: Date;
	createdBy: string;
	createdByName: string;
	proxy?: boolean;
};

const batch = 500;

/** The same with its files stored under the proposal's name. */
const withFiles = async ({ files = [], ...input }: ImportedProposal): Promise<Omit<ImportedProposal, 'files'>> => {
	if (files.length === 0) return input;
	const id = input.id ?? newId().toHexString();
	const attachments = [...(input.attachments ?? [])];
	for (const file of files) attachments.push(await storeFile(file, fileOwner(id)));
	return { ...input, id, attachments };
};

/**
 * Loads a competition's proposals as they stand, with the frozen copy of each submitted one: for demo data and
 * moving in. The competition's `lastNumber` is the loader's to set. Answers the ids in the same order.
 */
export const importProposals = async (competitionId: string, inputs: readonly ImportedProposal[]): Promise<string[]> => {
	const competition = await competitionById(competitionId);
	const ids: string[] = [];
	for (let start = 0; start < inputs.length; start += batch) {
		const given = await Promise.all(inputs.slice(start, start + batch).map(withFiles));
		const proposals = given.map((input): ProposalDocument => {
			const { id, organization, organizationName, station, stationPath, status, seq, submittedAt, screening, outcome, attachments, createdAt, createdBy, createdByName, proxy, ...draft } = input;
			return {
				_id: id ? toId(id) : newId(),
				competition: competitionId,
				station,
				stationPath,
				organization,
				organizationName,
				...(competition.eligibility.onePerOrganization && status !== 'withdrawn' ? { sole: `${competitionId}:${organization}` } : {}),
				number: seq === null ? null : receiptNumber(competition.slug, seq),
				seq,
				...proposalDraftSchema.parse(draft),
				attachments: attachments ?? [],
				status,
				submissions: seq === null ? 0 : 1,
				submittedAt: submittedAt ?? null,
				settled: true,
				screening: screening ?? [],
				createdAt,
				createdBy,
				createdByName,
				proxy: proxy ?? false,
				updatedAt: submittedAt ?? createdAt,
				savedBy: {},
				outcome: outcome ?? null,
				version: 1
			};
		});
		await Proposal.insertMany(proposals, { ordered: true, lean: true });
		const submissions = proposals.filter(({ submissions: n }) => n > 0).map((proposal): SubmissionDocument => {
			const { title, track, answers, budget, requested, selfRaised, withinCharter, attachments } = proposal;
			const content = { title, track, answers, budget, requested, selfRaised, withinCharter, attachments };
			return {
				_id: newId(),
				proposal: proposal._id.toHexString(),
				competition: competitionId,
				n: 1,
				content,
				digest: digestOf(content),
				at: proposal.submittedAt ?? proposal.createdAt,
				by: proposal.createdBy,
				byName: proposal.createdByName
			};
		});
		if (submissions.length > 0) await Submission.insertMany(submissions, { ordered: true, lean: true });
		ids.push(...proposals.map(({ _id }) => _id.toHexString()));
	}
	return ids;
};
