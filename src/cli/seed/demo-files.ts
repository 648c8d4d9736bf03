import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { grantSchema } from '#lib/domain/accounts/schema.ts';
import { competitionSettingsSchema, competitionStates } from '#lib/domain/competitions/schema.ts';
import { judgingSeedSchema } from '#lib/server/modules/judging/index.ts';
import { groupToolsSeedSchema, organizationSeedSchema } from '#lib/server/modules/organizations/index.ts';
import { proposalDraftSchema, proposalStatuses } from '#lib/domain/proposals/schema.ts';
import { newStationSchema } from '#lib/domain/stations/schema.ts';

const key = z.string().min(1).max(80);
const moment = z.object({ day: z.int(), time: z.string().regex(/^\d{2}:\d{2}$/).optional() });

const stationFile = z.array(newStationSchema.extend({ key, parent: key.nullable() }));

const accountFile = z.array(
	z.object({
		key,
		name: z.string(),
		phone: z.string(),
		email: z.string().optional(),
		employer: z.string().optional(),
		household: z.string().optional(),
		grants: z.array(grantSchema.omit({ scopeId: true }).extend({ scope: key.nullable() }))
	})
);

const proposalSeed = proposalDraftSchema.partial().extend({
	key,
	organization: key,
	status: z.enum(proposalStatuses),
	createdDay: z.int().optional(),
	submittedDay: z.int().optional(),
	time: z.string().optional(),
	/** Its name, and where its bytes are in the folder of files. */
	attachments: z.array(z.object({ name: z.string(), file: z.string().regex(/^[\w-]+\.(?:pdf|png|jpg)$/) })).optional(),
	screening: z
		.object({
			by: key,
			day: z.int(),
			outcome: z.enum(['pass', 'return', 'reject']),
			checklist: z.record(z.string(), z.boolean()),
			reason: z.string(),
			correctByDay: z.int().optional()
		})
		.optional()
});

const competitionFile = competitionSettingsSchema
	.omit({ timeline: true, eligibility: true })
	.extend({
		station: key,
		state: z.enum(competitionStates),
		timeline: z.object({
			announcesAt: moment.nullable(),
			opensAt: moment,
			closesAt: moment,
			graceSeconds: z.int(),
			scoringUntil: moment.nullable()
		}),
		eligibility: competitionSettingsSchema.shape.eligibility.omit({ catchment: true }).extend({ catchment: z.array(key) }),
		transitions: z.array(z.object({ to: z.enum(competitionStates), day: z.int(), by: key, reason: z.string() })),
		proposals: z.array(proposalSeed)
	})
	.and(judgingSeedSchema);

export type CompetitionSeed = z.infer<typeof competitionFile>;
export type ProposalSeed = z.infer<typeof proposalSeed>;

const read = <Schema extends z.ZodType>(schema: Schema, ...path: string[]): z.output<Schema> => {
	const file = join(...path);
	const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
	if (parsed.success) return parsed.data;
	const [first] = parsed.error.issues;
	throw new Error(`${file}: ${first ? `${first.path.join('.')}: ${first.message}` : 'not as expected'}`);
};

/** All demo data, checked against the schemas; throws naming file and place of the first fault. */
export const readDemoFiles = (folder: string) => ({
	stations: read(stationFile, folder, 'stations.json'),
	accounts: read(accountFile, folder, 'accounts.json'),
	organizations: readdirSync(join(folder, 'organizations'))
		.filter((name) => name.endsWith('.json'))
		.sort()
		.flatMap((name) => read(z.array(organizationSeedSchema), folder, 'organizations', name)),
	groupTools: read(groupToolsSeedSchema, folder, 'group-tools.json'),
	fileBytes: (name: string): Uint8Array => readFileSync(join(folder, 'files', name)),
	competitions: ['autumn', 'winter', 'summer', 'spring'].map((name) => read(competitionFile, folder, 'competitions', `${name}.json`))
});

export type DemoFiles = ReturnType<typeof readDemoFiles>;
