import { z } from 'zod';
import {
	activitySchema,
	applicationDecisionSchema,
	applicationSchema,
	assessmentSchema,
	attestationSchema,
	categories,
	dimensions,
	filings,
	gateDecisionSchema,
	meetingSchema,
	memberSchema,
	mentorsSchema,
	organizationPatchSchema,
	stages,
	statusChangeSchema,
	statuses
} from '#lib/domain/organizations/schema.ts';
import { can } from '#lib/domain/accounts/policy.ts';
import { versionSchema } from '#lib/domain/shared/fields.ts';
import {
	addMember,
	applyForIncubation,
	assess,
	assignMentors,
	attestCriterion,
	changeStatus,
	decideApplication,
	decideGate,
	editActivity,
	editMeeting,
	editMember,
	editOrganization,
	listActivities,
	listAssessments,
	listMeetings,
	listMembers,
	listOrganizations,
	organizationGate,
	organizationListSchema,
	organizationTimeline,
	readOrganization,
	recordActivity,
	recordMeeting,
	setActivityRemoved,
	setMeetingRemoved
} from '#lib/server/modules/organizations/index.ts';
import { pageSchema } from '#lib/server/platform/db/index.ts';
import { conflict } from '#lib/server/platform/errors.ts';
import { operation } from '../api.ts';
import { clientAddress } from '../session-handle.ts';
import { createdSchema, listSchema } from './shapes.ts';

const moment = z.iso.datetime();
const person = z.object({ id: z.string(), name: z.string() }).nullable();
const gateNames = z.enum([...stages, 'graduation']);
const words = z.object({ 'zh-CN': z.string(), en: z.string() });

const organizationShape = z.object({
	id: z.string(),
	code: z.string(),
	name: z.string(),
	category: z.enum(categories),
	station: z.string(),
	stationName: z.string(),
	communities: z.array(z.string()),
	purpose: z.string(),
	status: z.enum(statuses),
	statusSince: moment,
	stage: z.enum(stages),
	gate: gateNames,
	stageSince: moment,
	filing: z.enum(filings),
	filingNumber: z.string(),
	host: z.string(),
	mentor: person,
	secondMentor: person,
	applicant: z.object({ name: z.string(), phone: z.string(), memberCount: z.number(), at: moment, enteredBy: z.string().nullable() }),
	memberCount: z.number(),
	lastEvidenceAt: moment,
	version: z.number()
});

const gateShape = z.object({
	gate: gateNames,
	stage: z.enum(stages),
	criteria: z.array(
		z.object({
			key: z.string(),
			kind: z.enum(['measured', 'attested']),
			label: words,
			met: z.boolean(),
			figure: z.number().nullable(),
			target: z.number(),
			recordable: z.boolean(),
			waived: z.object({ by: z.string(), at: moment, reason: z.string() }).nullable(),
			evidence: z.array(z.object({ kind: z.string(), id: z.string(), label: z.string() }))
		})
	),
	passes: z.boolean(),
	proposal: z.object({ by: z.string(), at: moment, reason: z.string() }).nullable(),
	version: z.number()
});

const levels = z.object(Object.fromEntries(dimensions.map((key) => [key, z.number()])) as Record<(typeof dimensions)[number], z.ZodNumber>);
const overallShape = z.object({ overall: z.number(), mean: z.number(), cap: z.number(), capped: z.boolean(), capBy: z.string() });
const assessmentShape = overallShape.extend({
	id: z.string(),
	by: z.enum(['self', 'station']),
	author: z.string(),
	at: moment,
	levels,
	notes: z.record(z.string(), z.string())
});
const versioned = { id: z.string(), version: z.number() };
const memberShape = memberSchema.extend({ ...versioned, hasAccount: z.boolean() });
const activityShape = z.object({ ...activitySchema.shape, ...versioned, attendances: z.number(), enteredBy: z.string() });
const meetingShape = z.object({ ...meetingSchema.shape, ...versioned, quorum: z.number(), quorate: z.boolean(), enteredBy: z.string() });
const eventShape = z.object({ id: z.string(), at: moment, code: z.string(), who: z.string(), title: z.string(), reason: z.string() });

const id = ({ id = '' }: Record<string, string>): string => id;

export const organizationOperations = {
	list: operation({
		method: 'GET',
		path: '/organizations',
		summary: 'Organizations the caller may see; conditions apply together',
		query: organizationListSchema,
		answer: listSchema(organizationShape),
		run: ({ actor, query }) => listOrganizations(actor, query)
	}),
	create: operation({
		method: 'POST',
		path: '/organizations',
		summary: 'Apply for incubation; by a worker of the station it is an entry for the group',
		status: 201,
		idempotent: true,
		body: applicationSchema,
		answer: organizationShape,
		run: async ({ actor, body, event }) => {
			const proxy = can(actor, 'organization.enterFor', { station: body.station });
			const { id: made, already } = await applyForIncubation(actor, body, { address: clientAddress(event), proxy });
			// Somebody else's application stays theirs, however well the caller knows its name and number.
			if (already) return readOrganization(actor, made).catch(() => Promise.reject(conflict('application_exists')));
			// The rights of a leader begin with this call; the caller's own are older.
			return readOrganization(proxy ? actor : withLeader(actor, made), made);
		}
	}),
	read: operation({
		method: 'GET',
		path: '/organizations/{id}',
		summary: 'One organization',
		answer: organizationShape,
		run: ({ actor, params }) => readOrganization(actor, id(params))
	}),
	edit: operation({
		method: 'PATCH',
		path: '/organizations/{id}',
		summary: 'Change what an organization says of itself; absent fields stay',
		body: organizationPatchSchema,
		answer: organizationShape,
		run: ({ actor, params, body }) => editOrganization(actor, id(params), body)
	}),
	decideApplication: operation({
		method: 'POST',
		path: '/organizations/{id}/application',
		summary: 'Accept, return or decline an application',
		body: applicationDecisionSchema,
		answer: organizationShape,
		run: ({ actor, params, body }) => decideApplication(actor, id(params), body)
	}),
	mentors: operation({
		method: 'POST',
		path: '/organizations/{id}/mentors',
		summary: 'Name the two people who look after an organization',
		body: mentorsSchema,
		answer: organizationShape,
		run: ({ actor, params, body }) => assignMentors(actor, id(params), body)
	}),
	status: operation({
		method: 'POST',
		path: '/organizations/{id}/status',
		summary: 'Put an organization to sleep, let it go, or take it up again',
		body: statusChangeSchema,
		answer: organizationShape,
		run: ({ actor, params, body }) => changeStatus(actor, id(params), body)
	}),
	gate: operation({
		method: 'GET',
		path: '/organizations/{id}/gate',
		summary: 'The gate an organization stands at, with figures and the records behind them',
		answer: gateShape,
		run: async ({ actor, params }) => {
			const [organization, gate] = await Promise.all([readOrganization(actor, id(params)), organizationGate(actor, id(params))]);
			return { stage: organization.stage, ...gate };
		}
	}),
	decideGate: operation({
		method: 'POST',
		path: '/organizations/{id}/gate/decisions',
		summary: 'Propose, withdraw, approve, return, waive a criterion or go back a stage',
		status: 201,
		idempotent: true,
		body: gateDecisionSchema,
		answer: organizationShape,
		run: ({ actor, params, body }) => decideGate(actor, id(params), body)
	}),
	attest: operation({
		method: 'POST',
		path: '/organizations/{id}/attestations',
		summary: 'Confirm a criterion that cannot be measured, with what proves it',
		status: 201,
		idempotent: true,
		body: attestationSchema,
		answer: organizationShape,
		run: ({ actor, params, body }) => attestCriterion(actor, id(params), body)
	}),
	assessments: operation({
		method: 'GET',
		path: '/organizations/{id}/assessments',
		summary: 'Maturity assessments, newest first',
		query: pageSchema,
		answer: listSchema(assessmentShape),
		run: ({ actor, params, query }) => listAssessments(actor, id(params), query)
	}),
	assess: operation({
		method: 'POST',
		path: '/organizations/{id}/assessments',
		summary: 'Assess maturity for the group itself or for the station',
		status: 201,
		idempotent: true,
		body: assessmentSchema,
		answer: overallShape.extend({ id: z.string() }),
		run: ({ actor, params, body }) => assess(actor, id(params), body)
	}),
	history: operation({
		method: 'GET',
		path: '/organizations/{id}/history',
		summary: 'What happened, newest first',
		query: pageSchema,
		answer: listSchema(eventShape),
		run: ({ actor, params, query }) => organizationTimeline(actor, id(params), query)
	}),
	members: operation({
		method: 'GET',
		path: '/organizations/{id}/members',
		summary: 'The roster: present members first',
		query: pageSchema,
		answer: listSchema(memberShape),
		run: ({ actor, params, query }) => listMembers(actor, id(params), query)
	}),
	addMember: operation({
		method: 'POST',
		path: '/organizations/{id}/members',
		summary: 'Put a person on the roster',
		status: 201,
		idempotent: true,
		body: memberSchema,
		answer: createdSchema,
		run: ({ actor, params, body }) => addMember(actor, id(params), body)
	}),
	editMember: operation({
		method: 'PUT',
		path: '/organizations/{id}/members/{member}',
		summary: 'Change a line of the roster; a day in leftOn lets the person go',
		body: memberSchema.extend({ version: versionSchema }),
		run: ({ actor, params, body: { version, ...member } }) => editMember(actor, id(params), params.member ?? '', member, version)
	}),
	activities: operation({
		method: 'GET',
		path: '/organizations/{id}/activities',
		summary: 'What took place, newest first',
		query: pageSchema,
		answer: listSchema(activityShape),
		run: ({ actor, params, query }) => listActivities(actor, id(params), query)
	}),
	recordActivity: operation({
		method: 'POST',
		path: '/organizations/{id}/activities',
		summary: 'Record something that took place',
		status: 201,
		idempotent: true,
		body: activitySchema,
		answer: createdSchema,
		run: ({ actor, params, body }) => recordActivity(actor, id(params), body)
	}),
	editActivity: operation({
		method: 'PUT',
		path: '/organizations/{id}/activities/{activity}',
		summary: 'Correct a recorded activity',
		body: activitySchema.and(z.object({ version: versionSchema })),
		run: ({ actor, params, body: { version, ...activity } }) =>
			editActivity(actor, id(params), params.activity ?? '', activity, version)
	}),
	removeActivity: operation({
		method: 'DELETE',
		path: '/organizations/{id}/activities/{activity}',
		summary: 'Take a recorded activity back; it can be restored on its page',
		run: ({ actor, params }) => setActivityRemoved(actor, id(params), params.activity ?? '', true)
	}),
	meetings: operation({
		method: 'GET',
		path: '/organizations/{id}/meetings',
		summary: 'Meetings with what came of each motion, newest first',
		query: pageSchema,
		answer: listSchema(meetingShape),
		run: ({ actor, params, query }) => listMeetings(actor, id(params), query)
	}),
	recordMeeting: operation({
		method: 'POST',
		path: '/organizations/{id}/meetings',
		summary: 'Record a meeting with its votes; outcomes are computed',
		status: 201,
		idempotent: true,
		body: meetingSchema,
		answer: createdSchema,
		run: ({ actor, params, body }) => recordMeeting(actor, id(params), body)
	}),
	editMeeting: operation({
		method: 'PUT',
		path: '/organizations/{id}/meetings/{meeting}',
		summary: 'Correct a recorded meeting',
		body: meetingSchema.and(z.object({ version: versionSchema })),
		run: ({ actor, params, body: { version, ...meeting } }) => editMeeting(actor, id(params), params.meeting ?? '', meeting, version)
	}),
	removeMeeting: operation({
		method: 'DELETE',
		path: '/organizations/{id}/meetings/{meeting}',
		summary: 'Take a recorded meeting back; it can be restored on its page',
		run: ({ actor, params }) => setMeetingRemoved(actor, id(params), params.meeting ?? '', true)
	})
};

const withLeader = (actor: Parameters<typeof readOrganization>[0], organization: string): Parameters<typeof readOrganization>[0] =>
	actor.kind === 'user'
		? { ...actor, grants: [...actor.grants, { role: 'leader', scopeKind: 'organization', scopeId: organization }] }
		: actor;
