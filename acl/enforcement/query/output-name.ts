import type { Node as SyntaxNode, SQLValueFunctionOp } from '@pgsql/types'
import type { BoundExpression } from '../../../store/bound.ts'
import { stringsOf } from '../syntax.ts'

/** A name, and how good it is: 1 gives way to a better one from within, 2 does not. */
interface Figured {
  readonly name: string
  readonly strength: 0 | 1 | 2
}

const nameless: Figured = { name: '?column?', strength: 0 }

/** The name of an output column without AS (parse_target.c, FigureColname). */
export function outputName(node: SyntaxNode, bound: BoundExpression): string {
  return figure(node, bound).name
}

function strong(name: string | undefined): Figured {
  return name === undefined ? nameless : { name, strength: 2 }
}

function figure(node: SyntaxNode | undefined, bound: BoundExpression): Figured {
  if (node === undefined) return nameless
  if ('ColumnRef' in node) return strong(stringsOf(node.ColumnRef.fields).at(-1))
  if ('A_Indirection' in node) {
    const field = stringsOf(node.A_Indirection.indirection).at(-1)
    return field === undefined ? figure(node.A_Indirection.arg, bound) : strong(field)
  }
  if ('FuncCall' in node) return strong(stringsOf(node.FuncCall.funcname).at(-1))
  if ('A_Expr' in node) return node.A_Expr.kind === 'AEXPR_NULLIF' ? strong('nullif') : nameless
  if ('TypeCast' in node) return figureCast(node.TypeCast, bound)
  if ('CollateClause' in node) return figure(node.CollateClause.arg, bound)
  if ('CaseExpr' in node) {
    const otherwise = figure(node.CaseExpr.defresult, bound)
    return otherwise.strength === 2 ? otherwise : { name: 'case', strength: 1 }
  }
  if ('SubLink' in node) return figureSubLink(node.SubLink.subLinkType, bound)
  if ('SQLValueFunction' in node) {
    return strong(node.SQLValueFunction.op && valueFunctionNames[node.SQLValueFunction.op])
  }
  if ('MinMaxExpr' in node) return strong(node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest')
  if ('GroupingFunc' in node) return strong('grouping')
  if ('A_ArrayExpr' in node) return strong('array')
  if ('RowExpr' in node) return strong('row')
  if ('CoalesceExpr' in node) return strong('coalesce')
  return nameless
}

/** A cast has the name of what is cast, if that has a good one, else the type's. */
function figureCast(
  node: Extract<SyntaxNode, { readonly TypeCast: unknown }>['TypeCast'],
  bound: BoundExpression,
): Figured {
  const inner = figure(node.arg, bound)
  if (inner.strength === 2) return inner
  const type = stringsOf(node.typeName?.names).at(-1)
  return type === undefined ? inner : { name: type, strength: 1 }
}

function figureSubLink(type: string | undefined, bound: BoundExpression): Figured {
  if (type === 'EXISTS_SUBLINK') return strong('exists')
  if (type === 'ARRAY_SUBLINK') return strong('array')
  return type === 'EXPR_SUBLINK' ? strong(subqueryName(bound)) : nameless
}

/** A scalar subquery has the name of its column. */
function subqueryName(bound: BoundExpression): string | undefined {
  if (bound.kind === 'ScalarSubquery') return bound.query.columns[0]?.name
  return bound.kind === 'Cast' ? subqueryName(bound.operand) : undefined
}

const valueFunctionNames = {
  SVFOP_CURRENT_DATE: 'current_date',
  SVFOP_CURRENT_TIME: 'current_time',
  SVFOP_CURRENT_TIME_N: 'current_time',
  SVFOP_CURRENT_TIMESTAMP: 'current_timestamp',
  SVFOP_CURRENT_TIMESTAMP_N: 'current_timestamp',
  SVFOP_LOCALTIME: 'localtime',
  SVFOP_LOCALTIME_N: 'localtime',
  SVFOP_LOCALTIMESTAMP: 'localtimestamp',
  SVFOP_LOCALTIMESTAMP_N: 'localtimestamp',
  SVFOP_CURRENT_ROLE: 'current_role',
  SVFOP_CURRENT_USER: 'current_user',
  SVFOP_USER: 'user',
  SVFOP_SESSION_USER: 'session_user',
  SVFOP_CURRENT_CATALOG: 'current_catalog',
  SVFOP_CURRENT_SCHEMA: 'current_schema',
} as const satisfies Record<SQLValueFunctionOp, string>
