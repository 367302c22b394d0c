import type { SqlError } from '../../errors/sql-error.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type { QuerySyntax } from '../../parser/statement.ts'
import { BindContext } from './bind-context.ts'
import type { Binders } from './bind-context.ts'
import { notSupported } from './binding-errors.ts'
import { checkDeclarations } from './check-declarations.ts'
import { bindDeclarations } from './declarations.ts'
import type { BindableStatement, Binding, BindOptions, BoundData } from './binding.ts'
import { bindDelete } from './delete.ts'
import { bindShowPartitions } from './partitions/show-partitions.ts'
import { bindExpression } from './expression/bind-expression.ts'
import { bindInsert } from './insert.ts'
import { bindDraft, bindQuery } from './query/bind-query.ts'
import { Scope } from './scope.ts'
import { bindSchemaStatement } from './ddl/bind-schema-statement.ts'
import { checkSyntax } from './syntax-gate.ts'
import { bindUpdate } from './update.ts'

export const binders: Binders = { expression: bindExpression, query: bindQuery, draft: bindDraft }

/**
 * Resolves every name of a statement against the schema, as PostgreSQL would. Out come what the
 * statement needs and the tree that the store runs, in which each relation is a projection of just
 * the columns found (architecture.md, life of a statement, step 3). Nobody's identity plays a part.
 */
export function bind(statement: BindableStatement, options: BindOptions): Binding {
  switch (statement.kind) {
    case 'Query': {
      const { query } = statement
      return bindTree({ SelectStmt: query.tree }, query, options, (scope) => {
        bindDeclarations(query, scope.context, 'Query')
        const bound = bindQuery(query.tree, scope)
        return { statement: bound, columns: bound.columns }
      })
    }
    case 'Insert': {
      const { query } = statement
      return bindTree({ InsertStmt: query.tree }, query, options, (scope) =>
        written(bindInsert(query.tree, scope)),
      )
    }
    case 'Update': {
      const { query } = statement
      return bindTree({ UpdateStmt: query.tree }, query, options, (scope) =>
        written(bindUpdate(query.tree, scope)),
      )
    }
    case 'Delete': {
      const { query } = statement
      return bindTree({ DeleteStmt: query.tree }, query, options, (scope) =>
        written(bindDelete(query.tree, scope)),
      )
    }
    case 'ShowPartitions':
      return bindShowPartitions(statement, options, binders)
    case 'CreateTable':
    case 'CreateTableAs':
    case 'CreateTableLike':
    case 'DropTable':
    case 'RenameTable':
    case 'Truncate':
    case 'AddColumn':
    case 'DropColumn':
    case 'RenameColumn':
    case 'SetDeduplication':
    case 'AlterColumn':
    case 'SetTableParameters':
    case 'SetTableType':
    case 'SuspendWal':
    case 'ResumeWal':
    case 'Reindex':
    case 'Vacuum':
    case 'DropAllTables':
    case 'UnsupportedStatement':
    case 'DropPartition':
    case 'DetachPartition':
    case 'AttachPartition':
    case 'SquashPartitions':
    case 'SetTimeToLive':
    case 'CreateView':
    case 'AlterView':
    case 'DropView':
    case 'CompileView':
      return bindSchemaStatement(statement, options, binders)
    default:
      return unreachable(statement)
  }
}

type Bound = Pick<BoundData, 'statement' | 'columns'>

function written(statement: Exclude<BoundData['statement'], { readonly kind: 'Query' }>): Bound {
  return { statement, columns: statement.returning?.columns ?? [] }
}

function bindTree(
  root: Parameters<typeof checkSyntax>[0],
  syntax: Omit<QuerySyntax<unknown>, 'tree'>,
  options: BindOptions,
  step: (scope: Scope) => Bound,
): Binding {
  const context = new BindContext({ options, syntax, binders })
  context.attempt(() => {
    checkSyntax(root, context)
    checkDeclarations(syntax)
  }, undefined)
  // What is refused by its form alone tells nothing of the schema, and nothing of it is looked up.
  if (context.error !== undefined) return unbindable(context, context.error)
  const bound = context.attempt((): Bound | undefined => step(new Scope(context)), undefined)
  const { error } = context
  if (error !== undefined) return unbindable(context, error)
  if (bound === undefined) return unbindable(context, notSupported('this statement', undefined))
  return {
    kind: 'Data',
    ...bound,
    requirements: context.requirements.list(),
    parameters: context.parameters.list(),
  }
}

function unbindable(context: BindContext, error: SqlError): Binding {
  return { kind: 'Unbindable', requirements: context.requirements.list(), error }
}
