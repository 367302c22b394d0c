/** The arguments of a call of a function of the server: their types, before it runs. */
import { ParameterTypes } from '../../acl/enforcement/parameter-types.ts'
import { unknownFunction } from '../../acl/enforcement/binding-errors.ts'
import { serverFunctions } from '../../acl/server-functions.ts'
import type { ArgumentType } from '../../acl/types/scalar.ts'
import { signatureText } from '../../acl/types/functions.ts'
import { unreachable } from '../../errors/unreachable.ts'
import type { ServerArgument, ServerCall } from '../../parser/statement.ts'
import type { ScalarTypeName, SqlType } from '../../store/sql-type.ts'

/** The types that each kind of argument may come in. */
const accepted: Readonly<Record<'int8' | 'text', ReadonlySet<ScalarTypeName>>> = {
  int8: new Set<ScalarTypeName>(['int2', 'int4', 'int8']),
  text: new Set<ScalarTypeName>(['text', 'varchar', 'name']),
}

/**
 * The types of `$1`, `$2`, ...: as Parse declared them, else as the function takes them.
 * @throws SqlError 42883 for arguments that the function does not take
 */
export function callParameters(
  call: ServerCall,
  declared: readonly (SqlType | undefined)[],
): readonly SqlType[] {
  const types = new ParameterTypes(declared)
  const { argument } = serverFunctions[call.function]
  for (const given of call.arguments) {
    if (given.kind !== 'Parameter') continue
    types.decide(given.number, { kind: 'Scalar', name: given.type ?? argument })
  }
  const parameters = types.list()
  requireSignature(call, parameters)
  return parameters
}

/** @throws SqlError 42883 */
export function requireSignature(call: ServerCall, parameters: readonly SqlType[] = []): void {
  const { argument, arity } = serverFunctions[call.function]
  const types = call.arguments.map((given) => typeOf(given, parameters))
  const isInArity = types.length >= arity[0] && types.length <= arity[1]
  const isOfType = types.every(
    (type) => type === 'unknown' || (type.kind === 'Scalar' && accepted[argument].has(type.name)),
  )
  const isReadable = call.arguments.every(
    (given) => given.kind !== 'Text' || argument === 'text' || /^\s*\d{1,15}\s*$/.test(given.value),
  )
  if (isInArity && isOfType && isReadable) return
  throw unknownFunction(signatureText(call.function, types), call.offset)
}

/** A string literal has no type yet, as in PostgreSQL: `cancel_query('5')` is a call with a number. */
function typeOf(given: ServerArgument, parameters: readonly SqlType[]): ArgumentType {
  switch (given.kind) {
    case 'Integer':
      return { kind: 'Scalar', name: given.value > 0x7fff_ffffn ? 'int8' : 'int4' }
    case 'Text':
    case 'Null':
      return 'unknown'
    case 'Parameter':
      return parameters[given.number - 1] ?? 'unknown'
    default:
      return unreachable(given)
  }
}
