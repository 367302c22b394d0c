/** Q1, R9: whose statements one sees and stops; AUDIT VIEW. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import { auditRecordsMax } from '../../acl/audit-log.ts'
import { requireCancellable } from '../../acl/query-activity.ts'
import type { AuditPage, RunningStatement, ServerFacts } from '../../acl/server-relation.ts'
import { requireServerRelation, serverRelationRows } from '../../acl/server-relations.ts'
import { loadParser } from '../../parser/parse.ts'
import type { SqlValue } from '../../store/sql-type.ts'
import { noFacts } from './no-facts.ts'
import { failureOf, World } from './world.ts'

beforeAll(loadParser)

const setUp = [
  'CREATE USER bob',
  'CREATE USER eve',
  'CREATE USER boss',
  'GRANT SQL ENGINE ADMIN TO boss',
]

/** A statement of somebody, under a number. */
function statementOf(world: World, who: string, id: number): RunningStatement {
  return {
    id,
    processId: 7,
    endpoint: 'pgwire',
    actor: world.actor(who),
    startedMicros: 1n,
    state: 'active',
    stateChangedMicros: 2n,
    text: `SELECT ${id}`,
  }
}

function rows(
  world: World,
  who: string,
  relation: string,
  facts: Partial<ServerFacts>,
  ...args: readonly SqlValue[]
): readonly (readonly SqlValue[])[] {
  const given = { ...noFacts, ...facts }
  return serverRelationRows(relation, {
    model: world.model,
    actor: world.actor(who),
    args,
    facts: given,
  })
}

describe('query_activity()', () => {
  test('shows one’s own statements, and all to SQL ENGINE ADMIN', () => {
    const world = World.after(...setUp)
    const running = ['bob', 'eve', 'admin', 'bob'].map((who, at) => statementOf(world, who, at + 1))
    const seenBy = (who: string): readonly SqlValue[] =>
      rows(world, who, 'query_activity', { runningStatements: () => running }).map(
        ([id]) => id ?? null,
      )
    expect(seenBy('bob')).toEqual([1n, 4n])
    expect(seenBy('eve')).toEqual([2n])
    expect(seenBy('boss')).toEqual([1n, 2n, 3n, 4n])
    expect(seenBy('admin')).toEqual([1n, 2n, 3n, 4n])
  })

  test('shows nothing of somebody who had one’s name', () => {
    const world = World.after(...setUp)
    const running = [statementOf(world, 'bob', 1)]
    world.run('DROP USER bob')
    world.run('CREATE USER bob')
    expect(rows(world, 'bob', 'query_activity', { runningStatements: () => running })).toEqual([])
    expect(failureOf(() => requireCancellable(world.model, world.actor('bob'), running[0]))).toBe(
      '42501 Access denied for bob [SQL ENGINE ADMIN]',
    )
  })

  test('an assumed account’s statements are the account’s (U10)', () => {
    const world = World.after(
      ...setUp,
      'CREATE SERVICE ACCOUNT app',
      'GRANT ASSUME SERVICE ACCOUNT app TO bob',
    )
    const own = statementOf(world, 'bob', 1)
    const { effective } = world.actor('app')
    const assumed = {
      ...statementOf(world, 'bob', 2),
      actor: { ...own.actor, effective, assuming: true },
    }
    const listed = rows(world, 'bob', 'query_activity', { runningStatements: () => [own, assumed] })
    expect(listed.map(([id, , , username]) => [id, username])).toEqual([[1n, 'bob']])
    expect(() => requireCancellable(world.model, assumed.actor, assumed)).not.toThrow()
    expect(() => requireCancellable(world.model, own.actor, assumed)).toThrow('SQL ENGINE ADMIN')
  })
})

describe('stopping a statement', () => {
  test('of another, and one that is not there, are the same to who may not', () => {
    const world = World.after(...setUp)
    const of = statementOf(world, 'eve', 1)
    const asks = (who: string, statement: RunningStatement | undefined): string =>
      failureOf(() => requireCancellable(world.model, world.actor(who), statement))
    expect(asks('bob', of)).toBe('42501 Access denied for bob [SQL ENGINE ADMIN]')
    expect(asks('bob', undefined)).toBe(asks('bob', of))
    for (const who of ['eve', 'boss', 'admin']) {
      expect(() => requireCancellable(world.model, world.actor(who), of)).not.toThrow()
    }
    expect(() => requireCancellable(world.model, world.actor('boss'), undefined)).not.toThrow()
  })
})

const world = (): World => World.after(...setUp, 'GRANT AUDIT VIEW TO bob')

describe('audit_log()', () => {
  test('reads nothing for who may not, and asks for the page that is wanted', () => {
    const pages: AuditPage[] = []
    const facts: Partial<ServerFacts> = {
      auditRecords: (page) => {
        pages.push(page)
        return []
      },
    }
    for (const who of ['eve', 'boss']) {
      expect(failureOf(() => rows(world(), who, 'audit_log', facts))).toBe(
        `42501 Access denied for ${who} [AUDIT VIEW]`,
      )
    }
    expect(pages).toEqual([])
    rows(world(), 'bob', 'audit_log', facts)
    rows(world(), 'bob', 'audit_log', facts, 5, 100)
    expect(pages).toEqual([
      { count: 1000, before: undefined },
      { count: 5, before: 100 },
    ])
    for (const count of [0, auditRecordsMax + 1]) {
      expect(failureOf(() => rows(world(), 'bob', 'audit_log', facts, count))).toMatch(/^22023/)
    }
  })

  test('is decided over without being read', () => {
    const request = {
      model: world().model,
      actor: world().actor('eve'),
      args: [],
      facts: {
        ...noFacts,
        auditRecords: () => {
          throw new Error('nothing is to be read')
        },
      },
    }
    expect(failureOf(() => requireServerRelation('audit_log', request))).toMatch(/AUDIT VIEW/)
    const bob = { ...request, actor: world().actor('bob') }
    expect(() => requireServerRelation('audit_log', bob)).not.toThrow()
  })
})
