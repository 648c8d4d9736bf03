import { roleNames } from './subjects.ts';

const table = `
                                                          stranger admin    city     head     worker   superv   finance  leader   judge1   judge2   observer head2    worker2
POST /sessions                                            401      401      401      401      401      401      401      401      401      401      401      401      401
GET /stations                                             401      200      200      200      200      200      200      403      403      403      200      200      200
POST /stations                                            401      201      403      403      403      403      403      403      403      403      403      403      403
GET /stations/{street}                                    401      200      200      200      200      200      200      404      404      404      200      404      404
GET /stations/{street2}                                   401      200      200      404      404      200      200      404      404      404      200      200      200
GET /stations/{cityStation}                               401      200      200      404      404      200      200      404      404      404      200      404      404
GET /organizations                                        401      200      200      200      200      200      200      200      403      403      200      200      200
POST /organizations                                       401      201      201      201      201      201      201      201      201      201      201      201      201
GET /organizations/{mine}                                 401      200      200      200      200      200      200      200      404      404      200      404      404
GET /organizations/{theirs}                               401      200      200      404      404      200      200      404      404      404      200      200      200
PATCH /organizations/{mine}                               401      403      403      409      409      403      403      409      404      404      403      404      404
PATCH /organizations/{theirs}                             401      403      403      404      404      403      403      404      404      404      403      409      409
POST /organizations/{mine}/application                    401      403      403      409      409      403      403      403      404      404      403      404      404
POST /organizations/{mine}/mentors                        401      403      403      409      403      403      403      403      404      404      403      404      404
POST /organizations/{mine}/status                         401      403      403      409      409      403      403      403      404      404      403      404      404
GET /organizations/{mine}/gate                            401      200      200      200      200      200      200      200      404      404      200      404      404
GET /organizations/{theirs}/gate                          401      200      200      404      404      200      200      404      404      404      200      200      200
POST /organizations/{mine}/gate/decisions propose         401      403      403      409      409      403      403      403      404      404      403      404      404
POST /organizations/{mine}/gate/decisions waive           401      403      403      409      403      403      403      403      404      404      403      404      404
POST /organizations/{mine}/attestations                   401      403      403      422      422      403      403      403      404      404      403      404      404
GET /organizations/{mine}/assessments                     401      200      200      200      200      200      200      200      404      404      200      404      404
POST /organizations/{mine}/assessments self               401      403      403      403      403      403      403      201      404      404      403      404      404
POST /organizations/{mine}/assessments station            401      403      403      201      201      403      403      403      404      404      403      404      404
GET /organizations/{mine}/history                         401      200      200      200      200      200      200      200      404      404      200      404      404
GET /organizations/{mine}/members                         401      200      200      200      200      200      200      200      404      404      200      404      404
GET /organizations/{theirs}/members                       401      200      200      404      404      200      200      404      404      404      200      200      200
POST /organizations/{mine}/members                        401      403      403      201      201      403      403      201      404      404      403      404      404
PUT /organizations/{mine}/members/{member}                401      403      403      409      409      403      403      409      404      404      403      404      404
GET /organizations/{mine}/activities                      401      200      200      200      200      200      200      200      404      404      200      404      404
POST /organizations/{mine}/activities                     401      403      403      201      201      403      403      201      404      404      403      404      404
PUT /organizations/{mine}/activities/{activity}           401      403      403      409      409      403      403      409      404      404      403      404      404
DELETE /organizations/{mine}/activities/{activity}        401      403      403      204      204      403      403      204      404      404      403      404      404
GET /organizations/{mine}/meetings                        401      200      200      200      200      200      200      200      404      404      200      404      404
POST /organizations/{mine}/meetings                       401      403      403      201      201      403      403      201      404      404      403      404      404
PUT /organizations/{mine}/meetings/{meeting}              401      403      403      409      409      403      403      409      404      404      403      404      404
DELETE /organizations/{mine}/meetings/{meeting}           401      403      403      204      204      403      403      204      404      404      403      404      404
GET /organizations/{mine}/charters                        401      200      200      200      200      200      200      200      404      404      200      404      404
GET /organizations/{theirs}/charters                      401      200      200      404      404      200      200      404      404      404      200      200      200
GET /organizations/{mine}/charters/{rule}                 401      200      200      200      200      200      200      200      404      404      200      404      404
POST /organizations/{mine}/charters/{rule}/draft          401      403      403      201      201      403      403      201      404      404      403      404      404
PUT /organizations/{mine}/charters/{rule}/draft           401      403      403      409      409      403      403      409      404      404      403      404      404
POST /organizations/{mine}/charters/{rule}/versions       401      403      403      409      409      403      403      409      404      404      403      404      404
POST /organizations/{mine}/charters/{rule}/versions/{one}/adoption  401      403      403      409      409      403      403      409      404      404      403      404      404
GET /organizations/{mine}/entries                         401      200      200      200      200      200      200      200      404      404      200      404      404
POST /organizations/{mine}/entries                        401      403      403      201      201      403      403      201      404      404      403      404      404
PUT /organizations/{mine}/entries/{entry}                 401      403      403      409      409      403      403      409      404      404      403      404      404
DELETE /organizations/{mine}/entries/{entry}              401      403      403      204      204      403      403      204      404      404      403      404      404
GET /stations/{street}/trainings                          401      200      200      200      200      200      200      404      404      404      200      404      404
POST /stations/{street}/trainings                         401      403      403      201      201      403      403      404      404      404      403      404      404
GET /trainings/{training}                                 401      200      200      200      200      200      200      404      404      404      200      404      404
PUT /trainings/{training}                                 401      403      403      409      409      403      403      404      404      404      403      404      404
DELETE /trainings/{training}                              401      403      403      204      204      403      403      404      404      404      403      404      404
GET /stations/{street}/supervisions                       401      403      200      200      200      200      403      404      404      404      403      404      404
POST /stations/{street}/supervisions                      401      403      403      201      201      201      403      404      404      404      403      404      404
GET /supervisions/{session}                               401      404      200      200      200      200      404      404      404      404      404      404      404
PUT /supervisions/{session}                               401      404      403      409      409      409      404      404      404      404      404      404      404
POST /supervisions/{session}/follow-ups/{followUp}        401      404      403      204      204      204      404      404      404      404      404      404      404
DELETE /supervisions/{session}                            401      404      403      204      204      204      404      404      404      404      404      404      404
GET /stations/{street}/services                           401      200      200      200      200      200      200      404      404      404      200      404      404
POST /stations/{street}/services                          401      403      403      201      201      403      403      404      404      404      403      404      404
GET /services/{service}                                   401      200      200      200      200      200      200      404      404      404      200      404      404
PUT /services/{service}                                   401      403      403      409      409      403      403      404      404      404      403      404      404
DELETE /services/{service}                                401      403      403      204      204      403      403      404      404      404      403      404      404
GET /organizations/{mine}/surveys                         401      200      200      200      200      200      200      200      404      404      200      404      404
POST /organizations/{mine}/surveys                        401      403      403      201      201      403      403      201      404      404      403      404      404
GET /stations/{street}/surveys                            401      200      200      200      200      200      200      404      404      404      200      404      404
POST /stations/{street}/surveys                           401      403      403      201      201      403      403      404      404      404      403      404      404
POST /organizations/{mine}/activities/{activity}/feedback 401      403      403      404      404      403      403      404      404      404      403      404      404
GET /surveys/{survey}                                     401      200      200      200      200      200      200      200      404      404      200      404      404
PATCH /surveys/{survey}                                   401      403      403      409      409      403      403      409      404      404      403      404      404
GET /surveys/{survey}/results                             401      200      200      200      200      200      200      200      404      404      200      404      404
GET /surveys/{survey}/responses                           401      200      200      200      200      200      200      200      404      404      200      404      404
POST /surveys/{survey}/responses                          401      403      403      201      201      403      403      201      404      404      403      404      404
PATCH /surveys/{survey}/responses/{response}              401      403      403      204      204      403      403      204      404      404      403      404      404
GET /organizations/{mine}/interviews                      401      200      200      200      200      200      200      200      404      404      200      404      404
POST /organizations/{mine}/interviews                     401      403      403      201      201      403      403      201      404      404      403      404      404
PUT /organizations/{mine}/interviews/{interview}          401      403      403      409      409      403      403      409      404      404      403      404      404
DELETE /organizations/{mine}/interviews/{interview}       401      403      403      204      204      403      403      204      404      404      403      404      404
GET /organizations/{mine}/needs                           401      200      200      200      200      200      200      200      404      404      200      404      404
POST /organizations/{mine}/needs/names                    401      403      403      204      204      403      403      204      404      404      403      404      404
GET /stations/{street}/gate-criteria                      401      200      200      200      200      200      200      404      404      404      200      404      404
GET /stations/{street}/maturity-model                     401      200      200      200      200      200      200      404      404      404      200      404      404
GET /stations/{street}/next                               401      200      200      200      200      200      200      404      404      404      200      404      404
GET /stations/{street}/maturity                           401      200      200      200      200      200      200      404      404      404      200      404      404
GET /stations/{street}/cohorts                            401      200      200      200      200      200      200      404      404      404      200      404      404
POST /stations/{street}/gate-criteria                     401      409      403      409      403      403      403      404      404      404      403      404      404
POST /stations/{cityStation}/maturity-model               401      409      409      404      404      403      403      404      404      404      403      404      404
POST /organizations/{mine}/criteria                       401      403      403      422      403      403      403      403      404      404      403      404      404
GET /stations/{street}/gate-criteria/moves                401      403      403      200      403      403      403      404      404      404      403      404      404
POST /stations/{street}/gate-criteria/moves               401      403      403      422      403      403      403      404      404      404      403      404      404
GET /stations/{street}/handovers                          401      403      403      200      403      403      403      404      404      404      403      404      404
POST /stations/{street}/handovers                         401      403      403      422      403      403      403      404      404      404      403      404      404
POST /stations/{street}/handovers/{workerId}/undo         401      403      403      404      403      403      403      404      404      404      403      404      404
GET /competitions                                         200      200      200      200      200      200      200      200      200      200      200      200      200
POST /competitions                                        401      201      403      201      201      403      403      403      403      403      403      403      403
GET /competitions/{spring}                                200      200      200      200      200      200      200      200      200      200      200      200      200
GET /competitions/{draftCall}                             404      200      200      200      200      200      200      404      404      404      200      404      404
PATCH /competitions/{draftCall}                           401      403      403      409      409      403      403      404      404      404      403      404      404
PATCH /competitions/{spring}                              401      403      403      409      409      403      403      404      404      404      403      404      404
POST /competitions/{spring}/amendments                    401      403      403      409      409      403      403      404      404      404      403      404      404
POST /competitions/{summer}/transitions                   401      403      403      409      403      403      403      404      404      404      403      404      404
POST /competitions/{autumn}/transitions                   401      403      409      404      404      403      403      404      404      404      403      404      404
GET /competitions/{summer}/transitions?to=notice          401      200      200      200      200      200      200      404      404      404      200      404      404
GET /competitions/{draftCall}/transitions?to=announced    401      200      200      200      200      200      200      404      404      404      200      404      404
GET /competitions/{spring}/proposals                      401      200      200      200      200      200      200      404      404      404      200      404      404
GET /competitions/{summer}/proposals                      401      200      200      200      200      200      200      404      404      404      200      404      404
POST /competitions/{spring}/proposals mine                401      403      403      409      409      403      403      409      403      403      403      403      403
POST /competitions/{spring}/proposals theirs              401      403      403      403      403      403      403      403      403      403      403      201      409
GET /proposals/{draft}                                    401      404      404      200      200      404      404      200      404      404      404      404      404
GET /proposals/{submitted}                                401      200      200      200      200      200      200      404      404      404      200      404      404
GET /proposals/{judged}                                   401      200      200      200      200      200      200      404      404      404      200      404      404
PATCH /proposals/{draft}                                  401      404      404      200      200      404      404      200      404      404      404      404      404
PATCH /proposals/{submitted}                              401      403      403      409      409      403      403      404      404      404      403      404      404
GET /proposals/{draft}/check                              401      404      404      200      200      404      404      200      404      404      404      404      404
POST /proposals/{draft}/submit                            401      404      404      409      409      404      404      409      404      404      404      404      404
POST /proposals/{draft}/withdraw                          401      404      404      409      409      404      404      409      404      404      404      404      404
POST /proposals/{draft}/reopen                            401      404      404      200      200      404      404      200      404      404      404      404      404
POST /proposals/{submitted}/screening                     401      403      403      409      409      403      403      404      404      404      403      404      404
POST /proposals/{submitted}/screening/opinions            401      403      403      409      403      403      403      404      404      404      403      404      404
GET /competitions/{spring}/screening                      401      200      200      200      200      200      200      404      404      404      200      404      404
POST /competitions/{spring}/screening/release             401      403      403      409      409      403      403      404      404      404      403      404      404
GET /proposals/{draft}/fill                               401      404      404      200      200      404      404      200      404      404      404      404      404
POST /proposals/{draft}/fill                              401      404      404      200      200      404      404      200      404      404      404      404      404
GET /proposals/{submitted}/recusal-requests               401      403      403      200      200      403      403      404      404      404      403      404      404
GET /proposals/{draft}/recusal-requests                   401      404      404      200      200      404      404      200      404      404      404      404      404
POST /proposals/{submitted}/recusal-requests              401      403      403      201      201      403      403      404      404      404      403      404      404
GET /proposals/{submitted}/submissions                    401      200      200      200      200      200      200      404      404      404      200      404      404
POST /proposals/{draft}/attachments                       401      404      404      201      201      404      404      201      404      404      404      404      404
GET /proposals/{draft}/attachments/{file}                 401      404      404      200      200      404      404      200      404      404      404      404      404
DELETE /proposals/{draft}/attachments/{file}              401      404      404      204      204      404      404      204      404      404      404      404      404
POST /competitions/{draftCall}/judges                     401      403      403      201      201      403      403      404      404      404      403      404      404
GET /competitions/{summer}/judges                         401      200      200      200      200      200      200      403      403      403      200      403      403
DELETE /competitions/{summer}/judges/{judge}              401      403      403      409      409      403      403      403      403      403      403      403      403
POST /competitions/{draftCall}/assignment                 401      403      403      409      409      403      403      404      404      404      403      404      404
POST /competitions/{summer}/assignment/pairs              401      403      403      201      409      403      403      403      403      403      403      403      403
GET /judging                                              401      200      200      200      200      200      200      200      200      200      200      200      200
GET /scorecards/{card1}                                   401      404      404      404      404      404      404      404      200      404      404      404      404
GET /scorecards/{card2}                                   401      404      404      404      404      404      404      404      404      200      404      404      404
PUT /scorecards/{card1}                                   401      404      404      404      404      404      404      404      409      404      404      404      404
POST /scorecards/{spare}/recusal                          401      404      404      404      404      404      404      404      200      404      404      404      404
PUT /competitions/{summer}/trial                          401      403      403      200      200      403      403      403      403      403      403      403      403
GET /competitions/{summer}/trial                          401      403      403      200      200      403      403      403      403      403      403      403      403
GET /competitions/{summer}/trial/samples/{judged}         401      403      403      403      403      403      403      403      403      403      403      403      403
GET /competitions/{summer}/trial/card                     401      404      404      404      404      404      404      404      200      200      404      404      404
DELETE /competitions/{summer}/trial                       401      403      403      204      204      403      403      403      403      403      403      403      403
POST /competitions/{summer}/reminders                     401      403      403      200      200      403      403      403      403      403      403      403      403
GET /judging/reminders                                    401      200      200      200      200      200      200      200      200      200      200      200      200
GET /competitions/{summer}/recusal-requests               401      403      403      200      200      403      403      403      403      403      403      403      403
POST /competitions/{summer}/recusal-requests/{workerId}/answer 401      403      403      404      404      403      403      403      403      403      403      403      403
GET /competitions/{summer}/rounds                         401      200      200      200      200      200      200      403      403      403      200      403      403
POST /competitions/{summer}/advancements                  401      403      403      422      422      403      403      403      403      403      403      403      403
POST /competitions/{summer}/bonus                         401      403      403      409      409      403      403      403      403      403      403      403      403
GET /competitions/{summer}/pitch                          401      403      403      409      409      403      403      403      403      403      403      403      403
POST /competitions/{summer}/pitch/draws                   401      403      403      409      409      403      403      403      403      403      403      403      403
POST /competitions/{summer}/pitch/acts                    401      403      403      409      409      403      403      403      403      403      403      403      403
POST /competitions/{summer}/pitch/screen                  401      403      403      409      409      403      403      403      403      403      403      403      403
POST /competitions/{summer}/jury-codes                    401      403      403      409      409      403      403      403      403      403      403      403      403
POST /competitions/{summer}/jury-codes/revocations        401      403      403      409      409      403      403      403      403      403      403      403      403
GET /jury/{code}                                          404      404      404      404      404      404      404      404      404      404      404      404      404
POST /jury/{code}                                         404      404      404      404      404      404      404      404      404      404      404      404      404
GET /scorecards/{card1}/paper                             401      404      404      200      200      404      404      404      404      404      404      404      404
PUT /scorecards/{card1}/paper                             401      404      404      409      409      404      404      404      404      404      404      404      404
POST /scorecards/{card1}/paper/check                      401      404      404      409      409      404      404      404      404      404      404      404      404
POST /competitions/{autumn}/more-reviews                  401      403      409      403      403      403      403      403      403      403      403      403      403
GET /competitions/{summer}/ranking                        401      403      200      200      200      403      403      403      403      403      403      403      403
GET /competitions/{autumn}/ranking                        401      403      200      403      403      403      403      403      403      403      403      403      403
POST /competitions/{summer}/decision                      401      403      403      409      403      403      403      403      403      403      403      403      403
POST /competitions/{summer}/notice                        401      403      403      409      403      403      403      403      403      403      403      403      403
GET /competitions/{autumn}/notices                        200      200      200      200      200      200      200      200      200      200      200      200      200
GET /competitions/{draftCall}/notices                     404      404      404      404      404      404      404      404      404      404      404      404      404
POST /notices/{notice}/objections                         409      409      409      409      409      409      409      409      409      409      409      409      409
GET /competitions/{autumn}/objections                     401      403      200      403      403      403      403      403      403      403      403      403      403
GET /objections/{objection}                               401      404      200      404      404      404      404      404      200      404      404      404      404
POST /objections/{objection}/committee                    401      404      409      404      404      404      404      404      403      404      404      404      404
POST /objections/{objection}/statements                   401      404      409      404      404      404      404      404      409      404      404      404      404
POST /objections/{objection}/votes                        401      404      403      404      404      404      404      404      409      404      404      404      404
POST /objections/{objection}/answer                       401      404      409      404      404      404      404      404      409      404      404      404      404
POST /objections/{objection}/correction                   401      404      409      404      404      404      404      404      403      404      404      404      404
POST /competitions/{summer}/notes                         401      403      403      409      409      403      403      403      409      409      403      403      403
DELETE /sessions                                          401      204      204      204      204      204      204      204      204      204      204      204      204
`;

/** One line: what is called, on which thing, and the status each role gets, in the order of the columns. */
export type ExpectedRow = { line: string; label: string; method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; path: string; variant: string; statuses: string[] };

const [heading = '', ...lines] = table.split('\n').filter((line) => line.trim() !== '');
if (heading.trim().split(/\s+/).join() !== roleNames.join()) throw new Error('The columns of the table are not the roles.');

export const expected: ExpectedRow[] = lines.map((line) => {
	const found = /^((GET|POST|PUT|PATCH|DELETE) (\S+)(?: ([a-z]+))?)\s+(\d.*)$/.exec(line);
	if (!found) throw new Error(`Not a line of the table: ${line}`);
	const [, label = '', method = '', path = '', variant = '', statuses = ''] = found;
	return { line, label, method: method as ExpectedRow['method'], path, variant, statuses: statuses.trim().split(/\s+/) };
});
