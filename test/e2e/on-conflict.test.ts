/** Rows of one INSERT ... ON CONFLICT that meet each other: none is lost without a word. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Client } from 'pg'
import { failure } from './failure.ts'
import type { Grantd } from './grantd.ts'
import { admin, connect, startGrantd } from './grantd.ts'

let grantd: Grantd
let client: Client
beforeAll(async () => {
  grantd = await startGrantd()
  client = await connect(grantd, admin)
  await client.query(
    `CREATE TABLE k (id int PRIMARY KEY, v text, n int DEFAULT 7);
     CREATE TABLE u (a int, b text, UNIQUE (a, b))`,
  )
})
afterAll(async () => {
  await client.end()
  await grantd.remove()
})
beforeEach(async () => {
  await client.query("TRUNCATE k; TRUNCATE u; INSERT INTO k (id, v) VALUES (1, 'old')")
})

describe('several rows', () => {
  test.each([
    [
      'of different keys',
      "INSERT INTO k (id, v) VALUES (1, 'a'), (2, 'b') ON CONFLICT (id) DO UPDATE SET v = excluded.v",
      2,
    ],
    [
      'from a query',
      "INSERT INTO k (id, v) SELECT i::int, 'q' FROM generate_series(1, 5) g(i) ON CONFLICT (id) DO UPDATE SET v = excluded.v",
      5,
    ],
    [
      'of one primary key, the first of which counts',
      "INSERT INTO k (id, v) VALUES (3, 'a'), (3, 'b') ON CONFLICT DO NOTHING",
      1,
    ],
    [
      'with NULL in different keys',
      "INSERT INTO u VALUES (NULL, 'b'), (NULL, 'c'), (1, NULL) ON CONFLICT DO NOTHING",
      3,
    ],
    [
      'of one unique key without NULL',
      "INSERT INTO u VALUES (5, 'z'), (5, 'z') ON CONFLICT (a, b) DO NOTHING",
      1,
    ],
  ])('%s are written', async (_what, sql, rowCount) => {
    expect((await client.query(sql)).rowCount).toBe(rowCount)
  })

  test.each([
    [
      'would update one row twice',
      "INSERT INTO k (id, v) VALUES (1, 'a'), (1, 'b') ON CONFLICT (id) DO UPDATE SET v = excluded.v",
      '21000',
    ],
    [
      'would update twice a row of their own',
      "INSERT INTO k (id, v) SELECT 9, 'q' FROM generate_series(1, 2) g(i) ON CONFLICT (id) DO UPDATE SET v = excluded.v",
      '21000',
    ],
    [
      'hold NULL in the same key',
      "INSERT INTO u VALUES (NULL, 'b'), (NULL, 'b') ON CONFLICT DO NOTHING",
      '0A000',
    ],
    [
      'leave a part of a unique key to its default',
      "INSERT INTO u (b) VALUES ('b'), ('b') ON CONFLICT DO NOTHING",
      '0A000',
    ],
    [
      'hold DEFAULT',
      "INSERT INTO k VALUES (2, 'a', DEFAULT), (3, 'b', DEFAULT) ON CONFLICT (id) DO UPDATE SET v = excluded.v",
      '0A000',
    ],
  ])('that %s are refused, all of them', async (_what, sql, code) => {
    expect(await failure(client.query(sql))).toMatchObject({ code })
    expect((await client.query('SELECT id, v, n FROM k')).rows).toEqual([{ id: 1, v: 'old', n: 7 }])
    expect((await client.query('SELECT a FROM u')).rows).toEqual([])
  })
})
