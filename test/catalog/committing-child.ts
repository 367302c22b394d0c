/**
 * A server to be killed: `committing-child.ts <path>` opens the catalog and commits in a loop, every second time by
 * way of a prepared transaction, and prints a line once each commit has been acknowledged.
 */
import { writeSync } from 'node:fs'
import type { Commit } from '../../acl/effect.ts'
import { foldName, nextEpoch } from '../../acl/names.ts'
import { openCatalog } from '../../catalog/catalog.ts'

const catalog = openCatalog({ path: process.argv[2] ?? '' })
for (const { transactionNumber } of catalog.openTransactions()) catalog.complete(transactionNumber)

for (;;) {
  const id = catalog.allocatePrincipalId()
  const name = `user${id}`
  const commit: Commit = {
    epoch: nextEpoch(catalog.epoch),
    effects: [
      {
        kind: 'PutPrincipal',
        principal: {
          id,
          kind: 'User',
          name,
          key: foldName(name),
          enabled: true,
          hasPassword: false,
          restTokens: [],
          externalAliases: [],
        },
      },
    ],
    audit: [
      {
        atMicros: BigInt(Date.now()) * 1000n,
        loginPrincipal: 'admin',
        effectivePrincipal: 'admin',
        action: 'CREATE USER',
        statement: `CREATE USER ${name}`,
      },
    ],
  }
  if (id % 2 === 0) {
    catalog.commit(commit)
  } else {
    const transactionNumber = catalog.nextTransactionNumber()
    catalog.prepare(transactionNumber, commit)
    catalog.complete(transactionNumber)
  }
  // Not through a stream: what was acknowledged must be out before the next commit begins.
  writeSync(1, `${id}\n`)
}
