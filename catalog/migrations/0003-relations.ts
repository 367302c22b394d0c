import type { Migration } from './migration.ts'

/**
 * Tables and views by their user names (acl/schema.ts). The relation itself is one document (tagged
 * JSON): it is read and replaced as a whole, never searched, and a view's definition is a tree.
 */
export const relations: Migration = {
  version: 3,
  sql: `
    CREATE TABLE relations (
      oid INTEGER PRIMARY KEY CHECK (oid > 0),
      key TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL CHECK (kind IN ('Table', 'View')),
      document TEXT NOT NULL CHECK (json_valid(document))
    ) STRICT;
  `,
}
