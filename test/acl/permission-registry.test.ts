import { describe, expect, test } from '@jest/globals'
import {
  appliesTo,
  columnPermissions,
  describePermission,
  granularityOf,
  permission,
  permissionDescriptions,
  permissionNamed,
  permissions,
  relationPermissions,
} from '../../acl/permission-registry.ts'

describe('the registry of permissions', () => {
  test.each([
    ['PGWIRE', 'Database'],
    ['DATABASE ADMIN', 'Database'],
    ['INSERT', 'Table'],
    ['DELETE', 'Table'],
    ['SELECT', 'Column'],
    ['UPDATE', 'Column'],
  ])('%s has the granularity %s (L1)', (name, granularity) => {
    expect(granularityOf(permission(name))).toBe(granularity)
  })

  test.each(['ALL', 'ASSUME SERVICE ACCOUNT', 'NOSUCH', 'select', ''])(
    'does not store %p (section 4)',
    (name) => {
      expect(permissionNamed(name)).toBeUndefined()
      expect(() => permission(name)).toThrow('invariant violated')
    },
  )

  test('knows what has a meaning for tables and views (G12)', () => {
    expect(appliesTo(permission('SELECT'), 'View')).toBe(true)
    expect(appliesTo(permission('SELECT'), 'Table')).toBe(true)
    expect(appliesTo(permission('INSERT'), 'View')).toBe(false)
    expect(appliesTo(permission('ALTER VIEW'), 'Table')).toBe(false)
    expect(appliesTo(permission('REFRESH MATERIALIZED VIEW'), 'Table')).toBe(false)
  })

  test('gives each permission a number of its own', () => {
    expect(permissions).toHaveLength(80)
    expect(permissions.map(({ index }) => index)).toEqual(permissions.map((_row, place) => place))
    expect(describePermission(permission('SELECT')).name).toBe('SELECT')
    expect(relationPermissions.length).toBeGreaterThan(columnPermissions.length)
  })

  test('is described with ALL and without ASSUME SERVICE ACCOUNT (W19)', () => {
    const names = permissionDescriptions.map(({ name }) => name)
    expect(names).toHaveLength(81)
    expect(names).toContain('ALL')
    expect(names).not.toContain('ASSUME SERVICE ACCOUNT')
    expect(names).toEqual(names.toSorted())
    expect(permissionDescriptions.find(({ name }) => name === 'ADD COLUMN')).toMatchObject({
      level: 'Database|Table',
    })
    expect(permissionDescriptions.find(({ name }) => name === 'ALL')).toMatchObject({
      level: 'Database|Table|Column',
    })
  })
})
