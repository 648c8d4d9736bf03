import type { GateName } from '#lib/domain/organizations/lifecycle.ts';
import type { Category, Filing, OrganizationStatus, Stage } from '#lib/domain/organizations/types.ts';
import { packCursor, toId, unpackCursor, type Page, type PageInput, type QueryFilter } from '#lib/server/platform/db/index.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import { hashSecret } from '#lib/server/platform/secrets.ts';
import { stationById, stationsByIds } from '../../stations/index.ts';
import { maskPhone } from '../access.ts';
import { searchText } from '../codes.ts';
import { Organization, type OrganizationDocument } from '../model.ts';
import { Activity } from '../records-model.ts';

/** What strangers may know of an organization: no people, no phones. */
export type PublicOrganization = {
	code: string;
	name: string;
	category: Category;
	purpose: string;
	status: OrganizationStatus;
	stage: Stage;
	atGraduation: boolean;
	memberCount: number;
	station: { name: string; slug: string };
	communities: string[];
};

const shown = {
	code: 1, name: 1, category: 1, purpose: 1, status: 1, stage: 1, atGraduation: 1, memberCount: 1, station: 1, communities: 1
} as const;

const publicViews = async (rows: OrganizationDocument[]): Promise<PublicOrganization[]> => {
	const stations = await stationsByIds(rows.map(({ station }) => station));
	return rows.map((row) => {
		const station = stations.get(row.station);
		return {
			code: row.code,
			name: row.name,
			category: row.category,
			purpose: row.purpose,
			status: row.status,
			stage: row.stage,
			atGraduation: row.atGraduation,
			memberCount: row.memberCount,
			station: { name: station?.name ?? '', slug: station?.slug ?? '' },
			communities: row.communities.map((key) => station?.communities.find((item) => item.key === key)?.name ?? key)
		};
	});
};

/** Public organizations by name; strangers see those in incubation and those graduated. */
export const listPublicOrganizations = async (
	query: { q?: string; category?: Category; station?: string } & PageInput
): Promise<Page<PublicOrganization>> => {
	const q = query.q ? searchText(query.q) : '';
	const after = query.cursor ? unpackCursor(query.cursor, 2).map(String) : null;
	const conditions: QueryFilter<OrganizationDocument>[] = [{ listed: true }];
	if (query.station) conditions.push({ stationPath: query.station });
	if (query.category) conditions.push({ category: query.category });
	if (q) conditions.push({ searchKeys: { $elemMatch: { $gte: q, $lt: `${q}\uffff` } } });
	if (after) conditions.push({ $or: [{ name: { $gt: after[0] ?? '' } }, { name: after[0] ?? '', _id: { $gt: toId(after[1] ?? '') } }] });
	const rows = await Organization.find({ $and: conditions }, shown)
		.sort({ name: 1, _id: 1 })
		.limit(query.limit + 1)
		.lean();
	const items = rows.slice(0, query.limit);
	const last = items.at(-1);
	return {
		items: await publicViews(items as OrganizationDocument[]),
		next: rows.length > query.limit && last ? packCursor([last.name, last._id.toHexString()]) : null
	};
};

/** A step everybody may know of: no people, no reasons. */
export type Milestone = { code: 'accepted' | 'gate_approved' | 'graduated' | 'award_published'; at: Date; gate: GateName | null; title: string };
const isMilestone = (action: string): action is Milestone['code'] =>
	action === 'accepted' || action === 'gate_approved' || action === 'graduated' || action === 'award_published';

/** The public page of an organization: what it is for and what it did lately. 404 unless it is active. */
export const publicOrganization = async (
	code: string
): Promise<PublicOrganization & { id: string; foundedOn: string; filing: Filing; recent: { title: string; heldOn: string; attendances: number }[]; milestones: Milestone[] }> => {
	const row = await Organization.findOne({ code, status: { $in: ['incubating', 'graduated'] } }, { ...shown, foundedOn: 1, filing: 1, history: 1 }).lean();
	if (!row) throw notFound();
	const id = row._id.toHexString();
	const [[view], recent] = await Promise.all([
		publicViews([row as OrganizationDocument]),
		Activity.find({ organization: id, deletedAt: null }, { title: 1, heldOn: 1, kind: 1, attendees: 1, guests: 1 })
			.sort({ heldOn: -1, _id: -1 })
			.limit(20)
			.lean()
	]);
	if (!view) throw notFound();
	return {
		...view,
		id,
		foundedOn: row.foundedOn,
		filing: row.filing,
		milestones: row.history
			.flatMap(({ action, at, gate, detail }): Milestone[] => (isMilestone(action) ? [{ code: action, at, gate, title: String(detail.title ?? '') }] : []))
			.sort((a, b) => a.at.getTime() - b.at.getTime()),
		recent: recent
			.filter(({ kind }) => kind === 'activity')
			.slice(0, 6)
			.map(({ title, heldOn, attendees, guests }) => ({ title, heldOn, attendances: attendees.length + guests }))
	};
};

/** How many organizations are active, in all or below a station. */
export const countPublicOrganizations = async (station?: string): Promise<{ incubating: number; graduated: number }> => {
	const below = station ? { stationPath: station } : {};
	const [incubating, graduated] = await Promise.all([
		Organization.countDocuments({ ...below, status: 'incubating' }),
		Organization.countDocuments({ ...below, status: 'graduated' })
	]);
	return { incubating, graduated };
};

/** What the holder of a receipt sees of the application: where it stands, and all that was typed. */
export type ReceiptView = {
	code: string;
	name: string;
	status: OrganizationStatus;
	at: Date;
	reason: string;
	stationName: string;
	stationPhone: string;
	communities: { key: string; name: string }[];
	category: Category;
	purpose: string;
	community: string;
	foundedOn: string;
	memberCount: number;
	applicantName: string;
	/** Masked while nothing needs correcting. */
	applicantPhone: string;
	version: number;
};

/** Opens an application by its receipt's secret. */
export const applicationByReceipt = async (receipt: string): Promise<ReceiptView> => {
	const found = await Organization.findOne({ receiptHash: hashSecret(receipt) }).lean();
	if (!found) throw notFound();
	const station = await stationById(found.station);
	const last = found.history.filter(({ action }) => action === 'application_returned' || action === 'declined').at(-1);
	return {
		code: found.code,
		name: found.name,
		status: found.status,
		at: found.applicant.at,
		reason: found.status === 'returned' || found.status === 'declined' ? (last?.reason ?? '') : '',
		stationName: station.name,
		stationPhone: station.phone,
		communities: station.communities.map(({ key, name }) => ({ key, name })),
		category: found.category,
		purpose: found.purpose,
		community: found.communities[0] ?? '',
		foundedOn: found.foundedOn,
		memberCount: found.applicant.memberCount,
		applicantName: found.applicant.name,
		applicantPhone: found.status === 'returned' ? found.applicant.phone : maskPhone(found.applicant.phone),
		version: found.version
	};
};
