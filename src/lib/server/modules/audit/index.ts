export { canonicalJson } from './chain.ts';
export { alignChainEnds, chainEnds, recordAct, recentActs, sealChains, type AuditAct } from './record.ts';
export { verifyAudit, type ChainFault } from './verify.ts';
