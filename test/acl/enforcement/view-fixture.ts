import { bindText, optionsFor } from './bind-fixture.ts'
import type { Schema, View } from '../../../acl/schema.ts'

/** A view as CREATE VIEW would store it, its definition bound against the schema. */
export function viewOf(name: string, definition: string, schema: Schema, firstOid = 900): View {
  let next = firstOid
  const binding = bindText(
    `CREATE VIEW ${name} AS (${definition})`,
    optionsFor(schema, { allocateOid: () => next++ }),
  )
  const change = binding.kind === 'SchemaChange' ? binding.changes[0] : undefined
  if (change?.kind !== 'CreateView') throw new Error(`not a view: ${definition}`)
  const { relation, oid, columns, text, definition: query } = change
  return { kind: 'View', oid, ...relation, columns, text, definition: query }
}
