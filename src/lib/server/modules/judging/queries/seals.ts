import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import type { AnonymousScore } from '#lib/domain/judging/publication.ts';
import { forbidden } from '#lib/server/platform/errors.ts';
import { sha256 } from '#lib/server/platform/secrets.ts';
import { competitionById } from '../../competitions/index.ts';
import { Scorecard } from '../model.ts';
import { Result, ResultFile } from '../results-model.ts';
import { sealedFields, sealText } from '../seals.ts';
import { ScorecardSeal } from '../seals-model.ts';

/** A judge's own scorecard and where it stands in a published file. Total in hundredths of a point. */
export type OwnSeal = {
	id: string;
	number: string;
	title: string;
	total: number | null;
	salt: string;
	/** The text the hash is taken of. */
	text: string;
	hash: string;
	/** Whether the file has this hash, with this proposal and total beside it. */
	published: boolean;
	/** The name the file gives this judge. */
	as: string;
};

export type OwnSeals = { competition: string; title: string; slug: string; n: number; digest: string; seals: OwnSeal[] }[];

const published = async (competition: string): Promise<{ n: number; digest: string; scores: AnonymousScore[] } | null> => {
	const latest = await Result.findOne({ competition }, { n: 1, digest: 1 }).sort({ competition: 1, n: -1 }).lean();
	const file = latest && (await ResultFile.findById(latest._id.toHexString()).lean());
	if (!latest || !file) return null;
	return { n: latest.n, digest: latest.digest, scores: (JSON.parse(file.text) as { scores: AnonymousScore[] }).scores };
};

/** The actor's own submitted scorecards in published competitions, each with its salt, its hash and whether the file has it. */
export const ownSeals = async (actor: Actor): Promise<OwnSeals> => {
	if (actor.kind !== 'user' || !can(actor, 'judging.queue')) throw forbidden();
	const cards = await Scorecard.find({ user: actor.id, status: 'submitted' }, { ...sealedFields, competition: 1, proposalTitle: 1, order: 1 })
		.sort({ user: 1, competition: 1, order: 1, _id: 1 })
		.limit(1000)
		.lean();
	const groups = await Promise.all(
		[...new Set(cards.map(({ competition }) => competition))].map(async (id): Promise<OwnSeals> => {
			const file = await published(id);
			if (!file) return [];
			const own = cards.filter(({ competition }) => competition === id);
			const [competition, seals] = await Promise.all([
				competitionById(id),
				ScorecardSeal.find({ _id: { $in: own.map(({ _id }) => _id.toHexString()) } }).lean()
			]);
			const salts = new Map(seals.map(({ _id, salt }) => [_id, salt]));
			const byHash = new Map(file.scores.map((score) => [score.card ?? '', score]));
			return [
				{
					competition: id,
					title: competition.title,
					slug: competition.slug,
					n: file.n,
					digest: file.digest,
					seals: own.map((card): OwnSeal => {
						const salt = salts.get(card._id.toHexString()) ?? '';
						const text = sealText(card, salt);
						const hash = sha256(text);
						const found = salt === '' ? undefined : byHash.get(hash);
						return {
							id: card._id.toHexString(),
							number: card.proposalNumber,
							title: card.proposalTitle,
							total: card.total,
							...{ salt, text, hash },
							published: found !== undefined && found.total === card.total && found.proposal === card.proposalNumber,
							as: found?.judge ?? ''
						};
					})
				}
			];
		})
	);
	return groups.flat();
};
