import type { Migration } from './migration.ts'

/**
 * Users, groups and service accounts (questdb-rbac.md, sections 1 and 2), and what they authenticate with.
 * `key` is the name folded for comparing (N4): unique over all kinds (N2). The secrets of a principal
 * go with its row; its memberships, links and entries do not (they are effects of their own).
 */
export const principals: Migration = {
  version: 1,
  sql: `
    CREATE TABLE principals (
      id INTEGER PRIMARY KEY CHECK (id > 0),
      kind TEXT NOT NULL CHECK (kind IN ('User', 'Group', 'ServiceAccount')),
      name TEXT NOT NULL,
      key TEXT NOT NULL UNIQUE,
      enabled INTEGER NOT NULL CHECK (enabled IN (0, 1))
    ) STRICT;

    -- argon2id, in PHC string form.
    CREATE TABLE password_hashes (
      principal INTEGER PRIMARY KEY REFERENCES principals (id)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
      hash TEXT NOT NULL
    ) STRICT;

    -- The public key only, base64url (S7).
    CREATE TABLE jwks (
      principal INTEGER PRIMARY KEY REFERENCES principals (id)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
      x TEXT NOT NULL,
      y TEXT NOT NULL
    ) STRICT;

    -- SHA-256 of the token, hex; never the token (S10).
    CREATE TABLE rest_tokens (
      principal INTEGER NOT NULL REFERENCES principals (id)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
      position INTEGER NOT NULL,
      hash TEXT NOT NULL UNIQUE,
      expires_at_micros INTEGER NOT NULL,
      ttl_seconds INTEGER NOT NULL,
      refresh INTEGER NOT NULL CHECK (refresh IN (0, 1)),
      PRIMARY KEY (principal, position)
    ) STRICT, WITHOUT ROWID;

    -- An alias belongs to at most one group (N7).
    CREATE TABLE group_aliases (
      principal INTEGER NOT NULL REFERENCES principals (id)
        ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
      position INTEGER NOT NULL,
      alias TEXT NOT NULL UNIQUE,
      PRIMARY KEY (principal, position)
    ) STRICT, WITHOUT ROWID;
  `,
}
