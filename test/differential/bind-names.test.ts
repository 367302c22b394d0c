import { beforeAll, describe, expect, test } from '@jest/globals'
import nodeSqlParser from 'node-sql-parser'
import type { Requirement } from '../../acl/requirement.ts'
import { loadParser } from '../../parser/parse.ts'
import {
  bindText,
  optionsFor,
  primaryKey,
  schemaOf,
  table,
} from '../acl/enforcement/bind-fixture.ts'

/**
 * An independent reader of the same SQL: its lists of tables and columns are held against ours. It has
 * no schema, so that it can say of a column only what it is called.
 */
const reader = new nodeSqlParser.Parser()
const dialect = { database: 'PostgreSQL' }

/** Each column's name is in one table only, so that its name says whose it is. */
const schema = schemaOf([
  table('t', 'ta int4, tb text, tc float8', { constraints: [primaryKey(1)] }),
  table('u', 'ua int4, ub text'),
  table('w', 'wa int4, wb timestamp'),
])

const statements = [
  'SELECT ta FROM t',
  'SELECT ta, tb FROM t WHERE tc > 1',
  'SELECT t.ta, u.ub FROM t JOIN u ON t.ta = u.ua',
  'SELECT t.ta FROM t LEFT JOIN u ON t.ta = u.ua WHERE u.ub IS NULL',
  'SELECT ta FROM t WHERE ta IN (SELECT ua FROM u)',
  'SELECT ta FROM t WHERE EXISTS (SELECT ua FROM u WHERE u.ua = t.ta)',
  'SELECT ta, (SELECT max(wa) FROM w) AS m FROM t',
  'SELECT count(ta) FROM t GROUP BY tb HAVING max(tc) > 1',
  'SELECT ta FROM t ORDER BY tb LIMIT 3',
  'SELECT DISTINCT tb FROM t',
  'SELECT ta FROM t UNION SELECT ua FROM u',
  'SELECT q.ta FROM (SELECT ta FROM t WHERE tb IS NULL) AS q',
  'SELECT CASE WHEN ta > 1 THEN tb ELSE ub END FROM t, u',
  'SELECT coalesce(tb, ub) FROM t CROSS JOIN u',
  'SELECT sum(ta) OVER (PARTITION BY tb ORDER BY tc) FROM t',
  'SELECT ta + wa FROM t, w WHERE tb LIKE $1',
  'SELECT ta::text FROM t WHERE tc BETWEEN 1 AND 2',
  'SELECT x.ta, y.ta FROM t AS x JOIN t AS y ON x.tb = y.tb',
  'INSERT INTO u (ua, ub) SELECT ta, tb FROM t',
  'UPDATE t SET tb = $1 WHERE ta = 1',
  'DELETE FROM t WHERE tc = 1',
] as const

type Names = Readonly<Record<'tables' | 'columns', readonly string[]>>

/** Entries are `select::table::column`. */
function last(entry: string): string {
  return entry.split('::').at(-1) ?? ''
}

function theirs(sql: string): Names {
  const { tableList, columnList } = reader.parse(sql, dialect)
  return {
    tables: sorted(tableList.map(last)),
    // What it inserts into it lists as read; `(.*)` stands for a whole row of which it cannot know.
    columns: sorted(columnList.map(last).filter((name) => /^[tuw][abc]$/u.test(name))),
  }
}

function ours(sql: string): Names {
  const { requirements } = bindText(sql, optionsFor(schema))
  const onRelations = requirements.flatMap((one) => ('relation' in one ? [one] : []))
  return {
    tables: sorted(onRelations.map(({ relation }) => relation.name)),
    columns: sorted(onRelations.flatMap(columnNames)),
  }
}

function columnNames(requirement: Requirement): readonly string[] {
  return requirement.kind === 'Columns' ? requirement.columns.map(({ name }) => name) : []
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted()
}

beforeAll(loadParser)

describe('a second reader finds the same tables', () => {
  test.each(statements)('%s', (sql) => {
    expect(ours(sql).tables).toEqual(theirs(sql).tables)
  })
})

describe('a second reader finds no column that we missed', () => {
  test.each(statements)('%s', (sql) => {
    const found = new Set(ours(sql).columns)
    const inserted = sql.startsWith('INSERT') ? ['ua', 'ub'] : []
    const missed = theirs(sql).columns.filter(
      (name) => !found.has(name) && !inserted.includes(name),
    )
    expect(missed).toEqual([])
  })
})
