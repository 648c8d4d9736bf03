import type { Actor } from '#lib/domain/accounts/types.ts';
import { closedBecause, comparableContact, isOpen, tally, tidyReceipt, unheard, type Tally } from '#lib/domain/objections/rules.ts';
import type { ObjectionStatus, Side, Vote } from '#lib/domain/objections/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { forbidden, invalidField, notFound } from '#lib/server/platform/errors.ts';
import { openFile, type StoredFile } from '#lib/server/platform/files.ts';
import { countTry, type Limit } from '#lib/server/platform/limits.ts';
import { hashSecret, sameDigest } from '#lib/server/platform/secrets.ts';
import { competitionById, competitionBySlug } from '../../competitions/index.ts';
import { competitionFor } from '../access.ts';
import { Objection, type ObjectionDocument, type Statement } from '../objections-model.ts';
import { Result } from '../results-model.ts';
import { objectionFor, type Standing } from './access.ts';
import { candidatesFor, type Candidate } from './committee.ts';

/** What became of an objection, as everybody may read it: never who objected, nor their words. */
export type PublicObjection = {
	n: number;
	receivedAt: Date;
	about: { number: string; title: string } | null;
	status: ObjectionStatus;
	summary: string;
	answer: string;
	answeredAt: Date | null;
	votes: { uphold: number; reject: number } | null;
};

const toPublicObjection = (objection: ObjectionDocument): PublicObjection => ({
	n: objection.n,
	receivedAt: objection.receivedAt,
	about: objection.proposal && { number: objection.proposal.number, title: objection.proposal.title },
	status: objection.status,
	summary: objection.answer?.summary ?? '',
	answer: objection.answer?.text ?? '',
	answeredAt: objection.answer?.at ?? null,
	votes: objection.answer && {
		uphold: objection.votes.filter(({ uphold }) => uphold).length,
		reject: objection.votes.filter(({ uphold }) => !uphold).length
	}
});

// While a notice runs its page is looked at a lot; what was just received may show three seconds later.
const freshMs = 3000;
const kept = new Map<string, { at: number; objections: Promise<PublicObjection[]> }>();

/** The objections to a competition's notices, oldest first, for the public page. */
export const publicObjections = (competition: string): Promise<PublicObjection[]> => {
	const known = kept.get(competition);
	if (known && Date.now() - known.at < freshMs) return known.objections;
	if (kept.size >= 100) kept.clear();
	const objections = readPublic(competition);
	kept.set(competition, { at: Date.now(), objections });
	objections.catch(() => kept.delete(competition));
	return objections;
};

const readPublic = async (competition: string): Promise<PublicObjection[]> => {
	const found = await Objection.find({ competition }).sort({ competition: 1, receivedAt: -1, _id: -1 }).limit(100).lean();
	return found.reverse().map(toPublicObjection);
};

/** The notice people may object to now, with what they can name; `closed` says why they cannot. 404 without any notice. */
export const noticeToObjectTo = async (
	slug: string
): Promise<{ id: string; n: number; title: string; until: Date; closed: string | null; proposals: { number: string; title: string }[] }> => {
	const competition = await competitionBySlug(slug);
	const latest = await Result.findOne({ competition: competition.id }).sort({ competition: 1, n: -1 }).lean();
	if (!latest) throw notFound();
	return {
		id: latest._id.toHexString(),
		n: latest.n,
		title: competition.title,
		until: latest.noticeUntil,
		closed: closedBecause(latest, latest.n, competition.state, now()),
		proposals: latest.rows.map(({ number, title }) => ({ number, title }))
	};
};

/** An objection as the one who made it follows it. */
export type TrackedObjection = {
	receipt: string;
	competition: { title: string; slug: string };
	about: { number: string; title: string } | null;
	text: string;
	files: { name: string; bytes: number }[];
	receivedAt: Date;
	due: Date;
	status: ObjectionStatus;
	convenedAt: Date | null;
	answer: { text: string; at: Date } | null;
	correction: { text: string; at: Date } | null;
	/** Number of the notice that superseded the one objected to, once there is one. */
	supersededBy: number | null;
};

/** The objection of a receipt number, for whoever holds the secret of its link; 404 for everybody else. */
export const trackObjection = async (receipt: string, secret: string): Promise<TrackedObjection> => {
	const found = await Objection.findOne({ receipt: tidyReceipt(receipt) }).lean();
	if (!found || !sameDigest(found.secretHash, hashSecret(secret))) throw notFound();
	return toTracked(found);
};

const lookUps: Limit = { name: 'objection-lookup', points: 10, seconds: 900 };

/**
 * The same for whoever has lost the link: by the receipt number together with the contact left with the objection. Both
 * wrong and either wrong answer alike; an address, and a number, may be tried ten times in a quarter of an hour.
 */
export const lookUpObjection = async (input: { receipt: string; contact: string }, address: string): Promise<TrackedObjection> => {
	const receipt = tidyReceipt(input.receipt);
	await countTry(lookUps, address);
	await countTry(lookUps, receipt);
	const found = await Objection.findOne({ receipt }).lean();
	const given = comparableContact(input.contact);
	if (!found || given === '' || comparableContact(found.contact) !== given) throw invalidField('receipt', 'objection_not_found');
	return toTracked(found);
};

const toTracked = async (found: ObjectionDocument): Promise<TrackedObjection> => {
	const [competition, latest] = await Promise.all([
		competitionById(found.competition),
		Result.findOne({ competition: found.competition }, { n: 1 }).sort({ competition: 1, n: -1 }).lean()
	]);
	return {
		receipt: found.receipt,
		competition: { title: competition.title, slug: competition.slug },
		about: found.proposal && { number: found.proposal.number, title: found.proposal.title },
		text: found.text,
		files: found.files.map(({ name, bytes }) => ({ name, bytes })),
		receivedAt: found.receivedAt,
		due: found.due,
		status: found.status,
		convenedAt: found.convenedAt,
		answer: found.answer && { text: found.answer.text, at: found.answer.at },
		correction: found.correction && { text: found.correction.text, at: found.correction.at },
		supersededBy: latest && latest.n > found.n ? latest.n : null
	};
};

/** A line of the organizers' list. */
export type ObjectionRow = {
	id: string;
	receipt: string;
	n: number;
	about: { number: string; title: string } | null;
	status: ObjectionStatus;
	receivedAt: Date;
	due: Date;
	tally: Tally;
	corrected: boolean;
};

/** The objections of a competition, newest first, for those who run or oversee it. */
export const listObjections = async (actor: Actor, competitionId: string): Promise<ObjectionRow[]> => {
	const competition = await competitionFor(actor, competitionId, 'objection.read');
	const found = await Objection.find({ competition: competition.id }).sort({ competition: 1, receivedAt: -1, _id: -1 }).limit(200).lean();
	return found.map((objection) => ({
		id: objection._id.toHexString(),
		receipt: objection.receipt,
		n: objection.n,
		about: objection.proposal && { number: objection.proposal.number, title: objection.proposal.title },
		status: objection.status,
		receivedAt: objection.receivedAt,
		due: objection.due,
		tally: tally(objection.committee.map(({ user }) => user), objection.votes),
		corrected: objection.correction !== null
	}));
};

/** An objection as staff, committee and the organization concerned see it; what is not theirs to see is empty. */
export type ObjectionView = {
	id: string;
	receipt: string;
	competition: { id: string; title: string; slug: string; state: string };
	n: number;
	about: { number: string; title: string; organizationName: string } | null;
	text: string;
	/** Null where the objector stays unknown to the reader. */
	objector: { name: string; contact: string } | null;
	files: StoredFile[];
	receivedAt: Date;
	due: Date;
	status: ObjectionStatus;
	open: boolean;
	committee: { user: string; name: string }[];
	statements: Statement[];
	unheard: Side[];
	votes: Vote[];
	tally: Tally;
	answer: ObjectionDocument['answer'];
	correction: ObjectionDocument['correction'];
	candidates: Candidate[];
	standing: Standing;
	myVote: Vote | null;
	version: number;
};

/** One objection; 404 for everybody without a part in it. */
export const readObjection = async (actor: Actor, id: string): Promise<ObjectionView> => {
	const { objection, competition, standing } = await objectionFor(actor, id);
	const inside = standing.reads || standing.sits;
	const open = isOpen(objection.status);
	const naming = standing.organizes && open && objection.votes.length === 0;
	return {
		id,
		receipt: objection.receipt,
		competition: { id: competition.id, title: competition.title, slug: competition.slug, state: competition.state },
		n: objection.n,
		about: objection.proposal && {
			number: objection.proposal.number,
			title: objection.proposal.title,
			organizationName: objection.proposal.organizationName
		},
		text: objection.text,
		objector:
			inside || objection.disclose ? { name: objection.name, contact: inside ? objection.contact : '' } : null,
		files: inside ? objection.files : [],
		receivedAt: objection.receivedAt,
		due: objection.due,
		status: objection.status,
		open,
		committee: objection.committee,
		statements: inside ? objection.statements : objection.statements.filter(({ side }) => side === 'organization'),
		unheard: unheard(objection.proposal !== null, objection.statements),
		votes: inside ? objection.votes : [],
		tally: inside ? tally(objection.committee.map(({ user }) => user), objection.votes) : { uphold: 0, reject: 0, open: 0, outcome: null },
		answer: objection.answer,
		correction: objection.correction,
		candidates: naming ? await candidatesFor(competition, objection) : [],
		standing,
		myVote: (standing.sits && actor.kind === 'user' && objection.votes.find(({ user }) => user === actor.id)) || null,
		version: objection.version
	};
};

/** Opens a piece of evidence, for organizers and the committee. */
export const openEvidence = async (actor: Actor, id: string, file: string): Promise<Awaited<ReturnType<typeof openFile>>> => {
	const { objection, standing } = await objectionFor(actor, id);
	if (!standing.reads && !standing.sits) throw forbidden();
	if (!objection.files.some((one) => one.id === file)) throw notFound();
	return openFile(file, `objection:${id}`);
};
