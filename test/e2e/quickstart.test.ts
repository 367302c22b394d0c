import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { fileURLToPath } from 'node:url'
import type { Grantd } from './grantd.ts'
import { admin, startGrantd } from './grantd.ts'
import { psql } from './psql.ts'

const jane = { user: 'jane', password: 'jane-first-password' } as const

function example(name: string): string {
  return fileURLToPath(new URL(`../../examples/${name}`, import.meta.url))
}

describe('the quickstart, through real psql', () => {
  let grantd: Grantd
  beforeAll(async () => {
    grantd = await startGrantd()
  })
  afterAll(async () => {
    await grantd.remove()
  })

  test('runs from end to end as the built-in admin', async () => {
    const result = await psql(grantd, admin, [
      '-v',
      'ON_ERROR_STOP=1',
      '-At',
      '-f',
      example('quickstart.sql'),
    ])
    expect(result.errors.split('\n').filter((line) => line.includes('ERROR'))).toEqual([])
    expect(result.exitCode).toBe(0)
    const lines = result.output.split('\n')
    // Re-adjustment: the auditor's database-wide grant became single ones.
    expect(lines).toEqual(
      expect.arrayContaining(['SELECT|trades||f|G', 'SELECT|customers|name|f|G']),
    )
    expect(lines).not.toContain('SELECT|secrets||f|G')
    // Assumed, the current user is the account and the session user is who logged in.
    expect(lines).toEqual(expect.arrayContaining(['ingest|admin', 'admin|admin']))
    expect(lines).toEqual(expect.arrayContaining(['BTC-USD|6', 'ETH-USD|10']))
  })

  test.each([
    [
      'a column that is not granted',
      'SELECT email FROM customers',
      'Access denied for jane [SELECT on customers(email)]',
    ],
    ['all columns', 'SELECT * FROM customers', 'Access denied for jane [SELECT on customers(*)]'],
    [
      'a hidden column in a filter',
      "SELECT id FROM customers WHERE email LIKE 'a%'",
      '[SELECT on customers(email)]',
    ],
    [
      'a table that is not granted',
      'SELECT v FROM secrets',
      'Access denied for jane [SELECT on secrets]',
    ],
    [
      'a table that does not exist',
      'SELECT v FROM nowhere',
      'Access denied for jane [SELECT on nowhere]',
    ],
    [
      'a write that is not granted',
      "INSERT INTO trades VALUES (now(), 'X', 1, 1)",
      '[INSERT on trades]',
    ],
    [
      'a column update that is not granted',
      'UPDATE customers SET balance = 0 WHERE id = 1',
      '[UPDATE on customers',
    ],
    ['removing rows', 'DELETE FROM customers', '[DELETE on customers]'],
    ['making a table', 'CREATE TABLE mine (a INT)', 'Access denied for jane [CREATE TABLE]'],
    ['dropping a table', 'DROP TABLE trades', '[DROP TABLE on trades]'],
    [
      'granting what is not hers to grant',
      'GRANT SELECT ON customers(id) TO john',
      'WITH GRANT OPTION]',
    ],
    ['making a user', 'CREATE USER eve', 'Access denied for jane [CREATE USER]'],
    ["another one's password", "ALTER USER john WITH PASSWORD 'x'", '[ADD PASSWORD]'],
    ['listing users', 'SHOW USERS', '[LIST USERS]'],
    ["another one's permissions", 'SHOW PERMISSIONS john', '[USER DETAILS]'],
    [
      'an account that is not hers to assume',
      'ASSUME SERVICE ACCOUNT nobody',
      '[ASSUME SERVICE ACCOUNT nobody]',
    ],
  ])('refuses jane %s with 42501', async (_what, sql, message) => {
    const result = await psql(grantd, jane, ['-v', 'VERBOSITY=verbose', '-c', sql])
    expect(result.errors).toContain('42501')
    expect(result.errors).toContain(message)
    expect(result.exitCode).toBe(1)
  })

  test("does what jane may do, in jane's session", async () => {
    const result = await psql(grantd, jane, [
      '-v',
      'ON_ERROR_STOP=1',
      '-At',
      '-f',
      example('quickstart-jane.sql'),
    ])
    expect(result.errors).not.toContain('ERROR')
    expect(result.exitCode).toBe(0)
    const lines = result.output.split('\n')
    expect(lines).toEqual(
      expect.arrayContaining(['BTC-USD|42000.5', '1|Ada', '2|Linus', 'analysts']),
    )
  })

  test('lets jane in with the password that she gave herself only', async () => {
    const old = await psql(grantd, jane, ['-c', 'SELECT 1'])
    expect(old.errors).toContain('invalid username/password')
    const renewed = await psql(grantd, { ...jane, password: 'jane-second-password' }, [
      '-Atc',
      'SELECT 1',
    ])
    expect(renewed.output).toBe('1\n')
  })
})
