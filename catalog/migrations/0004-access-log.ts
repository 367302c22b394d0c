import type { Migration } from './migration.ts'

/**
 * The record of every change of access: who, under which list, when, what. It grows only; the triggers
 * hold that against mistakes of ours (the third stops INSERT OR REPLACE). Statements are stored with
 * their secrets replaced (questdb-rbac.md, S16).
 */
export const accessLog: Migration = {
  version: 4,
  sql: `
    CREATE TABLE access_log (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      epoch INTEGER NOT NULL,
      at_micros INTEGER NOT NULL,
      login_principal TEXT NOT NULL,
      effective_principal TEXT NOT NULL,
      action TEXT NOT NULL,
      statement TEXT NOT NULL
    ) STRICT;

    CREATE TRIGGER access_log_is_never_updated BEFORE UPDATE ON access_log
    BEGIN
      SELECT RAISE(ABORT, 'the access log is append-only');
    END;

    CREATE TRIGGER access_log_is_never_deleted BEFORE DELETE ON access_log
    BEGIN
      SELECT RAISE(ABORT, 'the access log is append-only');
    END;

    CREATE TRIGGER access_log_is_never_replaced BEFORE INSERT ON access_log
    WHEN EXISTS (SELECT 1 FROM access_log WHERE id = NEW.id)
    BEGIN
      SELECT RAISE(ABORT, 'the access log is append-only');
    END;
  `,
}
