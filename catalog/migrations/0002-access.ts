import type { Migration } from './migration.ts'

/**
 * Memberships, entries and links (questdb-rbac.md, G1, G2). Grants are by name: neither the grantee nor the
 * relation nor the column of an entry need exist. References are checked at the end of a commit,
 * so that the order of its effects does not matter.
 */
export const access: Migration = {
  version: 2,
  sql: `
    CREATE TABLE memberships (
      user INTEGER NOT NULL REFERENCES principals (id) DEFERRABLE INITIALLY DEFERRED,
      "group" INTEGER NOT NULL REFERENCES principals (id) DEFERRABLE INITIALLY DEFERRED,
      PRIMARY KEY (user, "group")
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX memberships_of_group ON memberships ("group");

    CREATE TABLE links (
      grantee TEXT NOT NULL,
      grantee_name TEXT NOT NULL,
      account INTEGER NOT NULL REFERENCES principals (id) DEFERRABLE INITIALLY DEFERRED,
      grant_option INTEGER NOT NULL CHECK (grant_option IN (0, 1)),
      PRIMARY KEY (grantee, account)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX links_to_account ON links (account);

    -- Scope: the database (no relation), a table (no column), or a column.
    CREATE TABLE entries (
      grantee TEXT NOT NULL,
      grantee_name TEXT NOT NULL,
      permission TEXT NOT NULL,
      relation_key TEXT,
      relation_schema TEXT,
      relation_name TEXT,
      column_key TEXT,
      column_name TEXT,
      grant_option INTEGER NOT NULL CHECK (grant_option IN (0, 1)),
      CHECK ((relation_key IS NULL) = (relation_schema IS NULL)),
      CHECK ((relation_key IS NULL) = (relation_name IS NULL)),
      CHECK ((column_key IS NULL) = (column_name IS NULL)),
      CHECK (column_key IS NULL OR relation_key IS NOT NULL)
    ) STRICT;
    CREATE UNIQUE INDEX entries_on_database ON entries (grantee, permission)
      WHERE relation_key IS NULL;
    CREATE UNIQUE INDEX entries_on_table ON entries (grantee, permission, relation_key)
      WHERE relation_key IS NOT NULL AND column_key IS NULL;
    CREATE UNIQUE INDEX entries_on_column ON entries (grantee, permission, relation_key, column_key)
      WHERE column_key IS NOT NULL;
  `,
}
