import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { admin, connect, startGrantd } from './grantd.ts'
import type { Grantd } from './grantd.ts'
import { permissionCases, sampleCases } from './permission-cases/cases.ts'
import { writeImportFile } from './permission-cases/copy-cases.ts'
import { notSupported } from './permission-cases/not-supported-cases.ts'
import type { PermissionCase } from './permission-cases/permission-case.ts'
import { registry, registryFile } from './permission-cases/registry.ts'
import {
  answer,
  elsewhere,
  runPermissionCase,
  shownLevels,
  type RunOptions,
} from './permission-cases/run-permission-case.ts'
import { shownOtherwise, uncovered } from './permission-cases/uncovered.ts'

let grantd: Grantd

beforeAll(async () => {
  grantd = await startGrantd()
  await writeImportFile(grantd.dataDir)
  const setter = await connect(grantd, admin)
  for (const statement of elsewhere) await setter.query(statement)
  await setter.end()
})

afterAll(() => grantd.remove())

async function run(
  one: PermissionCase,
  options: Omit<RunOptions, 'number'> = { holder: 'User' },
): Promise<void> {
  const setter = await connect(grantd, admin)
  try {
    const number = permissionCases.indexOf(one)
    await runPermissionCase(grantd, setter, one, { number, ...options })
  } finally {
    await setter.end()
  }
}

function inOrder(rows: readonly (readonly unknown[])[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row)).toSorted()
}

/** A permission and what it is checked by. */
function wordsOf({
  permission,
  checkedBy,
}: Pick<PermissionCase, 'permission' | 'checkedBy'>): string {
  return `${permission}: ${checkedBy}`
}

function titleOf(one: PermissionCase): string {
  return `${wordsOf(one)}${one.note === undefined ? '' : `, ${one.note}`}`
}

const titled = (cases: readonly PermissionCase[]): readonly (readonly [string, PermissionCase])[] =>
  cases.map((one) => [titleOf(one), one])

const isAlone = ({ alone }: PermissionCase): boolean => alone === true

describe('a permission decides its statement, held by the user', () => {
  test.concurrent.each(titled(permissionCases.filter((one) => !isAlone(one))))(
    '%s',
    async (_title, one) => {
      await run(one)
    },
  )
})

describe.each<Omit<RunOptions, 'number'>>([
  { holder: 'Group' },
  { holder: 'ServiceAccount' },
  { holder: 'User', protocol: 'extended' },
])('and so it does with %j', (options) => {
  test.concurrent.each(titled(sampleCases))('%s', async (_title, one) => {
    await run(one, options)
  })
})

// What holds for the server as a whole, or for everybody's tables, is done while nothing else is.
describe('a permission decides its statement, one after the other', () => {
  test.each(titled(permissionCases.filter(isAlone)))('%s', async (_title, one) => {
    await run(one)
  })
})

describe('the registry', () => {
  test('is the shared one, byte for byte', () => {
    const digest = createHash('sha256').update(readFileSync(registryFile)).digest('hex')
    expect(digest).toBe('5f301ed305a80620f74d9a05907a9471de32a9eea47477749173db8451f5dcc4')
  })

  test('is what all_permissions() tells (W19, D41)', async () => {
    const setter = await connect(grantd, admin)
    const { rows } = await answer(setter, 'SELECT * FROM all_permissions()')
    await setter.end()
    const wanted = registry
      .filter(({ levels }) => levels.length > 0)
      .map(({ name, levels, description }) => [
        name,
        levels.map((level) => level.charAt(0).toUpperCase() + level.slice(1)).join('|'),
        description,
      ])
    expect(inOrder(rows)).toEqual(inOrder(wanted))
  })

  const inventory = registry.flatMap(({ name, checkedBy }) =>
    checkedBy.map((statement) => wordsOf({ permission: name, checkedBy: statement })),
  )
  const inCases = new Set(permissionCases.map(wordsOf))
  const otherwise = [...uncovered, ...shownOtherwise].map(wordsOf)

  test('has a case, or a reason for having none, for everything that a permission is checked by', () => {
    const found = new Set([...inCases, ...otherwise])
    expect(inventory.filter((one) => !found.has(one))).toEqual([])
    expect([...found].filter((one) => !inventory.includes(one))).toEqual([])
    expect(otherwise.filter((one) => inCases.has(one))).toEqual([])
  })

  test('has a case for every permission but those counted here', () => {
    const withCase = new Set([
      ...permissionCases.map(({ permission }) => permission),
      ...shownOtherwise.map(({ permission }) => permission),
    ])
    expect(registry.map(({ name }) => name).filter((name) => !withCase.has(name))).toEqual([
      'HTTP',
      'ILP',
      'SETTINGS',
      'SWITCH ROLE',
    ])
    expect(uncovered).toHaveLength(13)
    expect(notSupported).toHaveLength(18)
  })

  test('has cases of a permission at each level at which it can be granted', () => {
    const shown = new Set(
      permissionCases.flatMap((one) =>
        shownLevels(one).map((level) => `${one.permission} at ${level}`),
      ),
    )
    // None of these is a statement's: `permission-specials.test.ts`, test/acl/endpoints.test.ts.
    const others = ['HTTP', 'ILP', 'PGWIRE', 'ALL', 'DATABASE ADMIN', 'SETTINGS', 'SWITCH ROLE']
    const missing = registry
      .filter(({ name }) => !others.includes(name))
      .flatMap(({ name, levels }) => levels.map((level) => `${name} at ${level}`))
      .filter((one) => !shown.has(one))
    expect(missing).toEqual([])
  })
})

afterAll(() => {
  const reasons = new Map<string, number>()
  for (const { because } of [...uncovered, ...notSupported]) {
    reasons.set(because, (reasons.get(because) ?? 0) + 1)
  }
  const lines = [...reasons].map(([because, count]) => `  ${count} ${because}`)
  process.stdout.write(
    `permissions.json: ${permissionCases.length - notSupported.length} cases of what is there, ` +
      `${notSupported.length} of what is refused to those who may, ${uncovered.length} without; why:\n` +
      `${lines.join('\n')}\n`,
  )
})
