import { can } from '#lib/domain/accounts/policy.ts';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { takesSubmissions } from '#lib/domain/competitions/clock.ts';
import type { NewProposal } from '#lib/domain/proposals/types.ts';
import { clockText } from '#lib/domain/shared/moments.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId } from '#lib/server/platform/db/index.ts';
import { conflict, forbidden, notFound, type AppError } from '#lib/server/platform/errors.ts';
import { recordAct } from '../../audit/index.ts';
import { competitionById, type CompetitionView } from '../../competitions/index.ts';
import { applicantFacts } from '../applicants.ts';
import { idOf, nameOf, resourceOf } from '../access.ts';
import { consentDetail, consentOf, writesFor } from '../consent.ts';
import { knownFields } from '../known-fields.ts';
import { Proposal, type ProposalDocument } from '../model.ts';
import { ideaOf, prefill } from '../prefill.ts';
import { toView, type ProposalView } from '../view.ts';

/** Why a call takes no proposals now, with the time that matters; null while it does. */
export const refusedByTime = (competition: CompetitionView, at: Date): AppError | null => {
	if (takesSubmissions({ state: competition.storedState, timeline: competition.timeline }, at)) return null;
	const { opensAt, closesAt } = competition.timeline;
	if (competition.state === 'announced') return conflict('proposal_not_yet', { time: clockText(opensAt) });
	return conflict('proposal_late', { closed: clockText(closesAt), time: clockText(at) });
};

/** Refuses work on a call that takes no proposals now. */
export const mustTakeProposals = (competition: CompetitionView, at: Date): void => {
	const refusal = refusedByTime(competition, at);
	if (refusal) throw refusal;
};

/**
 * Starts a group's draft, filled in as far as the platform knows the group, and from one of its project ideas where
 * `idea` names one. Where one proposal each is the rule, a
 * second is refused (409 `proposal_exists` with the first one's id), however close two clicks are.
 */
export const createProposal = async (actor: Actor, competitionId: string, input: NewProposal): Promise<ProposalView> => {
	const competition = await competitionById(competitionId);
	const facts = await applicantFacts(input.organization);
	if (!can(actor, 'proposal.create', { organization: facts.id, station: facts.station, stationPath: facts.stationPath })) throw forbidden();
	if (competition.state === 'draft') throw notFound();
	const at = now();
	mustTakeProposals(competition, at);
	knownFields(competition, input);
	const proxy = writesFor(actor, facts.id);
	const consent = proxy ? consentOf(actor, input.consent, at) : null;
	const idea = input.idea === undefined ? null : await ideaOf(actor, facts.id, input.idea);
	const first = await prefill(actor, competition.tracks, facts, idea);
	const sole = competition.eligibility.onePerOrganization ? `${competitionId}:${facts.id}` : undefined;
	const document: ProposalDocument = {
		_id: newId(),
		competition: competitionId,
		station: facts.station,
		stationPath: facts.stationPath,
		organization: facts.id,
		organizationName: facts.name,
		...(sole ? { sole } : {}),
		number: null,
		seq: null,
		status: 'draft',
		title: input.title ?? idea?.title ?? '',
		track: input.track ?? (competition.tracks.length === 1 ? (competition.tracks[0]?.key ?? '') : ''),
		answers: { ...first.answers, ...input.answers },
		origins: Object.fromEntries(Object.entries(first.origins).filter(([key]) => input.answers?.[key] === undefined)),
		budget: input.budget ?? [],
		requested: input.requested ?? idea?.costFen ?? 0,
		selfRaised: input.selfRaised ?? 0,
		withinCharter: input.withinCharter ?? false,
		attachments: [],
		submissions: 0,
		submittedAt: null,
		settled: true,
		screening: [],
		createdAt: at,
		createdBy: idOf(actor),
		createdByName: nameOf(actor),
		proxy,
		consent,
		updatedAt: at,
		savedBy: {},
		outcome: null,
		version: 0
	};
	try {
		await Proposal.create(document);
	} catch (error) {
		if (!isDuplicateKey(error)) throw error;
		const standing = await Proposal.findOne({ sole }, { _id: 1 }).lean();
		throw conflict('proposal_exists', {}, { id: standing?._id.toHexString() ?? null });
	}
	const id = document._id.toHexString();
	await recordAct({
		chain: `competition:${competitionId}`,
		actor,
		action: 'proposal_created',
		subject: id,
		detail: { organization: facts.id, proxy, ...(proxy ? { consent: consentDetail(consent) } : {}) }
	});
	return toView(document, competition, { applicant: can(actor, 'proposal.readOwn', resourceOf(document)), organizer: false, unspoken: false });
};
