/** A plan is kept and run again: what the columns held when it was made must not be part of it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Client } from 'pg'
import type { Grantd } from './grantd.ts'
import { admin, connect, startGrantd } from './grantd.ts'

let grantd: Grantd
let client: Client
beforeAll(async () => {
  grantd = await startGrantd()
  client = await connect(grantd, admin)
  await client.query(
    'CREATE TABLE t (a text, v int); CREATE TABLE u (v int); INSERT INTO u VALUES (500)',
  )
})
afterAll(async () => {
  await client.end()
  await grantd.remove()
})

const queries = [
  "SELECT coalesce(a, '-') AS a, a IS NULL AS b FROM t ORDER BY v",
  'SELECT v FROM t WHERE v < 100 ORDER BY v',
  'SELECT v FROM t ORDER BY v',
  'SELECT DISTINCT v FROM t ORDER BY v',
  'SELECT v, count(*)::int AS n FROM t GROUP BY v ORDER BY v',
  'SELECT count(*)::int AS n, min(v) AS least, max(v) AS most FROM t',
  'SELECT t.v FROM t JOIN u USING (v)',
]

async function results(): Promise<readonly unknown[]> {
  const all: unknown[] = []
  for (const query of queries) {
    all.push((await client.query({ text: query, rowMode: 'array' })).rows)
  }
  return all
}

test('queries see rows that came after their plans were made', async () => {
  expect(await results()).toEqual([[], [], [], [], [], [[0, null, null]], []])
  await client.query("INSERT INTO t VALUES ('a', 0)")
  const one = [[['a', false]], [[0]], [[0]], [[0]], [[0, 1]], [[1, 0, 0]], []]
  expect(await results()).toEqual(one)
  await client.query("INSERT INTO t VALUES (NULL, 1), ('b', 500), ('c', 2000000000)")
  expect(await results()).toEqual([
    [
      ['a', false],
      ['-', true],
      ['b', false],
      ['c', false],
    ],
    [[0], [1]],
    [[0], [1], [500], [2_000_000_000]],
    [[0], [1], [500], [2_000_000_000]],
    [
      [0, 1],
      [1, 1],
      [500, 1],
      [2_000_000_000, 1],
    ],
    [[4, 0, 2_000_000_000]],
    [[500]],
  ])
})
