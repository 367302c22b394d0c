/** Statements about the running server: CANCEL QUERY, and calls of functions that do something to it. */
import type { FuncCall, Node as SyntaxNode, ParamRef, SelectStmt, TypeName } from '@pgsql/types'
import type {
  CancelQuery,
  DataStatement,
  QuerySyntax,
  ServerArgument,
  ServerCall,
  ServerFunctionName,
  ServerParameterType,
} from './statement.ts'
import type { TokenReader } from './token-reader.ts'

/** cancel = "CANCEL" "QUERY" integer ; */
export function parseCancelQuery(reader: TokenReader): CancelQuery {
  reader.expectWords('CANCEL', 'QUERY')
  const token = reader.peek()
  const queryId = token.kind === 'Number' ? Number(token.text) : undefined
  if (queryId === undefined || !Number.isSafeInteger(queryId)) {
    throw reader.unexpected('A query id is a whole number, as query_activity() shows it.')
  }
  reader.skip(1)
  return { kind: 'CancelQuery', queryId, span: { start: token.start, end: token.end } }
}

const functionNames: Readonly<Record<ServerFunctionName, true>> = {
  cancel_query: true,
  reload_tls: true,
  reload_config: true,
  dump_memory_usage: true,
  dump_thread_stacks: true,
  flush_query_cache: true,
  hydrate_table_metadata: true,
}

/** Whether a function does something to the server; such a call is a statement of its own, and no expression. */
function isServerFunction(name: string): name is ServerFunctionName {
  return Object.hasOwn(functionNames, name)
}

/**
 * server_call = "SELECT" function "(" [ argument { "," argument } ] ")" [ [ "AS" ] name ] ;
 * Undefined for every other query: in it such a call is an expression, and refused by the binder. What a
 * call does it must do once, for who asks, when it is executed: so it is no part of a plan.
 */
export function serverCallOf(statement: DataStatement): ServerCall | undefined {
  if (statement.kind !== 'Query') return undefined
  const { query } = statement
  const target = onlyTarget(query.tree)
  if (target === undefined || query.declarations !== undefined) return undefined
  const { call } = target
  const name = onlyName(call)
  if (name === undefined || !isServerFunction(name) || !isPlain(call)) return undefined
  const args = (call.args ?? []).map((node) => argumentOf(node, query))
  if (!args.every((argument) => argument !== undefined)) return undefined
  return {
    kind: 'ServerCall',
    function: name,
    arguments: args,
    label: target.label ?? name,
    offset: query.offsetOf(call.location),
  }
}

/** Everything that a SELECT of one call has; whatever else there is makes it a query. */
const harmlessKeys: ReadonlySet<string> = new Set(['targetList', 'limitOption', 'op'])

function onlyTarget(
  tree: SelectStmt,
): { readonly call: FuncCall; readonly label: string | undefined } | undefined {
  if (Object.keys(tree).some((key) => !harmlessKeys.has(key))) return undefined
  const [node, ...others] = tree.targetList ?? []
  if (node === undefined || others.length > 0 || !('ResTarget' in node)) return undefined
  const { val, name, indirection } = node.ResTarget
  if (val === undefined || !('FuncCall' in val) || indirection !== undefined) return undefined
  return { call: val.FuncCall, label: name }
}

function onlyName(call: FuncCall): string | undefined {
  const [node, ...others] = call.funcname ?? []
  if (node === undefined || others.length > 0 || !('String' in node)) return undefined
  return node.String.sval
}

/** A call without FILTER, OVER, DISTINCT and the like. */
const plainKeys: ReadonlySet<string> = new Set(['funcname', 'args', 'funcformat', 'location'])

function isPlain(call: FuncCall): boolean {
  return Object.keys(call).every((key) => plainKeys.has(key))
}

/** A literal or a parameter; a sign is part of a number, a cast to an integer type of a parameter. */
function argumentOf(node: SyntaxNode, query: QuerySyntax<SelectStmt>): ServerArgument | undefined {
  if ('A_Const' in node) {
    const { ival, fval, sval, isnull, location } = node.A_Const
    const offset = query.offsetOf(location)
    if (isnull === true) return { kind: 'Null', offset }
    if (ival !== undefined) return { kind: 'Integer', value: BigInt(ival.ival ?? 0), offset }
    if (sval !== undefined) return { kind: 'Text', value: sval.sval ?? '', offset }
    const digits = fval?.fval ?? ''
    return /^\d+$/.test(digits) ? { kind: 'Integer', value: BigInt(digits), offset } : undefined
  }
  if ('ParamRef' in node) return parameterOf(node.ParamRef, query)
  // Drivers write $1::int8; of a constant a cast could fail, and is left to the binder to refuse.
  if ('TypeCast' in node) {
    const { arg, typeName } = node.TypeCast
    const type = parameterTypes.get(plainTypeName(typeName) ?? '')
    if (arg === undefined || !('ParamRef' in arg) || type === undefined) return undefined
    const parameter = parameterOf(arg.ParamRef, query)
    return parameter === undefined ? undefined : { ...parameter, type }
  }
  return undefined
}

/** Types that a cast may give a parameter, by their names in PostgreSQL's grammar. */
const parameterTypes: ReadonlyMap<string, ServerParameterType> = new Map([
  ['int2', 'int2'],
  ['int4', 'int4'],
  ['int8', 'int8'],
  ['text', 'text'],
  ['varchar', 'varchar'],
])

/** The last word of a type's name without modifiers and array bounds. */
function plainTypeName(type: TypeName | undefined): string | undefined {
  const isPlain = type !== undefined && type.typmods === undefined && type.arrayBounds === undefined
  const last = isPlain ? type.names?.at(-1) : undefined
  return last !== undefined && 'String' in last ? last.String.sval : undefined
}

/** A variable of DECLARE is no parameter of the client's. */
function parameterOf(
  node: ParamRef,
  query: QuerySyntax<SelectStmt>,
): Extract<ServerArgument, { readonly kind: 'Parameter' }> | undefined {
  const offset = query.offsetOf(node.location)
  if (offset !== undefined && query.variables?.has(offset) === true) return undefined
  return { kind: 'Parameter', number: node.number ?? 0, offset }
}
