import type { SchemaStatement } from '../../../parser/statement.ts'
import type { Binders } from '../bind-context.ts'
import { notSupported } from '../binding-errors.ts'
import type { Binding, BindOptions } from '../binding.ts'

export function bindSchemaStatement(
  statement: SchemaStatement,
  options: BindOptions,
  binders: Binders,
): Binding {
  void options
  void binders
  return { kind: 'Unbindable', requirements: [], error: notSupported(statement.kind, undefined) }
}
