import { openTestStore } from './test-store.ts'
import { describeStore } from './conformance.ts'

describeStore('the embedded engine', async () => {
  const opened = await openTestStore()
  return {
    store: opened.store,
    table: (oid) => opened.table(oid),
    close: () => opened.close(),
  }
})
