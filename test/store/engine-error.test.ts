import { describe, expect, test } from '@jest/globals'
import { translateFailure } from '../../store/engine-error.ts'
import type { StoreEvent } from '../../store/store-options.ts'
import type { Program } from '../../store/store.ts'

const program: Program = {
  sql: 'INSERT INTO "d_x"."main"."t7" ...',
  kind: 'Insert',
  parameters: [],
  columns: [],
  target: {
    oid: 7,
    schema: 'public',
    table: 'trades',
    columns: [
      { attnum: 1, name: 'id' },
      { attnum: 2, name: 'note' },
      { attnum: 5, name: 'side' },
    ],
  },
}

const named: Program = {
  ...program,
  target: {
    oid: 7,
    schema: 'public',
    table: 'trades',
    columns: [
      { attnum: 1, name: 'id' },
      { attnum: 2, name: 'note' },
      { attnum: 5, name: 'side' },
    ],
    constraints: [
      { kind: 'PrimaryKey', name: 'by_id', attnums: [1] },
      { kind: 'Unique', name: 'one_note', attnums: [2, 5] },
      { kind: 'Check', name: 'note_is_short', attnums: [2] },
    ],
  },
}

/** Messages as the engine gave them (measured), with what is to become of them. */
const rows: readonly (readonly [
  engine: string,
  sqlState: string,
  message: string,
  given?: Program,
])[] = [
  ['Invalid Input Error: grantd:22012:division by zero', '22012', 'division by zero'],
  [
    'INTERNAL Error: Failed to bind column reference "k1" [37.0] (bindings: {#[14.0]})\nStack Trace:',
    '0A000',
    'a column of an outer query cannot be used at this depth of subqueries',
  ],
  [
    'Invalid Input Error: grantd:21000:more than one row returned by a subquery used as an expression\n\nLINE 1: x',
    '21000',
    'more than one row returned by a subquery used as an expression',
  ],
  [
    'Constraint Error: Duplicate key "c1: 5" violates primary key constraint.',
    '23505',
    'duplicate key value violates unique constraint "trades_pkey"',
  ],
  [
    'Constraint Error: Duplicate key "c1: 5" violates primary key constraint.',
    '23505',
    'duplicate key value violates unique constraint "by_id"',
    named,
  ],
  [
    'Constraint Error: Duplicate key "c2: SECRET, c5: 1" violates unique constraint.',
    '23505',
    'duplicate key value violates unique constraint "trades_note_side_key"',
  ],
  [
    'Constraint Error: Duplicate key "c2: SECRET, c5: 1" violates unique constraint.',
    '23505',
    'duplicate key value violates unique constraint "one_note"',
    named,
  ],
  [
    'Constraint Error: Duplicate key "c2: SECRET, c99: " violates unique constraint.',
    '23505',
    'duplicate key value violates unique constraint "trades_note_key"',
  ],
  [
    'Constraint Error: PRIMARY KEY or UNIQUE constraint violation: duplicate key "SECRET"',
    '23505',
    'duplicate key value violates unique constraint',
  ],
  [
    'TransactionContext Error: Failed to commit: PRIMARY KEY or UNIQUE constraint violation: duplicate key "SECRET"',
    '23505',
    'duplicate key value violates unique constraint',
  ],
  [
    'Constraint Error: NOT NULL constraint failed: t7.c2',
    '23502',
    'null value in column "note" of relation "trades" violates not-null constraint',
  ],
  [
    'Constraint Error: NOT NULL constraint failed: t7.c2',
    '23502',
    'column "note" of relation "trades" contains null values',
    { ...program, kind: 'PhysicalChange' },
  ],
  [
    `Constraint Error: CHECK constraint failed on table t7 with expression CHECK((c2 != 'SECRET'))`,
    '23514',
    'new row for relation "trades" violates check constraint "trades_note_check"',
  ],
  [
    'Constraint Error: CHECK constraint failed on table t7 with expression CHECK((c2 < c5))',
    '23514',
    'new row for relation "trades" violates check constraint "trades_check"',
  ],
  [
    'Constraint Error: CHECK constraint failed on table t7 with expression CHECK((length(c2) < 5))',
    '23514',
    'new row for relation "trades" violates check constraint "note_is_short"',
    named,
  ],
  [
    'TransactionContext Error: Conflict on update!',
    '40001',
    'could not serialize access due to concurrent update',
  ],
  [
    'TransactionContext Error: Conflict on tuple deletion!',
    '40001',
    'could not serialize access due to concurrent update',
  ],
  [
    'TransactionContext Error: Transaction conflict: attempting to insert into table "t7" but it has been altered by a different transaction',
    '40001',
    'could not serialize access due to concurrent update',
  ],
  [
    'TransactionContext Error: Failed to commit: Transaction conflict: attempting to insert into table "t7" but it has been dropped by a different transaction',
    '40001',
    'could not serialize access due to concurrent update',
  ],
  [
    'TransactionContext Error: Catalog write-write conflict on create with "Schema\\0main"',
    '40001',
    'could not serialize access due to concurrent update',
  ],
  [
    'TransactionContext Error: Failed to commit: Attempting to modify table t7 but another transaction has altered this table!',
    '40001',
    'could not serialize access due to concurrent update',
  ],
  [
    'TransactionContext Error: Failed to commit: Failed to alter table "t7" because the underlying table state was reverted by a concurrent transaction',
    '40001',
    'could not serialize access due to concurrent update',
  ],
  [
    'Binder Error: Referenced column "c9" not found in FROM clause!',
    '40001',
    'could not serialize access due to concurrent update',
  ],
  [
    'Binder Error: Referenced update column c9 not found in table!',
    '40001',
    'could not serialize access due to concurrent update',
  ],
  [
    'Binder Error: Table "t7" does not have a column with name "c9"',
    '40001',
    'could not serialize access due to concurrent update',
  ],
  [
    'TransactionContext Error: Cannot CHECKPOINT: there are other write transactions active. Try using FORCE CHECKPOINT to wait until all active transactions are finished',
    '55006',
    'storage cannot be given back while other transactions write',
  ],
  [
    'Catalog Error: Table with name t7 does not exist!\nDid you mean "t8"?',
    '40001',
    'could not serialize access due to concurrent update',
  ],
  [
    'TransactionContext Error: Current transaction is aborted (please ROLLBACK)',
    '25P02',
    'current transaction is aborted, commands ignored until end of transaction block',
  ],
  [
    'TransactionContext Error: Cannot write to database "d_x" - transaction is launched in read-only mode',
    '25006',
    'cannot execute a statement that writes in a read-only transaction',
  ],
  ['INTERRUPT Error: Interrupted!', '57014', 'canceling statement due to user request'],
  [
    'Out of Memory Error: failed to allocate data of size 8.0 MiB (53.3 MiB/57.2 MiB used)',
    '53200',
    'out of memory',
  ],
  [
    `Conversion Error: Could not convert string 'SECRET' to INT32 when casting from source column c1`,
    '22P02',
    'invalid input syntax for the type',
  ],
  [
    `Conversion Error: Could not convert string 'Type x with value' to INT32`,
    '22P02',
    'invalid input syntax for the type',
  ],
  [
    `Conversion Error: Type INT32 with value 300000 can't be cast because the value is out of range for the destination type INT16`,
    '22003',
    'value out of range for the type',
  ],
  [
    'Conversion Error: Casting value "12345.6" to type DECIMAL(5,2) failed: value is out of range!',
    '22003',
    'value out of range for the type',
  ],
  ['Conversion Error: Date out of range: 2023-2-29', '22008', 'date/time field value out of range'],
  ['Conversion Error: Time out of range: 8:60:0.0', '22008', 'date/time field value out of range'],
  [
    'Parser Error: Max expression depth limit of 1000 exceeded. Use "SET max_expression_depth TO x"',
    '54001',
    'stack depth limit exceeded',
  ],
  [
    "Conversion Error: Type INT32 with value 5874897-12-31 can't be cast to the destination type INT64",
    '22008',
    'date out of range for timestamp',
  ],
  ['Conversion Error: Date and time not in timestamp range', '22008', 'timestamp out of range'],
  ['Conversion Error: ICU date overflows timestamp range', '22008', 'timestamp out of range'],
  ['Conversion Error: Timestamp difference is out of bounds', '22008', 'timestamp out of range'],
  [
    'Conversion Error: date field value out of range: "2020-13-45"',
    '22008',
    'date/time field value out of range',
  ],
  [
    'Conversion Error: invalid timestamp field format: "SECRET", expected format is (YYYY)',
    '22007',
    'invalid input syntax for a date or time',
  ],
  [
    'Conversion Error: Malformed JSON at byte 1 of input: unexpected end of data.  Input: "{"',
    '22P02',
    'invalid input syntax for type json',
  ],
  [
    'Out of Range Error: Overflow in multiplication of INT64 (987654 * 9)!',
    '22003',
    'bigint out of range',
  ],
  ['Out of Range Error: Overflow in addition of INT32 (1 + 1)!', '22003', 'integer out of range'],
  ['Out of Range Error: Overflow in addition of DECIMAL (1 + 1)!', '22003', 'value out of range'],
  [
    'Out of Range Error: cannot take square root of a negative number',
    '2201F',
    'cannot take square root of a negative number',
  ],
  ['Out of Range Error: cannot take logarithm of zero', '2201E', 'cannot take logarithm of zero'],
  [
    'Invalid Input Error: More than one row returned by a subquery used as an expression - scalar',
    '21000',
    'more than one row returned by a subquery used as an expression',
  ],
  ['Invalid Input Error: missing ): SECRET', '22023', 'invalid argument of a function'],
  [`Not implemented Error: Unknown TimeZone 'SECRET'!`, '22023', 'time zone not recognized'],
  [
    'IO Error: Could not read from file "/data/store.duckdb"',
    '58030',
    'could not read or write table data',
  ],
]

function failNamed(message: string): unknown {
  return translateFailure({ kind: 'Engine', message }, named, () => undefined)
}

describe('an error of the engine', () => {
  test.each(
    rows.map(([engine, sqlState, message, given]) => ({ engine, sqlState, message, given })),
  )('$engine', ({ engine, sqlState, message, given }) => {
    const events: StoreEvent[] = []
    const error = translateFailure({ kind: 'Engine', message: engine }, given ?? program, (event) =>
      events.push(event),
    )
    expect(error).toMatchObject({ sqlState, message })
    expect(events).toEqual([expect.objectContaining({ kind: 'EngineError', message: engine })])
    const told = JSON.stringify([error.message, error.detail, error.hint, error.constraint])
    expect(told).not.toMatch(/SECRET|d_x|"t7"|INT32|DuckDB/)
  })

  test.each([
    'Parser Error: syntax error at or near "SELEC"',
    'Binder Error: Referenced column "k9" not found in FROM clause!',
    'Catalog Error: Scalar Function with name foo does not exist!\nDid you mean "floor"?',
    'INTERNAL Error: Attempted to access index 5 within vector of size 2',
    'FATAL Error: database has been invalidated',
    'Serialization Error: Failed to deserialize',
    'Invalid Input Error: Cannot prepare multiple statements at once!',
    'Error: something nobody has seen, with grantd:22012:division by zero inside',
  ])('that is our own mistake is told to the log only: %s', (engine) => {
    const events: StoreEvent[] = []
    const error = translateFailure({ kind: 'Engine', message: engine }, program, (event) =>
      events.push(event),
    )
    expect(error.sqlState).toBe('XX000')
    expect(error.message).toMatch(/^internal error [0-9a-f]{12}$/)
    expect(events).toEqual([
      expect.objectContaining({ message: engine, sql: program.sql, id: error.message.slice(15) }),
    ])
  })

  test('names schema, table, column and constraint in fields of their own', () => {
    expect(
      failNamed('Constraint Error: Duplicate key "c1: 5" violates primary key constraint.'),
    ).toMatchObject({
      schema: 'public',
      table: 'trades',
      constraint: 'by_id',
    })
    expect(failNamed('Constraint Error: NOT NULL constraint failed: t7.c2')).toMatchObject({
      schema: 'public',
      table: 'trades',
      column: 'note',
    })
  })
})
