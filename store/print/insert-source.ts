/**
 * The rows of an INSERT ... ON CONFLICT. The engine compares the rows of one statement with each other as
 * if NULL were a value, and drops those whose key it has seen: where PostgreSQL would refuse (DO UPDATE) or
 * keep them (NULL), rows would be lost without a word. So such rows raise (measured on 1.5.6).
 */
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'
import type { BoundInsert, BoundOnConflict, BoundQuery } from '../bound.ts'
import { outputName, outputNames } from './names.ts'
import type { Printer } from './printer.ts'
import { printValues } from './query.ts'
import { raise } from './raise.ts'

/** Positions in the source, from 1, of the columns of one key. */
type Key = readonly number[]

export function printInsertSource(
  printer: Printer,
  insert: BoundInsert,
  source: BoundQuery,
): string {
  const isOneRow = source.body.kind === 'Values' && source.body.rows.length === 1
  const { onConflict } = insert
  if (onConflict === undefined || isOneRow) return printSource(printer, source)
  const keys = comparedKeys(insert, onConflict).map((key) => positionsOf(insert, key))
  if (keys.length === 0) return printSource(printer, source)
  if (holdsDefault(source)) throw defaultBesideConflict()
  return printCompared(printer, source, keys, onConflict.action.kind)
}

/** The keys whose repetition would lose a row. A primary key has no NULL, so DO NOTHING may drop by it. */
function comparedKeys(
  { target: { constraints = [] } }: BoundInsert,
  { target, action }: BoundOnConflict,
): readonly (readonly number[])[] {
  if (action.kind === 'Update') return [target]
  const unique = constraints.filter(({ kind }) => kind === 'Unique').map(({ attnums }) => attnums)
  return target.length === 0 ? unique : unique.filter((key) => isSameSet(key, target))
}

function isSameSet(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((attnum) => other.includes(attnum))
}

/** @throws SqlError 0A000 if the source does not give every column of the key */
function positionsOf({ columns }: BoundInsert, key: readonly number[]): Key {
  return key.map((attnum) => {
    const index = columns.indexOf(attnum)
    if (index === -1) throw keyIsNotFilled()
    return index + 1
  })
}

function printCompared(
  printer: Printer,
  source: BoundQuery,
  keys: readonly Key[],
  action: BoundOnConflict['action']['kind'],
): string {
  const names = outputNames(source.columns.length)
  const counts = keys.map(
    (key, index) => `count(*) OVER (PARTITION BY ${columnsOf(key)}) AS ${countName(index)}`,
  )
  const refusals = keys.map((key, index) => refusal(key, index, action)).join(' ')
  return (
    `(SELECT ${names} FROM (SELECT ${names}, ${counts.join(', ')} ` +
    `FROM (${printer.query(source)}) AS "s"(${names})) AS "s" WHERE CASE ${refusals} ELSE true END)`
  )
}

function columnsOf(key: Key): string {
  return key.map(outputName).join(', ')
}

function countName(index: number): string {
  return `"n${index + 1}"`
}

/** PostgreSQL 15, nodeModifyTable.c, ExecOnConflictUpdate, for a key without NULL. */
const twice = raise(
  SqlState.CardinalityViolation,
  'ON CONFLICT DO UPDATE command cannot affect row a second time',
)
const nullTwice = raise(
  SqlState.FeatureNotSupported,
  'ON CONFLICT with several rows whose key is the same and holds NULL is not supported',
)

function refusal(key: Key, index: number, action: BoundOnConflict['action']['kind']): string {
  const holdsNull = key.map((position) => `${outputName(position)} IS NULL`).join(' OR ')
  const repeated = `${countName(index)} > 1`
  const withNull = `WHEN ${repeated} AND (${holdsNull}) THEN ${nullTwice}`
  return action === 'Update' ? `${withNull} WHEN ${repeated} THEN ${twice}` : withNull
}

function holdsDefault({ body }: BoundQuery): boolean {
  return (
    body.kind === 'Values' &&
    body.rows.some((row) => row.some((value) => value.kind === 'DefaultValue'))
  )
}

function keyIsNotFilled(): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    'ON CONFLICT with several rows that leave out a column of a unique key is not supported',
    { hint: 'Name the column in the list of columns, or insert the rows one by one.' },
  )
}

function defaultBesideConflict(): SqlError {
  return new SqlError(
    SqlState.FeatureNotSupported,
    'DEFAULT in several rows of VALUES with ON CONFLICT is not supported',
    { hint: 'Leave the column out of the list of columns.' },
  )
}

/** Bare VALUES may hold DEFAULT, which a subquery may not. */
function printSource(printer: Printer, source: BoundQuery): string {
  const { body, orderBy, limit, offset } = source
  const isBare =
    body.kind === 'Values' &&
    source.with.length === 0 &&
    orderBy.length === 0 &&
    limit === undefined &&
    offset === undefined
  return isBare ? printValues(printer, body) : `(${printer.query(source)})`
}
