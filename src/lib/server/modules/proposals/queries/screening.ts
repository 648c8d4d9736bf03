import { z } from 'zod';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { hasScreened, screeningStand, type ScreeningStand } from '#lib/domain/proposals/screening.ts';
import { lineSchema } from '#lib/domain/shared/fields.ts';
import { packCursor, pageSchema, unpackCursor, type Page } from '#lib/server/platform/db/index.ts';
import { invalidField } from '#lib/server/platform/errors.ts';
import { readCompetition } from '../../competitions/index.ts';
import { idOf } from '../access.ts';
import { Proposal, type ProposalDocument } from '../model.ts';
import { filterOf, rowFields, toRow, type ProposalRow } from './list.ts';

/** What to show of the queue: all that waits, what waits for oneself, for a second person, or for a word on a disagreement. */
export const screeningViews = ['all', 'mine', 'second', 'disagree'] as const;

export const screeningQueueSchema = pageSchema.extend({
	view: z.enum(screeningViews).default('all').catch('all'),
	track: lineSchema(40).default('').catch(''),
	search: lineSchema(60).default('').catch(''),
	/** Only what comes after this part of the number: the next one after `summer-007` comes after 7. */
	after: z.coerce.number().int().min(0).default(0).catch(0)
});

/** A proposal that waits for screening. `own`: this person has given an opinion about it already. */
export type ScreeningRow = ProposalRow & { stand: ScreeningStand; own: boolean };

// Opinions are compared per submission, which an index cannot; a call has some hundred proposals waiting at most.
const batch = 200;

const seqIn = (cursor: string): number => {
	const [seq] = unpackCursor(cursor, 1);
	if (typeof seq !== 'number') throw invalidField('cursor', 'cursor');
	return seq;
};

/** The screening queue of a competition in the order of numbers, a page at a time. */
export const screeningQueue = async (actor: Actor, competitionId: string, input: z.infer<typeof screeningQueueSchema>): Promise<Page<ScreeningRow>> => {
	const competition = await readCompetition(actor, competitionId);
	const me = idOf(actor);
	const wanted = (row: ScreeningRow): boolean => input.view === 'all' || (input.view === 'mine' ? !row.own : row.stand === input.view);
	const found: { row: ScreeningRow; seq: number }[] = [];
	let after = input.cursor ? seqIn(input.cursor) : input.after;
	for (let more = true; more && found.length <= input.limit; ) {
		const documents = await Proposal.find({ $and: [filterOf(competition.id, { ...input, status: 'submitted' }), { seq: { $gt: after } }] }, { ...rowFields, screening: 1, submissions: 1 })
			.sort({ seq: 1, _id: 1 })
			.limit(batch)
			.lean<ProposalDocument[]>();
		more = documents.length === batch;
		after = documents.at(-1)?.seq ?? after;
		for (const document of documents) {
			const { screening, submissions } = document;
			const row = { ...toRow(document), stand: screeningStand(screening, submissions), own: hasScreened(screening, submissions, me) };
			if (wanted(row)) found.push({ row, seq: document.seq ?? 0 });
		}
	}
	const shown = found.slice(0, input.limit);
	const last = shown.at(-1);
	return { items: shown.map(({ row }) => row), next: found.length > input.limit && last ? packCursor([last.seq]) : null };
};

/** A proposal that is with its group for correction, and until when. */
export type ReturnedRow = ProposalRow & { correctBy: Date | null };

/** What is out for correction, by number; the first 200. */
export const returnedProposals = async (actor: Actor, competitionId: string): Promise<ReturnedRow[]> => {
	const competition = await readCompetition(actor, competitionId);
	const documents = await Proposal.find(filterOf(competition.id, { status: 'returned', track: '', search: '' }), { ...rowFields, screening: 1 })
		.sort({ seq: 1, _id: 1 })
		.limit(batch)
		.lean<ProposalDocument[]>();
	return documents.map((document) => ({ ...toRow(document), correctBy: document.screening.at(-1)?.correctBy ?? null }));
};

/** Where a proposal stands among those that wait for this person: `at` counts from 1, null when it is not among them. */
export type ScreeningPlace = { at: number | null; of: number; previous: string | null; next: string | null };

/** The neighbours of a proposal in this person's own queue, by number; of the first 200 that wait. */
export const screeningPlace = async (actor: Actor, competitionId: string, proposal: { id: string; number: string | null }): Promise<ScreeningPlace> => {
	const seqOf = (number: string | null): number => Number(/\d+$/.exec(number ?? '')?.[0] ?? 0);
	const { items } = await screeningQueue(actor, competitionId, screeningQueueSchema.parse({ view: 'mine', limit: batch }));
	const seq = seqOf(proposal.number);
	const at = items.findIndex(({ id }) => id === proposal.id);
	return {
		at: at < 0 ? null : at + 1,
		of: items.length,
		previous: items.findLast((row) => seqOf(row.number) < seq)?.id ?? null,
		next: items.find((row) => seqOf(row.number) > seq)?.id ?? null
	};
};
