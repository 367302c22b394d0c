import { allowedSyntax } from './allowed-syntax.ts'
import type { FieldRule } from './allowed-syntax.ts'
import { notSupported, tooComplex } from './binding-errors.ts'
import type { Offset } from './binding-errors.ts'

interface GateOptions {
  readonly offsetOf: (location: number | undefined) => Offset
}

/** Deeper trees would exhaust the stack before they could be bound. */
const depthMax = 1_000

/**
 * Refuses a tree in which anything stands that the binder does not know: a node kind, or a field of
 * one (rule R3). It looks at the form alone, so that what it says tells nothing of the schema.
 * @throws SqlError 0A000 with the place
 */
export function checkSyntax(root: object, options: GateOptions): void {
  checkNode(root, { ...options, location: undefined, depth: 0 })
}

interface Place extends GateOptions {
  /** The nearest location around. */
  readonly location: number | undefined
  readonly depth: number
}

/** A node is a struct under its kind; an empty one stands for plain DISTINCT and for no column list. */
function checkNode(node: unknown, place: Place): void {
  if (!isObject(node)) throw notSupported('this statement', place.offsetOf(place.location))
  for (const [kind, body] of Object.entries(node)) checkStruct(kind, body, place)
}

function checkStruct(kind: string, body: unknown, place: Place): void {
  if (place.depth > depthMax) throw tooComplex('the statement is nested too deeply')
  const rules = allowedSyntax.get(kind)
  if (!isObject(body) || rules === undefined) {
    const location = isObject(body) ? locationIn(body, place) : place.location
    throw notSupported(wordsFor(kind), place.offsetOf(location))
  }
  const inner = { ...place, location: locationIn(body, place), depth: place.depth + 1 }
  for (const [field, content] of Object.entries(body)) {
    if (content === undefined) continue
    const rule = Object.hasOwn(rules, field) ? rules[field] : undefined
    if (rule === undefined) {
      throw notSupported(`${field} of ${kind}`, place.offsetOf(inner.location))
    }
    checkField(rule, content, inner)
  }
}

function checkField(rule: FieldRule, content: unknown, place: Place): void {
  switch (rule.kind) {
    case 'Value':
      if (isObject(content)) throw notSupported('this clause', place.offsetOf(place.location))
      return
    case 'OneOf':
      if (!rule.values.some((one) => one === content)) {
        throw notSupported('this option', place.offsetOf(place.location))
      }
      return
    case 'Nodes':
      for (const node of Array.isArray(content) ? content : [content]) checkNode(node, place)
      return
    case 'Struct':
      checkStruct(rule.struct, content, place)
      return
    case 'Refused':
      throw notSupported(rule.words, place.offsetOf(place.location))
    default:
      rule satisfies never
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function locationIn(body: object, place: Place): number | undefined {
  if (!('location' in body) || typeof body.location !== 'number') return place.location
  return body.location < 0 ? place.location : body.location
}

/** `XmlExpr` is nobody's word; what the manual calls it is. */
function wordsFor(kind: string): string {
  return words.get(kind) ?? kind
}

const words: ReadonlyMap<string, string> = new Map([
  ['RangeTableSample', 'TABLESAMPLE'],
  ['RangeTableFunc', 'XMLTABLE'],
  ['JsonTable', 'JSON_TABLE'],
  ['XmlExpr', 'XML'],
  ['XmlSerialize', 'XML'],
  ['NamedArgExpr', 'a named argument'],
  ['CurrentOfExpr', 'WHERE CURRENT OF'],
  ['MergeSupportFunc', 'MERGE_ACTION'],
  ['JsonObjectConstructor', 'JSON_OBJECT'],
  ['JsonArrayConstructor', 'JSON_ARRAY'],
  ['JsonFuncExpr', 'this SQL/JSON function'],
  ['JsonIsPredicate', 'IS JSON'],
  ['InsertStmt', 'a data-modifying statement in WITH'],
  ['MergeStmt', 'MERGE'],
])
