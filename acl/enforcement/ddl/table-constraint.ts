import type { Name, TableConstraint as ConstraintSyntax } from '../../../parser/statement.ts'
import type { PhysicalConstraint } from '../../../store/bound.ts'
import { foldName } from '../../names.ts'
import type { Column, TableConstraint } from '../../schema.ts'
import { unreachable } from '../../../errors/unreachable.ts'
import { duplicateColumn, invalidTableDefinition, unknownColumn } from '../binding-errors.ts'
import type { BindContext } from '../bind-context.ts'
import { visitExpressions } from '../bound-tree.ts'
import { coerceToBoolean } from '../coercion.ts'
import { visibleItem } from '../from/from-item.ts'
import type { NamespaceItem } from '../scope.ts'
import { namesInText } from './names-in-text.ts'
import { bindStoredExpression } from './stored-expression.ts'

/** Constraints as the model and as the store have them. */
export interface DefinedConstraints {
  readonly constraints: readonly TableConstraint[]
  readonly physical: readonly PhysicalConstraint[]
}

interface TablePlace {
  readonly context: BindContext
  readonly table: string
  readonly columns: readonly Column[]
}

/** PRIMARY KEY, UNIQUE and CHECK of CREATE TABLE; names as PostgreSQL gives them. */
export function defineConstraints(
  syntax: readonly ConstraintSyntax[],
  place: TablePlace,
): DefinedConstraints {
  const constraints: TableConstraint[] = []
  const physical: PhysicalConstraint[] = []
  for (const one of syntax) {
    const { constraint, stored } = defineConstraint(one, place)
    if (constraint.kind === 'PrimaryKey' && constraints.some(({ kind }) => kind === 'PrimaryKey')) {
      throw invalidTableDefinition(
        `multiple primary keys for table "${place.table}" are not allowed`,
        one.name?.span.start,
      )
    }
    constraints.push({ ...constraint, name: freeName(constraint.name, constraints) })
    physical.push(stored)
  }
  return { constraints, physical }
}

/** PostgreSQL numbers a second constraint of one name. */
function freeName(name: string, others: readonly TableConstraint[]): string {
  const taken = new Set(others.map((other) => foldName(other.name)))
  if (!taken.has(foldName(name))) return name
  let number = 1
  while (taken.has(foldName(`${name}${number}`))) number++
  return `${name}${number}`
}

function defineConstraint(
  syntax: ConstraintSyntax,
  place: TablePlace,
): { readonly constraint: TableConstraint; readonly stored: PhysicalConstraint } {
  switch (syntax.kind) {
    case 'PrimaryKey':
    case 'Unique': {
      const columns = keyColumns(syntax.columns, place)
      const attnums = columns.map(({ attnum }) => attnum)
      const name = syntax.name?.text ?? keyName(syntax.kind, place.table, columns)
      return {
        constraint: { kind: syntax.kind, name, attnums },
        stored: { kind: syntax.kind, attnums },
      }
    }
    case 'Check':
      return defineCheck(syntax, place)
    default:
      return unreachable(syntax)
  }
}

function keyName(kind: 'PrimaryKey' | 'Unique', table: string, columns: readonly Column[]): string {
  if (kind === 'PrimaryKey') return `${table}_pkey`
  return `${table}_${columns.map(({ name }) => name).join('_')}_key`
}

function keyColumns(names: readonly Name[], { columns }: TablePlace): readonly Column[] {
  const seen = new Set<string>()
  return names.map(({ text, span }) => {
    const column = columns.find(({ key }) => key === foldName(text))
    if (column === undefined) throw unknownColumn(text, span.start)
    if (seen.has(column.key)) throw duplicateColumn(text, span.start)
    seen.add(column.key)
    return column
  })
}

function defineCheck(
  syntax: Extract<ConstraintSyntax, { readonly kind: 'Check' }>,
  { context, table, columns }: TablePlace,
): { readonly constraint: TableConstraint; readonly stored: PhysicalConstraint } {
  const expression = bindStoredExpression(syntax.expression, {
    context,
    clause: 'CHECK constraints',
    items: [rowItem(table, columns)],
    finish: (value, scope) => coerceToBoolean(scope, value, 'CHECK'),
  })
  const attnums = new Set<number>()
  visitExpressions(expression, (part) => {
    if (part.kind === 'ColumnReference') attnums.add(part.column)
    return true
  })
  const names = namesInText(syntax.expression, columns)
  const [only, ...others] = columns.filter(({ attnum }) => attnums.has(attnum))
  const middle = only !== undefined && others.length === 0 ? `_${only.name}` : ''
  return {
    constraint: {
      kind: 'Check',
      name: syntax.name?.text ?? `${table}${middle}_check`,
      text: syntax.expression.text,
      ...(names.length === 0 ? {} : { names }),
      attnums: [...attnums].toSorted((a, b) => a - b),
    },
    stored: { kind: 'Check', expression },
  }
}

/** The row that a CHECK looks at: range 0, columns by attribute number. */
function rowItem(table: string, columns: readonly Column[]): NamespaceItem {
  return visibleItem({
    name: { text: table, key: foldName(table) },
    columns: columns.map(({ name, key, type, attnum }) => ({
      name,
      key,
      type,
      read: ({ location }) => ({
        expression: { kind: 'ColumnReference', range: 0, column: attnum, type },
        type,
        location,
      }),
    })),
    missing: () => undefined,
  })
}
