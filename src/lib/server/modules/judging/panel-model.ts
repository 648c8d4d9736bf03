import { scorecardShape, type ScorecardDocument } from './model.ts';
import { defineModel, Schema, type Id } from '#lib/server/platform/db/index.ts';

/** The sample all judges of a competition score first; nothing of it counts. The id is the competition's. */
export type TrialDocument = {
	_id: string;
	/** Key of the round whose rubric is practised. */
	round: string;
	title: string;
	text: string;
	/** Nobody scores a proposal before having done it. */
	required: boolean;
	at: Date;
	byName: string;
	version: number;
};

const trial = new Schema<TrialDocument>({
	_id: { type: String, required: true },
	round: { type: String, required: true },
	title: { type: String, required: true },
	text: { type: String, required: true },
	required: { type: Boolean, default: false },
	at: { type: Date, required: true },
	byName: { type: String, default: '' },
	version: { type: Number, default: 0 }
});

export const Trial = defineModel<TrialDocument>('Trial', 'trials', trial);

/** A judge's scorecard of the sample: of the shape of any other and in a collection of its own, so that no ranking, count or export can meet it. `proposal` is `trial`. */
export const TrialCard = defineModel<ScorecardDocument>('TrialCard', 'trialcards', scorecardShape());

/** A judge was reminded: `<judge>:<day>`, so once a day. */
export type ReminderDocument = {
	_id: string;
	competition: string;
	judge: string;
	user: string;
	/** Scorecards open then, and when they were due. */
	open: number;
	due: Date | null;
	text: string;
	at: Date;
	byName: string;
};

const reminder = new Schema<ReminderDocument>({
	_id: { type: String, required: true },
	competition: { type: String, required: true },
	judge: { type: String, required: true },
	user: { type: String, required: true },
	open: { type: Number, required: true },
	due: { type: Date, default: null },
	text: { type: String, default: '' },
	at: { type: Date, required: true },
	byName: { type: String, default: '' }
});
reminder.index({ competition: 1, at: -1 });
reminder.index({ user: 1, at: -1 });

export const Reminder = defineModel<ReminderDocument>('Reminder', 'reminders', reminder);

export const requestStatuses = ['open', 'accepted', 'declined'] as const;

/** A group asks that somebody not judge its proposal. It names a person; whether that person judges is not told. */
export type RecusalRequestDocument = {
	_id: Id;
	competition: string;
	proposal: string;
	number: string;
	title: string;
	organizationName: string;
	/** As typed. */
	person: string;
	/** The name without white space and case, to compare with judges' names. */
	name: string;
	reason: string;
	status: (typeof requestStatuses)[number];
	answer: string;
	at: Date;
	byName: string;
	answeredAt: Date | null;
	answeredByName: string;
};

const request = new Schema<RecusalRequestDocument>({
	competition: { type: String, required: true },
	proposal: { type: String, required: true },
	number: { type: String, default: '' },
	title: { type: String, default: '' },
	organizationName: { type: String, default: '' },
	person: { type: String, required: true },
	name: { type: String, required: true },
	reason: { type: String, required: true },
	status: { type: String, enum: requestStatuses, required: true },
	answer: { type: String, default: '' },
	at: { type: Date, required: true },
	byName: { type: String, default: '' },
	answeredAt: { type: Date, default: null },
	answeredByName: { type: String, default: '' }
});
request.index({ proposal: 1, name: 1 }, { unique: true });
request.index({ competition: 1, status: 1, at: 1 });

export const RecusalRequest = defineModel<RecusalRequestDocument>('RecusalRequest', 'recusalrequests', request);
