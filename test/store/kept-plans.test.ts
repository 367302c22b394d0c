/** A plan that the engine keeps is right for the rows that come after it was made. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { StoredWorld } from '../acl/enforcement/stored-world.ts'

describe('a statement that is run again after rows were added', () => {
  let world: StoredWorld
  beforeAll(async () => {
    world = await StoredWorld.open()
  })
  afterAll(async () => {
    await world.close()
  })

  test.each([
    ['sorts', 'SELECT v FROM t ORDER BY v', ['0', '1', '2', '1000000', null]],
    ['filters', 'SELECT v FROM t WHERE v BETWEEN 1 AND 2 ORDER BY v', ['1', '2']],
    ['finds', 'SELECT v FROM t WHERE v = 0', ['0']],
    ['joins', 'SELECT t.v FROM t JOIN t AS u ON t.v = u.v ORDER BY 1', ['0', '1', '2', '1000000']],
    ['computes', 'SELECT abs(w) FROM t WHERE w < 0', ['2000000000']],
    ['groups', 'SELECT v FROM t GROUP BY v ORDER BY count(*), v', ['0', '1', '2', '1000000', null]],
    ['knows NULL', 'SELECT w FROM t WHERE v IS NULL', ['0']],
  ])('%s them like any other', async (_verb, sql, expected) => {
    await world.run('CREATE TABLE t (v INT, w INT NOT NULL)')
    await world.run('INSERT INTO t VALUES (1, 1), (2, 2)')
    // One plan, as a session keeps it: the same program runs before and after.
    const again = world.kept(sql)
    await again()
    await world.run('INSERT INTO t VALUES (0, -2000000000), (1000000, 2000000000), (NULL, 0)')
    expect((await again()).map(([value]) => value)).toEqual(expected)
    await world.run('DROP TABLE t')
  })
})
