import { bindText, optionsFor } from './enforcement/bind-fixture.ts'
import { isAccessStatement, onlyStatement } from './statements.ts'
import { asText, World } from './world.ts'

/** A world whose statements about relations, the admin's all of them, go through the binder. */
export class BoundWorld extends World {
  #oids = 1_000

  /** A world after statements. */
  static having(...statements: readonly string[]): BoundWorld {
    const world = new BoundWorld()
    for (const statement of statements) world.run(statement)
    return world
  }

  override run(line: string): void {
    if (isAccessStatement(onlyStatement(line))) return super.run(line)
    const allocateOid = (): number => (this.#oids += 1)
    const binding = bindText(line, optionsFor(this.model.schema, { allocateOid }))
    if (binding.kind === 'Unbindable') throw binding.error
    if (binding.kind === 'Data') throw new Error('a statement that changes relations')
    for (const change of binding.changes) this.applyAs('admin', change)
    return undefined
  }

  dump(choice = ''): readonly string[] {
    return this.show(`SHOW CREATE DATABASE ${choice}`).map(([line]) => asText(line))
  }
}
