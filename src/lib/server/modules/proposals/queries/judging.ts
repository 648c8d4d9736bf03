import type { BudgetLine } from '#lib/domain/proposals/types.ts';
import { readRows, toId, type Id } from '#lib/server/platform/db/index.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { openFile, type StoredFile } from '#lib/server/platform/files.ts';
import { createMemory } from '#lib/server/platform/memory.ts';
import { fileOwner } from '../content.ts';
import { Proposal, type ProposalDocument } from '../model.ts';

/** What a judge reads of a proposal: its content, and nothing about the people who wrote or entered it. Money in fen. */
export type JudgedProposal = {
	id: string;
	competition: string;
	number: string;
	title: string;
	track: string;
	organization: string;
	organizationName: string;
	answers: Record<string, string>;
	budget: BudgetLine[];
	requested: number;
	selfRaised: number;
	attachments: Pick<StoredFile, 'id' | 'name' | 'type' | 'bytes'>[];
};

// A proposal that passed no longer changes, unless it is withdrawn, so judges' pages may keep it for a while.
const judged = createMemory<JudgedProposal>({ name: 'judged-proposals', freshMs: 10_000 });

/** After a proposal was taken out of judging. */
export const forgetJudged = (id: string): void => judged.forget(id);

/** A passed proposal for its judges; 404 when it is not in judging. The judging module checks who may read it. */
export const proposalForJudging = (id: string): Promise<JudgedProposal> => judged.read(id, () => readJudged(id));

const readJudged = async (id: string): Promise<JudgedProposal> => {
	const found = await Proposal.findById(toId(id)).lean();
	if (!found || found.status !== 'passed' || !found.number) throw notFound();
	return {
		id,
		competition: found.competition,
		number: found.number,
		title: found.title,
		track: found.track,
		organization: found.organization,
		organizationName: found.organizationName,
		answers: found.answers,
		budget: found.budget,
		requested: found.requested,
		selfRaised: found.selfRaised,
		attachments: found.attachments.map(({ id: file, name, type, bytes }) => ({ id: file, name, type, bytes }))
	};
};

/** Opens a file of a passed proposal for a judge; likewise. */
export const attachmentForJudging = async (id: string, fileId: string): Promise<Awaited<ReturnType<typeof openFile>>> => {
	const { attachments } = await proposalForJudging(id);
	if (!attachments.some((file) => file.id === fileId)) throw notFound();
	return openFile(fileId, fileOwner(id));
};

/** A passed proposal in short. `requested` in fen. */
export type PassedProposal = {
	id: string;
	number: string;
	title: string;
	organization: string;
	organizationName: string;
	station: string;
	stationPath: string[];
	requested: number;
	track: string;
	createdBy: string;
};

/** All proposals of a competition that go into judging, in the order of their numbers. */
export const passedProposals = async (competition: string): Promise<PassedProposal[]> => {
	const passed = await Proposal.find(
		{ competition, status: 'passed' },
		{ number: 1, title: 1, organization: 1, organizationName: 1, station: 1, stationPath: 1, requested: 1, track: 1, createdBy: 1 }
	)
		.sort({ seq: 1, _id: 1 })
		.lean();
	return passed.map(({ _id, number, ...proposal }) => ({ ...proposal, id: _id.toHexString(), number: number ?? '' }));
};

/** Most proposals one competition can have. */
const mostPassed = 200_000;

/** Their ids alone. */
export const passedIds = async (competition: string): Promise<string[]> =>
	(
		await readRows<{ _id: Id }, ProposalDocument>(Proposal, { filter: { competition, status: 'passed' }, fields: { _id: 1 }, limit: mostPassed })
	).map(({ _id }) => _id.toHexString());
