import type { z } from 'zod';
import type {
	activitySchema,
	applicationDecisionSchema,
	applicationSchema,
	assessmentSchema,
	attestationSchema,
	categories,
	cultivationModes,
	dimensions,
	filings,
	gateActions,
	gateDecisionSchema,
	meetingSchema,
	memberRoles,
	memberSchema,
	motionSchema,
	organizationPatchSchema,
	mentorsSchema,
	origins,
	resubmissionSchema,
	statusChangeSchema,
	stages,
	statuses
} from './schema.ts';

export type Category = (typeof categories)[number];
export type OrganizationStatus = (typeof statuses)[number];
export type Stage = (typeof stages)[number];
export type Filing = (typeof filings)[number];
export type CultivationMode = (typeof cultivationModes)[number];
export type Origin = (typeof origins)[number];
export type MemberRole = (typeof memberRoles)[number];
export type GateAction = (typeof gateActions)[number];
export type Dimension = (typeof dimensions)[number];
export type Application = z.infer<typeof applicationSchema>;
export type Resubmission = z.infer<typeof resubmissionSchema>;
export type StatusChange = z.infer<typeof statusChangeSchema>;
export type Mentors = z.infer<typeof mentorsSchema>;
export type ApplicationDecision = z.infer<typeof applicationDecisionSchema>;
export type OrganizationPatch = z.infer<typeof organizationPatchSchema>;
export type MemberInput = z.infer<typeof memberSchema>;
export type ActivityInput = z.infer<typeof activitySchema>;
export type MotionInput = z.infer<typeof motionSchema>;
export type MeetingInput = z.infer<typeof meetingSchema>;
export type GateDecision = z.infer<typeof gateDecisionSchema>;
export type Attestation = z.infer<typeof attestationSchema>;
export type AssessmentInput = z.infer<typeof assessmentSchema>;
