export { canonicalJson } from './chain.ts';
export { actKey, alignChainEnds, chainEnds, expectAct, recordAct, recordedActs, recentActs, sealChains, type AuditAct } from './record.ts';
export { recordSoon, recordsWritten } from './soon.ts';
export { verifyAudit, type ChainFault } from './verify.ts';
