import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'
import type { ScalarType, ScalarTypeName } from '../../../store/sql-type.ts'
import type { ColumnDescription } from '../../../server/pgwire/session-handler.ts'

/** What the fake handler understands: enough to hold the protocol against real PostgreSQL. */
export type FakeStatement =
  | { readonly kind: 'Begin' | 'Commit' | 'Rollback' | 'Set' | 'Divide' | 'Crash' | 'Fatal' }
  /** Fails in that message, though Parse went well. */
  | { readonly kind: 'Late'; readonly message: string }
  | { readonly kind: 'Sleep'; readonly seconds: number }
  | { readonly kind: 'Series'; readonly count: number; readonly column: ColumnDescription }
  | {
      readonly kind: 'Constant'
      readonly value: number | string
      readonly column: ColumnDescription
    }
  | { readonly kind: 'Parameter'; readonly column: ColumnDescription }

/** Statements of a text with their offsets; the empty ones are left out. */
export function parseFake(text: string): readonly FakeStatement[] {
  const statements: FakeStatement[] = []
  let offset = 0
  for (const piece of text.split(';')) {
    const plain = piece.replaceAll(/--.*/g, (comment) => ' '.repeat(comment.length))
    if (plain.trim() !== '') {
      statements.push(parseOne(plain.trim(), offset + plain.length - plain.trimStart().length))
    }
    offset += piece.length + 1
  }
  return statements
}

type Maker = (match: readonly (string | undefined)[], offset: number) => FakeStatement

const rules: readonly (readonly [RegExp, Maker])[] = [
  [/^begin$/i, () => ({ kind: 'Begin' })],
  [/^commit$/i, () => ({ kind: 'Commit' })],
  [/^rollback$/i, () => ({ kind: 'Rollback' })],
  [/^set \w+ to .*$/i, () => ({ kind: 'Set' })],
  [/^select 1\/0 as \w+$/i, () => ({ kind: 'Divide' })],
  [/^select crash$/i, () => ({ kind: 'Crash' })],
  [/^select late_(\w+)$/i, ([, message]) => ({ kind: 'Late', message: message ?? '' })],
  [/^select fatal$/i, () => ({ kind: 'Fatal' })],
  [/^select pg_sleep\((\d+)\)$/i, ([, seconds]) => ({ kind: 'Sleep', seconds: Number(seconds) })],
  [
    /^select (?:\* from )?generate_series\(1, (\d+)\) as (\w+)$/i,
    ([, count, name]) => ({ kind: 'Series', count: Number(count), column: column(name, 'int4') }),
  ],
  [
    /^select (\d+) as (\w+)$/i,
    ([, value, name]) => ({ kind: 'Constant', value: Number(value), column: column(name, 'int4') }),
  ],
  [
    /^select '([^']*)' as (\w+)$/i,
    ([, value, name]) => ({ kind: 'Constant', value: value ?? '', column: column(name, 'text') }),
  ],
  [
    /^select \$1::(int4|int8|text|bytea|timestamptz|uuid|numeric) as (\w+)$/i,
    ([, type, name]) => ({ kind: 'Parameter', column: column(name, typeName(type)) }),
  ],
  [
    /^select (?:'[^']*', )?\* from (\w+)$/i,
    ([whole, name], offset) => {
      throw missingRelation(name ?? '', offset + (whole?.lastIndexOf(name ?? '') ?? 0))
    },
  ],
]

function parseOne(statement: string, offset: number): FakeStatement {
  for (const [pattern, make] of rules) {
    const match = pattern.exec(statement)
    if (match !== null) return make(match, offset)
  }
  throw new SqlError(
    SqlState.SyntaxError,
    `syntax error at or near "${/^\S*/.exec(statement)?.[0] ?? ''}"`,
    { offset },
  )
}

function missingRelation(name: string, offset: number): SqlError {
  return new SqlError(SqlState.UndefinedTable, `table does not exist [table=${name}]`, { offset })
}

function column(name: string | undefined, type: ScalarTypeName): ColumnDescription {
  const scalar: ScalarType = { kind: 'Scalar', name: type }
  return { name: name ?? '', type: scalar }
}

function typeName(text: string | undefined): ScalarTypeName {
  const known = parameterTypes.find((type) => type === text?.toLowerCase())
  return known ?? 'text'
}

const parameterTypes = ['int4', 'int8', 'bytea', 'timestamptz', 'uuid', 'numeric'] as const
