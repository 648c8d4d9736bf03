export { connectDatabase, disconnectDatabase, databaseAnswers, database, ensureIndexes } from './connection.ts';
export { insertUntilTaken } from './inserts.ts';
export { newId, toId, toIds, idFromHex, type Id } from './ids.ts';
export { readRows } from './rows.ts';
export { defineModel, isDuplicateKey, Schema, type Model, type QueryFilter, type AnyBulkWriteOperation } from './model.ts';
export { pageSchema, packCursor, unpackCursor, unpackTimeCursor, type Page, type PageInput } from './pages.ts';
