import type { Migration } from './migration.ts'

/**
 * Counters: the epoch of the model that the catalog holds, and the last numbers set aside for principals,
 * relations and transactions (numbers are never used again, so they are set aside before use).
 * Prepared transactions: what a transaction that writes both files is about to do
 * (architecture.md, the life of a statement).
 */
export const countersAndPreparedTransactions: Migration = {
  version: 5,
  sql: `
    CREATE TABLE counters (
      name TEXT PRIMARY KEY,
      value INTEGER NOT NULL CHECK (value >= 0)
    ) STRICT, WITHOUT ROWID;
    -- PostgreSQL's first OID for objects of users (access/transam.h, FirstNormalObjectId) is 16384.
    INSERT INTO counters (name, value)
      VALUES ('epoch', 0), ('principal id', 0), ('oid', 16383), ('transaction number', 0);

    CREATE TABLE prepared_transactions (
      transaction_number INTEGER PRIMARY KEY,
      document TEXT NOT NULL CHECK (json_valid(document))
    ) STRICT;
  `,
}
