import { z } from 'zod';
import { can, scopeIds } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { proposalStatuses } from '#lib/domain/proposals/schema.ts';
import { statusForApplicant } from '#lib/domain/proposals/screening.ts';
import type { ProposalStatus } from '#lib/domain/proposals/types.ts';
import { lineSchema } from '#lib/domain/shared/fields.ts';
import { packCursor, pageSchema, toId, unpackCursor, unpackTimeCursor, type Page, type PageInput, type QueryFilter } from '#lib/server/platform/db/index.ts';
import { forbidden, invalidField } from '#lib/server/platform/errors.ts';
import { competitionById, readCompetition, type CompetitionView } from '../../competitions/index.ts';
import { sidesOf } from '../access.ts';
import { toView, type ProposalView } from '../view.ts';
import { Proposal, type ProposalDocument, type ProposalOutcome } from '../model.ts';

export const proposalSorts = ['number', '-number', 'requested', '-requested', 'submitted', '-submitted'] as const;

/** Filters of an organizer's list. An unknown sort or status is the default, so that old links go on working. */
export const proposalListSchema = pageSchema.extend({
	status: z.enum(proposalStatuses).or(z.literal('')).default('').catch(''),
	track: lineSchema(40).default('').catch(''),
	search: lineSchema(60).default('').catch(''),
	sort: z.enum(proposalSorts).default('number').catch('number')
});
export type ProposalListInput = z.infer<typeof proposalListSchema>;

/** A line of a list of proposals. `requested` in fen. */
export type ProposalRow = {
	id: string;
	number: string | null;
	status: ProposalStatus;
	title: string;
	track: string;
	organization: string;
	organizationName: string;
	requested: number;
	submittedAt: Date | null;
	updatedAt: Date;
	version: number;
};

export const rowFields = {
	number: 1,
	seq: 1,
	status: 1,
	title: 1,
	track: 1,
	organization: 1,
	organizationName: 1,
	requested: 1,
	submittedAt: 1,
	updatedAt: 1,
	competition: 1,
	createdAt: 1,
	version: 1
} as const;
type RowDocument = Pick<ProposalDocument, '_id' | keyof typeof rowFields>;

export const toRow = (document: RowDocument): ProposalRow => ({
	id: document._id.toHexString(),
	number: document.number ?? null,
	status: document.status,
	title: document.title,
	track: document.track,
	organization: document.organization,
	organizationName: document.organizationName,
	requested: document.requested,
	submittedAt: document.submittedAt,
	updatedAt: document.updatedAt,
	version: document.version
});

const sortFields = { number: 'seq', requested: 'requested', submitted: 'submittedAt' } as const;
const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export const filterOf = (competition: string, input: Pick<ProposalListInput, 'status' | 'track' | 'search'>): QueryFilter<ProposalDocument> => ({
	competition,
	// A draft is its group's own until it is submitted: only numbered proposals are listed.
	seq: { $gt: 0 },
	...(input.status ? { status: input.status } : {}),
	...(input.track ? { track: input.track } : {}),
	...(input.search
		? {
				$or: (['number', 'title', 'organizationName'] as const).map((field) => ({
					[field]: { $regex: literal(input.search), $options: 'i' }
				}))
			}
		: {})
});

const afterOf = (input: ProposalListInput, field: (typeof sortFields)[keyof typeof sortFields], down: boolean): QueryFilter<ProposalDocument> => {
	if (!input.cursor) return {};
	const operator = down ? '$lt' : '$gt';
	const [value, id] = field === 'submittedAt' ? Object.values(unpackTimeCursor(input.cursor)) : unpackCursor(input.cursor, 2);
	if (typeof id !== 'string' || !(value instanceof Date || typeof value === 'number')) throw invalidField('cursor', 'cursor');
	return { $or: [{ [field]: { [operator]: value } }, { [field]: value, _id: { [operator]: toId(id) } }] };
};

/** Submitted proposals of a competition for its organizer, a page at a time. */
export const listProposals = async (actor: Actor, competitionId: string, input: ProposalListInput): Promise<Page<ProposalRow>> => {
	const competition = await readCompetition(actor, competitionId);
	const down = input.sort.startsWith('-');
	const field = sortFields[input.sort.replace('-', '') as keyof typeof sortFields];
	const order = down ? -1 : 1;
	const documents = await Proposal.find({ $and: [filterOf(competition.id, input), afterOf(input, field, down)] }, rowFields)
		.sort({ [field]: order, _id: order })
		.limit(input.limit + 1)
		.lean<RowDocument[]>();
	const shown = documents.slice(0, input.limit);
	const last = shown.at(-1);
	return {
		items: shown.map(toRow),
		next: documents.length > input.limit && last ? packCursor([last[field] ?? 0, last._id.toHexString()]) : null
	};
};

/** All rows of the same list, one after another, for an export. */
export async function* eachProposal(actor: Actor, competitionId: string, input: Omit<ProposalListInput, 'cursor' | 'limit'>): AsyncGenerator<ProposalRow> {
	const competition = await readCompetition(actor, competitionId);
	for await (const document of Proposal.find(filterOf(competition.id, input), rowFields).sort({ seq: 1, _id: 1 }).lean<RowDocument[]>().cursor())
		yield toRow(document as RowDocument);
}

/** The same proposals whole, for the organizer's documents; never a draft. */
export async function* eachWholeProposal(actor: Actor, competitionId: string, input: Omit<ProposalListInput, 'cursor' | 'limit'>): AsyncGenerator<ProposalView> {
	const competition = await readCompetition(actor, competitionId);
	const submitted = { $and: [filterOf(competition.id, input), { submissions: { $gt: 0 } }] };
	for await (const document of Proposal.find(submitted).sort({ seq: 1, _id: 1 }).lean().cursor())
		yield toView(document as ProposalDocument, competition, { ...sidesOf(actor, document as ProposalDocument, competition), applicant: false, organizer: true });
}

/** A group's own proposal in its list. */
export type OwnProposal = ProposalRow & { competition: string; competitionTitle: string; competitionState: CompetitionView['state']; closesAt: Date; correctBy: Date | null; outcome: ProposalOutcome | null };

/** Proposals of the actor's groups; for a worker those of the station's groups. Newest first. */
export const ownProposals = async (actor: Actor, page: PageInput): Promise<Page<OwnProposal>> => {
	const organizations = scopeIds(actor, 'organization', ['leader', 'member']);
	const stations = scopeIds(actor, 'station', ['head', 'worker']);
	if (organizations.length + stations.length === 0) throw forbidden();
	const after = page.cursor ? unpackTimeCursor(page.cursor) : null;
	const documents = await Proposal.find(
		{
			$and: [
				{ $or: [{ organization: { $in: organizations } }, { station: { $in: stations } }] },
				after ? { $or: [{ createdAt: { $lt: after.at } }, { createdAt: after.at, _id: { $lt: toId(after.id) } }] } : {}
			]
		},
		{ ...rowFields, screening: 1, outcome: 1 }
	)
		.sort({ createdAt: -1, _id: -1 })
		.limit(page.limit + 1)
		.lean<(RowDocument & Pick<ProposalDocument, 'screening' | 'outcome'>)[]>();
	const shown = documents.slice(0, page.limit);
	const last = shown.at(-1);
	const items = await Promise.all(
		shown.map(async (document): Promise<OwnProposal> => {
			const competition = await competitionById(document.competition);
			const row = toRow(document);
			return {
				...row,
				status: statusForApplicant(row.status, competition),
				competition: competition.id,
				competitionTitle: competition.title,
				competitionState: competition.state,
				closesAt: competition.timeline.closesAt,
				correctBy: document.status === 'returned' ? (document.screening.at(-1)?.correctBy ?? null) : null,
				outcome: document.outcome ?? null
			};
		})
	);
	return { items, next: documents.length > page.limit && last ? packCursor([last.createdAt, last._id.toHexString()]) : null };
};

/** The actor's standing proposals in one competition, for the choice of a group. */
export const ownIn = async (actor: Actor, competition: string, organizations: readonly string[]): Promise<{ id: string; organization: string; status: ProposalStatus }[]> => {
	const mine = await Proposal.find({ competition, organization: { $in: [...organizations] } }, { organization: 1, status: 1, station: 1, stationPath: 1 })
		.limit(200)
		.lean();
	return mine
		.filter((proposal) => can(actor, 'proposal.readOwn', { organization: proposal.organization, station: proposal.station, stationPath: proposal.stationPath }))
		.map(({ _id, organization, status }) => ({ id: _id.toHexString(), organization, status }));
};
