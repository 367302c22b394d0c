/** Rules V7, V10, V12: variables of queries and views, and COMPILE VIEW, through the wire. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Client } from 'pg'
import { failure } from './failure.ts'
import type { Grantd } from './grantd.ts'
import { admin, connect, startGrantd } from './grantd.ts'

const setup = `
  CREATE TABLE fx (ecn SYMBOL, qty INT, ts TIMESTAMP);
  INSERT INTO fx VALUES ('LMAX', 1, '2024-01-01'), ('EBS', 2, '2024-02-01'), ('EBS', 3, '2024-03-01');
  CREATE VIEW desk AS (
    DECLARE OVERRIDABLE @ecn := 'LMAX', OVERRIDABLE @since := '2024-01-01', OVERRIDABLE @most := 10
    SELECT ecn, qty FROM fx WHERE ecn=@ecn AND ts>=@since ORDER BY qty LIMIT @most
  );
  CREATE VIEW ebs AS (DECLARE @ecn := upper('ebs') SELECT qty FROM desk);
  CREATE VIEW closed AS (DECLARE @ecn := 'EBS' SELECT qty FROM desk);
  CREATE VIEW joined AS (
    DECLARE OVERRIDABLE @least := 2
    SELECT a.qty, b.qty AS more FROM fx a LEFT JOIN fx b ON b.qty = a.qty AND b.qty >= @least
  );
  CREATE VIEW through AS (SELECT qty FROM desk);
  CREATE USER jane WITH PASSWORD 'pw_jane';
  GRANT PGWIRE TO jane;
  GRANT SELECT ON desk, ebs, joined, through TO jane`

async function rows(client: Client, text: string, values: unknown[] = []): Promise<unknown[][]> {
  return (await client.query<unknown[]>({ text, values, rowMode: 'array' })).rows
}

describe('DECLARE', () => {
  let grantd: Grantd
  let root: Client
  let jane: Client
  beforeAll(async () => {
    grantd = await startGrantd()
    root = await connect(grantd, admin)
    await root.query(setup)
    jane = await connect(grantd, { user: 'jane', password: 'pw_jane' })
  })
  afterAll(async () => {
    await jane.end()
    await root.end()
    await grantd.remove()
  })

  test.each([
    ['DECLARE @x := 2, @y := @x * 3 SELECT @y + 1', [[7]]],
    ['SELECT qty FROM desk', [[1]]],
    ["DECLARE @ecn := 'EBS' SELECT qty FROM desk", [[2], [3]]],
    ["DECLARE @ecn := 'EBS', @since := '2024-02-15' SELECT qty FROM desk", [[3]]],
    ["DECLARE @ecn := 'EBS', @most := 1 SELECT qty FROM desk", [[2]]],
    ["DECLARE @ecn := 'EBS', @most := 2 - 1 SELECT qty FROM desk", [[2]]],
    ["DECLARE @ecn := upper('e') || 'BS' SELECT qty FROM desk", [[2], [3]]],
    ['DECLARE @since := now() SELECT qty FROM desk', []],
    ["DECLARE @since := timestamp '2024-01-01' + interval '1 day' SELECT qty FROM desk", []],
    ['SELECT qty FROM ebs', [[2], [3]]],
    ['DECLARE @least := 3 SELECT more FROM joined ORDER BY qty', [[null], [null], [3]]],
    [
      "DECLARE @least := 1 + length('ab') SELECT more FROM joined ORDER BY qty",
      [[null], [null], [3]],
    ],
    ["DECLARE @since := '2024-02-15' SELECT qty FROM ebs", [[3]]],
    ["DECLARE @ecn := 'EBS' SELECT qty FROM through", [[2], [3]]],
    ['DECLARE @n := 2 SELECT count(*) FROM desk GROUP BY @n', [['1']]],
  ])('%s', async (sql, expected) => {
    expect(await rows(jane, sql)).toEqual(expected)
  })

  test.each([
    [
      "DECLARE @ecn := 'LMAX' SELECT qty FROM ebs",
      '42601',
      'variable is not overridable: @ecn',
      '9',
    ],
    [
      "DECLARE @ecn := 'LMAX' SELECT qty FROM fx",
      '42501',
      'Access denied for jane [SELECT on fx]',
      undefined,
    ],
    ["DECLARE @most := 'x' SELECT qty FROM desk", '22P02', undefined, undefined],
    [
      "DECLARE @ecn := 'LMAX' SELECT qty FROM closed",
      '42501',
      'Access denied for jane [SELECT on closed]',
      undefined,
    ],
    ['DECLARE @most := 1 / 0 SELECT qty FROM desk', '22012', undefined, undefined],
    ['DECLARE @most := true SELECT qty FROM desk', '42846', undefined, '9'],
    ['DECLARE @x := 1 SELECT @y FROM fx', '42601', 'variable is not declared: @y', '24'],
  ])('refuses %s', async (sql, code, message, position) => {
    const error = await failure(rows(jane, sql))
    expect(error.code).toBe(code)
    if (message !== undefined) expect(error.message).toBe(message)
    if (position !== undefined) expect(error.position).toBe(position)
  })

  test('takes parameters', async () => {
    const sql = 'DECLARE @ecn := $1, @most := $2 SELECT qty FROM desk WHERE qty > $3'
    expect(await rows(jane, sql, ['EBS', 5, 2])).toEqual([[3]])
  })

  test('is no part of the name of a plan that others share', async () => {
    const sql = "DECLARE @ecn := 'EBS' SELECT qty FROM desk"
    expect(await rows(root, sql)).toEqual(await rows(jane, sql))
    await root.query('REVOKE SELECT ON desk FROM jane')
    expect(await failure(rows(jane, sql))).toMatchObject({ code: '42501' })
    await root.query('GRANT SELECT ON desk TO jane')
  })

  test('a view keeps its variables over a restart', async () => {
    const second = await startGrantd()
    const before = await connect(second, admin)
    await before.query(setup)
    await before.end()
    await second.stop()
    const again = await startGrantd({ dataDir: second.dataDir })
    const client = await connect(again, admin)
    expect(await rows(client, "DECLARE @ecn := 'EBS' SELECT qty FROM desk")).toEqual([[2], [3]])
    expect(await rows(client, 'SELECT qty FROM ebs')).toEqual([[2], [3]])
    await client.end()
    await again.remove()
  })

  test('ALTER VIEW can pin what was open', async () => {
    await root.query(
      'CREATE VIEW v AS (DECLARE OVERRIDABLE @q := 1 SELECT qty FROM fx WHERE qty = @q)',
    )
    expect(await rows(root, 'DECLARE @q := 2 SELECT qty FROM v')).toEqual([[2]])
    await root.query('ALTER VIEW v AS (DECLARE @q := 3 SELECT qty FROM fx WHERE qty = @q)')
    expect(await rows(root, 'SELECT qty FROM v')).toEqual([[3]])
    expect(await failure(rows(root, 'DECLARE @q := 2 SELECT qty FROM v'))).toMatchObject({
      message: 'variable is not overridable: @q',
    })
  })
})

describe('COMPILE VIEW', () => {
  let grantd: Grantd
  let root: Client
  let jane: Client
  beforeAll(async () => {
    grantd = await startGrantd()
    root = await connect(grantd, admin)
    await root.query(setup)
    jane = await connect(grantd, { user: 'jane', password: 'pw_jane' })
  })
  afterAll(async () => {
    await jane.end()
    await root.end()
    await grantd.remove()
  })

  test('needs COMPILE VIEW on the view, SELECT will not do', async () => {
    expect(await failure(jane.query('COMPILE VIEW desk'))).toMatchObject({
      code: '42501',
      message: 'Access denied for jane [COMPILE VIEW on desk]',
    })
    expect(await failure(jane.query('COMPILE VIEW none'))).toMatchObject({
      code: '42501',
      message: 'Access denied for jane [COMPILE VIEW on none]',
    })
  })

  test('and nothing on what it reads', async () => {
    await root.query('GRANT COMPILE VIEW ON ebs TO jane')
    await root.query('REVOKE SELECT ON ALL TABLES FROM jane')
    expect((await jane.query('COMPILE VIEW ebs')).command).toBe('COMPILE')
    expect(await failure(jane.query('COMPILE VIEW desk'))).toMatchObject({ code: '42501' })
  })

  test('tells what the definition lacks', async () => {
    await root.query('RENAME TABLE fx TO fx2')
    expect(await failure(jane.query('COMPILE VIEW ebs'))).toMatchObject({
      code: '42P01',
      // What is missing, and not the views between: those are not jane's to know of (R9).
      message: 'view ebs is invalid: table does not exist [table=fx]',
    })
    await root.query('RENAME TABLE fx2 TO fx')
    await jane.query('COMPILE VIEW ebs')
    expect(await failure(root.query('COMPILE VIEW fx'))).toMatchObject({
      code: '42809',
      message: 'fx is not a view',
    })
  })
})
