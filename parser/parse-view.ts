import { parseQualifiedName, parseRelationName } from './name.ts'
import { parseOwnedBy } from './parse-principal.ts'
import { parseDefinitionQuery, parseParenthesisedQuery } from './parse-query.ts'
import type { AlterView, CompileView, CreateView, Name } from './statement.ts'
import type { TokenReader } from './token-reader.ts'

/**
 * create_view = "CREATE" [ "OR" "REPLACE" ] "VIEW" [ "IF" "NOT" "EXISTS" ] table [ "(" columns ")" ]
 *               "AS" ( "(" query ")" | query ) [ "OWNED" "BY" entity ] ;
 */
export function parseCreateView(reader: TokenReader, orReplace: boolean): CreateView {
  const ifNotExists = reader.acceptWords('IF', 'NOT', 'EXISTS')
  const view = parseQualifiedName(reader)
  const columnNames = reader.atSymbol('(')
    ? reader.parenthesised(() => parseRelationName(reader))
    : undefined
  if (reader.atWords('WITH')) throw reader.notSupported('CREATE VIEW ... WITH', reader.peek().start)
  reader.expectWords('AS')
  return {
    kind: 'CreateView',
    view,
    orReplace,
    ifNotExists,
    ...(columnNames === undefined ? {} : { columnNames }),
    ...parseDefinition(reader),
  }
}

function parseDefinition(reader: TokenReader): Pick<CreateView, 'query' | 'ownedBy'> {
  refuseCheckOption(reader)
  const query = parseParenthesisedQuery(reader)
  if (query !== undefined) {
    const ownedBy = parseOwnedBy(reader)
    return { query, ...optionalOwner(ownedBy) }
  }
  const definition = parseDefinitionQuery(reader, 'Plain')
  return { query: definition.query, ...optionalOwner(definition.ownedBy) }
}

function optionalOwner(ownedBy: Name | undefined): { readonly ownedBy?: Name } {
  return ownedBy === undefined ? {} : { ownedBy }
}

/** WITH [ LOCAL | CASCADED ] CHECK OPTION: views are read-only (V9). */
function refuseCheckOption(reader: TokenReader): void {
  const [check, option] = reader.tokens(-2)
  const isCheck = check?.kind === 'Word' && check.word === 'CHECK'
  if (isCheck && option?.kind === 'Word' && option.word === 'OPTION') {
    throw reader.notSupported('WITH CHECK OPTION', check.start)
  }
}

/** alter_view = "ALTER" "VIEW" table "AS" ( "(" query ")" | query ) ; */
export function parseAlterView(reader: TokenReader): AlterView {
  const view = parseQualifiedName(reader)
  for (const action of ['RENAME', 'SET', 'RESET', 'ALTER', 'OWNER']) {
    if (reader.atWords(action)) {
      throw reader.notSupported(`ALTER VIEW ... ${action}`, reader.peek().start)
    }
  }
  reader.expectWords('AS')
  const { query, ownedBy } = parseDefinition(reader)
  if (ownedBy !== undefined) {
    reader.skip(-3)
    throw reader.unexpected()
  }
  return { kind: 'AlterView', view, query }
}

/** compile_view = "COMPILE" "VIEW" table ; */
export function parseCompileView(reader: TokenReader): CompileView {
  reader.expectWords('COMPILE', 'VIEW')
  return { kind: 'CompileView', view: parseQualifiedName(reader) }
}
