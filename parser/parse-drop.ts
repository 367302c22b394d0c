import { parseQualifiedName } from './name.ts'
import type { DropTable, DropView, Truncate } from './statement.ts'
import type { TokenReader } from './token-reader.ts'

/** drop_table = "DROP" "TABLE" [ "IF" "EXISTS" ] table { "," table } [ "CASCADE" "PERMISSIONS" ] ; */
export function parseDropTable(reader: TokenReader): DropTable {
  const ifExists = reader.acceptWords('IF', 'EXISTS')
  const tables = reader.list(() => parseQualifiedName(reader))
  return { kind: 'DropTable', tables, ifExists, cascadePermissions: skipDependents(reader) }
}

/** drop_view = "DROP" "VIEW" [ "IF" "EXISTS" ] table { "," table } [ "CASCADE" "PERMISSIONS" ] ; */
export function parseDropView(reader: TokenReader): DropView {
  const ifExists = reader.acceptWords('IF', 'EXISTS')
  const views = reader.list(() => parseQualifiedName(reader))
  return { kind: 'DropView', views, ifExists, cascadePermissions: skipDependents(reader) }
}

/**
 * [ "CASCADE" "PERMISSIONS" | "CASCADE" | "RESTRICT" ] ; says whether permissions go too.
 *
 * PostgreSQL's CASCADE and RESTRICT, which clients send, are about what depends on the object. Nothing
 * does here: there are no foreign keys, and a view over it stays, invalid (questdb-rbac.md, V10).
 */
export function skipDependents(reader: TokenReader): boolean {
  if (reader.acceptWords('CASCADE', 'PERMISSIONS')) return true
  if (!reader.acceptWords('CASCADE')) reader.acceptWords('RESTRICT')
  return false
}

/**
 * truncate = "TRUNCATE" [ "TABLE" ] [ "IF" "EXISTS" ] [ "ONLY" ] table { "," table }
 *            [ ( "RESTART" | "CONTINUE" ) "IDENTITY" ] [ "CASCADE" | "RESTRICT" ] ;
 *
 * What follows the tables is about sequences and foreign keys, of which there are none.
 */
export function parseTruncate(reader: TokenReader): Truncate {
  reader.expectWords('TRUNCATE')
  reader.acceptWords('TABLE')
  const ifExists = reader.acceptWords('IF', 'EXISTS')
  const tables = reader.list(() => {
    reader.acceptWords('ONLY')
    return parseQualifiedName(reader)
  })
  if (!reader.acceptWords('RESTART', 'IDENTITY')) reader.acceptWords('CONTINUE', 'IDENTITY')
  if (!reader.acceptWords('CASCADE')) reader.acceptWords('RESTRICT')
  return { kind: 'Truncate', tables, ...(ifExists ? { ifExists } : {}) }
}
