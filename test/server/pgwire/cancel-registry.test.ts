import { expect, test } from '@jest/globals'
import { CancelRegistry } from '../../../server/pgwire/cancel-registry.ts'

test('the right process id and key cancel, and nothing else does', () => {
  const registry = new CancelRegistry()
  const cancelled: string[] = []
  const a = registry.add(() => cancelled.push('a'))
  const b = registry.add(() => cancelled.push('b'))
  expect(a.processId).not.toBe(b.processId)
  registry.cancel({ processId: a.processId, secretKey: a.secretKey ^ 1 })
  registry.cancel({ processId: a.processId, secretKey: b.secretKey })
  registry.cancel({ processId: 4711, secretKey: a.secretKey })
  registry.cancel({ processId: 4711, secretKey: 0 })
  expect(cancelled).toEqual([])
  registry.cancel(b)
  expect(cancelled).toEqual(['b'])
  registry.remove(b.processId)
  registry.cancel(b)
  expect(cancelled).toEqual(['b'])
  registry.cancel(a)
  expect(cancelled).toEqual(['b', 'a'])
})
