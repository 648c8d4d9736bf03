import { roleNames } from './subjects.ts';

const table = `
                                                    stranger admin    city     head     worker   superv   finance  leader   judge1   judge2   observer head2    worker2
POST /sessions                                      0
GET /stations                                       0
POST /stations                                      0
GET /stations/{street}                              0
GET /stations/{street2}                             0
GET /stations/{cityStation}                         0
GET /organizations                                  0
POST /organizations                                 0
GET /organizations/{mine}                           0
GET /organizations/{theirs}                         0
PATCH /organizations/{mine}                         0
PATCH /organizations/{theirs}                       0
POST /organizations/{mine}/application              0
POST /organizations/{mine}/mentors                  0
POST /organizations/{mine}/status                   0
GET /organizations/{mine}/gate                      0
GET /organizations/{theirs}/gate                    0
POST /organizations/{mine}/gate/decisions propose   0
POST /organizations/{mine}/gate/decisions waive     0
POST /organizations/{mine}/attestations             0
GET /organizations/{mine}/assessments               0
POST /organizations/{mine}/assessments self         0
POST /organizations/{mine}/assessments station      0
GET /organizations/{mine}/history                   0
GET /organizations/{mine}/members                   0
GET /organizations/{theirs}/members                 0
POST /organizations/{mine}/members                  0
PUT /organizations/{mine}/members/{member}          0
GET /organizations/{mine}/activities                0
POST /organizations/{mine}/activities               0
PUT /organizations/{mine}/activities/{activity}     0
DELETE /organizations/{mine}/activities/{activity}  0
GET /organizations/{mine}/meetings                  0
POST /organizations/{mine}/meetings                 0
PUT /organizations/{mine}/meetings/{meeting}        0
DELETE /organizations/{mine}/meetings/{meeting}     0
GET /competitions                                   0
POST /competitions                                  0
GET /competitions/{spring}                          0
GET /competitions/{draftCall}                       0
PATCH /competitions/{draftCall}                     0
PATCH /competitions/{spring}                        0
POST /competitions/{spring}/amendments              0
POST /competitions/{summer}/transitions             0
POST /competitions/{autumn}/transitions             0
GET /competitions/{summer}/transitions?to=notice    0
GET /competitions/{draftCall}/transitions?to=announced 0
GET /competitions/{spring}/proposals                0
GET /competitions/{summer}/proposals                0
POST /competitions/{spring}/proposals mine          0
POST /competitions/{spring}/proposals theirs        0
GET /proposals/{draft}                              0
GET /proposals/{submitted}                          0
GET /proposals/{judged}                             0
PATCH /proposals/{draft}                            0
PATCH /proposals/{submitted}                        0
GET /proposals/{draft}/check                        0
POST /proposals/{draft}/submit                      0
POST /proposals/{draft}/withdraw                    0
POST /proposals/{draft}/reopen                      0
POST /proposals/{submitted}/screening               0
GET /proposals/{submitted}/submissions              0
POST /proposals/{draft}/attachments                 0
GET /proposals/{draft}/attachments/{file}           0
DELETE /proposals/{draft}/attachments/{file}        0
POST /competitions/{draftCall}/judges               0
GET /competitions/{summer}/judges                   0
DELETE /competitions/{summer}/judges/{judge}        0
POST /competitions/{draftCall}/assignment           0
GET /judging                                        0
GET /scorecards/{card1}                             0
GET /scorecards/{card2}                             0
PUT /scorecards/{card1}                             0
POST /scorecards/{spare}/recusal                    0
GET /competitions/{summer}/ranking                  0
GET /competitions/{autumn}/ranking                  0
POST /competitions/{summer}/decision                0
POST /competitions/{summer}/notice                  0
DELETE /sessions                                    0
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
