import type { Competency, EntryKind, PublishedHow, ResourceKind, ServiceKind, SupervisionForm, SupervisionSource } from '#lib/domain/organizations/tool-terms.ts';
import { m } from '#lib/i18n/generated/messages.js';

type Words = () => string;
const sources: Record<SupervisionSource, Words> = { internal: m.support_source_internal, external: m.support_source_external };
export const supervisionSourceWords = (source: SupervisionSource): string => sources[source]();
const forms: Record<SupervisionForm, Words> = { individual: m.support_form_individual, group: m.support_form_group };
export const supervisionFormWords = (form: SupervisionForm): string => forms[form]();

const services: Record<ServiceKind, Words> = {
	phone_visit: m.support_service_phone_visit,
	home_visit: m.support_service_home_visit,
	case: m.support_service_case,
	group_session: m.support_service_group_session,
	community_activity: m.support_service_community_activity
};
export const serviceWords = (kind: ServiceKind): string => services[kind]();

const entries: Record<EntryKind, Words> = {
	idea: m.support_entry_idea,
	project: m.support_entry_project,
	accounts: m.support_entry_accounts,
	resource: m.support_entry_resource
};
export const entryWords = (kind: EntryKind): string => entries[kind]();
const newEntries: Record<EntryKind, Words> = {
	idea: m.support_entry_new_idea,
	project: m.support_entry_new_project,
	accounts: m.support_entry_new_accounts,
	resource: m.support_entry_new_resource
};
export const newEntryWords = (kind: EntryKind): string => newEntries[kind]();
const emptyEntries: Record<EntryKind, Words> = {
	idea: m.support_entry_empty_idea,
	project: m.support_entry_empty_project,
	accounts: m.support_entry_empty_accounts,
	resource: m.support_entry_empty_resource
};
export const emptyEntryWords = (kind: EntryKind): string => emptyEntries[kind]();

const hows: Record<PublishedHow, Words> = {
	meeting: m.support_how_meeting,
	wall: m.support_how_wall,
	chat: m.support_how_chat,
	paper: m.support_how_paper
};
export const publishedWords = (how: PublishedHow): string => hows[how]();
const resources: Record<ResourceKind, Words> = {
	venue: m.support_resource_venue,
	goods: m.support_resource_goods,
	money: m.support_resource_money,
	people: m.support_resource_people,
	other: m.support_resource_other
};
export const resourceWords = (kind: ResourceKind): string => resources[kind]();

const competencyNames: Record<Competency, Words> = {
	hosting: m.support_competency_hosting,
	deliberating: m.support_competency_deliberating,
	accounting: m.support_competency_accounting,
	writing: m.support_competency_writing,
	recruiting: m.support_competency_recruiting,
	planning: m.support_competency_planning,
	teaching: m.support_competency_teaching,
	craft: m.support_competency_craft
};
export const competencyWords = (competency: Competency): string => competencyNames[competency]();
