import { randomBytes } from 'node:crypto';
import type { Actor } from '#lib/domain/accounts/types.ts';
import { answerDue, closedBecause, receiptOf } from '#lib/domain/objections/rules.ts';
import { evidenceBytesMost, evidenceMost } from '#lib/domain/objections/schema.ts';
import type { ObjectionInput } from '#lib/domain/objections/types.ts';
import { now } from '#lib/server/platform/clock.ts';
import { isDuplicateKey, newId, toId } from '#lib/server/platform/db/index.ts';
import { AppError, conflict, invalidField, notFound } from '#lib/server/platform/errors.ts';
import { removeFile, storeFile, type StoredFile } from '#lib/server/platform/files.ts';
import { countTry, type Limit } from '#lib/server/platform/limits.ts';
import { hashSecret, newSecret } from '#lib/server/platform/secrets.ts';
import { recordAct } from '../../audit/index.ts';
import { competitionById } from '../../competitions/index.ts';
import { chainOf } from '../access.ts';
import { Objection, type ObjectionDocument } from '../objections-model.ts';
import { Result, type ResultDocument } from '../results-model.ts';

/** A neighbourhood centre may send several from one address; a machine may not send hundreds. */
const byAddress: Limit = { name: 'objection-address', points: 20, seconds: 3600 };

export type Evidence = { name: string; bytes: Uint8Array };
export type ObjectionReceipt = { receipt: string; secret: string; due: Date };

const evidenceKinds = /\.(?:pdf|jpe?g|png)$/i;

const checkEvidence = (files: readonly Evidence[]): void => {
	if (files.length > evidenceMost) throw invalidField('files', 'too_many', { max: evidenceMost });
	const odd = files.find(({ name }) => !evidenceKinds.test(name));
	if (odd) throw new AppError('unsupported_type', 'evidence_kind', { params: { name: odd.name } });
	if (files.reduce((sum, { bytes }) => sum + bytes.byteLength, 0) > evidenceBytesMost)
		throw new AppError('too_large', 'evidence_too_large', { params: { megabytes: evidenceBytesMost / 1024 / 1024 } });
};

/** The notice, if it still takes objections by the server's clock; otherwise 409 saying until when it did. */
const openNotice = async (id: string): Promise<{ result: ResultDocument; station: string }> => {
	const result = await Result.findById(toId(id)).lean();
	if (!result) throw notFound();
	const [competition, latest] = await Promise.all([
		competitionById(result.competition),
		Result.findOne({ competition: result.competition }, { n: 1 }).sort({ competition: 1, n: -1 }).lean()
	]);
	const closed = closedBecause(result, latest?.n ?? result.n, competition.state, now());
	if (closed) throw conflict(closed, { until: result.noticeUntil.toISOString(), n: latest?.n ?? result.n });
	return { result, station: competition.station };
};

const concerned = (result: ResultDocument, number: string): ObjectionDocument['proposal'] => {
	if (number === '') return null;
	const row = result.rows.find((one) => one.number.toLowerCase() === number.toLowerCase());
	if (!row) throw invalidField('proposal', 'objection_no_such_proposal');
	return { id: row.proposal, number: row.number, title: row.title, organization: row.organization, organizationName: row.organizationName };
};

const storeEvidence = async (files: readonly Evidence[], owner: string): Promise<StoredFile[]> => {
	const stored: StoredFile[] = [];
	try {
		for (const file of files) stored.push(await storeFile(file, owner));
		return stored;
	} catch (error) {
		await dropEvidence(stored);
		throw error;
	}
};

const dropEvidence = async (files: readonly StoredFile[]): Promise<void> => {
	for (const { id } of files) await removeFile(id);
};

const sameObjection = (a: ObjectionDocument, b: ObjectionDocument): boolean =>
	a.notice === b.notice && a.text === b.text && a.name === b.name && a.contact === b.contact;

/**
 * Takes an objection to a running notice from anybody, signed in or not, and answers a receipt. `key` is a secret the
 * form was shown with: the same objection sent twice under it is one. Refusals: 429 when an address sends too many, 409
 * after the window (`objection_window_closed`, with its end) or for a notice that was superseded, 413 and 415 for evidence.
 */
export const fileObjection = async (
	_actor: Actor,
	noticeId: string,
	input: ObjectionInput,
	from: { address: string; key?: string; files?: readonly Evidence[] }
): Promise<ObjectionReceipt> => {
	await countTry(byAddress, from.address);
	const { result, station } = await openNotice(noticeId);
	const proposal = concerned(result, input.proposal);
	const evidence = from.files ?? [];
	checkEvidence(evidence);
	const _id = newId();
	const files = await storeEvidence(evidence, `objection:${_id.toHexString()}`);
	const receivedAt = now();
	const base: Omit<ObjectionDocument, 'receipt' | 'secretHash'> = {
		_id,
		competition: result.competition,
		station,
		notice: noticeId,
		n: result.n,
		proposal,
		name: input.name,
		contact: input.contact,
		disclose: input.disclose,
		text: input.text,
		files,
		receivedAt,
		due: answerDue(receivedAt),
		status: 'received',
		committee: [],
		convenedAt: null,
		statements: [],
		votes: [],
		answer: null,
		correction: null,
		version: 0
	};
	let secret = from.key && /^[\w-]{40,60}$/.test(from.key) ? from.key : newSecret();
	for (;;) {
		const objection = { ...base, receipt: receiptOf(randomBytes(8)), secretHash: hashSecret(secret) };
		try {
			await Objection.create(objection);
		} catch (error) {
			if (!isDuplicateKey(error)) throw error;
			const known = await Objection.findOne({ secretHash: objection.secretHash }).lean();
			if (known && sameObjection(known, objection)) {
				await dropEvidence(files);
				return { receipt: known.receipt, secret, due: known.due };
			}
			// Another objection under a form that was shown twice gets a secret of its own.
			if (known) secret = newSecret();
			continue;
		}
		await recordAct({
			chain: chainOf(result.competition),
			actor: { kind: 'anonymous' },
			action: 'objection_received',
			subject: _id.toHexString(),
			detail: { receipt: objection.receipt, notice: result.n, proposal: proposal?.number ?? null, evidence: files.map(({ digest }) => digest) }
		});
		return { receipt: objection.receipt, secret, due: objection.due };
	}
};
