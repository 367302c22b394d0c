import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParser, parseStatements } from '../../parser/parse.ts'
import { printStatement, type PrintableStatement } from '../../parser/print.ts'
import type { Statement } from '../../parser/statement.ts'
import { withoutPlaces } from './without-places.ts'

beforeAll(async () => loadParser())

function parseOne(sql: string): Statement {
  const [parsed, ...others] = parseStatements(sql)
  if (parsed === undefined || others.length > 0) throw new Error('not one statement')
  return parsed.statement
}

function isPrintable(statement: Statement): statement is PrintableStatement {
  return !['Query', 'Insert', 'Update', 'Delete', 'Explain'].includes(statement.kind)
}

function printed(sql: string): string {
  const statement = parseOne(sql)
  if (!isPrintable(statement)) throw new Error('not a statement of the dialect')
  return printStatement(statement)
}

describe('each form of the grammar is read (shown as it is printed)', () => {
  test.each([
    ['create user bob', 'CREATE USER bob'],
    ['CREATE USER IF NOT EXISTS "jane doe"', 'CREATE USER IF NOT EXISTS "jane doe"'],
    ['CREATE USER u WITH PASSWORD Pwd1', `CREATE USER u WITH PASSWORD 'Pwd1'`],
    ["CREATE USER u WITH PASSWORD 'it''s'", `CREATE USER u WITH PASSWORD 'it''s'`],
    ["CREATE USER u WITH PASSWORD ''", `CREATE USER u WITH PASSWORD ''`],
    ['CREATE USER u WITH NO PASSWORD', 'CREATE USER u WITH NO PASSWORD'],
    ["CREATE USER ''", 'CREATE USER ""'],
    [
      "CREATE SERVICE ACCOUNT a WITH PASSWORD x OWNED BY 'g'",
      `CREATE SERVICE ACCOUNT a WITH PASSWORD 'x' OWNED BY g`,
    ],
    ["CREATE GROUP g WITH EXTERNAL ALIAS 'cn=g'", `CREATE GROUP g WITH EXTERNAL ALIAS 'cn=g'`],
    ['ALTER USER u ENABLE', 'ALTER USER u ENABLE'],
    ['ALTER SERVICE ACCOUNT s DISABLE', 'ALTER SERVICE ACCOUNT s DISABLE'],
    ['ALTER USER u WITH PASSWORD p', `ALTER USER u WITH PASSWORD 'p'`],
    ['ALTER USER u WITH NO PASSWORD', 'ALTER USER u WITH NO PASSWORD'],
    ['ALTER USER u CREATE TOKEN TYPE JWK', 'ALTER USER u CREATE TOKEN TYPE JWK'],
    [
      "ALTER USER u CREATE TOKEN TYPE JWK WITH PUBLIC KEY X 'a' y 'b'",
      `ALTER USER u CREATE TOKEN TYPE JWK WITH PUBLIC KEY x 'a' y 'b'`,
    ],
    [
      'ALTER USER u CREATE TOKEN TYPE REST WITH TTL 30d',
      `ALTER USER u CREATE TOKEN TYPE REST WITH TTL '30d'`,
    ],
    [
      "ALTER USER u CREATE TOKEN TYPE REST WITH TTL '1d' REFRESH",
      `ALTER USER u CREATE TOKEN TYPE REST WITH TTL '1d' REFRESH`,
    ],
    ['ALTER USER u DROP TOKEN TYPE JWK', 'ALTER USER u DROP TOKEN TYPE JWK'],
    ["ALTER USER u DROP TOKEN TYPE REST 'qt1'", `ALTER USER u DROP TOKEN TYPE REST 'qt1'`],
    ['ALTER USER u DROP TOKEN TYPE REST', 'ALTER USER u DROP TOKEN TYPE REST'],
    ["ALTER GROUP g WITH EXTERNAL ALIAS 'a'", `ALTER GROUP g WITH EXTERNAL ALIAS 'a'`],
    ["ALTER GROUP g DROP EXTERNAL ALIAS 'a'", `ALTER GROUP g DROP EXTERNAL ALIAS 'a'`],
    ['DROP USER IF EXISTS u', 'DROP USER IF EXISTS u'],
    ['DROP SERVICE ACCOUNT s', 'DROP SERVICE ACCOUNT s'],
    ['DROP GROUP g', 'DROP GROUP g'],
    ['ADD USER u TO g, "h i"', 'ADD USER u TO g, "h i"'],
    ['REMOVE USER u FROM g', 'REMOVE USER u FROM g'],
    ['GRANT ilp, create   table TO u', 'GRANT ILP, CREATE TABLE TO u'],
    [
      'GRANT CREATE /* a */ TABLE, USER\n DETAILS TO bob -- trailing',
      'GRANT CREATE TABLE, USER DETAILS TO bob',
    ],
    ['GRANT all ON all tables TO u', 'GRANT ALL ON ALL TABLES TO u'],
    [
      'GRANT SELECT ON a, \'s\'.b(x, "Y"), c(*), d(* EXCLUDE (x, y)) TO u',
      'GRANT SELECT ON a, s.b(x, "Y"), c(*), d(* EXCLUDE (x, y)) TO u',
    ],
    [
      'GRANT SELECT ON t TO u WITH VERIFICATION WITH GRANT OPTION',
      'GRANT SELECT ON t TO u WITH GRANT OPTION WITH VERIFICATION',
    ],
    [
      'GRANT CONVERT PARTITION TO NATIVE, SELECT ON t TO to',
      'GRANT CONVERT PARTITION TO NATIVE, SELECT ON t TO "to"',
    ],
    ['GRANT SELECT ON schema, schema.type TO u', 'GRANT SELECT ON schema, schema.type TO u'],
    ['GRANT no such thing TO u', 'GRANT NO SUCH THING TO u'],
    ['REVOKE SELECT, UPDATE ON t(a) FROM u', 'REVOKE SELECT, UPDATE ON t(a) FROM u'],
    [
      'GRANT ASSUME SERVICE ACCOUNT a TO u WITH GRANT OPTION',
      'GRANT ASSUME SERVICE ACCOUNT a TO u WITH GRANT OPTION',
    ],
    ['REVOKE ASSUME SERVICE ACCOUNT a FROM u', 'REVOKE ASSUME SERVICE ACCOUNT a FROM u'],
    ['ASSUME SERVICE ACCOUNT a', 'ASSUME SERVICE ACCOUNT a'],
    ['EXIT SERVICE ACCOUNT', 'EXIT SERVICE ACCOUNT'],
    ['EXIT SERVICE ACCOUNT a', 'EXIT SERVICE ACCOUNT a'],
    ['SHOW USERS', 'SHOW USERS'],
    ['SHOW USER', 'SHOW USER'],
    ["SHOW USER 'john.doe'", 'SHOW USER "john.doe"'],
    ['SHOW GROUPS u', 'SHOW GROUPS u'],
    ['SHOW SERVICE ACCOUNTS', 'SHOW SERVICE ACCOUNTS'],
    ['SHOW SERVICE ACCOUNT s', 'SHOW SERVICE ACCOUNT s'],
    ['SHOW PERMISSIONS user', 'SHOW PERMISSIONS "user"'],
    ['SHOW TABLES', 'SHOW TABLES'],
    ['SHOW COLUMNS FROM s.t', 'SHOW COLUMNS FROM s.t'],
    ["show create table 's'.'T'", 'SHOW CREATE TABLE s."T"'],
    ['SHOW CREATE VIEW v', 'SHOW CREATE VIEW v'],
    ['SHOW CREATE DATABASE', 'SHOW CREATE DATABASE'],
    ['SHOW CREATE DATABASE INCLUDE ALL', 'SHOW CREATE DATABASE INCLUDE (ALL)'],
    ['show create database exclude (users, Acl)', 'SHOW CREATE DATABASE EXCLUDE (USERS, ACL)'],
  ])('%s', (sql, expected) => {
    expect(printed(sql)).toBe(expected)
    expect(withoutPlaces(parseOne(expected))).toEqual(withoutPlaces(parseOne(sql)))
  })
})

describe('names of principals (N5, D3)', () => {
  test.each(['user', 'if', 'to', 'group', 'all', 'account', 'select', 'Ünï', 'a$1'])(
    'the word %s may be one',
    (word) => {
      expect(parseOne(`CREATE GROUP ${word}`)).toMatchObject({ name: { text: word } })
      expect(parseOne(`GRANT HTTP TO ${word}`)).toMatchObject({ grantee: { text: word } })
    },
  )

  test('keep their case, and their place', () => {
    expect(parseOne('CREATE USER  Bob')).toMatchObject({
      name: { text: 'Bob', span: { start: 13, end: 16 } },
    })
  })

  test('may be longer than those of tables', () => {
    const name = 'x'.repeat(256)
    expect(parseOne(`CREATE USER ${name}`)).toMatchObject({ name: { text: name } })
  })
})

describe('statements of a session', () => {
  test.each<readonly [string, object]>([
    ['BEGIN', { kind: 'Begin', readOnly: false, tag: 'BEGIN' }],
    ['begin transaction read only', { kind: 'Begin', readOnly: true, tag: 'BEGIN' }],
    [
      'START TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY, NOT DEFERRABLE',
      { kind: 'Begin', readOnly: true, isolation: 'repeatable read', tag: 'START TRANSACTION' },
    ],
    ['COMMIT WORK', { kind: 'Commit' }],
    ['END TRANSACTION AND NO CHAIN', { kind: 'Commit' }],
    ['ROLLBACK', { kind: 'Rollback' }],
    ['ABORT', { kind: 'Rollback' }],
    ['SET TRANSACTION READ ONLY', { kind: 'SetTransaction', scope: 'Transaction', readOnly: true }],
    [
      'SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED',
      { kind: 'SetTransaction', scope: 'Session', isolation: 'read committed' },
    ],
    [
      'SET search_path TO "$user", Public, \'x y\'',
      { kind: 'SetSetting', name: 'search_path', value: '"$user", public, "x y"', local: false },
    ],
    [
      'SET DateStyle = ISO, MDY',
      { kind: 'SetSetting', name: 'datestyle', value: 'iso, mdy', local: false },
    ],
    [
      'SET LOCAL statement_timeout = -1',
      { kind: 'SetSetting', name: 'statement_timeout', value: '-1', local: true },
    ],
    [
      "SET SESSION TIME ZONE 'UTC'",
      { kind: 'SetSetting', name: 'timezone', value: 'UTC', local: false },
    ],
    ['SET TIME ZONE LOCAL', { kind: 'SetSetting', name: 'timezone', local: false }],
    [
      "SET TIME ZONE INTERVAL '+00:00' HOUR TO MINUTE",
      { kind: 'SetSetting', name: 'timezone', value: 'UTC', local: false },
    ],
    [
      "SET TIME ZONE INTERVAL '+02:00' HOUR TO MINUTE",
      { kind: 'SetSetting', name: 'timezone', value: '<+02>-02', local: false },
    ],
    [
      "SET NAMES 'utf8'",
      { kind: 'SetSetting', name: 'client_encoding', value: 'utf8', local: false },
    ],
    ['SET my.thing TO DEFAULT', { kind: 'SetSetting', name: 'my.thing', local: false }],
    ['RESET ALL', { kind: 'ResetSetting' }],
    ['RESET TIME ZONE', { kind: 'ResetSetting', name: 'timezone' }],
    ['SHOW ALL', { kind: 'ShowSetting', name: 'all' }],
    ['SHOW SERVER_VERSION', { kind: 'ShowSetting', name: 'server_version' }],
    ['SHOW TIME ZONE', { kind: 'ShowSetting', name: 'timezone' }],
    ['SHOW TRANSACTION ISOLATION LEVEL', { kind: 'ShowSetting', name: 'transaction_isolation' }],
    ['DEALLOCATE PREPARE Foo', { kind: 'Deallocate', name: { text: 'foo' } }],
    ['DEALLOCATE "Foo"', { kind: 'Deallocate', name: { text: 'Foo' } }],
    ['DEALLOCATE ALL', { kind: 'Deallocate' }],
    ['DISCARD ALL', { kind: 'DiscardAll' }],
    ['DISCARD TEMPORARY', { kind: 'DiscardPart', part: 'TEMP' }],
    ['CLOSE ALL', { kind: 'ClosePortal' }],
    ['CLOSE "C"', { kind: 'ClosePortal', name: { text: 'C' } }],
    ['UNLISTEN *', { kind: 'Unlisten' }],
    ['UNLISTEN Chan', { kind: 'Unlisten', channel: { text: 'chan' } }],
    ['SAVEPOINT Foo', { kind: 'Savepoint', name: { text: 'foo' } }],
    ['SAVEPOINT "Foo"', { kind: 'Savepoint', name: { text: 'Foo' } }],
    ['RELEASE SAVEPOINT savepoint', { kind: 'ReleaseSavepoint', name: { text: 'savepoint' } }],
    ['RELEASE savepoint', { kind: 'ReleaseSavepoint', name: { text: 'savepoint' } }],
    ['ROLLBACK WORK TO a', { kind: 'RollbackToSavepoint', name: { text: 'a' } }],
    ['ROLLBACK TRANSACTION TO SAVEPOINT a', { kind: 'RollbackToSavepoint', name: { text: 'a' } }],
  ])('%s', (sql, expected) => {
    expect(withoutPlaces(parseOne(sql))).toEqual(expected)
  })
})
