import type { Declaration, Name, QuerySyntax } from '../../parser/statement.ts'
import { foldName } from '../names.ts'
import type { FoldedName } from '../names.ts'
import { checkSyntax } from './syntax-gate.ts'
import {
  duplicateVariable,
  notInVariable,
  selfReference,
  undeclaredVariable,
  usedBeforeDeclaration,
} from './variable-errors.ts'

/**
 * Refuses what DECLARE and the uses of variables show to be wrong by their form alone (V7): a name
 * declared twice, not at all, or after its use (so that there are no cycles); an expression that
 * reads something.
 * @throws SqlError with the place
 */
export function checkDeclarations({
  declarations = [],
  variables = new Map(),
}: Pick<QuerySyntax<unknown>, 'declarations' | 'variables'>): void {
  const all = new Set(declarations.map(({ name }) => foldName(name.text)))
  const known = new Set<FoldedName>()
  for (const { name, expression } of declarations) {
    if (known.has(foldName(name.text))) throw duplicateVariable(name.text, name.span.start)
    checkUses(expression.variables?.values() ?? [], { all, known, within: name })
    checkSyntax(expression.tree, expression)
    checkReadsNothing(name, expression)
    known.add(foldName(name.text))
  }
  checkUses(variables.values(), { all, known })
}

interface UsePlace {
  readonly all: ReadonlySet<FoldedName>
  /** Declared before the place. */
  readonly known: ReadonlySet<FoldedName>
  /** Absent in the query itself. */
  readonly within?: Name
}

function checkUses(uses: Iterable<Name>, { all, known, within }: UsePlace): void {
  for (const { text, span } of uses) {
    const key = foldName(text)
    if (known.has(key)) continue
    if (within !== undefined && foldName(within.text) === key) throw selfReference(text, span.start)
    if (all.has(key)) throw usedBeforeDeclaration(text, span.start)
    throw undeclaredVariable(text, span.start)
  }
}

/** Nodes by which an expression would read rows: a variable has one value for a whole statement. */
const reading: ReadonlyMap<string, string> = new Map([
  ['ColumnRef', 'a column'],
  ['SubLink', 'a subquery'],
])

function checkReadsNothing({ text }: Name, { tree, offsetOf }: Declaration['expression']): void {
  const pending: unknown[] = [tree]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (typeof node !== 'object' || node === null) continue
    for (const [kind, content] of Object.entries(node)) {
      const what = reading.get(kind)
      if (what !== undefined) throw notInVariable(what, text, offsetOf(locationIn(content)))
      pending.push(content)
    }
  }
}

function locationIn(body: unknown): number | undefined {
  if (typeof body !== 'object' || body === null || !('location' in body)) return undefined
  return typeof body.location === 'number' ? body.location : undefined
}
