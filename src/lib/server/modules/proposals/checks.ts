import type { EligibilityResult } from '#lib/domain/competitions/eligibility.ts';
import { checkApplicant, checkContent, eligibilityFindings } from '#lib/domain/proposals/check.ts';
import type { ProposalDraft } from '#lib/domain/proposals/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import type { CompetitionView } from '../competitions/index.ts';
import type { ApplicantFacts } from './applicants.ts';
import { Proposal, Sanction } from './model.ts';
import type { ProposalCheck } from './view.ts';

const yearOf = (moment: Date): number => new Date(moment.getTime() + 8 * 3_600_000).getUTCFullYear();

/** Checks what is written; no read is needed, so every save can afford it. */
export const checkWritten = (competition: CompetitionView, draft: ProposalDraft): ProposalCheck => {
	const { findings, total } = checkContent(competition, draft);
	return { findings, total, ready: !findings.some(({ severity }) => severity === 'block') };
};

/** The rules of eligibility against the group's record: stage, filing, place, earlier awards, sanctions. */
export const checkOrganization = async (competition: CompetitionView, facts: ApplicantFacts, ownProposal: string | null): Promise<EligibilityResult[]> => {
	const [others, awards, sanction] = await Promise.all([
		Proposal.find({ competition: competition.id, organization: facts.id, status: { $ne: 'withdrawn' } }, { _id: 1 })
			.limit(20)
			.lean(),
		Proposal.find({ organization: facts.id, 'outcome.kind': 'fund' }, { outcome: 1 }).limit(100).lean(),
		Sanction.findOne({ organization: facts.id }).sort({ until: -1 }).lean()
	]);
	return checkApplicant(competition.eligibility, competition.station, {
		stage: facts.status === 'graduated' ? 'graduated' : facts.status === 'incubating' ? facts.stage : null,
		filing: facts.filing,
		hasHostOrganization: facts.host !== '',
		category: facts.category,
		stationPath: facts.stationPath,
		otherProposals: others.filter(({ _id }) => _id.toHexString() !== ownProposal).length,
		awardYears: awards.flatMap(({ outcome }) => (outcome ? [yearOf(outcome.at)] : [])),
		competitionYear: yearOf(competition.timeline.opensAt),
		sanctionUntil: sanction?.until.toISOString() ?? null,
		now: now().toISOString()
	});
};

/** Everything that decides whether a proposal may be submitted. */
export const checkAll = async (
	competition: CompetitionView,
	draft: ProposalDraft,
	facts: ApplicantFacts,
	ownProposal: string | null
): Promise<ProposalCheck & { eligibility: EligibilityResult[] }> => {
	const eligibility = await checkOrganization(competition, facts, ownProposal);
	const written = checkWritten(competition, draft);
	const findings = [...eligibilityFindings(eligibility), ...written.findings];
	return { findings, total: written.total, ready: !findings.some(({ severity }) => severity === 'block'), eligibility };
};
