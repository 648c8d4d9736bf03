/**
 * One thing wrong with what was sent, without words: `code` names a message of the catalogue
 * (`err_<code>`), `params` fill it, `path` says where (`budget[2].unitPrice`; '' is the whole form).
 */
export type Issue = { path: string; code: string; params?: Record<string, string | number> };
