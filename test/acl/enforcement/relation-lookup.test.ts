import { expect, test } from '@jest/globals'
import { findRelation } from '../../../acl/enforcement/relation-lookup.ts'
import { optionsFor, schemaOf, table } from './bind-fixture.ts'

const schema = schemaOf([table('t', 'a int4'), table('s', 'a int4', { schema: 'other' })])

test.each([
  [['public'], 'public'],
  [['nowhere', 'public'], 'public'],
  [['nowhere', 'other', 'public'], 'other'],
  [['nowhere'], 'nowhere'],
  [[], 'public'],
])('with search path %j a name that is nowhere is said to be in %s (R9)', (searchPath, said) => {
  const { name, relation } = findRelation(optionsFor(schema, { searchPath }), { name: 'nope' })
  expect(relation).toBeUndefined()
  expect(name.schema).toBe(said)
})

test('a name that is there is said as one that is not, under a path that begins with no schema', () => {
  const options = optionsFor(schema, { searchPath: ['nowhere', 'public'] })
  const there = findRelation(options, { name: 't' }).name
  const notThere = findRelation(options, { name: 'z' }).name
  expect(there.schema).toBe(notThere.schema)
})
