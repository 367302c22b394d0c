import { beforeAll, describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { loadParser, parseExpression, parseStatements } from '../../parser/parse.ts'
import { printStatement, type PrintableStatement } from '../../parser/print.ts'
import { quoteLiteral, quoteName } from '../../parser/quote.ts'
import type {
  AccessStatement,
  AlterAction,
  BackupStatement,
  ColumnAction,
  ColumnDefinition,
  DumpChoice,
  GrantTargets,
  Literal,
  Name,
  PartitionSelection,
  QualifiedName,
  SchemaStatement,
  ShowStatement,
  StorageParameters,
  TableConstraint,
  TableStorage,
  TypeName,
} from '../../parser/statement.ts'
import { withoutPlaces } from './without-places.ts'

beforeAll(async () => loadParser())

const span = { start: 0, end: 0 }

/** Text as hostile as a client can send: quotes, keywords, line breaks, any script. */
const anyText = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom('user', 'select', 'IF', 'to', 'a"b', "a'b", 'a b', '', 'x--y', '/*', 'Ä', '$$'),
  )
  .filter((text) => !text.includes('\0'))
/** Of relations and columns: not empty, and not cut off by PostgreSQL. */
const relationText = anyText.filter((text) => text !== '' && Buffer.byteLength(text) <= 63)

const named = (text: string): Name => ({ text, span })
const principal = anyText.map(named)
const relation = relationText.map(named)
const literal: fc.Arbitrary<Literal> = anyText.map((value) => ({ value, span }))
const qualified: fc.Arbitrary<QualifiedName> = fc.oneof(
  fc.record({ name: relation }),
  fc.record({ schema: relation, name: relation }),
)
const someNames = fc.array(relation, { minLength: 1, maxLength: 3 })
const somePrincipals = fc.array(principal, { minLength: 1, maxLength: 3 })

/** A record whose `optional` fields may be missing. */
function withOptional<Required extends object, Optional extends object>(
  required: fc.Arbitrary<Required>,
  optional: fc.Arbitrary<Optional>,
): fc.Arbitrary<Required & Optional> {
  return fc.tuple(required, optional).map(([first, second]) => ({ ...first, ...second }))
}

const constant = <const Value>(value: Value): fc.Arbitrary<Value> => fc.constant(value)

const passwordOption = fc.oneof(
  fc.record({ kind: constant('Password'), password: literal }),
  fc.record({ kind: constant('NoPassword') }),
)

const alterAction: fc.Arbitrary<AlterAction> = fc.oneof(
  fc.record({ kind: fc.constantFrom('Enable', 'Disable', 'RemovePassword', 'DropJwk') }),
  fc.record({ kind: constant('SetPassword'), password: literal }),
  withOptional(
    fc.record({ kind: constant('CreateJwk') }),
    fc.record({ publicKey: fc.record({ x: literal, y: literal }) }, { requiredKeys: [] }),
  ),
  fc.record({ kind: constant('CreateRestToken'), ttl: literal, refresh: fc.boolean() }),
  withOptional(
    fc.record({ kind: constant('DropRestToken') }),
    fc.record({ token: literal }, { requiredKeys: [] }),
  ),
)

const permission = fc
  .constantFrom('SELECT', 'CREATE TABLE', 'ALL', 'CONVERT PARTITION TO NATIVE', 'NO SUCH ONE')
  .map((text) => ({ text, span }))

const targets: fc.Arbitrary<GrantTargets> = fc.oneof(
  fc.record({ kind: constant('Database') }),
  fc.record({ kind: constant('AllTables'), span: constant(span) }),
  fc.record({
    kind: constant('Tables'),
    targets: fc.array(
      withOptional(
        fc.record({ table: qualified }),
        fc.record(
          {
            columns: fc.oneof(
              fc.record({ kind: constant('ColumnList'), columns: someNames }),
              fc.record({
                kind: constant('Star'),
                exclude: fc.array(relation, { maxLength: 2 }),
                span: constant(span),
              }),
            ),
          },
          { requiredKeys: [] },
        ),
      ),
      { minLength: 1, maxLength: 3 },
    ),
  }),
)

const accessStatement: fc.Arbitrary<AccessStatement> = fc.oneof(
  withOptional(
    fc.record({ kind: constant('CreateUser'), name: principal, ifNotExists: fc.boolean() }),
    fc.record({ password: passwordOption }, { requiredKeys: [] }),
  ),
  withOptional(
    fc.record({
      kind: constant('CreateServiceAccount'),
      name: principal,
      ifNotExists: fc.boolean(),
    }),
    fc.record({ password: passwordOption, ownedBy: principal }, { requiredKeys: [] }),
  ),
  withOptional(
    fc.record({ kind: constant('CreateGroup'), name: principal, ifNotExists: fc.boolean() }),
    fc.record({ externalAlias: literal }, { requiredKeys: [] }),
  ),
  fc.record({ kind: constant('AlterUser'), name: principal, action: alterAction }),
  fc.record({ kind: constant('AlterServiceAccount'), name: principal, action: alterAction }),
  fc.record({
    kind: constant('AlterGroup'),
    name: principal,
    action: fc.constantFrom('AddAlias', 'DropAlias'),
    alias: literal,
  }),
  fc.record({
    kind: fc.constantFrom('DropUser', 'DropServiceAccount', 'DropGroup'),
    name: principal,
    ifExists: fc.boolean(),
  }),
  fc.record({
    kind: fc.constantFrom('AddUser', 'RemoveUser'),
    user: principal,
    groups: somePrincipals,
  }),
  fc.record({
    kind: constant('Grant'),
    permissions: fc.array(permission, { minLength: 1, maxLength: 3 }),
    targets,
    grantee: principal,
    grantOption: fc.boolean(),
    verification: fc.boolean(),
  }),
  fc.record({
    kind: constant('Revoke'),
    permissions: fc.array(permission, { minLength: 1, maxLength: 3 }),
    targets,
    grantee: principal,
  }),
  fc.record({
    kind: constant('GrantAssume'),
    account: principal,
    grantee: principal,
    grantOption: fc.boolean(),
    verification: fc.boolean(),
  }),
  fc.record({ kind: constant('RevokeAssume'), account: principal, grantee: principal }),
)

const dumpChoice: fc.Arbitrary<DumpChoice> = fc.record({
  verb: fc.constantFrom('INCLUDE', 'EXCLUDE'),
  categories: fc.array(
    fc.constantFrom(
      'TABLES',
      'VIEWS',
      'MATERIALIZED_VIEWS',
      'USERS',
      'GROUPS',
      'SERVICE_ACCOUNTS',
      'PERMISSIONS',
      'SCHEMA',
      'ACL',
      'ALL',
    ),
    { minLength: 1, maxLength: 3 },
  ),
})

const showStatement: fc.Arbitrary<ShowStatement> = fc.oneof(
  fc.record({ kind: fc.constantFrom('ShowUsers', 'ShowTables') }),
  withOptional(
    fc.record({ kind: constant('ShowUser') }),
    fc.record({ name: principal }, { requiredKeys: [] }),
  ),
  withOptional(
    fc.record({ kind: constant('ShowGroups') }),
    fc.record({ user: principal }, { requiredKeys: [] }),
  ),
  withOptional(
    fc.record({ kind: constant('ShowServiceAccounts') }),
    fc.record({ entity: principal }, { requiredKeys: [] }),
  ),
  withOptional(
    fc.record({ kind: constant('ShowServiceAccount') }),
    fc.record({ name: principal }, { requiredKeys: [] }),
  ),
  withOptional(
    fc.record({ kind: constant('ShowPermissions') }),
    fc.record({ entity: principal }, { requiredKeys: [] }),
  ),
  fc.record({ kind: constant('ShowColumns'), table: qualified }),
  fc.record({ kind: constant('ShowCreateTable'), table: qualified }),
  fc.record({ kind: constant('ShowCreateView'), view: qualified }),
  withOptional(
    fc.record({ kind: constant('ShowCreateDatabase') }),
    fc.record({ choice: dumpChoice }, { requiredKeys: [] }),
  ),
)

const typeName: fc.Arbitrary<TypeName> = fc.constantFrom(
  { name: 'int4', modifiers: [], arrayDimensions: 0, declared: 'INT', span },
  { name: 'symbol', modifiers: [], arrayDimensions: 0, declared: 'SYMBOL', span },
  { name: 'numeric', modifiers: [10, 2], arrayDimensions: 1, declared: 'NUMERIC(10,2)[]', span },
  { name: 'float8', modifiers: [], arrayDimensions: 0, declared: 'DOUBLE PRECISION', span },
  {
    name: 'timestamptz',
    modifiers: [3],
    arrayDimensions: 0,
    declared: 'TIMESTAMP(3) WITH TIME ZONE',
    span,
  },
  { name: 'My type', modifiers: [], arrayDimensions: 0, declared: '"My type"', span },
)

const expressionText = fc.oneof(
  fc.constantFrom(
    '1',
    '-1',
    'now()',
    'NULL',
    '(a + 1) * 2',
    "'x'::text",
    'a -- why\n',
    'ARRAY[1, 2]',
  ),
  anyText.map(quoteLiteral),
)
/** parseExpression needs the module, which is loaded before the first value is made. */
const expression = expressionText.map((text) => parseExpression(text))

const integerLiteral = fc.record({
  value: fc.integer({ min: 0, max: 1 << 30 }),
  span: constant(span),
})

const indexOptions = withOptional(
  fc.record({ span: constant(span) }),
  fc.record({ capacity: integerLiteral }, { requiredKeys: [] }),
)

/** At least one option: without any, nothing was said of how values are kept. */
const symbolOptions = fc.oneof(
  fc.record({ capacity: integerLiteral }),
  fc.record({ cached: fc.boolean() }),
  fc.record({ capacity: integerLiteral, cached: fc.boolean() }),
)

const symbolType: TypeName = {
  name: 'symbol',
  modifiers: [],
  arrayDimensions: 0,
  declared: 'SYMBOL',
  span,
}

const columnType: fc.Arbitrary<Pick<ColumnDefinition, 'type' | 'symbol' | 'index'>> = fc.oneof(
  fc.record({ type: typeName }),
  withOptional(
    fc.record({ type: constant(symbolType) }),
    fc.record({ symbol: symbolOptions, index: indexOptions }, { requiredKeys: [] }),
  ),
)

const column: fc.Arbitrary<ColumnDefinition> = withOptional(
  withOptional(fc.record({ name: relation, notNull: fc.boolean() }), columnType),
  fc.record({ default: expression, collation: relation }, { requiredKeys: [] }),
)

const parameters: fc.Arbitrary<StorageParameters> = fc.oneof(
  fc.record({ maxUncommittedRows: integerLiteral }),
  fc.record({ o3MaxLag: integerLiteral }),
  fc.record({ maxUncommittedRows: integerLiteral, o3MaxLag: integerLiteral }),
)

const columnAction: fc.Arbitrary<ColumnAction> = fc.oneof(
  withOptional(
    withOptional(fc.record({ kind: constant('SetType') }), columnType),
    fc.record({ using: expression }, { requiredKeys: [] }),
  ),
  withOptional(
    fc.record({ kind: constant('AddIndex') }),
    fc.record({ capacity: integerLiteral }, { requiredKeys: [] }),
  ),
  fc.record({ kind: constant('DropIndex') }),
  fc.record({ kind: constant('SetCached'), cached: fc.boolean() }),
  fc.record({ kind: constant('SetSymbolCapacity'), capacity: integerLiteral }),
)

const renames = fc.array(fc.record({ column: relation, to: relation }), {
  minLength: 1,
  maxLength: 3,
})

const altered = withOptional(
  fc.record({ table: qualified }),
  fc.record({ ifTableExists: constant(true) }, { requiredKeys: [] }),
)

const constraint: fc.Arbitrary<TableConstraint> = fc.oneof(
  withOptional(
    fc.record({ kind: fc.constantFrom('PrimaryKey', 'Unique'), columns: someNames }),
    fc.record({ name: relation }, { requiredKeys: [] }),
  ),
  withOptional(
    fc.record({ kind: constant('Check'), expression }),
    fc.record({ name: relation }, { requiredKeys: [] }),
  ),
)

const timeToLive = fc.record({
  amount: fc.integer({ min: 0, max: 1000 }),
  unit: fc.constantFrom('HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR'),
  span: constant(span),
})

const storage: fc.Arbitrary<TableStorage> = fc.record(
  {
    timestamp: relation,
    partitionBy: fc.constantFrom('NONE', 'HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR'),
    wal: fc.boolean(),
    dedupKeys: someNames,
    ttl: timeToLive,
    parameters,
    indexes: fc.array(
      withOptional(
        fc.record({ column: relation, span: constant(span) }),
        fc.record({ capacity: integerLiteral }, { requiredKeys: [] }),
      ),
      { minLength: 1, maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
)

const columns = fc.array(column, { minLength: 1, maxLength: 3 })
const relations = fc.array(qualified, { minLength: 1, maxLength: 3 })

const namedPartitions: fc.Arbitrary<Extract<PartitionSelection, { readonly kind: 'Named' }>> =
  fc.record({
    kind: constant('Named'),
    names: fc.array(literal, { minLength: 1, maxLength: 3 }),
  })
const selection: fc.Arbitrary<PartitionSelection> = fc.oneof(
  namedPartitions,
  fc.record({ kind: constant('Matching'), condition: expression }),
)
const partitionStatement: fc.Arbitrary<SchemaStatement> = fc
  .oneof(
    fc.record({ kind: constant('DropPartition'), force: constant(false), selection }),
    fc.record({
      kind: constant('DropPartition'),
      force: constant(true),
      selection: namedPartitions,
    }),
    fc.record({ kind: constant('DetachPartition'), selection }),
    fc.record({ kind: constant('AttachPartition'), selection: namedPartitions }),
    fc.record({ kind: constant('SquashPartitions') }),
    fc.record({ kind: constant('SetTimeToLive') }),
    fc.record({ kind: constant('SetTimeToLive'), ttl: timeToLive }),
  )
  .chain((statement) => altered.map((table) => ({ ...statement, ...table })))

const backupStatement: fc.Arbitrary<BackupStatement> = fc.oneof(
  fc.record({ kind: constant('BackupDatabase') }),
  fc.record({ kind: constant('BackupTable'), tables: relations }),
  fc.record({
    kind: fc.constantFrom('CreateCheckpoint', 'ReleaseCheckpoint'),
    words: fc.constantFrom('CHECKPOINT', 'SNAPSHOT'),
  }),
)

const schemaStatement: fc.Arbitrary<SchemaStatement> = fc.oneof(
  partitionStatement,
  withOptional(
    fc.record({
      kind: constant('CreateTable'),
      table: qualified,
      ifNotExists: fc.boolean(),
      columns,
      constraints: fc.array(constraint, { maxLength: 2 }),
      storage,
    }),
    fc.record({ ownedBy: principal }, { requiredKeys: [] }),
  ),
  withOptional(
    fc.record({
      kind: constant('CreateTableLike'),
      table: qualified,
      ifNotExists: fc.boolean(),
      source: qualified,
    }),
    fc.record({ ownedBy: principal }, { requiredKeys: [] }),
  ),
  fc.record({
    kind: constant('DropTable'),
    tables: relations,
    ifExists: fc.boolean(),
    cascadePermissions: fc.boolean(),
  }),
  fc.record({
    kind: constant('DropView'),
    views: relations,
    ifExists: fc.boolean(),
    cascadePermissions: fc.boolean(),
  }),
  fc.record({ kind: constant('CompileView'), view: qualified }),
  withOptional(
    fc.record({ kind: constant('RenameTable'), table: qualified, to: qualified }),
    fc.record({ ifTableExists: constant(true) }, { requiredKeys: [] }),
  ),
  withOptional(
    fc.record({ kind: constant('Truncate'), tables: relations }),
    fc.record({ ifExists: constant(true) }, { requiredKeys: [] }),
  ),
  withOptional(
    fc.record({
      kind: constant('AddColumn'),
      table: qualified,
      ifNotExists: fc.boolean(),
      columns,
    }),
    fc.record({ ownedBy: principal, ifTableExists: constant(true) }, { requiredKeys: [] }),
  ),
  withOptional(
    fc.record({
      kind: constant('DropColumn'),
      table: qualified,
      ifExists: fc.boolean(),
      columns: someNames,
      cascadePermissions: fc.boolean(),
    }),
    fc.record({ ifTableExists: constant(true) }, { requiredKeys: [] }),
  ),
  withOptional(
    fc.record({
      kind: constant('RenameColumn'),
      renames,
    }),
    altered,
  ),
  withOptional(
    fc.record({ kind: constant('AlterColumn'), column: relation, action: columnAction }),
    altered,
  ),
  withOptional(fc.record({ kind: constant('SetTableParameters'), parameters }), altered),
  withOptional(fc.record({ kind: constant('SetTableType'), wal: fc.boolean() }), altered),
  withOptional(
    fc.record({ kind: constant('SuspendWal') }),
    withOptional(altered, fc.record({ with: constant({ span }) }, { requiredKeys: [] })),
  ),
  withOptional(
    fc.record({ kind: constant('ResumeWal') }),
    withOptional(altered, fc.record({ from: constant({ span }) }, { requiredKeys: [] })),
  ),
  withOptional(
    fc.record({ kind: constant('Reindex'), table: qualified }),
    fc.record({ columns: someNames, partition: constant({ span }) }, { requiredKeys: [] }),
  ),
  fc.record({ kind: constant('Vacuum'), table: qualified }),
  fc.record({ kind: constant('DropAllTables') }),
)

const sessionStatement: fc.Arbitrary<PrintableStatement> = fc.oneof(
  fc.record({ kind: constant('AssumeServiceAccount'), account: principal }),
  withOptional(
    fc.record({ kind: constant('ExitServiceAccount') }),
    fc.record({ account: principal }, { requiredKeys: [] }),
  ),
)

describe('what is printed parses to the same statement', () => {
  test.each<readonly [string, fc.Arbitrary<PrintableStatement>]>([
    ['access statements', accessStatement],
    ['SHOW', showStatement],
    ['ASSUME and EXIT', sessionStatement],
    ['schema statements', schemaStatement],
    ['statements that copy', backupStatement],
  ])('%s', (_name, statements) => {
    fc.assert(
      fc.property(statements, (statement) => {
        const parsed = parseStatements(printStatement(statement))
        expect(parsed.map((one) => withoutPlaces(one.statement))).toEqual([
          withoutPlaces(statement),
        ])
      }),
    )
  })

  test.each([
    'CREATE VIEW v AS SELECT 1 -- why',
    'CREATE OR REPLACE VIEW v (a) AS (SELECT 1) OWNED BY g',
    'ALTER VIEW v AS (SELECT 1 /* x */)',
    'CREATE TABLE t AS (SELECT a FROM u) TIMESTAMP(a) WITH NO DATA OWNED BY g',
    'CREATE TABLE t (a) AS VALUES (1)',
  ])('%s', (sql) => {
    const [first] = parseStatements(sql)
    const statement = first?.statement
    if (statement === undefined || !isDefinition(statement)) throw new Error('no definition')
    const again = parseStatements(printStatement(statement))
    expect(again.map((one) => withoutPlaces(one.statement))).toEqual([withoutPlaces(statement)])
  })
})

function isDefinition(statement: { readonly kind: string }): statement is SchemaStatement {
  return ['CreateView', 'AlterView', 'CreateTableAs'].includes(statement.kind)
}

describe('quotes', () => {
  test.each([
    ['a_1', 'a_1'],
    ['A', '"A"'],
    ['1a', '"1a"'],
    ['a"b', '"a""b"'],
    ['user', '"user"'],
    ['values', '"values"'],
    ['schema', 'schema'],
    ['é', '"é"'],
    ['', '""'],
  ])('the name %j is %s', (text, expected) => {
    expect(quoteName(text)).toBe(expected)
  })

  test('a literal is one literal', () => {
    expect(quoteLiteral("it's \\n")).toBe("'it''s \\n'")
  })
})
