export { canonicalJson } from './chain.ts';
export { actKey, type AuditAct } from './entries.ts';
export { expectAct } from './open-chains.ts';
export { alignChainEnds, chainEnds, recordAct, recordedActs, recentActs, sealChains } from './record.ts';
export { recordSoon, recordsWritten } from './soon.ts';
export { verifyAudit, type ChainFault } from './verify.ts';
